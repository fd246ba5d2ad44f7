// SPDX-License-Identifier: Apache-2.0
// From an endpoint as a protocol states it to the options of endpoints/.
#include "hortega/evidence/endpoint_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace hortega::evidence {
namespace {

namespace ep = endpoints;
using Kind = trial::EndpointKind;

constexpr int k_visit_window_day = 14;  // docs/endpoints.md

int to_day(double day) { return static_cast<int>(std::floor(day)); }

const ep::WorseningOptions& worsening_named(const trial::EndpointSpec& spec, std::string_view fallback) {
  const std::string_view wanted = spec.preset.empty() ? fallback : std::string_view(spec.preset);
  const auto* info = ep::find_worsening_preset(wanted);
  if (info == nullptr)
    throw std::invalid_argument(
        fmt::format("endpoint {}: no definition of worsening is called {}", spec.id, wanted));
  return info->options;
}

void override_timing(const trial::EndpointSpec& spec, ep::WorseningOptions& options) {
  if (spec.confirmation_day) options = ep::with_confirmation(options, *spec.confirmation_day);
  if (spec.not_before_day) options.onset_not_before_day = to_day(*spec.not_before_day) - k_visit_window_day;
  if (spec.sustained) options.sustained_days = ep::kNoLimit;
}

// Change from the value at entry, as in `worsening`, but seen at one scheduled visit unless the protocol asks
// for more: trials print who was better at a visit.
ep::WorseningOptions better_test(const trial::EndpointSpec& spec, ep::Measure measure) {
  const double by = *spec.improvement;
  auto options = ep::with_confirmation(ep::as_improvement(worsening_named(spec, "opera")), 0);
  options.measure = measure;
  options.onset_visit = ep::VisitKind::scheduled;
  options.step =
      ep::worsens_downwards(measure) ? ep::StepRule{0, 0, by, 1e9, by, 0} : ep::StepRule{0, 0, 0, 1e9, 0, by};
  options.improvement_step = options.step;
  override_timing(spec, options);
  return options;
}

ep::WorseningOptions timed_test(const trial::EndpointSpec& spec, ep::Measure measure) {
  if (spec.improvement) return better_test(spec, measure);
  auto options = worsening_named(spec, "opera");
  options.measure = measure;
  options.step = ep::steps::twenty_percent;
  options.step.fraction = spec.worsening.value_or(options.step.fraction);
  options.improvement_step = options.step;
  override_timing(spec, options);
  return options;
}

std::vector<ep::PiraOptions> pira(const trial::EndpointSpec& spec) {
  const std::string_view wanted = spec.preset.empty() ? "muller2023" : std::string_view(spec.preset);
  const auto* info = ep::find_pira_preset(wanted);
  if (info == nullptr)
    throw std::invalid_argument(
        fmt::format("endpoint {}: no definition of PIRA is called {}", spec.id, wanted));
  auto options = info->options;
  override_timing(spec, options.worsening);
  std::vector<ep::PiraOptions> all{options};
  if (!spec.composite) return all;
  for (const auto measure :
       {ep::Measure::t25fw, ep::Measure::nhpt_dominant, ep::Measure::nhpt_non_dominant}) {
    auto timed = options;
    timed.worsening.measure = measure;
    timed.worsening.step = ep::steps::twenty_percent;
    timed.worsening.improvement_step = ep::steps::twenty_percent;
    all.push_back(timed);
  }
  return all;
}

// The protocol's own definition of confirmed worsening: the primary one, else the first.
const trial::EndpointSpec* own_worsening(const trial::Protocol& protocol) {
  const trial::EndpointSpec* found = nullptr;
  for (const auto& spec : protocol.endpoints) {
    if (spec.kind == Kind::cdw && (found == nullptr || (spec.primary && !found->primary))) found = &spec;
  }
  return found;
}

ep::NedaOptions neda(const trial::Protocol& protocol, const trial::EndpointSpec& spec) {
  ep::NedaOptions options;
  options.level = spec.kind == Kind::neda4 ? ep::NedaLevel::neda4 : ep::NedaLevel::neda3;
  const auto* own = own_worsening(protocol);
  if (spec.preset.empty() && own != nullptr) {
    options.worsening = worsening_named(*own, "msbase");
    override_timing(*own, options.worsening);
    if (spec.confirmation_day)
      options.worsening = ep::with_confirmation(options.worsening, *spec.confirmation_day);
  } else {
    options.worsening = worsening_named(spec, "msprog");
    override_timing(spec, options.worsening);
  }
  if (spec.rebaseline_day) options.rebaseline_day = to_day(*spec.rebaseline_day);
  return options;
}

std::size_t earlier_endpoint(const trial::Protocol& protocol, std::size_t index, const std::string& id) {
  for (std::size_t i = 0; i < index; ++i) {
    if (protocol.endpoints[i].id == id) return i;
  }
  throw std::invalid_argument(
      fmt::format("endpoint {} names {}, which is no endpoint before it", protocol.endpoints[index].id, id));
}

std::string measure_sentence(const trial::EndpointSpec& spec, std::string_view what) {
  std::string text = fmt::format(
      "{}; change is from the last value at or before the origin to the scheduled visit nearest to the day "
      "asked",
      what);
  if (spec.baseline_visit_day)
    text = fmt::format("{}; change is from the visit nearest to day {:g} to that nearest to the day asked",
                       what, *spec.baseline_visit_day);
  return text + ".";
}

// A test as an event, else as a measure.
std::string test_sentence(const EndpointPlan& plan, std::string_view what) {
  if (!has_time(plan.spec)) return measure_sentence(plan.spec, what);
  std::string text = ep::definition(plan.worsening);
  if (!plan.spec.improvement) return text;
  if (plan.spec.kind == Kind::nhpt) text += " Either hand counts.";
  return text + " Who has no value at or before the origin does not count.";
}

std::string lesions_asked(const trial::EndpointSpec& spec) {
  return spec.at_least > 1 ? fmt::format("{} or more", spec.at_least) : std::string("one");
}

std::string core_sentence(const trial::Protocol& protocol, const EndpointPlan& plan) {
  const auto& spec = plan.spec;
  switch (spec.kind) {
    case Kind::relapse: {
      std::string text =
          "Relapses as reported; onsets less than 30 days apart are one relapse. Annualised rate: all "
          "relapses "
          "over all years of follow-up.";
      if (spec.at_least > 1 || spec.count_onset)
        text += fmt::format(" The event is attack number {}{}.", spec.at_least,
                            spec.count_onset ? ", the first attack of the disease included" : "");
      if (spec.not_before_day) text += fmt::format(" Counted from day {:g}.", *spec.not_before_day);
      return text;
    }
    case Kind::cdw:
    case Kind::cdi:
      return ep::definition(plan.worsening);
    case Kind::pira:
    case Kind::raw:
      return ep::definition(plan.pira.front()) +
             (spec.composite
                  ? " The same is asked of the timed walk and of the peg test of either hand (20 % slower); "
                    "the first of any is the event, and shares count the events of all."
                  : "");
    case Kind::neda3:
    case Kind::neda4:
      return ep::definition(plan.neda);
    case Kind::edss:
      return measure_sentence(spec, "EDSS at scheduled visits");
    case Kind::edss_milestone:
      return fmt::format(
          "First visit with EDSS {:g} or more, confirmed over {:g} days{}; who is there at the first visit "
          "is not "
          "at risk.",
          spec.edss.value_or(0.0), plan.worsening.confirmation_days,
          plan.worsening.sustained_days >= ep::kNoLimit ? " and held to the last visit" : "");
    case Kind::spms_conversion:
      return ep::definition(plan.spms);
    case Kind::gd:
      return fmt::format(
          "Gadolinium-enhancing lesions on scans after the origin; the event is the first scan with {}.",
          lesions_asked(spec));
    case Kind::new_t2:
      return fmt::format(
          "New or enlarging T2 lesions since the previous scan, summed over the scans after the origin; the "
          "event is the first scan with {}.",
          lesions_asked(spec));
    case Kind::t2_volume:
      return measure_sentence(spec, "T2 lesion volume (mL)");
    case Kind::brain_volume:
      return measure_sentence(spec, "Brain volume in percent of that at the baseline scan");
    case Kind::t25fw:
    case Kind::nhpt:
    case Kind::sdmt:
      return test_sentence(plan, spec.kind == Kind::t25fw  ? "Timed 25-foot walk (seconds)"
                                 : spec.kind == Kind::nhpt ? "Nine-hole peg test, dominant hand (seconds)"
                                                           : "Symbol digit modalities test (points)");
    case Kind::low_contrast:
      return test_sentence(plan, "Letters read at 2.5 % contrast with both eyes (of 60)");
    case Kind::vep:
      return measure_sentence(spec, "Latency of the P100 of visual evoked potentials, mean of the eyes (ms)");
    case Kind::eq5d:
      return measure_sentence(spec,
                              "EQ-5D utility by EDSS, less a decrement for a relapse in the 183 days before");
    case Kind::new_t1:
      return fmt::format(
          "New chronic black holes (hypointense on T1) since the previous scan, summed over the scans after "
          "the origin; the event is the first scan with {}.",
          lesions_asked(spec));
    case Kind::t1_volume:
      return measure_sentence(spec, "T1-hypointense lesion volume (mL)");
    case Kind::snfl:
      return measure_sentence(spec, "Neurofilament light chain in serum (pg/mL)");
    case Kind::death:
      return "Death of any cause.";
    case Kind::trm:
      return "Death related to treatment; other deaths compete (cumulative incidence).";
    case Kind::adverse_event: {
      std::string text = "First adverse event called \"" + spec.term + "\"";
      if (spec.grade_at_least) text += fmt::format(" of CTCAE grade {} or more", *spec.grade_at_least);
      return text + "; death competes (cumulative incidence).";
    }
    case Kind::anc_engraftment:
      return "Days from graft to the first of three days with neutrophils at 0.5e9/L or more, after a fall "
             "below; who "
             "never falls below has no day and is counted apart. Death competes (cumulative incidence).";
    case Kind::platelet_engraftment:
      return "Days from graft to the first of three days with platelets at 20e9/L or more and none "
             "transfused for a "
             "week, after a fall below or a transfusion; who never falls below has no day and is counted "
             "apart. Death "
             "competes (cumulative incidence).";
    case Kind::relapse_free_survival:
      return "Relapse or death, whichever comes first.";
    case Kind::composite: {
      if (plan.components.empty()) return ep::definition(plan.composite);
      std::string text = "The first event of";
      for (std::size_t i = 0; i < plan.components.size(); ++i)
        text += (i == 0 ? " " : ", ") + protocol.endpoints[plan.components[i]].id;
      return text + ".";
    }
    case Kind::edss_plus:
      return ep::definition(plan.composite);
  }
  return {};
}

std::string frame_sentence(const trial::Protocol& protocol, const trial::EndpointSpec& spec) {
  std::string text;
  switch (spec.origin) {
    case trial::Origin::randomisation:
      break;
    case trial::Origin::transplant:
      text += " Time counts from the graft in the transplanted, from randomisation in others.";
      break;
    case trial::Origin::onset:
      text += " Time counts from the first clinical event.";
      break;
    case trial::Origin::endpoint:
      text += fmt::format(" Time counts from {}; people without it do not count.", spec.origin_endpoint);
      break;
  }
  if (spec.within_day) text += fmt::format(" Counted to day {:g}.", *spec.within_day);
  bool leaves = false, censors = false;
  for (const trial::Arm& arm : protocol.arms) {
    for (const trial::SequenceStep& step : trial::steps_of(protocol, arm)) {
      leaves = leaves || !step.allocated;
      censors = censors || step.censor;
    }
  }
  if (protocol.analysis.estimand == trial::Estimand::while_on_treatment)
    text += " Observation ends when the allocated treatment stops.";
  else if (leaves && (censors || protocol.analysis.estimand == trial::Estimand::hypothetical))
    text += " Observation ends at rescue, cross-over or switch away from the allocated treatment.";
  else if (leaves)
    text += " Rescue, cross-over and switches do not end observation.";
  return text;
}

}  // namespace

EndpointPlan plan_endpoint(const trial::Protocol& protocol, std::size_t index) {
  EndpointPlan plan;
  plan.spec = protocol.endpoints.at(index);
  // What is planned at the limit falls on the whole day after it: six months (182.6 days) on day 183.
  if (plan.spec.within_day) plan.spec.within_day = std::ceil(*plan.spec.within_day);
  const auto& spec = plan.spec;
  switch (spec.kind) {
    case Kind::cdw:
      plan.worsening = worsening_named(spec, "msbase");
      override_timing(spec, plan.worsening);
      break;
    case Kind::cdi:
      plan.worsening = ep::as_improvement(worsening_named(spec, "msbase"));
      // A year's delay is the progression rule's alone; improvement waits only where the protocol says so.
      plan.worsening.onset_not_before_day = -ep::kNever;
      override_timing(spec, plan.worsening);
      break;
    case Kind::pira:
    case Kind::raw:
      plan.pira = pira(spec);
      break;
    case Kind::neda3:
    case Kind::neda4:
      plan.neda = neda(protocol, spec);
      break;
    case Kind::edss_milestone:
      if (!spec.edss) throw std::invalid_argument(fmt::format("endpoint {}: which EDSS?", spec.id));
      plan.worsening = worsening_named(spec, "msprog");
      override_timing(spec, plan.worsening);
      break;
    case Kind::spms_conversion:
      if (spec.confirmation_day) plan.spms.confirmation_days = *spec.confirmation_day;
      break;
    case Kind::t25fw:
      plan.worsening = timed_test(spec, ep::Measure::t25fw);
      break;
    case Kind::nhpt:
      plan.worsening = timed_test(spec, ep::Measure::nhpt_dominant);
      break;
    case Kind::sdmt:
      plan.worsening = timed_test(spec, ep::Measure::sdmt);
      if (!spec.worsening && !spec.improvement) plan.worsening.step = ep::steps::sdmt_4_or_20_percent;
      break;
    case Kind::low_contrast:
      if (spec.improvement) plan.worsening = better_test(spec, ep::Measure::low_contrast);
      break;
    case Kind::composite:
    case Kind::edss_plus:
      plan.composite = ep::edss_plus();
      if (!spec.preset.empty()) plan.composite.edss = worsening_named(spec, "opera");
      override_timing(spec, plan.composite.edss);
      for (const auto& id : spec.components) {
        plan.components.push_back(earlier_endpoint(protocol, index, id));
        if (!has_time(protocol.endpoints[plan.components.back()]))
          throw std::invalid_argument(fmt::format("endpoint {}: its component {} is no event", spec.id, id));
      }
      break;
    default:
      break;
  }
  if (spec.origin == trial::Origin::endpoint) {
    plan.origin_endpoint = earlier_endpoint(protocol, index, spec.origin_endpoint);
    if (!has_time(protocol.endpoints[plan.origin_endpoint]))
      throw std::invalid_argument(
          fmt::format("endpoint {}: its origin {} is no event", spec.id, spec.origin_endpoint));
  }
  plan.definition = core_sentence(protocol, plan) + frame_sentence(protocol, spec);
  return plan;
}

bool has_time(const trial::EndpointSpec& spec) {
  switch (spec.kind) {
    case Kind::edss:
    case Kind::t2_volume:
    case Kind::brain_volume:
    case Kind::snfl:
    case Kind::vep:
    case Kind::eq5d:
    case Kind::t1_volume:
      return false;
    case Kind::t25fw:
    case Kind::nhpt:
    case Kind::sdmt:
      return spec.worsening.has_value() || spec.improvement.has_value();
    case Kind::low_contrast:
      return spec.improvement.has_value();
    default:
      return true;
  }
}

bool has_competing_death(Kind kind) {
  return kind == Kind::trm || kind == Kind::adverse_event || kind == Kind::anc_engraftment ||
         kind == Kind::platelet_engraftment;
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::relapse:
      return "relapse";
    case Kind::cdw:
      return "cdw";
    case Kind::cdi:
      return "cdi";
    case Kind::pira:
      return "pira";
    case Kind::raw:
      return "raw";
    case Kind::neda3:
      return "neda3";
    case Kind::neda4:
      return "neda4";
    case Kind::edss:
      return "edss";
    case Kind::edss_milestone:
      return "edss_milestone";
    case Kind::spms_conversion:
      return "spms_conversion";
    case Kind::gd:
      return "gd";
    case Kind::new_t2:
      return "new_t2";
    case Kind::t2_volume:
      return "t2_volume";
    case Kind::brain_volume:
      return "brain_volume";
    case Kind::t25fw:
      return "t25fw";
    case Kind::nhpt:
      return "nhpt";
    case Kind::sdmt:
      return "sdmt";
    case Kind::snfl:
      return "snfl";
    case Kind::death:
      return "death";
    case Kind::trm:
      return "trm";
    case Kind::adverse_event:
      return "adverse_event";
    case Kind::anc_engraftment:
      return "anc_engraftment";
    case Kind::platelet_engraftment:
      return "platelet_engraftment";
    case Kind::relapse_free_survival:
      return "relapse_free_survival";
    case Kind::composite:
      return "composite";
    case Kind::edss_plus:
      return "edss_plus";
    case Kind::low_contrast:
      return "low_contrast";
    case Kind::vep:
      return "vep";
    case Kind::eq5d:
      return "eq5d";
    case Kind::new_t1:
      return "new_t1";
    case Kind::t1_volume:
      return "t1_volume";
  }
  return {};
}

}  // namespace hortega::evidence
