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
  std::vector<std::vector<double>> z(m, std::vector<double>(n));
  for (std::size_t j = 0; j < m; ++j) {
    double mean = 0.0;
    for (const double v : moments[j].value) mean += v;
    mean /= static_cast<double>(n);
    double variance = 0.0;
    for (const double v : moments[j].value) variance += (v - mean) * (v - mean);
    const double scale = core::square_root(std::max(variance / static_cast<double>(n), 1e-12));
    for (std::size_t i = 0; i < n; ++i) z[j][i] = (moments[j].value[i] - moments[j].target) / scale;
    result.before.push_back(mean);
  }
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
  double square = 0.0;
  for (const double w : result.weight) square += w * w;
  result.effective_share = n > 0 ? 1.0 / (static_cast<double>(n) * square) : 0.0;
  for (std::size_t j = 0; j < m; ++j) {
    double mean = 0.0;
    for (std::size_t i = 0; i < n; ++i) mean += result.weight[i] * moments[j].value[i];
    result.after.push_back(mean);
  }
  return result;
}

std::vector<std::size_t> draw_without_replacement(std::span<const double> weight, std::size_t k,
                                                  std::uint64_t seed, std::uint32_t replicate) {
  std::vector<std::pair<double, std::size_t>> keyed;
  keyed.reserve(weight.size());
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (weight[i] <= 0.0) continue;
    const core::Words words =
        core::draw({seed, static_cast<std::uint32_t>(i), replicate + 1}, core::Purpose::selection, 0, 2);
    keyed.emplace_back(-math::log(core::to_uniform(words[0], words[1])) / weight[i], i);
  }
  const std::size_t distinct = std::min(k, keyed.size());
  std::partial_sort(keyed.begin(), keyed.begin() + static_cast<std::ptrdiff_t>(distinct), keyed.end());
  std::vector<std::size_t> chosen;
  chosen.reserve(k);
  for (std::size_t i = 0; i < k && distinct > 0; ++i) chosen.push_back(keyed[i % distinct].second);
  return chosen;
}

}  // namespace hortega::cohort
