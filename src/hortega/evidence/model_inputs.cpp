// SPDX-License-Identifier: Apache-2.0
#include "hortega/evidence/model_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hortega/economics/account.hpp"
#include "hortega/evidence/visit_days.hpp"
#include "hortega/trial/options.hpp"

namespace hortega::evidence {

namespace {

constexpr int k_short_rest_day = 45;
constexpr std::size_t k_dead = k_states.size() - 2;
constexpr std::size_t k_not_followed = k_states.size() - 1;
constexpr double k_first_edss_of_next[] = {2.0, 4.0, 6.0, 7.0, 8.0};

int last_day_seen(const trial::Participant& person) {
  return std::min(person.end_of_follow_up_day, person.death_day);
}

}  // namespace

std::size_t state_on(const trial::Participant& person, int day) {
  if (person.death_day <= day) return k_dead;
  if (person.end_of_follow_up_day < day) return k_not_followed;
  double edss = endpoints::kMissing;
  for (const endpoints::Visit& visit : person.visits) {
    if (visit.day > day) break;
    if (visit.scheduled && !endpoints::is_missing(visit.edss)) edss = visit.edss;
  }
  if (endpoints::is_missing(edss)) return k_not_followed;
  return static_cast<std::size_t>(
      std::upper_bound(std::begin(k_first_edss_of_next), std::end(k_first_edss_of_next), edss) -
      std::begin(k_first_edss_of_next));
}

double qalys_until(const trial::Participant& person, int day) {
  const int until = std::min(day, last_day_seen(person));
  return until > 0 ? trial::mean_utility(person, until) * until / endpoints::kDaysPerYear : 0.0;
}

ModelPlan::ModelPlan(const trial::Protocol& protocol) : arms_(protocol.arms.size()) {
  const double follow_up = protocol.accrual.follow_up_day;
  const auto last = static_cast<int>(last_day(follow_up));
  periods_.push_back({0, 0, last});
  int from = 0;
  for (int year = 1;; ++year) {
    const auto end = static_cast<int>(std::lround(year * endpoints::kDaysPerYear));
    const bool is_last = end >= last - k_short_rest_day;
    periods_.push_back({year, from, is_last ? last : end});
    if (is_last) break;
    from = end;
  }
  days_.push_back(0);
  for (const double day : planned_days(protocol.visits.edss, follow_up))
    days_.push_back(static_cast<int>(day));
}

std::size_t ModelPlan::slot(YearMeasure measure, std::size_t arm, std::size_t period) const {
  return (static_cast<std::size_t>(measure) * arms_ + arm) * periods_.size() + period;
}

double ModelPlan::sum(const ModelTally& tally, YearMeasure measure, std::size_t arm,
                      std::size_t period) const {
  return tally.sum.at(slot(measure, arm, period));
}

std::uint32_t ModelPlan::in_state(const ModelTally& tally, std::size_t arm, std::size_t day,
                                  std::size_t state) const {
  return tally.states.at((arm * days_.size() + day) * k_states.size() + state);
}

ModelTally ModelPlan::tally(std::span<const trial::Participant> people,
                            const std::optional<economics::Prices>& prices) const {
  ModelTally out;
  out.sum.assign(k_year_measures * arms_ * periods_.size(), 0.0);
  out.states.assign(arms_ * days_.size() * k_states.size(), 0);
  for (const trial::Participant& person : people) {
    const int last = last_day_seen(person);
    const auto add = [&](YearMeasure measure, const auto& until) {
      double before = 0.0;
      for (std::size_t p = 1; p < periods_.size(); ++p) {
        if (p > 1 && periods_[p].from_day >= last) break;
        const double now = until(periods_[p].to_day);
        out.sum[slot(measure, person.arm, p)] += now - before;
        before = now;
      }
      out.sum[slot(measure, person.arm, 0)] += before;
    };
    add(YearMeasure::years,
        [&](int day) { return std::max(0, std::min(day, last)) / endpoints::kDaysPerYear; });
    add(YearMeasure::qalys, [&](int day) { return qalys_until(person, day); });
    add(YearMeasure::cost, [&](int day) {
      return prices ? economics::cost_until(person, *prices, day) : std::numeric_limits<double>::quiet_NaN();
    });
    for (std::size_t d = 0; d < days_.size(); ++d)
      ++out.states[(person.arm * days_.size() + d) * k_states.size() + state_on(person, days_[d])];
  }
  return out;
}

}  // namespace hortega::evidence
