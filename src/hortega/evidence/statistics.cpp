// SPDX-License-Identifier: Apache-2.0
// Estimators over people.
#include "hortega/evidence/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "hortega/analysis/counts.hpp"
#include "hortega/analysis/cox.hpp"
#include "hortega/analysis/linear_model.hpp"
#include "hortega/analysis/proportions.hpp"
#include "hortega/analysis/quantiles.hpp"

namespace hortega::evidence {
namespace {

using E = Estimator;
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_infinity = std::numeric_limits<double>::infinity();
constexpr double k_carried_day = 45.0;

[[noreturn]] void wrong_family(E estimator) {
  throw std::invalid_argument("estimator " + std::string(info(estimator).name) + " is not of this family");
}

double n_of(std::size_t n) { return static_cast<double>(n); }

double mean_of(std::span<const double> values) {
  return values.empty() ? k_nan : std::accumulate(values.begin(), values.end(), 0.0) / n_of(values.size());
}

double sd_of(std::span<const double> values) {
  if (values.size() < 2) return k_nan;
  const double mean = mean_of(values);
  double sum = 0.0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / (n_of(values.size()) - 1.0));
}

double median_of(std::span<const double> values) {
  if (values.empty()) return k_nan;
  const std::vector<double> half{0.5};
  return analysis::quantiles(values, half).front();
}

Outcome of_arm(double value, double n) { return {value, k_nan, n}; }

// Change from baseline in the form that the estimator takes; NaN if a reading is missing.
double change(E estimator, const PersonValue& person) {
  const double difference = person.value - person.baseline;
  switch (estimator) {
    case E::mean_percent_change:
    case E::median_percent_change:
      return 100.0 * difference / person.baseline;
    case E::geometric_mean_percent_change:
      return person.value > 0.0 && person.baseline > 0.0 ? std::log(person.value / person.baseline) : k_nan;
    case E::mean_change_per_year:
      return difference / person.years;
    case E::percent_change_per_year:
      return 100.0 * (std::pow(person.value / person.baseline, 1.0 / person.years) - 1.0);
    default:
      return difference;
  }
}

std::vector<double> finite(std::span<const PersonValue> people, auto read) {
  std::vector<double> values;
  values.reserve(people.size());
  for (const auto& person : people) {
    const double value = read(person);
    if (std::isfinite(value)) values.push_back(value);
  }
  return values;
}

struct Totals {
  std::int64_t events = 0;
  double years = 0.0;
  double scans = 0.0;
  std::size_t people = 0;
};

Totals total(std::span<const PersonCount> people) {
  Totals sum;
  for (const auto& person : people) {
    if (!person.known) continue;
    sum.events += person.count;
    sum.years += person.years;
    sum.scans += person.scans;
    ++sum.people;
  }
  return sum;
}

// Two-sided p of `events_a` out of `events` when each falls to a with probability `share` (Przyborowski &
// Wilenski 1940, doubled tail).
double conditional_poisson_p(std::int64_t events_a, std::int64_t events, double share) {
  if (events == 0) return 1.0;
  const boost::math::binomial_distribution<> null(static_cast<double>(events), share);
  const auto k = static_cast<double>(events_a);
  const double lower = boost::math::cdf(null, k);
  const double upper = events_a == 0 ? 1.0 : boost::math::cdf(boost::math::complement(null, k - 1.0));
  return std::min(1.0, 2.0 * std::min(lower, upper));
}

Outcome analysis_of_covariance(std::span<const PersonValue> a, std::span<const PersonValue> b) {
  std::vector<double> changes, baselines;
  std::vector<std::int32_t> arms;
  const auto add = [&](std::span<const PersonValue> people, std::int32_t arm) {
    for (const auto& person : people) {
      const double difference = person.value - person.baseline;
      if (!std::isfinite(difference)) continue;
      changes.push_back(difference);
      baselines.push_back(person.baseline);
      arms.push_back(arm);
    }
  };
  add(b, 0);
  const std::size_t n_b = changes.size();
  add(a, 1);
  Outcome out{k_nan, k_nan, n_of(changes.size())};
  if (n_b == 0 || n_b == changes.size()) return out;
  const auto fit = analysis::ancova(changes, baselines, arms, 2).fit;
  // A baseline that is the same in all (brain volume) is aliased; the arm's term is then the plain
  // difference.
  const auto& term = fit.terms.at(2);
  if (term.status != analysis::TermStatus::estimated) return out;
  out.value = term.coefficient;
  out.p = term.p;
  return out;
}

}  // namespace

EventCurve::EventCurve(std::span<const PersonOutcome> people, Death death) : death_(death) {
  std::vector<double> time;
  std::vector<std::int32_t> status;
  for (const auto& person : people) {
    if (!person.at_risk) continue;
    time.push_back(person.day);
    const bool counts = person.status == TimeStatus::event ||
                        (person.status == TimeStatus::competing && death == Death::competes);
    status.push_back(counts ? static_cast<std::int32_t>(person.status) : 0);
  }
  people_ = time.size();
  if (time.empty()) return;
  const analysis::SurvivalSample sample(time, status);
  if (death == Death::competes)
    incidence_ = analysis::aalen_johansen(sample, 2);
  else
    survival_ = analysis::kaplan_meier(sample);
}

double EventCurve::event_probability(double t) const {
  if (people_ == 0) return k_nan;
  const auto& times = death_ == Death::competes ? incidence_->time : survival_->time;
  const double free = death_ == Death::competes ? incidence_->event_free.back() : survival_->survival.back();
  if (t > times.back() + k_carried_day && free > 0.0) return k_nan;
  return death_ == Death::competes ? analysis::incidence_at(*incidence_, 1, t).incidence
                                   : 1.0 - analysis::survival_at(*survival_, t).survival;
}

std::int64_t EventCurve::at_risk(double t) const {
  if (people_ == 0) return 0;
  const auto& times = death_ == Death::competes ? incidence_->time : survival_->time;
  const auto& counts = death_ == Death::competes ? incidence_->at_risk : survival_->at_risk;
  const auto at = std::lower_bound(times.begin(), times.end(), t);
  return at == times.end() ? 0 : counts[static_cast<std::size_t>(at - times.begin())];
}

double EventCurve::last_day() const {
  if (people_ == 0) return 0.0;
  return death_ == Death::competes ? incidence_->time.back() : survival_->time.back();
}

double EventCurve::median(double horizon) const {
  if (people_ == 0) return k_nan;
  double found = k_nan;
  if (death_ == Death::competes) {
    const auto& incidence = incidence_->incidence.front();
    const auto at = std::find_if(incidence.begin(), incidence.end(), [](double f) { return f >= 0.5; });
    if (at != incidence.end()) found = incidence_->time[static_cast<std::size_t>(at - incidence.begin())];
  } else if (const auto median = analysis::median_survival(*survival_).median) {
    found = *median;
  }
  return found <= horizon ? found : k_nan;
}

Outcome crude_share(E estimator, std::span<const PersonOutcome> people, double horizon_day) {
  std::size_t n = 0, events = 0;
  for (const auto& person : people) {
    n += person.at_risk;
    events += person.at_risk && person.status == TimeStatus::event && person.day <= horizon_day;
  }
  const double share = n == 0 ? k_nan : 100.0 * n_of(events) / n_of(n);
  switch (estimator) {
    case E::events:
      return of_arm(n == 0 ? k_nan : n_of(events), n_of(n));
    case E::percent:
      return of_arm(share, n_of(n));
    case E::free_percent:
      return of_arm(100.0 - share, n_of(n));
    default:
      wrong_family(estimator);
  }
}

Outcome landmark_share(E estimator, std::span<const endpoints::Ternary> free) {
  std::size_t n = 0, failed = 0;
  for (const auto answer : free) {
    n += answer != endpoints::Ternary::unknown;
    failed += answer == endpoints::Ternary::no;
  }
  const double share = n == 0 ? k_nan : 100.0 * n_of(failed) / n_of(n);
  switch (estimator) {
    case E::events:
      return of_arm(n == 0 ? k_nan : n_of(failed), n_of(n));
    case E::percent:
      return of_arm(share, n_of(n));
    case E::free_percent:
      return of_arm(100.0 - share, n_of(n));
    default:
      wrong_family(estimator);
  }
}

Outcome counted(E estimator, std::span<const PersonCount> people) {
  const Totals sum = total(people);
  const auto events = static_cast<double>(sum.events);
  const double n = n_of(sum.people);
  if (sum.people == 0) return of_arm(k_nan, 0.0);
  const auto with =
      static_cast<double>(std::count_if(people.begin(), people.end(), [](const PersonCount& person) {
        return person.known && person.count > 0;
      }));
  switch (estimator) {
    case E::count:
      return of_arm(events, n);
    case E::mean_count:
      return of_arm(events / n, n);
    case E::median_count: {
      std::vector<double> counts;
      for (const auto& person : people) {
        if (person.known) counts.push_back(person.count);
      }
      return of_arm(median_of(counts), n);
    }
    case E::percent_with:
      return of_arm(100.0 * with / n, n);
    case E::percent_without:
      return of_arm(100.0 - 100.0 * with / n, n);
    case E::rate:
      return of_arm(sum.years > 0.0 ? events / sum.years : k_nan, n);
    case E::per_scan:
      return of_arm(sum.scans > 0.0 ? events / sum.scans : k_nan, n);
    default:
      wrong_family(estimator);
  }
}

Outcome measured(E estimator, std::span<const PersonValue> people) {
  std::vector<double> values;
  switch (estimator) {
    case E::mean:
    case E::median:
    case E::sd:
    case E::percent_with_at_visit:
      values = finite(people, [](const PersonValue& person) { return person.value; });
      break;
    case E::mean_change:
    case E::median_change:
    case E::mean_percent_change:
    case E::median_percent_change:
    case E::geometric_mean_percent_change:
    case E::mean_change_per_year:
    case E::percent_change_per_year:
      values = finite(people, [&](const PersonValue& person) { return change(estimator, person); });
      break;
    default:
      wrong_family(estimator);
  }
  const double n = n_of(values.size());
  switch (estimator) {
    case E::median:
    case E::median_change:
    case E::median_percent_change:
      return of_arm(median_of(values), n);
    case E::sd:
      return of_arm(sd_of(values), n);
    case E::percent_with_at_visit:
      return of_arm(values.empty()
                        ? k_nan
                        : 100.0 *
                              static_cast<double>(std::count_if(values.begin(), values.end(),
                                                                [](double v) { return v > 0.0; })) /
                              n,
                    n);
    case E::geometric_mean_percent_change:
      return of_arm(100.0 * std::expm1(mean_of(values)), n);
    default:
      return of_arm(mean_of(values), n);
  }
}

Outcome hazard_ratio(std::span<const PersonOutcome> a, std::span<const PersonOutcome> b, double horizon_day) {
  std::vector<double> time, is_a;
  std::vector<std::int32_t> status, group;
  const auto add = [&](std::span<const PersonOutcome> people, std::int32_t g) {
    for (const auto& person : people) {
      if (!person.at_risk) continue;
      time.push_back(std::min(person.day, horizon_day));
      status.push_back(person.status == TimeStatus::event && person.day <= horizon_day ? 1 : 0);
      is_a.push_back(g);
      group.push_back(g);
    }
  };
  add(b, 0);
  const std::size_t n_b = time.size();
  add(a, 1);
  Outcome out{k_nan, k_nan, n_of(time.size())};
  if (n_b == 0 || n_b == time.size()) return out;
  const analysis::SurvivalSample sample(time, status);
  out.p = analysis::log_rank(sample, group, 2).test.p;
  const auto fit = analysis::cox_regression(sample, {is_a, 1});
  const auto& term = fit.terms.front();
  if (term.status == analysis::TermStatus::infinite)
    out.value = term.coefficient < 0.0 ? 0.0 : k_infinity;
  else if (fit.status == analysis::FitStatus::converged && term.status == analysis::TermStatus::estimated)
    out.value = std::exp(term.coefficient);
  return out;
}

Outcome rate_ratio(std::span<const PersonCount> a, std::span<const PersonCount> b, Exposure exposure) {
  std::vector<std::int32_t> count, arm;
  std::vector<double> offset;
  const auto over = [&](const PersonCount& person) {
    return exposure == Exposure::years ? person.years : static_cast<double>(person.scans);
  };
  const auto add = [&](std::span<const PersonCount> people, std::int32_t g) {
    for (const auto& person : people) {
      if (!person.known || !(over(person) > 0.0)) continue;
      count.push_back(person.count);
      offset.push_back(over(person));
      arm.push_back(g);
    }
  };
  add(b, 0);
  const std::size_t n_b = count.size();
  add(a, 1);
  Outcome out{k_nan, k_nan, n_of(count.size())};
  if (n_b == 0 || n_b == count.size()) return out;
  std::int64_t events_a = 0, events = 0;
  double time_a = 0.0, time = 0.0;
  for (std::size_t i = 0; i < count.size(); ++i) {
    events += count[i];
    time += offset[i];
    if (arm[i] == 1) {
      events_a += count[i];
      time_a += offset[i];
    }
  }
  if (events_a == 0 || events_a == events) {
    out.p = conditional_poisson_p(events_a, events, time_a / time);
    if (events > 0) out.value = events_a == 0 ? 0.0 : k_infinity;
    return out;
  }
  const auto design = analysis::arm_design(arm, 2);
  const auto fit = analysis::negative_binomial_regression(count, offset, {design, 2});
  const auto& term = fit.terms.at(1);
  if (fit.status != analysis::FitStatus::converged || term.status != analysis::TermStatus::estimated)
    return out;
  out.value = std::exp(term.coefficient);
  out.p = term.p;
  return out;
}

Outcome odds_ratio(Outcome a_percent, Outcome b_percent) {
  Outcome out{k_nan, k_nan, a_percent.n + b_percent.n};
  if (!std::isfinite(a_percent.value) || !std::isfinite(b_percent.value)) return out;
  const auto binomial = [](const Outcome& x) {
    return analysis::Binomial{std::llround(x.value / 100.0 * x.n), std::llround(x.n)};
  };
  const auto a = binomial(a_percent), b = binomial(b_percent);
  if ((a.events == 0 && b.events == 0) || (a.events == a.n && b.events == b.n)) {
    out.p = 1.0;  // nothing to compare
    return out;
  }
  out.value = analysis::odds_ratio(a, b).odds_ratio;
  out.p = analysis::two_proportion_test(a, b).p;
  return out;
}

Outcome compared(E estimator, std::span<const PersonValue> a, std::span<const PersonValue> b) {
  if (estimator == E::mean_change_difference) return analysis_of_covariance(a, b);
  if (estimator == E::change_reduction_percent) {
    Outcome out = analysis_of_covariance(a, b);
    const double change_a = measured(E::mean_change, a).value, change_b = measured(E::mean_change, b).value;
    out.value = change_b == 0.0 ? k_nan : 100.0 * (1.0 - change_a / change_b);
    return out;
  }
  if (estimator != E::mean_difference && estimator != E::standardised_mean_difference)
    wrong_family(estimator);
  const auto value = [](const PersonValue& person) { return person.value; };
  const auto values_a = finite(a, value), values_b = finite(b, value);
  Outcome out{k_nan, k_nan, n_of(values_a.size() + values_b.size())};
  if (values_a.empty() || values_b.empty()) return out;
  const auto welch = analysis::welch_difference(values_a, values_b);
  out.value = mean_of(values_a) - mean_of(values_b);
  if (welch.status == analysis::FitStatus::converged) out.p = welch.p;
  if (estimator == E::standardised_mean_difference) {
    const double n_a = n_of(values_a.size()), n_b = n_of(values_b.size());
    const double pooled = std::sqrt(
        ((n_a - 1.0) * sd_of(values_a) * sd_of(values_a) + (n_b - 1.0) * sd_of(values_b) * sd_of(values_b)) /
        (n_a + n_b - 2.0));
    out.value = pooled > 0.0 ? out.value / pooled : k_nan;
  }
  return out;
}

Outcome as_reduction(Outcome ratio) {
  ratio.value = std::isfinite(ratio.value) ? 100.0 * (1.0 - ratio.value) : k_nan;
  return ratio;
}

std::string_view test_of(E estimator) {
  switch (estimator) {
    case E::hazard_ratio:
    case E::risk_reduction_percent:
      return "log-rank test (estimate: Cox, Efron)";
    case E::rate_ratio:
    case E::rate_reduction_percent:
    case E::count_reduction_percent:
      return "negative binomial, Wald (exact conditional Poisson where an arm has no event)";
    case E::odds_ratio:
      return "chi-squared test of two proportions";
    case E::mean_difference:
    case E::standardised_mean_difference:
      return "Welch's t-test";
    case E::mean_change_difference:
    case E::change_reduction_percent:
      return "analysis of covariance with the baseline";
    default:
      return {};
  }
}

}  // namespace hortega::evidence
