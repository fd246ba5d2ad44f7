// SPDX-License-Identifier: Apache-2.0
// A published number beside a simulated one.
#include "hortega/evidence/compare.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "hortega/analysis/proportions.hpp"

namespace hortega::evidence {
namespace {

constexpr double k_days_per_year = 365.25;
constexpr double k_months_per_year = 12.0;

std::optional<double> people(const PublishedRow& row, const MapEntry& entry) {
  return entry.denominator ? entry.denominator : row.n;
}

bool begins(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Factor from the printed unit to the unit of comparison; empty if the people behind a count are not known.
std::optional<double> unit_factor(const PublishedRow& row, const MapEntry& entry) {
  const Estimator estimator = *entry.estimator;
  const bool is_percent = begins(row.unit, "%");
  switch (info(estimator).unit) {
    case Unit::percent:
      if (estimator == Estimator::events && !is_percent) {
        const auto n = people(row, entry);
        return n ? std::optional<double>(100.0 / *n) : std::nullopt;
      }
      return 1.0;
    case Unit::months:
      return row.unit == "years" ? k_months_per_year : 1.0;
    case Unit::per_person:
      if (estimator == Estimator::count) {
        const auto n = people(row, entry);
        return n ? std::optional<double>(1.0 / *n) : std::nullopt;
      }
      return 1.0;
    case Unit::measurement:
      return row.unit == "mm3" ? 1e-3 : 1.0;  // volumes are compared in mL
    case Unit::years:
    case Unit::per_person_year:
    case Unit::per_scan:
    case Unit::ratio:
      return 1.0;
  }
  return 1.0;
}

// What the events of a Poisson interval are counted over.
std::optional<double> poisson_exposure(const PublishedRow& row, const MapEntry& entry) {
  if (entry.exposure) return entry.exposure;
  const auto n = people(row, entry);
  switch (info(*entry.estimator).unit) {
    case Unit::per_person:
      return n;
    case Unit::per_person_year:
      return n && entry.time_day ? std::optional<double>(*n * *entry.time_day / k_days_per_year)
                                 : std::nullopt;
    default:
      return std::nullopt;
  }
}

void derive_binomial(const PublishedRow& row, const MapEntry& entry, PublishedStatistic& out) {
  const auto n = people(row, entry);
  if (!n) {
    out.why_not_scored = "no interval is printed and the number of people is not known";
    return;
  }
  if (*out.value < 0.0 || *out.value > 100.0) {
    out.why_not_scored = "a percentage outside 0 to 100";
    return;
  }
  const auto people_count = std::max<std::int64_t>(1, std::llround(*n));
  const auto events = std::llround(*out.value / 100.0 * static_cast<double>(people_count));
  const analysis::Interval share = analysis::clopper_pearson({events, people_count}, out.confidence);
  out.interval = analysis::Interval{100.0 * share.lower, 100.0 * share.upper};
  out.basis = IntervalBasis::derived_binomial;
}

void derive_poisson(const PublishedRow& row, const MapEntry& entry, PublishedStatistic& out) {
  const auto exposure = poisson_exposure(row, entry);
  if (!exposure || *out.value < 0.0) {
    out.why_not_scored = "no interval is printed and the people or time behind the rate are not known";
    return;
  }
  const auto events = std::llround(*out.value * *exposure);
  out.interval = analysis::exact_poisson_rate(events, *exposure, out.confidence).interval;
  out.basis = IntervalBasis::derived_poisson;
}

void derive_student(const PublishedRow& row, const MapEntry& entry, PublishedStatistic& out) {
  const auto n = people(row, entry);
  if (!entry.se && !(entry.sd && n && *n > 1.0)) {
    out.why_not_scored = "no interval is printed and the spread is not known";
    return;
  }
  double half = 0.0;
  if (entry.se) {
    half = analysis::normal_half_width(out.confidence) * *entry.se;
  } else {
    const boost::math::students_t t(*n - 1.0);
    half = boost::math::quantile(t, 0.5 + out.confidence / 2.0) * *entry.sd / std::sqrt(*n);
  }
  out.interval = analysis::Interval{*out.value - half, *out.value + half};
  out.basis = IntervalBasis::derived_student;
}

// Half of the interval on the side where `other` lies, as a standard error on the scale; empty if the scale
// has no such number.
std::optional<double> error_towards(double value, const analysis::Interval& interval, double confidence,
                                    double other, Scale scale) {
  const double limit = other < value ? interval.lower : interval.upper;
  if (scale == Scale::logarithmic && !(limit > 0.0 && value > 0.0)) return std::nullopt;
  const double half = scale == Scale::logarithmic ? std::log(limit / value) : limit - value;
  return std::abs(half) / analysis::normal_half_width(confidence);
}

std::optional<double> distance(const PublishedStatistic& published, const Simulated& simulated) {
  if (published.basis == IntervalBasis::range) return std::nullopt;
  const double p = *published.value, s = simulated.value;
  const auto error_p = error_towards(p, *published.interval, published.confidence, s, published.scale);
  const auto error_s = error_towards(s, simulated.interval, simulated.confidence, p, published.scale);
  if (!error_p || !error_s) return std::nullopt;
  const double difference = published.scale == Scale::logarithmic ? std::log(s / p) : s - p;
  if (difference == 0.0) return 0.0;
  const double error = std::hypot(*error_p, *error_s);
  return error > 0.0 ? std::optional<double>(difference / error) : std::nullopt;
}

}  // namespace

std::string_view name(IntervalBasis basis) {
  switch (basis) {
    case IntervalBasis::none:
      return "none";
    case IntervalBasis::printed:
      return "printed";
    case IntervalBasis::range:
      return "range of published values";
    case IntervalBasis::derived_binomial:
      return "derived, exact binomial";
    case IntervalBasis::derived_poisson:
      return "derived, exact Poisson";
    case IntervalBasis::derived_student:
      return "derived from the spread";
    case IntervalBasis::derived_replicates:
      return "derived from simulated studies of that size";
  }
  return {};
}

bool is_derived(IntervalBasis basis) {
  return basis == IntervalBasis::derived_binomial || basis == IntervalBasis::derived_poisson ||
         basis == IntervalBasis::derived_student || basis == IntervalBasis::derived_replicates;
}

PublishedStatistic published_statistic(const PublishedRow& row, const MapEntry& entry) {
  if (entry.none || !entry.estimator)
    throw std::invalid_argument("published_statistic: the entry names none");
  PublishedStatistic out;
  out.scale = info(*entry.estimator).scale;
  const std::size_t part = entry.part ? static_cast<std::size_t>(*entry.part) - 1 : 0;
  if (part >= row.values.size()) {
    out.why_not_scored = "the published value is no number";
    return out;
  }
  const auto factor = unit_factor(row, entry);
  if (!factor) {
    out.why_not_scored = "a count without the number of people";
    return out;
  }
  out.value = *factor * row.values[part];
  if (entry.range) {
    if (row.values.size() < 2) {
      out.why_not_scored = "the published range has one limit";
      return out;
    }
    out.interval = analysis::Interval{*factor * row.values[0], *factor * row.values[1]};
    out.value = (out.interval->lower + out.interval->upper) / 2.0;
    out.basis = IntervalBasis::range;
    return out;
  }
  // An interval belongs to a row's only number; IQR and range tell how people differ, not how sure the number
  // is.
  if (row.ci_low && row.ci_high && row.ci_level && !entry.part && !entry.ignore_interval) {
    out.interval = analysis::Interval{*factor * *row.ci_low, *factor * *row.ci_high};
    out.confidence = *row.ci_level / 100.0;
    out.basis = IntervalBasis::printed;
    return out;
  }
  switch (info(*entry.estimator).derivation) {
    case Derivation::binomial:
      derive_binomial(row, entry, out);
      break;
    case Derivation::poisson:
      derive_poisson(row, entry, out);
      break;
    case Derivation::student:
      derive_student(row, entry, out);
      break;
    case Derivation::none:
      out.why_not_scored = "no interval is printed and none follows from the number of people";
      break;
  }
  return out;
}

double spread_in_fewer(double simulated, double published) {
  return published > 0.0 && simulated > published ? std::sqrt(simulated / published) : 1.0;
}

void derive_from_replicates(PublishedStatistic& published, double sd_between_replicates) {
  if (!published.value || published.interval) return;
  if (!std::isfinite(sd_between_replicates) || sd_between_replicates <= 0.0) return;
  const double half = analysis::normal_half_width(published.confidence) * sd_between_replicates;
  published.interval = analysis::Interval{*published.value - half, *published.value + half};
  published.basis = IntervalBasis::derived_replicates;
  published.why_not_scored.clear();
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::inside:
      return "inside";
    case Verdict::overlaps:
      return "overlaps";
    case Verdict::outside:
      return "outside";
    case Verdict::not_scored:
      return "not scored";
  }
  return {};
}

Comparison compare(const PublishedStatistic& published, const Simulated& simulated) {
  Comparison out;
  if (!published.value || !published.interval) {
    out.why = published.why_not_scored;
    return out;
  }
  if (!std::isfinite(simulated.value)) {
    out.why = "the simulation gives no value";
    return out;
  }
  const analysis::Interval& p = *published.interval;
  if (simulated.value >= p.lower && simulated.value <= p.upper)
    out.verdict = Verdict::inside;
  else if (simulated.interval.lower <= p.upper && simulated.interval.upper >= p.lower)
    out.verdict = Verdict::overlaps;
  else
    out.verdict = Verdict::outside;
  out.z = distance(published, simulated);
  return out;
}

}  // namespace hortega::evidence
