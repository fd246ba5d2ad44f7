// SPDX-License-Identifier: Apache-2.0
// What one person contributes to an endpoint.
#include "hortega/evidence/outcomes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "hortega/endpoints/mri.hpp"

namespace hortega::evidence {
namespace {

namespace ep = endpoints;
using Kind = trial::EndpointKind;

constexpr int k_scan_window_day = 28;  // docs/endpoints.md
constexpr int k_visit_window_day =
    28;  // nearest planned visit; visits are at least 8 weeks apart in every protocol
constexpr int k_shifted_window_day = 45;  // visits planned from another origin

PersonOutcome from(const ep::TimeToEvent& time) {
  if (!time.event && time.censoring == ep::Censoring::no_baseline) return {};
  return {true, std::max(0.0, static_cast<double>(time.day)),
          time.event ? TimeStatus::event : TimeStatus::censored,
          time.event ? ep::Censoring::none : time.censoring};
}

PersonOutcome event_on(int day) {
  return {true, std::max(0.0, static_cast<double>(day)), TimeStatus::event, ep::Censoring::none};
}

/// To the end of what is known, which a death ends too.
PersonOutcome censored_at_end(const Observed& person) {
  const auto& record = person.record();
  const int end = std::min(record.end_of_follow_up_day, record.death_day);
  if (end < 0) return {};
  return {true, static_cast<double>(end), TimeStatus::censored,
          person.dead() ? ep::Censoring::death : ep::Censoring::end_of_follow_up};
}

PersonOutcome competing_or_censored(const Observed& person) {
  auto outcome = censored_at_end(person);
  if (outcome.at_risk && person.dead()) outcome.status = TimeStatus::competing;
  return outcome;
}

PersonOutcome first_relapse(const EndpointPlan& plan, const Observed& person, bool or_death) {
  const auto& record = person.record();
  if (record.end_of_follow_up_day < 0) return {};
  const int from_day = plan.spec.not_before_day ? static_cast<int>(*plan.spec.not_before_day) : 0;
  PersonOutcome outcome;
  const int further = plan.spec.at_least - (plan.spec.count_onset ? 1 : 0);
  if (plan.spec.at_least <= 1) {
    outcome = from(ep::time_to_first_relapse(record, from_day, plan.relapses));
  } else {
    // The attack that brought the disease to light is on day 0; what is reported within its merging gap is
    // it.
    std::vector<ep::Relapse> merged;
    ep::merge_relapses(record.relapses, merged, plan.relapses.gap_days);
    int seen = 0;
    outcome = censored_at_end(person);
    for (const auto& relapse : merged) {
      if (relapse.onset_day < (plan.spec.count_onset ? plan.relapses.gap_days : from_day)) continue;
      if (++seen < further) continue;
      outcome = event_on(relapse.onset_day);
      break;
    }
  }
  if (or_death && person.dead() && (outcome.status != TimeStatus::event || record.death_day < outcome.day))
    outcome = event_on(record.death_day);
  return outcome;
}

int lesions(const EndpointPlan& plan, const ep::Scan& scan) {
  return plan.spec.kind == Kind::gd       ? scan.gd_count
         : plan.spec.kind == Kind::new_t1 ? scan.new_t1
                                          : scan.new_or_enlarging_t2;
}

PersonOutcome first_lesion(const EndpointPlan& plan, const Observed& person) {
  PersonOutcome outcome;
  for (const auto& scan : person.record().scans) {
    if (scan.day <= 0 || lesions(plan, scan) == ep::kMissingCount) continue;
    if (lesions(plan, scan) >= plan.spec.at_least) return event_on(scan.day);
    outcome = {true, static_cast<double>(scan.day), TimeStatus::censored,
               person.dead() ? ep::Censoring::death : ep::Censoring::last_visit};
  }
  return outcome;
}

PersonOutcome first_of(const PersonOutcome& a, const PersonOutcome& b) {
  if (!a.at_risk || !b.at_risk) return a.at_risk ? a : b;
  const bool a_event = a.status == TimeStatus::event, b_event = b.status == TimeStatus::event;
  if (a_event != b_event) return a_event ? a : b;
  if (a_event) return b.day < a.day ? b : a;
  return b.day > a.day ? b : a;  // nobody failed: at risk as long as anything was seen
}

PersonOutcome classified(const EndpointPlan& plan, const Observed& person) {
  PersonOutcome outcome;
  for (const auto& options : plan.pira) {
    const auto events = ep::pira_and_raw(person.record(), options);
    outcome = first_of(outcome, from(plan.spec.kind == Kind::raw ? events.first_raw : events.first_pira));
  }
  return outcome;
}

PersonOutcome death(const EndpointPlan& plan, const Observed& person) {
  auto outcome = censored_at_end(person);
  if (!person.dead()) return outcome;
  outcome = event_on(person.record().death_day);
  if (plan.spec.kind == Kind::trm && !person.participant().treatment_death) {
    outcome.status = TimeStatus::competing;
    outcome.censoring = ep::Censoring::death;
  }
  return outcome;
}

/// Calls visit(day from the origin) for every harm that the endpoint counts. After a graft they count from
/// mobilisation on: the transplant's toxicity begins before the graft.
template <class Visit>
void for_each_harm(const EndpointPlan& plan, const Observed& person, Visit visit) {
  const int origin = person.origin_day();
  const bool from_graft =
      plan.spec.origin == trial::Origin::transplant && person.record().transplant_day != ep::kNever;
  const int first = from_graft ? std::min(person.record().mobilisation_day, 0) : 0;
  for (const auto& harm : person.participant().harms) {
    const int day = harm.start_day - origin;
    if (day < first || !person.sees(harm.start_day)) continue;
    if (plan.spec.grade_at_least && harm.grade < *plan.spec.grade_at_least) continue;
    if (is_term(harm.term, plan.spec.term)) visit(std::max(day, 0));
  }
}

PersonOutcome first_harm(const EndpointPlan& plan, const Observed& person) {
  std::optional<int> first;
  for_each_harm(plan, person, [&](int day) { first = first ? std::min(*first, day) : day; });
  return first ? event_on(*first) : competing_or_censored(person);
}

/// Day of a milestone after the allocated graft.
std::optional<int> day_after_graft(const Observed& person, endpoints::Milestone what) {
  const int graft = allocated_transplant_day(person.participant());
  for (const auto& milestone : person.participant().milestones) {
    if (milestone.what == what && milestone.day >= graft && person.sees(milestone.day))
      return milestone.day - graft;
  }
  return std::nullopt;
}

/// Day of engraftment after the allocated graft.
std::optional<int> engraftment_day(const EndpointPlan& plan, const Observed& person) {
  return day_after_graft(person, plan.spec.kind == Kind::anc_engraftment
                                     ? endpoints::Milestone::anc_engraftment
                                     : endpoints::Milestone::platelet_engraftment);
}

PersonOutcome engraftment(const EndpointPlan& plan, const Observed& person) {
  const int graft = allocated_transplant_day(person.participant());
  if (graft == ep::kNever || !person.sees(graft)) return {};
  if (const auto day = engraftment_day(plan, person)) return event_on(*day);
  if (stayed_above(plan, person).value_or(false)) return {};
  auto outcome = competing_or_censored(person);
  outcome.day -= graft - person.origin_day();
  return outcome.day >= 0 ? outcome : PersonOutcome{};
}

/// A test's worsening or improvement. Worsening takes the first later value where there is none at entry; who
/// is better than at entry is not known without one.
PersonOutcome change_of_test(const Observed& person, const ep::WorseningOptions& options) {
  const auto& record = person.record();
  const auto is_baseline = [&](const ep::Visit& visit) {
    return visit.day <= 0 && !ep::is_missing(ep::value_of(visit, options.measure));
  };
  if (options.direction == ep::Direction::improvement &&
      std::none_of(record.visits.begin(), record.visits.end(), is_baseline))
    return {};
  return from(ep::time_to_confirmed_change(record, options));
}

PersonOutcome either_hand(const EndpointPlan& plan, const Observed& person) {
  auto other = plan.worsening;
  other.measure = ep::Measure::nhpt_non_dominant;
  return first_of(change_of_test(person, plan.worsening), change_of_test(person, other));
}

PersonOutcome uncut(const EndpointPlan& plan, const Observed& person,
                    std::span<const PersonOutcome> earlier) {
  const auto& record = person.record();
  switch (plan.spec.kind) {
    case Kind::relapse:
      return first_relapse(plan, person, false);
    case Kind::relapse_free_survival:
      return first_relapse(plan, person, true);
    case Kind::cdw:
    case Kind::cdi:
      return from(ep::time_to_confirmed_change(record, plan.worsening));
    case Kind::t25fw:
    case Kind::sdmt:
    case Kind::low_contrast:
      return has_time(plan.spec) ? change_of_test(person, plan.worsening) : PersonOutcome{};
    case Kind::nhpt:
      return has_time(plan.spec) ? either_hand(plan, person) : PersonOutcome{};
    case Kind::pira:
    case Kind::raw:
      return classified(plan, person);
    case Kind::neda3:
    case Kind::neda4:
      return from(ep::time_to_disease_activity(record, plan.neda));
    case Kind::edss_milestone:
      // Cohorts from onset count who begins with it (Lyon: all 1844); trials take who has not reached it.
      return from(ep::time_to_milestone(record, *plan.spec.edss, plan.worsening,
                                        plan.spec.origin == trial::Origin::onset
                                            ? ep::AtFirstVisit::counts
                                            : ep::AtFirstVisit::not_at_risk));
    case Kind::spms_conversion:
      return from(ep::time_to_spms(record, plan.spms));
    case Kind::gd:
    case Kind::new_t2:
    case Kind::new_t1:
      return first_lesion(plan, person);
    case Kind::death:
    case Kind::trm:
      return death(plan, person);
    case Kind::adverse_event:
      return first_harm(plan, person);
    case Kind::anc_engraftment:
    case Kind::platelet_engraftment:
      return engraftment(plan, person);
    case Kind::composite:
    case Kind::edss_plus: {
      if (plan.components.empty()) return from(ep::composite_worsening(record, plan.composite).any);
      PersonOutcome outcome;
      for (const std::size_t c : plan.components) outcome = first_of(outcome, earlier[c]);
      return outcome;
    }
    case Kind::edss:
    case Kind::t2_volume:
    case Kind::brain_volume:
    case Kind::snfl:
    case Kind::vep:
    case Kind::eq5d:
    case Kind::t1_volume:
      return {};
  }
  return {};
}

/// Measure of a visit; the index is for what lies beside the visits.
double measure_at(const EndpointPlan& plan, const Observed& person, std::size_t i) {
  const auto& visit = person.record().visits[i];
  switch (plan.spec.kind) {
    case Kind::edss:
      return visit.edss;
    case Kind::t25fw:
      return static_cast<double>(visit.t25fw_s);
    case Kind::nhpt:
      return static_cast<double>(visit.nhpt_dominant_s);
    case Kind::sdmt:
      return static_cast<double>(visit.sdmt);
    case Kind::low_contrast:
      return static_cast<double>(visit.low_contrast_letters);
    case Kind::vep:
      return static_cast<double>(visit.vep_ms);
    case Kind::eq5d:
      return static_cast<double>(visit.eq5d);
    case Kind::snfl:
      return person.snfl_pg_per_ml().empty() ? ep::kMissing : person.snfl_pg_per_ml()[i];
    default:
      return ep::kMissing;
  }
}

double measure_of(const EndpointPlan& plan, const ep::Scan& scan) {
  switch (plan.spec.kind) {
    case Kind::t2_volume:
      return scan.t2_volume_ml;
    case Kind::t1_volume:
      return scan.t1_volume_ml;
    case Kind::new_t1:
      return scan.new_t1 == ep::kMissingCount ? ep::kMissing : scan.new_t1;
    case Kind::brain_volume:
      return scan.brain_volume_change_percent;
    case Kind::gd:
      return scan.gd_count == ep::kMissingCount ? ep::kMissing : scan.gd_count;
    case Kind::new_t2:
      return scan.new_or_enlarging_t2 == ep::kMissingCount ? ep::kMissing : scan.new_or_enlarging_t2;
    default:
      return ep::kMissing;
  }
}

struct Reading {
  int day = 0;
  double value = ep::kMissing;
};

/// Baseline and follow-up reading out of a table: read(i) is the measure of row i, planned(i) whether the row
/// counts for a planned day.
template <class Rows, class Read, class Planned>
PersonValue reading(const EndpointPlan& plan, const Rows& rows, double day, int window, Read read,
                    Planned planned) {
  const auto nearest = [&](double wanted, std::size_t first) {
    Reading found;
    double distance = window + 0.5;
    for (std::size_t i = first; i < rows.size(); ++i) {
      const double away = std::abs(rows[i].day - wanted);
      if (away >= distance) {
        if (rows[i].day > wanted) break;
        continue;
      }
      const double value = read(i);
      if (!planned(i) || ep::is_missing(value)) continue;
      found = {rows[i].day, value};
      distance = away;
    }
    return found;
  };
  Reading baseline;
  if (plan.spec.baseline_visit_day) {
    baseline = nearest(*plan.spec.baseline_visit_day, 0);
  } else {
    for (std::size_t i = 0; i < rows.size() && rows[i].day <= 0; ++i) {
      const double value = read(i);
      if (!ep::is_missing(value)) baseline = {rows[i].day, value};
    }
  }
  std::size_t after = 0;  // a visit of follow-up is never the baseline itself
  while (after < rows.size() && rows[after].day <= std::max(0, baseline.day)) ++after;
  const Reading value = nearest(day, after);
  return {baseline.value, value.value, (value.day - baseline.day) / ep::kDaysPerYear};
}

bool contains_any(std::string_view term, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](auto word) { return term.find(word) != std::string_view::npos; });
}

// Infections whose name does not say so (MedDRA: infections and infestations).
bool is_infection_by_name(std::string_view term) {
  constexpr std::array<std::string_view, 6> words = {
      "sepsis",       "zoster",   "pneumonia",
      "reactivation", "viraemia", "progressive multifocal leukoencephalopathy"};
  return contains_any(term, words);
}

bool is_blood_count(std::string_view term) {
  constexpr std::array<std::string_view, 7> words = {
      "neutropeni", "cytopeni", "anaemia", "leukopeni", "lymphopeni", "count decreased", "graft failure"};
  const bool febrile = term.find("febrile") != std::string_view::npos;  // an infection's sign, not a count
  return !febrile && contains_any(term, words);
}

}  // namespace

PersonOutcome time_of(const EndpointPlan& plan, const Observed& person,
                      std::span<const PersonOutcome> earlier) {
  PersonOutcome outcome = uncut(plan, person, earlier);
  if (!outcome.at_risk) return outcome;
  if (plan.origin_endpoint != k_no_endpoint) {
    const auto& origin = earlier[plan.origin_endpoint];
    if (!origin.at_risk || origin.status != TimeStatus::event || outcome.day < origin.day) return {};
    outcome.day -= origin.day;
  }
  if (plan.spec.within_day && outcome.day > *plan.spec.within_day) {
    outcome.day = *plan.spec.within_day;
    outcome.status = TimeStatus::censored;
    outcome.censoring = ep::Censoring::end_of_follow_up;
  }
  return outcome;
}

PersonCount count_of(const EndpointPlan& plan, const Observed& person, double horizon_day) {
  const auto& record = person.record();
  const double limit = std::min(horizon_day, plan.spec.within_day.value_or(horizon_day));
  const int to = static_cast<int>(std::ceil(limit));
  int first = plan.spec.not_before_day ? static_cast<int>(*plan.spec.not_before_day) : 0;
  PersonCount result;
  switch (plan.spec.kind) {
    case Kind::relapse: {
      // The attack with which the disease began lies on day 0 of the origin.
      if (plan.spec.origin == trial::Origin::onset && !plan.spec.count_onset) first = std::max(first, 1);
      const auto exposure = ep::relapse_exposure(record, first, to, plan.relapses);
      result = {exposure.years > 0, exposure.relapses, exposure.years, 0};
      break;
    }
    case Kind::gd:
    case Kind::new_t2:
    case Kind::new_t1: {
      const int last = to + k_scan_window_day;
      const auto sum = plan.spec.kind == Kind::gd       ? ep::gd_lesions(record, first, last)
                       : plan.spec.kind == Kind::new_t2 ? ep::new_t2_lesions(record, first, last)
                                                        : ep::new_t1_lesions(record, first, last);
      result = {sum.scans > 0, sum.lesions, sum.years, sum.scans};
      break;
    }
    case Kind::adverse_event: {
      const int end = std::min({to, record.end_of_follow_up_day, record.death_day});
      if (end < 0) break;
      result = {true, 0, end / ep::kDaysPerYear, 0};
      for_each_harm(plan, person, [&](int day) { result.count += day <= to; });
      break;
    }
    default:
      break;
  }
  return result;
}

PersonValue value_of(const EndpointPlan& plan, const Observed& person, double day) {
  const auto& record = person.record();
  const int visit_window = person.origin_day() == 0 ? k_visit_window_day : k_shifted_window_day;
  const int scan_window = person.origin_day() == 0 ? k_scan_window_day : k_shifted_window_day;
  switch (plan.spec.kind) {
    case Kind::edss:
    case Kind::t25fw:
    case Kind::nhpt:
    case Kind::sdmt:
    case Kind::snfl:
    case Kind::low_contrast:
    case Kind::vep:
    case Kind::eq5d:
      return reading(
          plan, record.visits, day, visit_window, [&](std::size_t i) { return measure_at(plan, person, i); },
          [&](std::size_t i) { return record.visits[i].scheduled; });
    case Kind::t2_volume:
    case Kind::t1_volume:
    case Kind::gd:
    case Kind::new_t2:
    case Kind::new_t1:
      return reading(
          plan, record.scans, day, scan_window,
          [&](std::size_t i) { return measure_of(plan, record.scans[i]); }, [](std::size_t) { return true; });
    case Kind::brain_volume: {
      // Both readings are changes from the first scan in percent; the result is in percent of the baseline's
      // volume.
      auto result = reading(
          plan, record.scans, day, scan_window,
          [&](std::size_t i) { return measure_of(plan, record.scans[i]); }, [](std::size_t) { return true; });
      result.value = 100 * (1 + result.value / 100) / (1 + result.baseline / 100);
      if (!ep::is_missing(result.baseline)) result.baseline = 100;
      return result;
    }
    case Kind::anc_engraftment:
    case Kind::platelet_engraftment:
      if (const auto found = engraftment_day(plan, person))
        return {0.0, static_cast<double>(*found), ep::kMissing};
      return {};
    default:
      return {};
  }
}

endpoints::Ternary neda_at(const EndpointPlan& plan, const Observed& person, double day) {
  return ep::neda(person.record(), static_cast<int>(day), plan.neda);
}

std::optional<bool> stayed_above(const EndpointPlan& plan, const Observed& person) {
  const int graft = allocated_transplant_day(person.participant());
  if (graft == ep::kNever || !person.sees(graft)) return std::nullopt;
  const auto what = plan.spec.kind == Kind::anc_engraftment ? endpoints::Milestone::anc_not_below
                                                            : endpoints::Milestone::platelet_not_below;
  return day_after_graft(person, what).has_value();
}

PersonShares shares_of(const EndpointPlan& plan, const Observed& person, double horizon_day) {
  auto record = person.record();
  // Worsening counts if it was confirmed by the horizon's visit.
  const int to = static_cast<int>(std::ceil(horizon_day));
  const auto last = std::partition_point(record.visits.begin(), record.visits.end(), [&](const auto& visit) {
    return visit.day <= to + k_visit_window_day;
  });
  record.visits = record.visits.first(static_cast<std::size_t>(last - record.visits.begin()));
  record.end_of_follow_up_day = std::min(record.end_of_follow_up_day, to + k_visit_window_day);
  PersonShares shares;
  for (const auto& options : plan.pira) {
    const auto events = ep::pira_and_raw(record, options);
    shares.pira += events.pira;
    shares.raw += events.raw;
    shares.neither += events.neither;
  }
  return shares;
}

bool is_term(std::string_view harm, std::string_view asked) {
  if (asked == "non-haematological toxicity") return !is_blood_count(harm);
  if (asked == "infection" && is_infection_by_name(harm)) return true;
  bool any = false;
  while (!asked.empty()) {
    const std::size_t end = std::min(asked.find(' '), asked.size());
    const auto word = asked.substr(0, end);
    if (!word.empty() && harm.find(word) == std::string_view::npos) return false;
    any = any || !word.empty();
    asked.remove_prefix(std::min(end + 1, asked.size()));
  }
  return any;
}

}  // namespace hortega::evidence
