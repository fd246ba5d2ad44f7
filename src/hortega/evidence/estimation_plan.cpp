// SPDX-License-Identifier: Apache-2.0
// What an estimation works out once, before any replicate.
#include "hortega/evidence/estimation_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "hortega/evidence/default_quantities.hpp"
#include "hortega/evidence/multiverse.hpp"
#include "hortega/evidence/visit_days.hpp"

namespace hortega::evidence {
namespace {

using Kind = trial::EndpointKind;

constexpr double k_beyond_day = 1e8;            // later than every day, and safe to add windows to
constexpr double k_engraftment_limit_day = 60;  // graft failure is declared by day +30 (PMC11161398)
constexpr std::size_t k_curve_points = 132;

template <class Item>
std::size_t index_of(const std::vector<Item>& items, const std::string& id, std::string_view what,
                     const Quantity& quantity) {
  const auto at = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
  if (at == items.end())
    throw std::invalid_argument(
        fmt::format("{} of {}: no {} is called \"{}\"", quantity.estimator, quantity.endpoint, what, id));
  return static_cast<std::size_t>(at - items.begin());
}

const EstimatorInfo& estimator_named(const Quantity& quantity) {
  for (const auto& candidate : estimators()) {
    if (candidate.name == quantity.estimator) return candidate;
  }
  throw std::invalid_argument(fmt::format("no estimator is called \"{}\"", quantity.estimator));
}

bool is_on_scans(Kind kind) {
  return kind == Kind::gd || kind == Kind::new_t2 || kind == Kind::t2_volume || kind == Kind::brain_volume ||
         kind == Kind::new_t1 || kind == Kind::t1_volume;
}

bool needs_time(Estimator estimator) {
  switch (estimator) {
    case Estimator::events:
    case Estimator::percent:
    case Estimator::free_percent:
    case Estimator::km_percent:
    case Estimator::km_free_percent:
    case Estimator::median_time_months:
    case Estimator::median_age_years:
    case Estimator::hazard_ratio:
    case Estimator::risk_reduction_percent:
    case Estimator::odds_ratio:
      return true;
    default:
      return false;
  }
}

// Read at a visit or scan; a day of engraftment is not.
bool is_of_visit(Estimator estimator, Kind kind) {
  switch (estimator) {
    case Estimator::events:
    case Estimator::percent:
    case Estimator::free_percent:
    case Estimator::odds_ratio:
      return kind == Kind::neda3 || kind == Kind::neda4;
    case Estimator::mean:
    case Estimator::median:
    case Estimator::sd:
    case Estimator::percent_with_at_visit:
    case Estimator::mean_change:
    case Estimator::median_change:
    case Estimator::mean_percent_change:
    case Estimator::median_percent_change:
    case Estimator::geometric_mean_percent_change:
    case Estimator::mean_change_per_year:
    case Estimator::percent_change_per_year:
    case Estimator::change_reduction_percent:
    case Estimator::mean_difference:
    case Estimator::mean_change_difference:
    case Estimator::standardised_mean_difference:
      return kind != Kind::anc_engraftment && kind != Kind::platelet_engraftment;
    default:
      return false;
  }
}

void check_fit(const EstimatorInfo& estimator, const trial::EndpointSpec& spec, const Quantity& quantity) {
  const bool contrast = !quantity.reference.empty();
  const auto kind = spec.kind == Kind::edss_plus ? Kind::composite : spec.kind;
  if (contrast != (estimator.applies == Applies::contrast))
    throw std::invalid_argument(fmt::format("{} of {} is {}", quantity.estimator, quantity.endpoint,
                                            contrast ? "a number of one arm" : "a contrast of two arms"));
  if (!fits(estimator.estimator, name(kind)) || (needs_time(estimator.estimator) && !has_time(spec)))
    throw std::invalid_argument(
        fmt::format("{}: an endpoint of kind {} has no {}", spec.id, name(spec.kind), estimator.name));
}

std::vector<double> curve_days(double horizon) {
  double step = 0.0;
  for (const double candidate : {1.0, 2.0, 7.0, 14.0, 28.0, 91.3125, 182.625, 365.25}) {
    step = candidate;
    if (horizon / step <= static_cast<double>(k_curve_points - 2)) break;
  }
  std::vector<double> days;
  for (double k = 0.0; k * step < horizon; k += 1.0) days.push_back(k * step);
  days.push_back(horizon);
  return days;
}

// Those asked about and what their definitions refer to: components, origins, and for NEDA the trial's
// confirmed worsening. Unknown names are left for the look-up to refuse.
trial::Protocol with_needed_endpoints(trial::Protocol protocol, std::span<const Quantity> asked) {
  std::set<std::string> needed;
  for (const Quantity& quantity : asked) needed.insert(quantity.endpoint);
  const auto& all = protocol.endpoints;
  for (std::size_t known = 0; known != needed.size();) {
    known = needed.size();
    for (const auto& spec : all) {
      if (needed.count(spec.id) == 0) continue;
      needed.insert(spec.components.begin(), spec.components.end());
      if (!spec.origin_endpoint.empty()) needed.insert(spec.origin_endpoint);
      if (spec.kind != Kind::neda3 && spec.kind != Kind::neda4) continue;
      for (const auto& other : all) {
        if (other.kind == Kind::cdw) needed.insert(other.id);
      }
    }
  }
  std::erase_if(protocol.endpoints, [&](const auto& spec) { return needed.count(spec.id) == 0; });
  return protocol;
}

}  // namespace

EstimationPlan::EstimationPlan(trial::Protocol wanted, std::span<const Quantity> asked, Scope wanted_scope)
    : scope(wanted_scope),
      protocol(scope == Scope::asked ? with_needed_endpoints(std::move(wanted), asked) : std::move(wanted)),
      quantities(scope == Scope::asked ? std::vector<Quantity>() : default_quantities(protocol)),
      bands(protocol),
      model(protocol) {
  const double follow_up = protocol.accrual.follow_up_day;
  const auto visits = planned_days(protocol.visits.edss, follow_up);
  const auto scans = planned_days(protocol.visits.mri, follow_up);
  origins = {trial::Origin::randomisation};
  for (std::size_t e = 0; e < protocol.endpoints.size(); ++e) {
    endpoints.push_back(plan_endpoint(protocol, e));
    const auto origin = protocol.endpoints[e].origin;
    if (std::find(origins.begin(), origins.end(), origin) == origins.end()) origins.push_back(origin);
  }
  for (const auto& quantity : asked) {
    const auto same = [&](const Quantity& known) { return same_question(known, quantity); };
    if (std::none_of(quantities.begin(), quantities.end(), same)) quantities.push_back(quantity);
  }
  for (const auto& quantity : quantities) {
    Question q;
    const auto& estimator = estimator_named(quantity);
    q.estimator = estimator.estimator;
    q.endpoint = index_of(protocol.endpoints, quantity.endpoint, "endpoint", quantity);
    const auto& spec = protocol.endpoints[q.endpoint];
    check_fit(estimator, spec, quantity);
    if (quantity.arm != "all") q.group.arm = index_of(protocol.arms, quantity.arm, "arm", quantity);
    if (!quantity.subgroup.empty())
      q.group.subgroup = index_of(protocol.subgroups, quantity.subgroup, "subgroup", quantity);
    q.is_contrast = !quantity.reference.empty();
    if (q.is_contrast)
      q.reference = {index_of(protocol.arms, quantity.reference, "arm", quantity), q.group.subgroup};
    q.whole = !(quantity.time_day > 0.0);
    // Visits fall on whole days: that of six months (182.6 days) on day 183.
    q.horizon_day = q.whole ? k_beyond_day : std::ceil(quantity.time_day);
    const auto& planned = is_on_scans(spec.kind) ? scans : visits;
    double asked_day = q.whole ? (planned.empty() ? follow_up : planned.back()) : quantity.time_day;
    // NEDA's crude share is that of a landmark, which the endpoint's own limit may bring forward.
    const bool neda = spec.kind == Kind::neda3 || spec.kind == Kind::neda4;
    const auto& within_day = endpoints[q.endpoint].spec.within_day;
    if (neda && within_day) asked_day = std::min(asked_day, *within_day);
    q.visit_day = spec.origin == trial::Origin::randomisation ? planned_near(planned, asked_day) : asked_day;
    if (neda && spec.origin == trial::Origin::randomisation)
      q.is_scanned = std::any_of(scans.begin(), scans.end(), [&](double scan) {
        return std::abs(scan - q.visit_day) <= endpoints[q.endpoint].neda.mri_window_days;
      });
    q.evaluated_day = evaluated_day_of(q);
    questions.push_back(q);
  }
  reported = questions.size();
  for (std::size_t e = 0; scope != Scope::asked && e < endpoints.size(); ++e) {
    if (!has_time(protocol.endpoints[e])) continue;
    for (std::size_t a = 0; a < protocol.arms.size(); ++a)
      curves.push_back({e, a, curve_days(horizon_of(e))});
  }
  if (scope == Scope::multiverse) add_multiverse();
}

void EstimationPlan::add_multiverse() {
  const auto arm_index = [&](const std::string& id) {
    return static_cast<std::size_t>(
        std::find_if(protocol.arms.begin(), protocol.arms.end(), [&](const auto& a) { return a.id == id; }) -
        protocol.arms.begin());
  };
  for (auto& entry : multiverse_of(protocol)) {
    const std::size_t endpoint = endpoints.size();
    const auto ask = [&](Estimator estimator, std::size_t arm, std::optional<std::size_t> reference) {
      const std::string reference_id = reference ? protocol.arms[*reference].id : std::string();
      quantities.push_back({entry.definition.id, std::string(info(estimator).name), protocol.arms[arm].id,
                            reference_id, 0.0, ""});
      Question q;
      q.estimator = estimator;
      q.endpoint = endpoint;
      q.is_contrast = reference.has_value();
      q.group.arm = arm;
      q.reference.arm = reference;
      q.horizon_day = k_beyond_day;
      questions.push_back(q);
      return questions.size() - 1;
    };
    const auto add = [&](std::size_t arm, std::optional<std::size_t> reference) {
      MultiverseRowPlan row;
      row.definition = definitions.size();
      row.arm = arm;
      row.reference = reference;
      row.events = ask(Estimator::events, arm, std::nullopt);
      row.percent = ask(Estimator::percent, arm, std::nullopt);
      if (reference) {
        row.reference_events = ask(Estimator::events, *reference, std::nullopt);
        row.reference_percent = ask(Estimator::percent, *reference, std::nullopt);
        row.hazard_ratio = ask(Estimator::hazard_ratio, arm, reference);
      }
      multiverse.push_back(row);
    };
    for (const auto& pair : protocol.analysis.contrasts) add(arm_index(pair.at(0)), arm_index(pair.at(1)));
    for (std::size_t a = 0; protocol.analysis.contrasts.empty() && a < protocol.arms.size(); ++a)
      add(a, std::nullopt);
    definitions.push_back(std::move(entry.definition));
    endpoints.push_back(std::move(entry.endpoint));
  }
}

double EstimationPlan::horizon_of(std::size_t endpoint) const {
  const auto& spec = endpoints[endpoint].spec;
  const double last = last_day(protocol.accrual.follow_up_day);
  if (spec.within_day) return std::min(*spec.within_day, last);
  if (spec.kind == Kind::anc_engraftment || spec.kind == Kind::platelet_engraftment)
    return std::min(k_engraftment_limit_day, last);
  return last;
}

double EstimationPlan::evaluated_day_of(const Question& question) const {
  const auto& spec = endpoints[question.endpoint].spec;
  if (is_of_visit(question.estimator, spec.kind)) return question.visit_day;
  const bool curve =
      question.estimator == Estimator::km_percent || question.estimator == Estimator::km_free_percent;
  if (curve && question.whole) return horizon_of(question.endpoint);
  const double day = question.whole ? last_day(protocol.accrual.follow_up_day) : question.horizon_day;
  return spec.within_day ? std::min(day, *spec.within_day) : day;
}

bool belongs(const trial::Subgroup& subgroup, const trial::BaselineRecord& baseline) {
  if (subgroup.sex && (*subgroup.sex == "female") != baseline.female) return false;
  const bool progressive = baseline.phenotype == trial::Phenotype::primary_progressive;
  if (subgroup.onset && (*subgroup.onset == "progressive") != progressive) return false;
  const auto& courses = subgroup.phenotypes;
  if (!courses.empty() && std::find(courses.begin(), courses.end(), baseline.phenotype) == courses.end())
    return false;
  if (subgroup.gd_count &&
      (baseline.gd_count < subgroup.gd_count->at(0) || baseline.gd_count > subgroup.gd_count->at(1)))
    return false;
  const auto holds = [&](const trial::ActivityRule& rule) {
    const int relapses = rule.within_day > 366.0 ? baseline.relapses_2y : baseline.relapses_1y;
    return (!rule.relapses_at_least || relapses >= *rule.relapses_at_least) &&
           (!rule.gd_at_least || baseline.gd_count >= *rule.gd_at_least) && !rule.new_t2_at_least;
  };
  return std::all_of(subgroup.activity.begin(), subgroup.activity.end(),
                     [&](const trial::ActivityCriterion& criterion) {
                       return std::any_of(criterion.any.begin(), criterion.any.end(), holds);
                     });
}

}  // namespace hortega::evidence
