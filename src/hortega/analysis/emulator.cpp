// SPDX-License-Identifier: Apache-2.0
// Fitting a Gaussian process by restricted maximum likelihood, and what is read from it.
#include "hortega/analysis/emulator.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "hortega/core/parallel.hpp"
#include "hortega/core/random.hpp"

namespace hortega::analysis {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Of the logarithms: lengths shorter than the gaps of any design we can pay, lengths at which an input's part
// is its slope; a nugget that keeps 500 points well conditioned, and one that leaves nothing but noise.
const double k_low_length = std::log(0.05);
const double k_high_length = std::log(50.0);
const double k_low_nugget = std::log(1e-6);
const double k_high_nugget = std::log(1e4);
// Of 1 / l: an exponential prior of mean 2.
constexpr double k_inverse_length = 0.5;
constexpr Index k_features = 512;
constexpr double k_90_percent = 1.6448536269514722;  // normal quantile of 0.95

double matern(double r) {
  const double a = std::sqrt(5.0) * r;
  return (1.0 + a + a * a / 3.0) * std::exp(-a);
}

// Points, basis of the mean and outcomes of mean 0 and sd 1.
struct Data {
  MatrixXd x;
  MatrixXd h;
  VectorXd y;
  double centre = 0.0;
  double scale = 1.0;
};

// u on the real line for each bounded logarithm: the search needs no bounds.
struct Bounded {
  double low = 0.0;
  double high = 1.0;
  double at(double u) const { return low + (high - low) / (1.0 + std::exp(-u)); }
  double slope(double u) const {
    const double s = 1.0 / (1.0 + std::exp(-u));
    return (high - low) * s * (1.0 - s);
  }
  double inverse(double value) const {
    const double s = std::clamp((value - low) / (high - low), 1e-3, 1.0 - 1e-3);
    return std::log(s / (1.0 - s));
  }
};

Bounded bounds_of(Index k, Index inputs) {
  return k < inputs ? Bounded{k_low_length, k_high_length} : Bounded{k_low_nugget, k_high_nugget};
}

// Everything that follows from lengths and nugget.
struct Solved {
  VectorXd length;
  double nugget = 0.0;
  Eigen::LLT<MatrixXd> chol;       // of R = K + g I
  MatrixXd rh;                     // R^-1 H
  Eigen::LLT<MatrixXd> mean_chol;  // of H' R^-1 H
  VectorXd py;                     // P y = R^-1 (y - H beta)
  double variance = 0.0;           // s^2
  double log_likelihood = -std::numeric_limits<double>::infinity();
  double objective = -std::numeric_limits<double>::infinity();  // and the prior
};

MatrixXd distances(const Data& data, const VectorXd& length) {
  const MatrixXd z = data.x * length.cwiseInverse().asDiagonal();
  const VectorXd square = z.rowwise().squaredNorm();
  MatrixXd d = -2.0 * z * z.transpose();
  d.colwise() += square;
  d.rowwise() += square.transpose();
  return d.cwiseMax(0.0).cwiseSqrt();
}

// Restricted likelihood with beta and s^2 profiled out (Harville 1974); nothing where R is not positive.
// `gradient` by u where given: with P = R^-1 - R^-1 H (H' R^-1 H)^-1 H' R^-1 and n - p degrees of freedom,
//   dL/dt = (n - p) / 2 (Py)' R_t (Py) / (y' P y) - tr(P R_t) / 2.
std::optional<Solved> solve(const Data& data, const VectorXd& u, VectorXd* gradient) {
  const Index n = data.x.rows();
  const Index d = data.x.cols();
  const auto freedom = static_cast<double>(n - data.h.cols());
  Solved s;
  s.length.resize(d);
  for (Index i = 0; i < d; ++i) s.length[i] = std::exp(bounds_of(i, d).at(u[i]));
  s.nugget = std::exp(bounds_of(d, d).at(u[d]));
  const MatrixXd r = distances(data, s.length);
  MatrixXd covariance = r.unaryExpr(&matern);
  covariance.diagonal().array() = 1.0 + s.nugget;
  s.chol.compute(covariance);
  if (s.chol.info() != Eigen::Success) return std::nullopt;
  s.rh = s.chol.solve(data.h);
  const MatrixXd information = data.h.transpose() * s.rh;
  s.mean_chol.compute(information);
  if (s.mean_chol.info() != Eigen::Success) return std::nullopt;
  const VectorXd ry = s.chol.solve(data.y);
  s.py = ry - s.rh * s.mean_chol.solve(data.h.transpose() * ry);
  const double residual = data.y.dot(s.py);
  if (!(residual > 0.0)) return std::nullopt;
  s.variance = residual / freedom;
  s.log_likelihood = -0.5 * freedom * std::log(s.variance) -
                     s.chol.matrixLLT().diagonal().array().log().sum() -
                     s.mean_chol.matrixLLT().diagonal().array().log().sum();
  if (!std::isfinite(s.log_likelihood)) return std::nullopt;
  s.objective = s.log_likelihood - k_inverse_length * s.length.cwiseInverse().sum();
  if (gradient == nullptr) return s;
  const MatrixXd p = s.chol.solve(MatrixXd::Identity(n, n)) - s.rh * s.mean_chol.solve(s.rh.transpose());
  const MatrixXd m = 0.5 * (s.py * s.py.transpose() / s.variance - p);
  gradient->resize(d + 1);
  // dk / d log l_i = 5/3 (1 + sqrt(5) r) exp(-sqrt(5) r) (x_i - x'_i)^2 / l_i^2.
  const MatrixXd g = m.cwiseProduct(r.unaryExpr([](double v) {
    const double a = std::sqrt(5.0) * v;
    return 5.0 / 3.0 * (1.0 + a) * std::exp(-a);
  }));
  const VectorXd row_sum = g.rowwise().sum();
  const MatrixXd gx = g * data.x;
  for (Index i = 0; i < d; ++i) {
    const auto x = data.x.col(i);
    const double sum = 2.0 * row_sum.dot(x.cwiseAbs2()) - 2.0 * x.dot(gx.col(i));
    const double prior = k_inverse_length / s.length[i];
    (*gradient)[i] = (sum / (s.length[i] * s.length[i]) + prior) * bounds_of(i, d).slope(u[i]);
  }
  (*gradient)[d] = s.nugget * m.trace() * bounds_of(d, d).slope(u[d]);
  return s;
}

// Ascent by BFGS with halved steps (Nocedal & Wright 2006, algorithm 6.1).
void climb(const Data& data, int iterations, VectorXd& u, std::optional<Solved>& best) {
  VectorXd gradient;
  best = solve(data, u, &gradient);
  if (!best) return;
  MatrixXd inverse = MatrixXd::Identity(u.size(), u.size());
  for (int k = 0; k < iterations && gradient.norm() > 1e-4; ++k) {
    VectorXd step = inverse * gradient;
    if (!(step.dot(gradient) > 0.0)) {
      inverse.setIdentity();
      step = gradient;
    }
    step *= std::min(1.0, 2.0 / step.norm());
    std::optional<Solved> next;
    VectorXd next_gradient;
    double size = 1.0;
    for (int halved = 0; halved < 20; ++halved, size *= 0.5) {
      next = solve(data, u + size * step, &next_gradient);
      if (next && next->objective >= best->objective + 1e-4 * size * step.dot(gradient)) break;
      next.reset();
    }
    if (!next) return;
    const double gain = next->objective - best->objective;
    const VectorXd s = size * step;
    const VectorXd t = gradient - next_gradient;
    const double st = s.dot(t);
    if (st > 1e-10) {
      const MatrixXd left = MatrixXd::Identity(u.size(), u.size()) - s * t.transpose() / st;
      inverse = left * inverse * left.transpose() + s * s.transpose() / st;
    }
    u += s;
    gradient = next_gradient;
    best = std::move(next);
    if (gain < 1e-6) return;
  }
}

Data data_of(std::span<const double> points, std::size_t inputs, std::span<const double> outcomes) {
  const std::size_t n = outcomes.size();
  if (inputs == 0 || points.size() != n * inputs)
    throw std::invalid_argument("points and outcomes do not belong together");
  if (n < inputs + 5) throw std::invalid_argument("too few points for an emulator");
  const auto finite = [](double v) { return std::isfinite(v); };
  if (!std::all_of(points.begin(), points.end(), finite) ||
      !std::all_of(outcomes.begin(), outcomes.end(), finite)) {
    throw std::invalid_argument("a number is not finite");
  }
  Data data;
  const auto rows = static_cast<Index>(n);
  const auto d = static_cast<Index>(inputs);
  data.x = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
      points.data(), rows, d);
  data.h.resize(rows, d + 1);
  data.h.col(0).setOnes();
  data.h.rightCols(d) = data.x;
  data.y = Eigen::Map<const VectorXd>(outcomes.data(), rows);
  data.centre = data.y.mean();
  data.y.array() -= data.centre;
  data.scale = std::sqrt(data.y.squaredNorm() / static_cast<double>(n - 1));
  if (!(data.scale > 1e-12 * (1.0 + std::fabs(data.centre))))
    throw std::invalid_argument("the outcome does not vary");
  data.y /= data.scale;
  return data;
}

// beta and R^-1 (y - H beta) of other outcomes at the same points.
struct Weights {
  VectorXd beta;
  VectorXd alpha;
};

Weights weights_of(const Data& data, const Solved& s, const VectorXd& y) {
  const VectorXd ry = s.chol.solve(y);
  Weights w;
  w.beta = s.mean_chol.solve(data.h.transpose() * ry);
  w.alpha = ry - s.rh * w.beta;
  return w;
}

VectorXd correlations(const Data& data, const VectorXd& length, const VectorXd& x) {
  const VectorXd r2 =
      ((data.x.rowwise() - x.transpose()) * length.cwiseInverse().asDiagonal()).rowwise().squaredNorm();
  return r2.cwiseSqrt().unaryExpr(&matern);
}

double mean_at(const Data& data, const VectorXd& length, const Weights& w, const VectorXd& x) {
  return w.beta[0] + w.beta.tail(x.size()).dot(x) + correlations(data, length, x).dot(w.alpha);
}

VectorXd vector_of(std::span<const double> x, Index inputs) {
  if (static_cast<Index>(x.size()) != inputs) throw std::invalid_argument("a point of other inputs");
  return Eigen::Map<const VectorXd>(x.data(), inputs);
}

}  // namespace

struct Emulator::Fit {
  Data data;
  Solved solved;
  Weights weights;
  std::vector<double> lengths;
  std::vector<double> coefficients;
};

Emulator::Emulator(std::span<const double> points, std::size_t inputs, std::span<const double> outcomes,
                   const EmulatorSettings& settings) {
  auto fit = std::make_shared<Fit>();
  fit->data = data_of(points, inputs, outcomes);
  const auto d = static_cast<Index>(inputs);
  std::optional<Solved> best;
  for (int start = 0; start < std::max(settings.starts, 1); ++start) {
    core::Draws draws({settings.seed, static_cast<std::uint32_t>(start), 0}, core::Purpose::verification, 3);
    VectorXd u(d + 1);
    for (Index k = 0; k <= d; ++k) {
      double value = k < d ? 0.0 : std::log(0.1);            // moderate: lengths of the cube's side
      if (start == 1) value = k < d ? 1.5 : std::log(0.01);  // smooth
      if (start > 1) value += 1.5 * draws.normal();
      u[k] = bounds_of(k, d).inverse(value);
    }
    std::optional<Solved> found;
    climb(fit->data, settings.iterations, u, found);
    if (found && (!best || found->objective > best->objective)) best = std::move(found);
  }
  if (!best) throw std::invalid_argument("no emulator fits: are the points distinct?");
  fit->solved = std::move(*best);
  fit->weights = weights_of(fit->data, fit->solved, fit->data.y);
  fit->lengths.assign(fit->solved.length.begin(), fit->solved.length.end());
  const VectorXd beta = fit->weights.beta * fit->data.scale;
  fit->coefficients.assign(beta.begin(), beta.end());
  fit->coefficients.front() += fit->data.centre;
  fit_ = std::move(fit);
}

std::size_t Emulator::inputs() const { return static_cast<std::size_t>(fit_->data.x.cols()); }

double Emulator::mean(std::span<const double> x) const {
  const Fit& f = *fit_;
  return f.data.centre +
         f.data.scale * mean_at(f.data, f.solved.length, f.weights, vector_of(x, f.data.x.cols()));
}

Emulated Emulator::predict(std::span<const double> point) const {
  const Fit& f = *fit_;
  const VectorXd x = vector_of(point, f.data.x.cols());
  const VectorXd k = correlations(f.data, f.solved.length, x);
  VectorXd h(x.size() + 1);
  h << 1.0, x;
  const VectorXd short_of = h - f.solved.rh.transpose() * k;
  const double unexplained =
      1.0 - k.dot(f.solved.chol.solve(k)) + short_of.dot(f.solved.mean_chol.solve(short_of));
  return {f.data.centre + f.data.scale * (h.dot(f.weights.beta) + k.dot(f.weights.alpha)),
          f.data.scale * f.data.scale * f.solved.variance * std::max(unexplained, 0.0)};
}

Outcome Emulator::realisation(std::uint64_t seed) const {
  const Fit& f = *fit_;
  const Index d = f.data.x.cols();
  const Index n = f.data.x.rows();
  core::Draws draws({seed, 0, 0}, core::Purpose::verification, 4);
  // The spectrum of Matern 5/2 is a multivariate t with 5 degrees of freedom (Rasmussen & Williams, 4.2.1).
  struct Prior {
    MatrixXd frequency;  // features x inputs
    VectorXd phase;
    VectorXd amplitude;
    double at(const VectorXd& x) const {
      return ((frequency * x + phase).array().cos() * amplitude.array()).sum();
    }
  };
  Prior prior{MatrixXd(k_features, d), VectorXd(k_features), VectorXd(k_features)};
  const double size = std::sqrt(2.0 * f.solved.variance / static_cast<double>(k_features));
  for (Index k = 0; k < k_features; ++k) {
    double chi_square = 0.0;
    for (int i = 0; i < 5; ++i) {
      const double z = draws.normal();
      chi_square += z * z;
    }
    const double heavy = std::sqrt(5.0 / chi_square);
    for (Index i = 0; i < d; ++i) prior.frequency(k, i) = draws.normal() * heavy / f.solved.length[i];
    prior.phase[k] = 2.0 * std::numbers::pi * draws.uniform();
    prior.amplitude[k] = size * draws.normal();
  }
  const double noise = std::sqrt(f.solved.nugget * f.solved.variance);
  VectorXd left = f.data.y;
  for (Index j = 0; j < n; ++j) left[j] -= prior.at(f.data.x.row(j).transpose()) + noise * draws.normal();
  return [fit = fit_, prior = std::move(prior),
          weights = weights_of(f.data, f.solved, left)](std::span<const double> point) {
    const VectorXd x = vector_of(point, fit->data.x.cols());
    return fit->data.centre +
           fit->data.scale * (prior.at(x) + mean_at(fit->data, fit->solved.length, weights, x));
  };
}

double Emulator::noise_sd() const {
  return fit_->data.scale * std::sqrt(fit_->solved.nugget * fit_->solved.variance);
}

double Emulator::process_sd() const { return fit_->data.scale * std::sqrt(fit_->solved.variance); }

const std::vector<double>& Emulator::lengths() const { return fit_->lengths; }

const std::vector<double>& Emulator::coefficients() const { return fit_->coefficients; }

double Emulator::log_likelihood() const { return fit_->solved.log_likelihood; }

HeldOut held_out(std::span<const double> points, std::size_t inputs, std::span<const double> outcomes,
                 int folds, const EmulatorSettings& settings) {
  const std::size_t n = outcomes.size();
  const auto k = static_cast<std::size_t>(folds);
  if (folds < 2 || k > n) throw std::invalid_argument("no such number of folds");
  const Emulator whole(points, inputs, outcomes, settings);
  // A drawn order dealt out to the folds in turn.
  core::Draws draws({settings.seed, 0, 0}, core::Purpose::verification, 5);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(draws.uniform() * static_cast<double>(i))]);
  HeldOut result;
  result.predicted.assign(n, 0.0);
  std::vector<double> plain(n);  // the mean of the points fitted to
  std::vector<char> inside(n, 0);
  core::parallel_for(k, [&](std::size_t fold) {
    std::vector<double> x;
    std::vector<double> y;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i % k == fold) continue;
      const auto row = points.begin() + static_cast<std::ptrdiff_t>(order[i] * inputs);
      x.insert(x.end(), row, row + static_cast<std::ptrdiff_t>(inputs));
      y.push_back(outcomes[order[i]]);
      sum += y.back();
    }
    const Emulator part(x, inputs, y, settings);
    for (std::size_t i = fold; i < n; i += k) {
      const std::size_t j = order[i];
      const Emulated at = part.predict(points.subspan(j * inputs, inputs));
      result.predicted[j] = at.mean;
      plain[j] = sum / static_cast<double>(y.size());
      const double sd = std::sqrt(at.variance + part.noise_sd() * part.noise_sd());
      inside[j] = std::fabs(outcomes[j] - at.mean) <= k_90_percent * sd ? 1 : 0;
    }
  });
  double missed = 0.0;
  double varied = 0.0;
  double mean = 0.0;
  double variance = 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    missed += (outcomes[j] - result.predicted[j]) * (outcomes[j] - result.predicted[j]);
    varied += (outcomes[j] - plain[j]) * (outcomes[j] - plain[j]);
    mean += outcomes[j] / static_cast<double>(n);
    result.inside_90 += inside[j] / static_cast<double>(n);
  }
  for (const double y : outcomes) variance += (y - mean) * (y - mean) / static_cast<double>(n - 1);
  result.q2 = 1.0 - missed / varied;
  result.ceiling = 1.0 - std::min(1.0, whole.noise_sd() * whole.noise_sd() / variance);
  return result;
}

SobolIndices sobol_indices(const Emulator& emulator, const HeldOut& held_out, const SobolSettings& settings,
                           int realisations) {
  if (!(held_out.q2 >= k_least_q2)) throw std::invalid_argument("the emulator's held-out Q2 is below 0.8");
  if (realisations < 1) throw std::invalid_argument("an interval needs a realisation");
  const SaltelliDesign design(emulator.inputs(), settings.points, settings.seed);
  SobolIndices result{0.0, 0.0, std::vector<SobolIndex>(emulator.inputs())};
  const auto n = static_cast<double>(realisations);
  SobolSettings one = settings;
  one.bootstrap = 1;  // its interval is not used
  std::vector<ResampledIndices> resamples;
  for (int r = 0; r < realisations; ++r) {
    const std::uint64_t seed = settings.seed + static_cast<std::uint64_t>(r);
    const std::vector<double> outcomes = design.evaluate(emulator.realisation(seed));
    const SobolIndices of = sobol_indices(design, outcomes, one);
    result.mean += of.mean / n;
    result.variance += of.variance / n;
    for (std::size_t i = 0; i < result.of.size(); ++i) {
      result.of[i].first += of.of[i].first / n;
      result.of[i].total += of.of[i].total / n;
    }
    std::vector<ResampledIndices> more =
        resampled_indices(design, outcomes, std::max(1, settings.bootstrap / realisations), seed);
    std::move(more.begin(), more.end(), std::back_inserter(resamples));
  }
  put_intervals(resamples, settings.confidence, result.of);
  return result;
}

}  // namespace hortega::analysis
