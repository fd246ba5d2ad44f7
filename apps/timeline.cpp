// SPDX-License-Identifier: Apache-2.0
// One simulated participant, retold.
#include "timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace hortega::apps {

namespace {

namespace ep = endpoints;
using trial::Participant;

constexpr std::array<std::string_view, ep::kFunctionalSystems> k_systems = {
    "visual", "brainstem", "pyramidal", "cerebellar", "sensory", "bowel and bladder", "cerebral"};

std::string signed_step(double change) { return fmt::format("{:+.1f}", change); }

// The first visit tells all grades above 0, later ones what changed.
std::string visit_words(const ep::Visit& now, const ep::Visit* before) {
  if (ep::is_missing(now.edss)) return "visit without EDSS";
  std::string text = now.scheduled ? "visit" : "examination for new symptoms";
  text += fmt::format(": EDSS {:.1f}", now.edss);
  if (before != nullptr && !ep::is_missing(before->edss)) {
    const double change = now.edss - before->edss;
    text += change == 0.0 ? " (unchanged)" : " (" + signed_step(change) + ")";
  }
  std::string systems;
  for (std::size_t s = 0; s < k_systems.size(); ++s) {
    if (now.fs[s] == ep::kMissingGrade) continue;
    const bool known = before != nullptr && before->fs[s] != ep::kMissingGrade;
    if (known ? before->fs[s] == now.fs[s] : now.fs[s] == 0) continue;
    if (!systems.empty()) systems += ", ";
    systems += known ? fmt::format("{} {} to {}", k_systems[s], before->fs[s], now.fs[s])
                     : fmt::format("{} {}", k_systems[s], now.fs[s]);
  }
  if (!systems.empty()) text += "; " + systems;
  if (!std::isnan(now.t25fw_s)) text += fmt::format("; 25 feet in {:.1f} s", now.t25fw_s);
  return text;
}

// What the person says of the disease: symptoms that do not round to nought, 0 to 10. Empty where none was
// asked.
std::string symptom_words(const ep::Visit& v) {
  constexpr double k_shown = 0.05;
  std::string felt;
  bool asked = false;
  for (std::size_t i = 0; i < ep::kSymptoms; ++i) {
    const auto severity = static_cast<double>(v.symptoms[i]);
    if (std::isnan(severity)) continue;
    asked = true;
    if (severity >= k_shown)
      felt += fmt::format("{}{} {:.1f}", felt.empty() ? "" : ", ", ep::kSymptomNames[i], severity);
  }
  if (!asked) return {};
  std::string text = felt.empty() ? "none" : felt;
  if (!std::isnan(v.eq5d)) text += fmt::format("; utility {:.2f}", v.eq5d);
  return text;
}

std::string relapse_words(const ep::Relapse& r) {
  if (r.pseudo) return "worsening with fever, not a relapse";
  std::string text;
  switch (r.severity) {
    case ep::RelapseSeverity::mild:
      text = "mild relapse";
      break;
    case ep::RelapseSeverity::moderate:
      text = "moderate relapse";
      break;
    case ep::RelapseSeverity::severe:
      text = "severe relapse";
      break;
    case ep::RelapseSeverity::unknown:
      text = "relapse";
      break;
  }
  if (!ep::is_missing(r.peak_edss)) text += fmt::format(", EDSS {:.1f} at worst", r.peak_edss);
  if (r.onset_day >= 0) text += r.confirmed ? ", confirmed by examination" : ", not confirmed by examination";
  if (r.steroids) text += ", treated with steroids";
  return text;
}

std::string scan_words(const ep::Scan& s) {
  std::string text = "scan: ";
  text += s.gd_count == ep::kMissingCount ? "no contrast" : fmt::format("{} Gd+", s.gd_count);
  if (s.new_or_enlarging_t2 != ep::kMissingCount)
    text += fmt::format(", {} new or enlarging T2", s.new_or_enlarging_t2);
  if (!ep::is_missing(s.t2_volume_ml)) text += fmt::format(", T2 volume {:.1f} mL", s.t2_volume_ml);
  if (!ep::is_missing(s.brain_volume_change_percent) && s.brain_volume_change_percent != 0.0)
    text += fmt::format(", brain volume {:+.2f} % since the first", s.brain_volume_change_percent);
  return text;
}

std::string harm_words(const endpoints::Harm& h) {
  std::string text = fmt::format("{}, grade {}", h.term, h.grade);
  if (h.serious) text += ", serious";
  if (h.end_day < ep::kNever && h.end_day > h.start_day) text += fmt::format(", to day {}", h.end_day);
  return text;
}

std::string milestone_words(const trial::MilestoneRecord& m) {
  using endpoints::Milestone;
  switch (m.what) {
    case Milestone::mobilisation:
      return fmt::format("mobilisation of stem cells, attempt {:.0f}", m.value);
    case Milestone::mobilisation_failure:
      return fmt::format("mobilisation failed: {:.1f}e6 CD34+ cells/kg", m.value);
    case Milestone::apheresis:
      return fmt::format("apheresis: {:.1f}e6 CD34+ cells/kg", m.value);
    case Milestone::conditioning:
      return "conditioning begins";
    case Milestone::graft:
      return fmt::format("graft: {:.1f}e6 CD34+ cells/kg", m.value);
    case Milestone::anc_engraftment:
      return fmt::format("neutrophils engrafted, {:.0f} days after the graft", m.value);
    case Milestone::platelet_engraftment:
      return fmt::format("platelets engrafted, {:.0f} days after the graft", m.value);
    case Milestone::anc_not_below:
      return fmt::format("neutrophils stayed above 0.5e9/L for {:.0f} days after the graft", m.value);
    case Milestone::platelet_not_below:
      return fmt::format("platelets stayed above 20e9/L for {:.0f} days after the graft", m.value);
    case Milestone::graft_failure:
      return "graft failure";
    case Milestone::discharge:
      return fmt::format("discharged, {:.0f} days after the graft", m.value);
    case Milestone::infusion:
      return "infusion";
    case Milestone::stopped:
      return "therapy stopped";
    case Milestone::donor_chimerism:
      return fmt::format("{:.0f} % of T cells are the donor's", m.value);
    case Milestone::conception:
      return "becomes pregnant";
    case Milestone::birth:
      return "gives birth";
    case Milestone::pregnancy_loss:
      return fmt::format("loses the pregnancy after {:.0f} days", m.value);
    case Milestone::product_ready:
      return fmt::format("a batch of cells that passed its tests, made in {:.0f} days", m.value);
    case Milestone::product_failure:
      return fmt::format("no batch of cells passed its tests, {:.0f} days of making", m.value);
    case Milestone::product_cost:
      return fmt::format("cells made for EUR {:.0f}", m.value);
    case Milestone::cells_given:
      return fmt::format("cells given: {:.1f} million", m.value);
    case Milestone::product_batches:
    case Milestone::product_passages:
    case Milestone::product_cells:
    case Milestone::product_potency:
    case Milestone::product_senescent:
    case Milestone::batch_too_few:
    case Milestone::batch_senescent:
    case Milestone::batch_karyotype:
    case Milestone::batch_contaminated:
    case Milestone::batch_weak:
      break;  // told together (making_words)
  }
  return {};
}

// What was told of making cells on one day, in one line; empty if nothing was.
std::string making_words(const std::vector<trial::MilestoneRecord>& all, int day) {
  using endpoints::Milestone;
  const auto value = [&](Milestone what) {
    for (const trial::MilestoneRecord& m : all)
      if (m.what == what && m.day == day) return m.value;
    return std::nan("");
  };
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  const double batches = value(Milestone::product_batches);
  if (!std::isnan(batches)) add(fmt::format("{:.0f} batch{} begun", batches, batches == 1.0 ? "" : "es"));
  constexpr std::array<std::pair<Milestone, const char*>, 5> reasons = {
      {{Milestone::batch_too_few, "too few cells"},
       {Milestone::batch_senescent, "senescent"},
       {Milestone::batch_karyotype, "karyotype"},
       {Milestone::batch_contaminated, "contaminated"},
       {Milestone::batch_weak, "potency"}}};
  for (const auto& [what, why] : reasons) {
    if (const double n = value(what); !std::isnan(n)) add(fmt::format("{:.0f} failed: {}", n, why));
  }
  if (const double cells = value(Milestone::product_cells); !std::isnan(cells))
    add(fmt::format("the last: {:.0f} million cells, {:.0f} passages, potency {:.2f}, {:.1f} % senescent",
                    cells, value(Milestone::product_passages), value(Milestone::product_potency),
                    100.0 * value(Milestone::product_senescent)));
  return text;
}

bool is_pregnancy(endpoints::Milestone what) {
  using endpoints::Milestone;
  return what == Milestone::conception || what == Milestone::birth || what == Milestone::pregnancy_loss;
}

std::string switch_words(const trial::RegimenSwitch& s) {
  std::string text;
  switch (s.on) {
    case trial::StepOn::day:
      text = "as planned";
      break;
    case trial::StepOn::relapse:
      text = "after a relapse on it";
      break;
    case trial::StepOn::worsening:
      text = "after confirmed worsening on it";
      break;
    case trial::StepOn::new_t2:
      text = "after new T2 lesions on it";
      break;
    case trial::StepOn::gd:
      text = "after Gd+ lesions on it";
      break;
    case trial::StepOn::harm:
      text = "after a harm on it";
      break;
  }
  text = "therapy stopped " + text + ", " + s.regimen +
         (s.allocated ? " is next" : " instead of the allocated one");
  if (s.start_day == ep::kNever) text += " (follow-up ended before it began)";
  return text;
}

constexpr std::ptrdiff_t k_doses_each = 12;

void add_therapy(const Participant& p, std::vector<TimelineEntry>& out) {
  if (p.first_dose_day != ep::kNever) out.push_back({p.first_dose_day, "therapy", p.regimen + " begins"});
  const auto& all = p.milestones;
  const auto doses = std::count_if(all.begin(), all.end(), [](const trial::MilestoneRecord& m) {
    return m.what == endpoints::Milestone::infusion;
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].what != endpoints::Milestone::infusion) {
      const bool making = all[i].what == endpoints::Milestone::product_batches;
      const std::string text = making ? making_words(all, all[i].day) : milestone_words(all[i]);
      if (!text.empty())
        out.push_back({all[i].day, is_pregnancy(all[i].what) ? "pregnancy" : "therapy", text});
      continue;
    }
    // Doses of cells each by itself while a page holds them; before a switch they are those of the regimen.
    if (p.gives_cells && doses <= k_doses_each &&
        (p.switches.empty() || all[i].day < p.switches.front().day)) {
      out.push_back({all[i].day, "therapy", fmt::format("cells given: {:.1f} million", all[i].value)});
      continue;
    }
    std::size_t last = i;
    while (last + 1 < all.size() && all[last + 1].what == endpoints::Milestone::infusion) ++last;
    out.push_back({all[i].day, "therapy",
                   last == i ? "infusion"
                             : fmt::format("{} infusions, the last on day {}", last - i + 1, all[last].day)});
    i = last;
  }
}

}  // namespace

std::string phenotype_words(trial::Phenotype phenotype) {
  switch (phenotype) {
    case trial::Phenotype::relapsing:
      return "relapsing";
    case trial::Phenotype::secondary_progressive:
      return "secondary progressive";
    case trial::Phenotype::primary_progressive:
      return "primary progressive";
  }
  return {};
}

std::string day_words(int day) {
  constexpr int k_days_until = 122;
  if (std::abs(day) <= k_days_until) return fmt::format("day {}", day);
  return fmt::format("{:.1f} years", static_cast<double>(day) / ep::kDaysPerYear);
}

std::string baseline_words(const trial::BaselineRecord& b) {
  return fmt::format(
      "{} of {:.1f} years, {:.0f} kg, {}, first symptom {:.1f} years ago, EDSS {:.1f}\n"
      "relapses in the year before {}, in two years {}; Gd+ lesions {}, T2 volume {:.1f} mL",
      b.female ? "woman" : "man", b.age_year, b.weight_kg, phenotype_words(b.phenotype), b.duration_years,
      b.edss, b.relapses_1y, b.relapses_2y, b.gd_count, b.t2_volume_ml);
}

std::string end_words(const Participant& p) {
  switch (p.end_reason) {
    case trial::EndReason::completed:
      return "completed follow-up";
    case trial::EndReason::data_cut:
      return "data cut of the study";
    case trial::EndReason::dropped_out:
      return "lost to follow-up";
    case trial::EndReason::died:
      return "died: " + p.death_cause + (p.treatment_death ? " (related to the therapy)" : "");
  }
  return {};
}

std::vector<TimelineEntry> timeline_of(const trial::Protocol& protocol, const Participant& p) {
  std::vector<TimelineEntry> out;
  // In the order in which things of one day are told.
  for (const ep::Relapse& r : p.relapses) out.push_back({r.onset_day, "relapse", relapse_words(r)});
  out.push_back({0, "enrolment",
                 fmt::format("randomised to {}, {} days after the first participant", protocol.arms[p.arm].id,
                             p.enrolment_day)});
  const ep::Visit* before = nullptr;
  for (const ep::Visit& v : p.visits) {
    out.push_back({v.day, "visit", visit_words(v, before)});
    if (std::string felt = symptom_words(v); !felt.empty())
      out.push_back({v.day, "symptoms", std::move(felt)});
    before = &v;
  }
  for (const ep::Scan& s : p.scans) out.push_back({s.day, "scan", scan_words(s)});
  add_therapy(p, out);
  for (const trial::RegimenSwitch& s : p.switches) {
    out.push_back({s.day, "switch", switch_words(s)});
    if (s.start_day != ep::kNever) out.push_back({s.start_day, "therapy", s.regimen + " begins"});
  }
  for (const endpoints::Harm& h : p.harms) out.push_back({h.start_day, "harm", harm_words(h)});
  out.push_back({p.end_of_follow_up_day, "end", end_words(p)});
  std::stable_sort(out.begin(), out.end(), [](const TimelineEntry& a, const TimelineEntry& b) {
    return std::make_pair(a.kind == "end", a.day) < std::make_pair(b.kind == "end", b.day);
  });
  return out;
}

}  // namespace hortega::apps
