// SPDX-License-Identifier: Apache-2.0
#include "hortega/evidence/twins.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace hortega::evidence {

namespace {

constexpr double k_people = 100.0;
constexpr double k_normal_95 = 1.959963984540054;

// Mean of one draw, and the variance of that mean by clusters of copied lives.
struct DrawMean {
  double weight = 0.0;
  double mean = 0.0;
  double variance_of_mean = 0.0;
  double variance = 0.0;  // between lives
  double lives = 0.0;  // effective number of distinct ones (Kish 1965, Survey Sampling): copies count as one
};

// `alone`: variance of the mean of one life alone.
DrawMean mean_of(double weight, const std::vector<double>& x, std::span<const std::uint32_t> ancestor,
                 double alone = 0.25) {
  DrawMean out;
  out.weight = weight;
  const auto n = static_cast<double>(x.size());
  if (x.empty()) return out;
  out.mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  struct Cluster {
    double residual = 0.0;
    double copies = 0.0;
  };
  std::map<std::uint32_t, Cluster> clusters_of;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double r = x[i] - out.mean;
    out.variance += r * r / n;
    clusters_of[ancestor[i]].residual += r;
    clusters_of[ancestor[i]].copies += 1.0;
  }
  double sum = 0.0;
  double copies = 0.0;
  for (const auto& [life, c] : clusters_of) {
    sum += c.residual * c.residual;
    copies += c.copies * c.copies;
  }
  const auto clusters = static_cast<double>(clusters_of.size());
  out.lives = n * n / copies;
  // One life alone says nothing of its variance; of a share the largest that it can be.
  out.variance_of_mean = clusters > 1.5 ? sum / (n * n) * clusters / (clusters - 1.0) : alone;
  return out;
}

// Over the draws: mean, what of the spread is the parameters', and each draw's mean with the rest taken out.
struct Overall {
  double mean = 0.0, variance = 0.0, simulation_se = 0.0, parameter_variance = 0.0;
  std::vector<double> shrunk;
};

Overall combine(const std::vector<DrawMean>& draws) {
  Overall o;
  for (const DrawMean& d : draws) {
    o.mean += d.weight * d.mean;
    o.variance += d.weight * d.variance;
    o.simulation_se += d.weight * d.weight * d.variance_of_mean;
  }
  double between = 0.0;
  double noise = 0.0;
  for (const DrawMean& d : draws) {
    between += d.weight * (d.mean - o.mean) * (d.mean - o.mean);
    noise += d.weight * (1.0 - d.weight) * d.variance_of_mean;
  }
  o.parameter_variance = std::max(0.0, between - noise);
  const double kept = between > 0.0 ? std::sqrt(o.parameter_variance / between) : 0.0;
  for (const DrawMean& d : draws) o.shrunk.push_back(o.mean + kept * (d.mean - o.mean));
  o.simulation_se = std::sqrt(o.simulation_se);
  return o;
}

double weighted_quantile(const std::vector<double>& x, const std::vector<DrawMean>& draws, double p) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  double sum = 0.0;
  for (const std::size_t i : order) {
    sum += draws[i].weight;
    if (sum >= p) return x[i];
  }
  return x[order.back()];
}

// None where nothing of the spread between draws is told from chance: a range without width would read as
// knowledge.
std::optional<Range> parameter_range(const Overall& o, const std::vector<DrawMean>& draws, double scale,
                                     double low, double high) {
  if (!(o.parameter_variance > 0.0)) return std::nullopt;
  const Range r{scale * std::clamp(weighted_quantile(o.shrunk, draws, 0.025), low, high),
                scale * std::clamp(weighted_quantile(o.shrunk, draws, 0.975), low, high)};
  if (!(r.high > r.low)) return std::nullopt;
  return r;
}

// Of none among n lives the share may still be as high as would show none one time in twenty (Clopper and
// Pearson 1934, one-sided). n: the effective number over draws of unequal weight.
double limit_of_none(const std::vector<DrawMean>& draws) {
  double of_one = 0.0;  // variance of the share, in units of that of one life
  for (const DrawMean& d : draws) of_one += d.weight * d.weight / d.lives;
  return k_people * (1.0 - std::pow(0.05, of_one));
}

// Counts out of a hundred that hold 95 % of a mixture of binomials.
Range count_range(std::span<const double> probability, std::span<const double> weight) {
  const int n = static_cast<int>(k_people);
  std::vector<double> of(static_cast<std::size_t>(n) + 1, 0.0);
  for (std::size_t d = 0; d < probability.size(); ++d) {
    const boost::math::binomial_distribution<double> counts(n, std::clamp(probability[d], 0.0, 1.0));
    for (int k = 0; k <= n; ++k) of[static_cast<std::size_t>(k)] += weight[d] * boost::math::pdf(counts, k);
  }
  Range r{0.0, k_people};
  double sum = 0.0;
  bool low_found = false;
  for (int k = 0; k <= n; ++k) {
    sum += of[static_cast<std::size_t>(k)];
    if (!low_found && sum >= 0.025) {
      r.low = k;
      low_found = true;
    }
    if (sum >= 0.975) {
      r.high = k;
      break;
    }
  }
  return r;
}

std::vector<double> weights_of(const std::vector<DrawMean>& draws) {
  std::vector<double> w;
  w.reserve(draws.size());
  for (const DrawMean& d : draws) w.push_back(d.weight);
  return w;
}

// Mid-ranks under weights: the weight below and half of that of the ties.
std::vector<double> weighted_ranks(std::span<const double> x, std::span<const double> weight) {
  std::vector<double> ranks(x.size(), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (x[j] < x[i]) ranks[i] += weight[j];
      if (x[j] == x[i]) ranks[i] += 0.5 * weight[j];
    }
  }
  return ranks;
}

// The lives of a draw for which the amount counts.
struct Counted {
  std::vector<double> x;
  std::vector<std::uint32_t> ancestor;
};
Counted counted(const std::vector<double>& x, std::span<const std::uint32_t> ancestor) {
  Counted out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    out.x.push_back(x[i]);
    out.ancestor.push_back(ancestor[i]);
  }
  return out;
}

}  // namespace

Amount amount(std::span<const DrawAmounts> draws) {
  std::vector<DrawMean> means;
  std::vector<std::pair<double, double>> people;  // value, weight
  double weight = 0.0;
  for (const DrawAmounts& d : draws) {
    const Counted c = counted(d.x, d.ancestor);
    if (c.x.empty()) continue;
    means.push_back(mean_of(d.weight, c.x, c.ancestor, 0.0));
    weight += d.weight;
    for (const double x : c.x) people.emplace_back(x, d.weight / static_cast<double>(c.x.size()));
  }
  Amount out;
  if (!(weight > 0.0)) {
    out.mean = std::numeric_limits<double>::quiet_NaN();
    return out;
  }
  for (DrawMean& m : means) m.weight /= weight;
  const Overall o = combine(means);
  out.mean = o.mean;
  out.simulation_se = o.simulation_se;
  std::sort(people.begin(), people.end());
  const auto quantile = [&](double p) {
    double sum = 0.0;
    for (const auto& [x, w] : people) {
      sum += w / weight;
      if (sum >= p) return x;
    }
    return people.back().first;
  };
  out.q10 = quantile(0.1);
  out.q90 = quantile(0.9);
  const auto about = [&](double variance) {
    const double half = k_normal_95 * std::sqrt(variance);
    return Range{out.mean - half, out.mean + half};
  };
  out.chance = about(o.variance / k_people);
  constexpr double k_any = std::numeric_limits<double>::infinity();
  out.parameters = parameter_range(o, means, 1.0, -k_any, k_any);
  out.both = about(o.variance / k_people + o.parameter_variance);
  return out;
}

Amount amount_difference(std::span<const DrawAmounts> first, std::span<const DrawAmounts> second) {
  std::vector<DrawAmounts> differences;
  for (std::size_t d = 0; d < first.size(); ++d) {
    DrawAmounts one{first[d].weight, first[d].x, first[d].ancestor};
    for (std::size_t i = 0; i < one.x.size(); ++i) one.x[i] -= second[d].x[i];
    differences.push_back(std::move(one));
  }
  return amount(differences);
}

Frequency frequency(std::span<const DrawValues> draws) {
  std::vector<DrawMean> means;
  for (const DrawValues& d : draws)
    means.push_back(mean_of(d.weight, std::vector<double>(d.has.begin(), d.has.end()), d.ancestor));
  const Overall o = combine(means);
  Frequency f;
  f.per_100 = k_people * o.mean;
  f.simulation_se = k_people * o.simulation_se;
  const double one = 1.0;
  f.chance = count_range(std::span(&o.mean, 1), std::span(&one, 1));
  f.parameters = parameter_range(o, means, k_people, 0.0, 1.0);
  f.both = count_range(o.shrunk, weights_of(means));
  const auto alike = [&](double mean) {
    return !means.empty() && std::all_of(means.begin(), means.end(),
                                         [&](const DrawMean& m) { return m.mean == mean && m.lives > 0.0; });
  };
  if (alike(0.0) || alike(1.0)) f.simulation_limit = limit_of_none(means);
  return f;
}

Difference difference(std::span<const DrawValues> first, std::span<const DrawValues> second) {
  Difference out;
  std::vector<DrawMean> means;
  for (std::size_t d = 0; d < first.size(); ++d) {
    std::vector<double> x(first[d].has.size());
    double only_first = 0.0;
    double only_second = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<double>(first[d].has[i]) - static_cast<double>(second[d].has[i]);
      only_first += x[i] > 0.5 ? 1.0 : 0.0;
      only_second += x[i] < -0.5 ? 1.0 : 0.0;
    }
    const double n = std::max<double>(1.0, static_cast<double>(x.size()));
    out.only_first += k_people * first[d].weight * only_first / n;
    out.only_second += k_people * first[d].weight * only_second / n;
    means.push_back(mean_of(first[d].weight, x, first[d].ancestor));
  }
  const Overall o = combine(means);
  out.per_100 = k_people * o.mean;
  out.simulation_se = k_people * o.simulation_se;
  out.parameters = parameter_range(o, means, k_people, -1.0, 1.0);
  const bool lived = std::all_of(means.begin(), means.end(), [](const DrawMean& m) { return m.lives > 0.0; });
  if (!means.empty() && lived && out.only_first == 0.0 && out.only_second == 0.0)
    out.simulation_limit = limit_of_none(means);
  const auto about = [&](double variance) {
    const double half = k_normal_95 * k_people * std::sqrt(variance);
    return Range{std::max(-k_people, out.per_100 - half), std::min(k_people, out.per_100 + half)};
  };
  out.chance = about(o.variance / k_people);
  out.both = about(o.variance / k_people + o.parameter_variance);
  for (const double m : o.shrunk) out.by_draw.push_back(k_people * m);
  return out;
}

double rank_correlation(std::span<const double> x, std::span<const double> y,
                        std::span<const double> weight) {
  const std::vector<double> a = weighted_ranks(x, weight);
  const std::vector<double> b = weighted_ranks(y, weight);
  double sum = 0.0;
  double mean_a = 0.0;
  double mean_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += weight[i];
    mean_a += weight[i] * a[i];
    mean_b += weight[i] * b[i];
  }
  if (!(sum > 0.0)) return 0.0;
  mean_a /= sum;
  mean_b /= sum;
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += weight[i] * (a[i] - mean_a) * (b[i] - mean_b);
    aa += weight[i] * (a[i] - mean_a) * (a[i] - mean_a);
    bb += weight[i] * (b[i] - mean_b) * (b[i] - mean_b);
  }
  constexpr double k_constant = 1e-20;  // what rounding leaves of the variance of equal ranks
  return aa > k_constant && bb > k_constant ? ab / std::sqrt(aa * bb) : 0.0;
}

std::vector<Influence> influences(const std::vector<std::string>& names,
                                  const std::vector<std::vector<double>>& values,
                                  std::span<const double> by_draw, std::span<const double> weight,
                                  std::size_t most) {
  double sum = 0.0;
  double squares = 0.0;
  for (const double w : weight) {
    sum += w;
    squares += w * w;
  }
  const double n = squares > 0.0 ? sum * sum / squares : 0.0;
  std::vector<Influence> all;
  if (n <= 2.0 || names.empty()) return all;
  const double limit = boost::math::quantile(boost::math::normal_distribution<double>(),
                                             1.0 - 0.025 / static_cast<double>(names.size())) /
                       std::sqrt(n - 1.0);
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::vector<double> x;
    x.reserve(values.size());
    for (const std::vector<double>& draw : values) x.push_back(draw[k]);
    const double r = rank_correlation(x, by_draw, weight);
    if (r == 0.0) continue;  // all draws agree, or nothing goes with them
    all.push_back({names[k], r, std::fabs(r) > limit});
  }
  std::stable_sort(all.begin(), all.end(), [](const Influence& a, const Influence& b) {
    return std::fabs(a.correlation) > std::fabs(b.correlation);
  });
  all.resize(std::min(all.size(), most));
  return all;
}

}  // namespace hortega::evidence
