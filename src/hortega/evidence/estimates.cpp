// SPDX-License-Identifier: Apache-2.0
// The analysis of one replicate.
#include "hortega/evidence/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

#include "hortega/evidence/estimation_plan.hpp"
#include "hortega/evidence/statistics.hpp"

namespace hortega::evidence {
namespace {

using E = Estimator;
using Plan = EstimationPlan;
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_days_per_month = endpoints::kDaysPerYear / 12.0;

/// One replicate on the desk: everybody in the frames that endpoints need, their outcomes, and what was
/// computed once for several quantities.
class Analysis {
 public:
  Analysis(const Plan& plan, const trial::Replicate& replicate) : plan_(plan), replicate_(replicate) {
    const auto& people = replicate.participants;
    arm_of_.reserve(people.size());
    for (const auto& person : people) arm_of_.push_back(person.arm);
    for (const auto origin : plan.origins) {
      auto& frame = frames_[origin];
      frame.reserve(people.size());
      for (const auto& person : people) frame.emplace_back(person, plan.protocol, origin);
    }
    time_people();
  }

  const std::vector<Observed>& frame(trial::Origin origin) const { return frames_.at(origin); }
  const std::vector<std::size_t>& arm_of() const { return arm_of_; }
  const PersonOutcome& time(std::size_t person, std::size_t endpoint) const {
    return times_[person * plan_.endpoints.size() + endpoint];
  }

  const EventCurve& curve(std::size_t endpoint, const Group& group) {
    const auto key = std::make_tuple(endpoint, group);
    auto at = curves_.find(key);
    if (at == curves_.end())
      at = curves_.emplace(key, EventCurve(times_of(endpoint, group), death_of(endpoint))).first;
    return at->second;
  }

  Outcome answer(const Question& question) {
    return question.is_contrast ? contrast(question) : of_arm(question);
  }

 private:
  using CountKey = std::tuple<std::size_t, double, Group>;

  void time_people() {
    const std::size_t n = plan_.endpoints.size();
    times_.resize(replicate_.participants.size() * n);
    for (std::size_t i = 0; i < replicate_.participants.size(); ++i) {
      for (std::size_t e = 0; e < n; ++e) {
        const std::span<const PersonOutcome> earlier(times_.data() + i * n, e);
        times_[i * n + e] = time_of(plan_.endpoints[e], person(e, i), earlier);
      }
    }
  }

  const Observed& person(std::size_t endpoint, std::size_t i) const {
    return frames_.at(plan_.endpoints[endpoint].spec.origin)[i];
  }

  Death death_of(std::size_t endpoint) const {
    return has_competing_death(plan_.endpoints[endpoint].spec.kind) ? Death::competes : Death::censors;
  }

  const std::vector<std::size_t>& members(const Group& group) {
    const auto at = members_.find(group);
    if (at != members_.end()) return at->second;
    auto& indices = members_[group];
    for (std::size_t i = 0; i < arm_of_.size(); ++i) {
      if (group.arm && *group.arm != arm_of_[i]) continue;
      if (group.subgroup &&
          !belongs(plan_.protocol.subgroups[*group.subgroup], replicate_.participants[i].baseline))
        continue;
      indices.push_back(i);
    }
    return indices;
  }

  std::vector<PersonOutcome> times_of(std::size_t endpoint, const Group& group) {
    std::vector<PersonOutcome> out;
    for (const std::size_t i : members(group)) out.push_back(time(i, endpoint));
    return out;
  }

  const std::vector<PersonCount>& counts_of(std::size_t endpoint, double horizon, const Group& group) {
    const CountKey key(endpoint, horizon, group);
    const auto at = counts_.find(key);
    if (at != counts_.end()) return at->second;
    auto& out = counts_[key];
    for (const std::size_t i : members(group))
      out.push_back(count_of(plan_.endpoints[endpoint], person(endpoint, i), horizon));
    return out;
  }

  const std::vector<PersonValue>& values_of(std::size_t endpoint, double day, const Group& group) {
    const CountKey key(endpoint, day, group);
    const auto at = values_.find(key);
    if (at != values_.end()) return at->second;
    auto& out = values_[key];
    for (const std::size_t i : members(group))
      out.push_back(value_of(plan_.endpoints[endpoint], person(endpoint, i), day));
    return out;
  }

  Outcome share(E estimator, const Question& q, const Group& group) {
    const auto& endpoint = plan_.endpoints[q.endpoint];
    const bool neda =
        endpoint.spec.kind == trial::EndpointKind::neda3 || endpoint.spec.kind == trial::EndpointKind::neda4;
    if (!neda) return crude_share(estimator, times_of(q.endpoint, group), q.horizon_day);
    if (!q.is_scanned) return {k_nan, k_nan, 0.0};
    std::vector<endpoints::Ternary> answers;
    for (const std::size_t i : members(group))
      answers.push_back(neda_at(endpoint, person(q.endpoint, i), q.visit_day));
    return landmark_share(estimator, answers);
  }

  Outcome over_time(const Question& q) {
    const auto& c = curve(q.endpoint, q.group);
    Outcome out{k_nan, k_nan, static_cast<double>(c.people())};
    if (q.estimator == E::median_time_months) {
      out.value = c.median(q.horizon_day) / k_days_per_month;
      return out;
    }
    // Over the whole follow-up: to the last day on which anybody was seen.
    const double t = q.whole ? std::min(plan_.horizon_of(q.endpoint), c.last_day()) : q.horizon_day;
    const double percent = 100.0 * c.event_probability(t);
    out.value = q.estimator == E::km_percent ? percent : 100.0 - percent;
    return out;
  }

  // Time from birth, as cohorts draw it: everybody is followed from birth, nobody enters late.
  Outcome median_age(const Question& q) {
    std::vector<PersonOutcome> ages;
    for (const std::size_t i : members(q.group)) {
      auto outcome = time(i, q.endpoint);
      const int origin = person(q.endpoint, i).origin_day();
      outcome.day += origin + replicate_.participants[i].baseline.age_year * endpoints::kDaysPerYear;
      ages.push_back(outcome);
    }
    const EventCurve c(ages, death_of(q.endpoint));
    const double infinity = std::numeric_limits<double>::infinity();
    return {c.median(infinity) / endpoints::kDaysPerYear, k_nan, static_cast<double>(c.people())};
  }

  Outcome worsening_share(const Question& q) {
    PersonShares sum;
    for (const std::size_t i : members(q.group)) {
      const auto s = shares_of(plan_.endpoints[q.endpoint], person(q.endpoint, i), q.horizon_day);
      sum.pira += s.pira;
      sum.raw += s.raw;
      sum.neither += s.neither;
    }
    const int all = sum.pira + sum.raw + sum.neither;
    const int wanted = plan_.endpoints[q.endpoint].spec.kind == trial::EndpointKind::raw ? sum.raw : sum.pira;
    return {all > 0 ? 100.0 * wanted / all : k_nan, k_nan, static_cast<double>(members(q.group).size())};
  }

  // Of all who were grafted.
  Outcome not_below(const Question& q) {
    double grafted = 0.0, above = 0.0;
    for (const std::size_t i : members(q.group)) {
      const auto stayed = stayed_above(plan_.endpoints[q.endpoint], person(q.endpoint, i));
      grafted += stayed.has_value();
      above += stayed.value_or(false);
    }
    return {grafted > 0.0 ? 100.0 * above / grafted : k_nan, k_nan, grafted};
  }

  Outcome of_arm(const Question& q) {
    switch (q.estimator) {
      case E::events:
      case E::percent:
      case E::free_percent:
        return share(q.estimator, q, q.group);
      case E::km_percent:
      case E::km_free_percent:
      case E::median_time_months:
        return over_time(q);
      case E::median_age_years:
        return median_age(q);
      case E::count:
      case E::mean_count:
      case E::median_count:
      case E::percent_with:
      case E::percent_without:
      case E::rate:
      case E::per_scan:
        return counted(q.estimator, counts_of(q.endpoint, q.horizon_day, q.group));
      case E::share_percent:
        return worsening_share(q);
      case E::not_below_percent:
        return not_below(q);
      default:
        return measured(q.estimator, values_of(q.endpoint, q.visit_day, q.group));
    }
  }

  Outcome contrast(const Question& q) {
    switch (q.estimator) {
      case E::hazard_ratio:
        return hazards(q);
      case E::risk_reduction_percent:
        return as_reduction(hazards(q));
      case E::rate_ratio:
        return rates(q);
      case E::rate_reduction_percent:
      case E::count_reduction_percent:
        return as_reduction(rates(q));
      case E::odds_ratio:
        return odds_ratio(share(E::percent, q, q.group), share(E::percent, q, q.reference));
      default:
        return compared(q.estimator, values_of(q.endpoint, q.visit_day, q.group),
                        values_of(q.endpoint, q.visit_day, q.reference));
    }
  }

  Outcome hazards(const Question& q) {
    const auto key = std::make_tuple(q.endpoint, q.horizon_day, q.group, q.reference);
    const auto at = hazards_.find(key);
    if (at != hazards_.end()) return at->second;
    return hazards_[key] =
               hazard_ratio(times_of(q.endpoint, q.group), times_of(q.endpoint, q.reference), q.horizon_day);
  }

  Outcome rates(const Question& q) {
    const auto key = std::make_tuple(q.endpoint, q.horizon_day, q.group, q.reference);
    const auto at = rates_.find(key);
    if (at != rates_.end()) return at->second;
    const auto kind = plan_.endpoints[q.endpoint].spec.kind;
    const bool lesions = kind == trial::EndpointKind::gd || kind == trial::EndpointKind::new_t2 ||
                         kind == trial::EndpointKind::new_t1;
    return rates_[key] = rate_ratio(counts_of(q.endpoint, q.horizon_day, q.group),
                                    counts_of(q.endpoint, q.horizon_day, q.reference),
                                    lesions ? Exposure::scans : Exposure::years);
  }

  const Plan& plan_;
  const trial::Replicate& replicate_;
  std::vector<std::size_t> arm_of_;
  std::map<trial::Origin, std::vector<Observed>> frames_;
  std::vector<PersonOutcome> times_;  // people x endpoints
  std::map<Group, std::vector<std::size_t>> members_;
  std::map<std::tuple<std::size_t, Group>, EventCurve> curves_;
  std::map<CountKey, std::vector<PersonCount>> counts_;
  std::map<CountKey, std::vector<PersonValue>> values_;
  std::map<std::tuple<std::size_t, double, Group, Group>, Outcome> hazards_, rates_;
};

std::vector<int> flow_of(const trial::Replicate& replicate, std::size_t arms) {
  std::vector<int> flow(arms * k_flow_boxes.size(), 0);
  for (std::size_t a = 0; a < std::min(arms, replicate.consort.arms.size()); ++a) {
    const auto& f = replicate.consort.arms[a];
    const std::array<int, k_flow_boxes.size()> boxes = {f.allocated,   f.received, f.not_received,
                                                        f.dropped_out, f.died,     f.data_cut,
                                                        f.completed,   f.rescued,  f.switched};
    std::copy(boxes.begin(), boxes.end(), flow.begin() + static_cast<std::ptrdiff_t>(a * boxes.size()));
  }
  return flow;
}

}  // namespace

Estimation::Estimation(trial::Protocol protocol, std::span<const Quantity> asked, Scope scope,
                       std::optional<economics::Prices> prices)
    : plan_(std::make_unique<const EstimationPlan>(std::move(protocol), asked, scope)),
      prices_(std::move(prices)) {}
Estimation::~Estimation() = default;
Estimation::Estimation(Estimation&&) noexcept = default;
Estimation& Estimation::operator=(Estimation&&) noexcept = default;

const std::vector<Quantity>& Estimation::quantities() const { return plan_->quantities; }

ReplicateResult Estimation::estimate(const trial::Replicate& replicate) const {
  const auto& plan = *plan_;
  const std::size_t arms = plan.protocol.arms.size();
  Analysis analysis(plan, replicate);
  ReplicateResult result;
  result.number = replicate.number;
  result.people.assign(arms, 0);
  for (const std::size_t arm : analysis.arm_of()) ++result.people.at(arm);
  result.outcomes.reserve(plan.questions.size());
  for (const auto& question : plan.questions) result.outcomes.push_back(analysis.answer(question));
  for (const auto& curve : plan.curves) {
    const auto& c = analysis.curve(curve.endpoint, {curve.arm, std::nullopt});
    for (const double day : curve.day) {
      const auto at_risk = c.at_risk(day);
      const double free = 1.0 - c.event_probability(std::min(day, c.last_day()));
      result.at_risk.push_back(static_cast<double>(at_risk));
      result.survival.push_back(at_risk > 0 || free <= 0.0 ? free : k_nan);
    }
  }
  if (plan.scope != Scope::asked) {
    const auto& people = analysis.frame(trial::Origin::randomisation);
    result.bands = plan.bands.tally(people, analysis.arm_of());
    result.harms = tally_harms(people, analysis.arm_of());
    result.cells = tally_cells(replicate, arms);
    result.model = plan.model.tally(replicate.participants, prices_);
  }
  if (plan.scope != Scope::asked && prices_) {
    std::vector<economics::Account> accounts;
    accounts.reserve(replicate.participants.size());
    for (const auto& person : replicate.participants)
      accounts.push_back(economics::account_of(person, *prices_));
    result.resources = tally_resources(accounts, analysis.arm_of(), arms);
  }
  result.flow = flow_of(replicate, arms);
  return result;
}

std::vector<PersonTime> Estimation::person_times(const trial::Replicate& replicate) const {
  const Analysis analysis(*plan_, replicate);
  std::vector<PersonTime> times;
  for (std::size_t e = 0; e < plan_->protocol.endpoints.size(); ++e) {
    for (std::size_t i = 0; i < replicate.participants.size(); ++i) {
      const auto& t = analysis.time(i, e);
      if (!t.at_risk) continue;
      times.push_back({replicate.participants[i].number, e, static_cast<int>(std::lround(t.day)),
                       t.status == TimeStatus::event, t.status == TimeStatus::competing, t.censoring});
    }
  }
  return times;
}

}  // namespace hortega::evidence
