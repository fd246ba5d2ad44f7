// SPDX-License-Identifier: Apache-2.0
// Times to events with the codes of ADTTE: PARAMCD, CNSR, EVNTDESC (codes ours; ADaM: CNSR 0 is an event).
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "hortega/output/adam.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

// CNSR of Appendix D; 7 is ours: follow-up of the estimand ends at rescue or at stopping the regimen.
constexpr int k_event = 0, k_end_of_study = 1, k_lost = 2, k_death = 4, k_last_confirmable = 5,
              k_data_cut = 6, k_estimand_ends = 7;
// The standard limits a variable's name to 8 and its label to 40 characters; PARAM is a value, so what limits
// it are the 200 characters of a text in a SAS transport file (XPT version 5).
constexpr std::size_t k_code_length = 8, k_param_length = 200;

/// "24" of 24 weeks, "12" of 3 months: the nearest of the usual confirmations, else the weeks.
std::string weeks(const trial::EndpointSpec& spec) {
  if (!spec.confirmation_day) return "";
  const double day = *spec.confirmation_day;
  if (std::abs(day - 84.0) <= 8.0) return "12";
  if (std::abs(day - 168.0) <= 16.0) return "24";
  return fmt::format("{:.0f}", std::min(day / 7.0, 999.0));
}

std::string code_of(const trial::EndpointSpec& spec) {
  using K = trial::EndpointKind;
  switch (spec.kind) {
    case K::relapse:
      return "TTRELAP";
    case K::cdw:
      return "CDP" + weeks(spec);
    case K::cdi:
      return "CDI" + weeks(spec);
    case K::pira:
      return "PIRA" + weeks(spec);
    case K::raw:
      return "RAW" + weeks(spec);
    case K::neda3:
    case K::neda4:
      return "TTNEDA";
    case K::edss_milestone:
      return spec.edss ? fmt::format("EDSS{:.0f}", *spec.edss) : "EDSSM";
    case K::spms_conversion:
      return "SPMSCONV";
    case K::death:
      return "OS";
    case K::trm:
      return "TRM";
    case K::adverse_event:
      return "TTAE";
    case K::anc_engraftment:
      return "ANC500";
    case K::platelet_engraftment:
      return "PLT20";
    case K::relapse_free_survival:
      return "RFS";
    case K::composite:
      return "TTCOMP";
    case K::edss_plus:
      return "EDSSPLUS";
    case K::t25fw:
      return spec.improvement ? "TTT25FWI" : "TTT25FW";
    case K::nhpt:
      return spec.improvement ? "TTNHPTI" : "TTNHPT";
    case K::sdmt:
      return spec.improvement ? "TTSDMTI" : "TTSDMT";
    case K::low_contrast:
      return "TTLCLAI";
    case K::gd:
      return "TTGD";
    case K::new_t2:
      return "TTNEWT2";
    case K::new_t1:
      return "TTNEWT1";
    case K::edss:
    case K::t2_volume:
    case K::brain_volume:
    case K::snfl:
    case K::vep:
    case K::eq5d:
    case K::t1_volume:
      break;
  }
  return "TTE";
}

/// Codes by endpoint; those that several endpoints would share are numbered from the second on.
std::vector<std::string> codes_of(const trial::Protocol& protocol) {
  std::vector<std::string> codes;
  std::map<std::string, int> used;
  for (const auto& spec : protocol.endpoints) {
    std::string code = code_of(spec);
    const int count = ++used[code];
    if (count > 1) {
      const std::string number = std::to_string(count);
      code.resize(std::min(code.size(), k_code_length - number.size()));
      code += number;
    }
    codes.push_back(code);
  }
  return codes;
}

/// The first words of a UTF-8 text that fill no more than so many bytes. A word is cut only where it fills
/// half of them or more, a character never.
std::string cut(std::string text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  const bool ends_a_word = text[length] == ' ';
  text.resize(length);
  const auto space = text.rfind(' ');
  if (!ends_a_word && space != std::string::npos && space >= length / 2) text.resize(space);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

int censoring_code(const evidence::PersonTime& time, const trial::Participant& person, int day) {
  using endpoints::Censoring;
  if (time.event) return k_event;
  if (time.competing || time.censoring == Censoring::death) return k_death;
  if (time.censoring == Censoring::last_confirmable_visit) return k_last_confirmable;
  if (day >= std::min(person.rescue_day, person.stopped_day) && day < person.end_of_follow_up_day)
    return k_estimand_ends;
  switch (person.end_reason) {
    case trial::EndReason::completed:
      return k_end_of_study;
    case trial::EndReason::data_cut:
      return k_data_cut;
    case trial::EndReason::dropped_out:
      return k_lost;
    case trial::EndReason::died:
      break;
  }
  return k_death;
}

std::string description(int cnsr, const std::string& name) {
  switch (cnsr) {
    case k_event:
      return name;
    case k_end_of_study:
      return "END OF STUDY";
    case k_lost:
      return "LOST TO FOLLOW-UP";
    case k_death:
      return "DEATH";
    case k_last_confirmable:
      return "LAST VISIT THAT COULD BE CONFIRMED";
    case k_data_cut:
      return "ADMINISTRATIVE DATA CUT";
    default:
      break;
  }
  return "RESCUE OR END OF ALLOCATED REGIMEN";
}

/// Where the time of an endpoint begins in this person, from randomisation; kNever where the record does not
/// say.
int start_of(const trial::EndpointSpec& spec, const trial::Participant& person) {
  switch (spec.origin) {
    case trial::Origin::randomisation:
      return 0;
    case trial::Origin::transplant:
      // Only the allocated transplant; without one the time begins at randomisation.
      return person.transplant_day != endpoints::kNever && person.transplant_day <= person.rescue_day
                 ? person.transplant_day
                 : 0;
    case trial::Origin::onset:
      return -static_cast<int>(std::lround(person.baseline.duration_years * endpoints::kDaysPerYear));
    default:
      break;
  }
  return endpoints::kNever;
}

}  // namespace

std::vector<PersonTime> adtte_times(const evidence::RunSummary& summary,
                                    std::span<const evidence::PersonTime> times) {
  const auto codes = codes_of(summary.protocol);
  std::map<std::uint32_t, std::size_t> index_of;
  for (std::size_t i = 0; i < summary.first.participants.size(); ++i)
    index_of[summary.first.participants[i].number] = i;
  // PARAM is one to one with PARAMCD: where the names of two endpoints begin alike, the code is added.
  std::vector<std::string> labels;
  std::map<std::string, int> bearers;
  for (const auto& spec : summary.protocol.endpoints) {
    labels.push_back(cut("Days to " + endpoint_name(spec), k_param_length));
    ++bearers[labels.back()];
  }
  for (std::size_t e = 0; e < labels.size(); ++e) {
    if (bearers[labels[e]] == 1) continue;
    const std::string code = " (" + codes[e] + ")";
    labels[e] = cut(labels[e], k_param_length - code.size()) + code;
  }
  std::vector<PersonTime> out;
  for (const auto& time : times) {
    const auto found = index_of.find(time.participant);
    if (found == index_of.end() || time.endpoint >= summary.protocol.endpoints.size()) continue;
    const auto& person = summary.first.participants[found->second];
    const auto& spec = summary.protocol.endpoints[time.endpoint];
    const std::string name = endpoint_name(spec);
    PersonTime row;
    row.participant = found->second;
    row.paramcd = codes[time.endpoint];
    row.param = labels[time.endpoint];
    row.start_day = start_of(spec, person);
    row.day = time.day;
    row.cnsr =
        censoring_code(time, person, (row.start_day == endpoints::kNever ? 0 : row.start_day) + time.day);
    row.evntdesc = description(row.cnsr, name);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace hortega::output
