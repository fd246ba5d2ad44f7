// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/tilt.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hortega::cohort {

namespace {

// Gaussian elimination with partial pivoting; the systems have at most a dozen rows.
bool solve(std::vector<std::vector<double>> a, std::vector<double> b, std::vector<double>& x) {
  const std::size_t n = b.size();
  for (std::size_t col = 0; col < n; ++col) {
    std::size_t pivot = col;
    for (std::size_t row = col + 1; row < n; ++row) {
      if (std::fabs(a[row][col]) > std::fabs(a[pivot][col])) pivot = row;
    }
    if (std::fabs(a[pivot][col]) < 1e-12) return false;
    std::swap(a[pivot], a[col]);
    std::swap(b[pivot], b[col]);
    for (std::size_t row = col + 1; row < n; ++row) {
      const double f = a[row][col] / a[col][col];
      for (std::size_t k = col; k < n; ++k) a[row][k] -= f * a[col][k];
      b[row] -= f * b[col];
    }
  }
  x.assign(n, 0.0);
  for (std::size_t row = n; row-- > 0;) {
    double sum = b[row];
    for (std::size_t k = row + 1; k < n; ++k) sum -= a[row][k] * x[k];
    x[row] = sum / a[row][row];
  }
  return true;
}

// Moments about their targets, in standard deviations of the pool.
std::vector<std::vector<double>> centred(std::span<const TiltMoment> moments, std::size_t n,
                                         std::vector<double>& plain_mean) {
  std::vector<std::vector<double>> z(moments.size(), std::vector<double>(n));
  for (std::size_t j = 0; j < moments.size(); ++j) {
    double mean = 0.0;
    for (const double v : moments[j].value) mean += v;
    mean /= static_cast<double>(n);
    double variance = 0.0;
    for (const double v : moments[j].value) variance += (v - mean) * (v - mean);
    const double scale = core::square_root(std::max(variance / static_cast<double>(n), 1e-12));
    for (std::size_t i = 0; i < n; ++i) z[j][i] = (moments[j].value[i] - moments[j].target) / scale;
    plain_mean.push_back(mean);
  }
  return z;
}

void summarise(std::span<const TiltMoment> moments, TiltResult& result) {
  const std::size_t n = result.weight.size();
  double square = 0.0;
  for (const double w : result.weight) square += w * w;
  result.effective_share = n > 0 ? 1.0 / (static_cast<double>(n) * square) : 0.0;
  result.after.clear();
  for (const TiltMoment& moment : moments) {
    double mean = 0.0;
    for (std::size_t i = 0; i < n; ++i) mean += result.weight[i] * moment.value[i];
    result.after.push_back(mean);
  }
}

// Weights, and the log of their normaliser (the dual objective), for multipliers lambda on centred, scaled
// moments.
double weigh(const std::vector<std::vector<double>>& z, const std::vector<double>& lambda,
             std::vector<double>& w) {
  const std::size_t n = w.size();
  double largest = -1e300;
  for (std::size_t i = 0; i < n; ++i) {
    double s = 0.0;
    for (std::size_t j = 0; j < lambda.size(); ++j) s += lambda[j] * z[j][i];
    w[i] = s;
    largest = std::max(largest, s);
  }
  double total = 0.0;
  for (double& x : w) {
    x = math::exp(x - largest);
    total += x;
  }
  for (double& x : w) x /= total;
  return largest + math::log(total);
}

}  // namespace

TiltResult tilt(std::span<const TiltMoment> moments, std::size_t n) {
  TiltResult result;
  result.weight.assign(n, n > 0 ? 1.0 / static_cast<double>(n) : 0.0);
  const std::size_t m = moments.size();
  const std::vector<std::vector<double>> z = centred(moments, n, result.before);
  if (n > 0 && m > 0) {
    std::vector<double> lambda(m, 0.0);
    std::vector<double> w(n);
    double objective = weigh(z, lambda, w);
    result.converged = false;
    for (int iteration = 0; iteration < 100; ++iteration) {
      std::vector<double> gradient(m, 0.0);
      std::vector<std::vector<double>> hessian(m, std::vector<double>(m, 0.0));
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < m; ++j) {
          gradient[j] += w[i] * z[j][i];
          for (std::size_t k = 0; k <= j; ++k) hessian[j][k] += w[i] * z[j][i] * z[k][i];
        }
      }
      double worst = 0.0;
      for (std::size_t j = 0; j < m; ++j) {
        worst = std::max(worst, std::fabs(gradient[j]));
        for (std::size_t k = 0; k <= j; ++k) {
          hessian[j][k] -= gradient[j] * gradient[k];
          hessian[k][j] = hessian[j][k];
        }
        hessian[j][j] += 1e-9;
      }
      if (worst < 1e-6) {
        result.converged = true;
        break;
      }
      std::vector<double> step;
      if (!solve(hessian, gradient, step)) break;
      double length = 0.0;
      for (const double s : step) length = std::max(length, std::fabs(s));
      double damp = length > 2.0 ? 2.0 / length : 1.0;
      bool better = false;
      for (int halving = 0; halving < 30 && !better; ++halving, damp *= 0.5) {
        std::vector<double> trial = lambda;
        for (std::size_t j = 0; j < m; ++j) trial[j] -= damp * step[j];
        std::vector<double> w_trial(n);
        const double value = weigh(z, trial, w_trial);
        if (value < objective) {
          better = true;
          objective = value;
          lambda = trial;
          w = w_trial;
        }
      }
      if (!better) break;
    }
    result.weight = w;
  }
  summarise(moments, result);
  return result;
}

// The dual under the limit: sum of phi(mu + lambda z_i) - mu, where phi is exp up to the limit and goes on as
// a straight line; its gradient is what is missing of the moments and of a sum of one.
TiltResult tilt_below(std::span<const TiltMoment> moments, std::size_t n, double most_weight) {
  TiltResult result = tilt(moments, n);
  const auto largest = std::max_element(result.weight.begin(), result.weight.end());
  if (n == 0 || *largest <= most_weight) return result;
  result.converged = false;
  if (static_cast<double>(n) * most_weight < 1.0) return result;
  std::vector<double> before;
  std::vector<std::vector<double>> z = centred(moments, n, before);
  z.insert(z.begin(), std::vector<double>(n, 1.0));  // mu
  const std::size_t m = z.size();
  const double log_most = math::log(most_weight);
  std::vector<double> w(n);
  const auto weigh_below = [&](const std::vector<double>& theta, std::vector<double>& to) {
    double objective = -theta[0];
    for (std::size_t i = 0; i < n; ++i) {
      double s = 0.0;
      for (std::size_t j = 0; j < m; ++j) s += theta[j] * z[j][i];
      to[i] = s < log_most ? math::exp(s) : most_weight;
      objective += s < log_most ? to[i] : most_weight * (1.0 + s - log_most);
    }
    return objective;
  };
  std::vector<double> theta(m, 0.0);
  theta[0] = -math::log(static_cast<double>(n));
  double objective = weigh_below(theta, w);
  for (int iteration = 0; iteration < 200 && !result.converged; ++iteration) {
    std::vector<double> gradient(m, 0.0);
    std::vector<std::vector<double>> hessian(m, std::vector<double>(m, 0.0));
    gradient[0] = -1.0;
    for (std::size_t i = 0; i < n; ++i) {
      const bool free = w[i] < most_weight;
      for (std::size_t j = 0; j < m; ++j) {
        gradient[j] += w[i] * z[j][i];
        for (std::size_t k = 0; free && k <= j; ++k) hessian[j][k] += w[i] * z[j][i] * z[k][i];
      }
    }
    double worst = 0.0;
    for (std::size_t j = 0; j < m; ++j) {
      worst = std::max(worst, std::fabs(gradient[j]));
      for (std::size_t k = 0; k < j; ++k) hessian[k][j] = hessian[j][k];
      hessian[j][j] += 1e-9;
    }
    result.converged = worst < 1e-6;
    std::vector<double> step;
    if (result.converged || !solve(hessian, gradient, step)) break;
    double length = 0.0;
    for (const double s : step) length = std::max(length, std::fabs(s));
    double damp = length > 2.0 ? 2.0 / length : 1.0;
    bool better = false;
    for (int halving = 0; halving < 30 && !better; ++halving, damp *= 0.5) {
      std::vector<double> trial = theta;
      for (std::size_t j = 0; j < m; ++j) trial[j] -= damp * step[j];
      std::vector<double> w_trial(n);
      const double value = weigh_below(trial, w_trial);
      if (value < objective) {
        better = true;
        objective = value;
        theta = trial;
        w = w_trial;
      }
    }
    if (!better) break;
  }
  if (!result.converged) return result;
  double total = 0.0;
  for (const double x : w) total += x;
  for (std::size_t i = 0; i < n; ++i) result.weight[i] = w[i] / total;
  summarise(moments, result);
  return result;
}

std::vector<double> places(std::span<const double> weight, std::size_t k, Copies copies) {
  std::vector<double> expected(weight.size(), 0.0);
  std::vector<std::size_t> open;
  double left = 0.0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (weight[i] <= 0.0) continue;
    open.push_back(i);
    left += weight[i];
  }
  auto to_give = static_cast<double>(k);
  if (copies == Copies::none && open.size() <= k) {
    for (const std::size_t i : open) expected[i] = 1.0;
    return expected;
  }
  // Who would get more than one place gets one, until nobody would.
  while (copies == Copies::none) {
    const double share = to_give / left;
    const auto full = std::stable_partition(open.begin(), open.end(),
                                            [&](std::size_t i) { return weight[i] * share < 1.0; });
    if (full == open.end()) break;
    for (auto i = full; i != open.end(); ++i) {
      expected[*i] = 1.0;
      to_give -= 1.0;
    }
    open.erase(full, open.end());
    left = 0.0;
    for (const std::size_t i : open) left += weight[i];
  }
  for (const std::size_t i : open) expected[i] = weight[i] * (to_give / left);
  return expected;
}

std::vector<std::size_t> draw_by_weight(std::span<const double> weight, std::span<const std::uint32_t> person,
                                        std::size_t k, std::uint64_t seed, std::uint32_t replicate,
                                        Copies copies) {
  struct Keyed {
    double key;    // the smallest are drawn
    double order;  // among those drawn
    std::size_t index;
  };
  const std::vector<double> expected = places(weight, k, copies);
  std::vector<Keyed> sure;  // whole places
  std::vector<Keyed> chance;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] <= 0.0) continue;
    const core::Words words = core::draw({seed, person[i], replicate + 1}, core::Purpose::selection, 0, 2);
    const double u = core::to_uniform(words[0], words[1]);
    const double order = core::to_uniform(words[2], words[3]);
    const auto whole = static_cast<std::size_t>(expected[i]);
    // Further copies of a life stand elsewhere in the order: turned by the golden ratio.
    constexpr double k_golden = 0.6180339887498949;  // not biology: golden ratio
    for (std::size_t c = 0; c < whole && sure.size() < k; ++c) {
      const double turned = order + static_cast<double>(c + 1) * k_golden;
      sure.push_back({0.0, turned - std::floor(turned), i});
    }
    const double rest = expected[i] - static_cast<double>(whole);
    if (rest > 0.0) chance.push_back({u / (1.0 - u) * ((1.0 - rest) / rest), order, i});
  }
  const std::size_t drawn = std::min(k - sure.size(), chance.size());
  std::partial_sort(chance.begin(), chance.begin() + static_cast<std::ptrdiff_t>(drawn), chance.end(),
                    [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
  sure.insert(sure.end(), chance.begin(), chance.begin() + static_cast<std::ptrdiff_t>(drawn));
  std::sort(sure.begin(), sure.end(), [](const Keyed& a, const Keyed& b) { return a.order < b.order; });
  std::vector<std::size_t> chosen;
  chosen.reserve(k);
  for (std::size_t i = 0; i < k && !sure.empty(); ++i) chosen.push_back(sure[i % sure.size()].index);
  return chosen;
}

}  // namespace hortega::cohort
