// SPDX-License-Identifier: Apache-2.0
// A first mode of the posterior: derivative-free Gauss-Newton with steps by NLopt.
#include "hortega/evidence/mode_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlopt.hpp>

#include "hortega/evidence/between_study.hpp"
#include "hortega/evidence/linear_response.hpp"

namespace hortega::evidence {

namespace {

using Eigen::Index;
using Eigen::VectorXd;

// Trust region (Conn, Gould & Toint 2000): accept, grow, shrink.
constexpr double k_accept = 0.1;
constexpr double k_grow = 0.7;
constexpr double k_largest_radius = 2.0;
constexpr double k_smallest_radius = 0.01;
// A step that promises less in log posterior is not worth an evaluation of the engine.
constexpr double k_worth = 0.1;
constexpr double k_ridge = 1e-3;
// A further design is worth it only if steps can follow it.
constexpr int k_steps_after_design = 6;
// People on whom the last steps are judged together, and how many such steps there are at most.
constexpr int k_last_seeds = 4;
constexpr int k_last_steps = 3;

// Minus the log posterior under predictions that are linear around a centre.
struct LinearModel {
  VectorXd centre;
  Eigen::MatrixXd slope;
  VectorXd residual;   // y - g at the centre; rows that are not defined have precision 0
  VectorXd precision;  // w / v

  double operator()(const VectorXd& theta, VectorXd* gradient) const {
    const VectorXd r = residual - slope * (theta - centre);
    if (gradient != nullptr) *gradient = theta - slope.transpose() * (precision.array() * r.array()).matrix();
    return 0.5 * theta.squaredNorm() + 0.5 * (precision.array() * r.array().square()).sum();
  }
};

double call_model(unsigned n, const double* x, double* gradient, void* data) {
  const auto& model = *static_cast<const LinearModel*>(data);
  VectorXd g;
  const double value =
      model(Eigen::Map<const VectorXd>(x, static_cast<Index>(n)), gradient != nullptr ? &g : nullptr);
  if (gradient != nullptr) std::copy(g.data(), g.data() + g.size(), gradient);
  return value;
}

// Its minimum in a box around the centre.
VectorXd minimise(LinearModel& model, double radius) {
  const auto n = static_cast<unsigned>(model.centre.size());
  nlopt::opt search(nlopt::LD_SLSQP, n);
  search.set_min_objective(call_model, &model);
  std::vector<double> low;
  std::vector<double> high;
  for (const double c : model.centre) {
    low.push_back(std::max(c - radius, -k_theta_limit));
    high.push_back(std::min(c + radius, k_theta_limit));
  }
  search.set_lower_bounds(low);
  search.set_upper_bounds(high);
  search.set_ftol_abs(1e-8);
  search.set_maxeval(500);
  std::vector<double> x(model.centre.data(), model.centre.data() + n);
  double value = 0.0;
  try {
    search.optimize(x, value);
  } catch (const nlopt::roundoff_limited&) {
    // x is the best that the arithmetic allows.
  }
  return Eigen::Map<const VectorXd>(x.data(), static_cast<Index>(n));
}

class Search {
 public:
  Search(std::span<const double> start, const std::vector<Prediction>& at_start, const Likelihood& likelihood,
         Journal& journal, const std::function<std::uint64_t(int)>& seed_of, const ModeSettings& settings)
      : likelihood_(likelihood), journal_(journal), seed_of_(seed_of), settings_(settings) {
    mode_.theta.assign(start.begin(), start.end());
    for (double& t : mode_.theta) t = std::clamp(t, -k_theta_limit, k_theta_limit);
    mode_.predictions = at_start;
    mode_.tau = 0.5 * likelihood.settings().tau_scale;
    mode_.objective = objective(mode_.theta, at_start);
    note(mode_.theta, at_start);
  }

  Mode run() {
    if (left() == 0) return mode_;
    evaluate_design();
    if (left() > 0 && !rotate(response())) return mode_;
    steps();
    // A curved problem asks for another look around where the first one led, on other people.
    while (left() >= static_cast<int>(design_points()) + k_steps_after_design + reserved() &&
           rotate(response())) {
      evaluate_design();
      if (left() > 0 && !rotate(response())) return mode_;
      steps();
    }
    last_steps();
    return mode_;
  }

 private:
  int left() const { return settings_.evaluations - mode_.evaluations; }
  // Kept for the last steps.
  int reserved() const { return std::min((1 + k_last_steps) * k_last_seeds, settings_.evaluations / 4); }
  // A column for each variable, one for the mean, and one for who has which people.
  std::size_t design_points() const { return std::bit_ceil(mode_.theta.size() + 2); }

  double objective(const std::vector<double>& theta, const std::vector<Prediction>& predictions) const {
    double prior = 0.0;
    for (const double t : theta) prior += 0.5 * t * t;
    return prior - likelihood_.log_likelihood(predictions, mode_.tau) - likelihood_.log_prior(mode_.tau);
  }

  void note(const std::vector<double>& theta, const std::vector<Prediction>& predictions) {
    note(theta, predictions, mode_.seeds - 1);
  }
  void note(const std::vector<double>& theta, const std::vector<Prediction>& predictions, int seed) {
    thetas_.push_back(theta);
    predictions_.push_back(predictions);
    seeds_.push_back(seed);
  }

  // Empty if the engine cannot run there.
  std::vector<Prediction> evaluate(const std::vector<double>& theta) {
    const Job job{theta, seed_of_(mode_.seeds - 1)};
    ++mode_.evaluations;
    std::vector<Prediction> out = journal_({&job, 1}).front().predictions;
    note(theta, out);
    return out;
  }

  void evaluate_design() {
    const std::size_t variables = mode_.theta.size();
    const std::size_t points = design_points();
    // Half of the points with people of their own: which half is the design's last column, that of no
    // variable.
    const int first = mode_.seeds - 1;
    const auto half = [points](std::size_t i) { return std::popcount(i & (points - 1)) % 2; };
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < points && static_cast<int>(i) < left(); ++i) {
      Job job{mode_.theta, seed_of_(first + half(i))};
      for (std::size_t k = 0; k < variables; ++k) {
        const bool minus = std::popcount(i & (k + 1)) % 2 == 1;
        job.theta[k] = std::clamp(job.theta[k] + (minus ? -1.0 : 1.0) * settings_.design_step, -k_theta_limit,
                                  k_theta_limit);
      }
      jobs.push_back(std::move(job));
    }
    const std::vector<Evaluation> results = journal_(jobs);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      ++mode_.evaluations;
      note(jobs[i].theta, results[i].predictions, first + half(i));
    }
    ++mode_.seeds;
  }

  // Nearer evaluations count more; those of the design at half.
  LinearResponse response() const {
    Cloud cloud = make_cloud(likelihood_, thetas_, predictions_, seeds_);
    const double reach2 =
        settings_.design_step * settings_.design_step * static_cast<double>(mode_.theta.size());
    for (Index i = 0; i < cloud.weight.size(); ++i) {
      double distance2 = 0.0;
      for (std::size_t k = 0; k < mode_.theta.size(); ++k) {
        const double d = cloud.theta(i, static_cast<Index>(k)) - mode_.theta[k];
        distance2 += d * d;
      }
      cloud.weight(i) *= 1.0 / (1.0 + distance2 / reach2);
    }
    return fit_response(cloud, k_ridge, Localise::yes);
  }

  LinearModel model(const LinearResponse& response) const {
    LinearModel out;
    out.centre = Eigen::Map<const VectorXd>(mode_.theta.data(), static_cast<Index>(mode_.theta.size()));
    out.slope = response.slope;
    const auto rows = static_cast<Index>(likelihood_.rows().size());
    out.residual = VectorXd::Zero(rows);
    out.precision = VectorXd::Zero(rows);
    for (Index j = 0; j < rows; ++j) {
      const auto row = static_cast<std::size_t>(j);
      const double mean = mode_.predictions[likelihood_.rows()[row].target].mean;
      if (!std::isfinite(mean)) continue;
      out.residual(j) = likelihood_.rows()[row].y - mean;
      out.precision(j) = likelihood_.rows()[row].weight / likelihood_.variance(row, mode_.tau);
    }
    return out;
  }

  // The best point under a new seed, with the tau that belongs to what is known now. False if it fails.
  bool rotate(const LinearResponse& response) {
    ++mode_.seeds;
    std::vector<Prediction> anew = evaluate(mode_.theta);
    if (anew.empty()) return false;
    mode_.predictions = std::move(anew);
    mode_.tau = tau_posterior(likelihood_, response).mode;
    mode_.objective = objective(mode_.theta, mode_.predictions);
    return true;
  }

  void steps() {
    mode_.converged = false;
    double radius = settings_.first_radius;
    int under_this_seed = 0;
    mode_.tau = tau_posterior(likelihood_, response()).mode;
    mode_.objective = objective(mode_.theta, mode_.predictions);
    while (left() > reserved()) {
      const LinearResponse response = this->response();
      if (under_this_seed >= settings_.rotate_every) {
        under_this_seed = 0;
        if (!rotate(response)) return;
        continue;
      }
      LinearModel linear = model(response);
      const VectorXd step_to = minimise(linear, radius);
      const double promised = linear(linear.centre, nullptr) - linear(step_to, nullptr);
      mode_.converged = promised < k_worth;
      if (mode_.converged || radius < k_smallest_radius) return;
      const std::vector<double> theta(step_to.data(), step_to.data() + step_to.size());
      std::vector<Prediction> there = evaluate(theta);
      ++under_this_seed;
      const double gained = there.empty() ? -promised : mode_.objective - objective(theta, there);
      if (gained > k_accept * promised) {
        mode_.theta = theta;
        mode_.objective -= gained;
        mode_.predictions = std::move(there);
        if (gained > k_grow * promised) radius = std::min(2.0 * radius, k_largest_radius);
      } else {
        radius *= 0.5;
      }
    }
  }

  // Mean predictions at theta under the last seeds; empty if the engine cannot run there.
  std::vector<Prediction> evaluate_together(const std::vector<double>& theta) {
    std::vector<Job> jobs;
    jobs.reserve(k_last_seeds);
    for (int k = 0; k < k_last_seeds; ++k) jobs.push_back({theta, seed_of_(mode_.seeds - k_last_seeds + k)});
    const std::vector<Evaluation> results = journal_(jobs);
    std::vector<Prediction> mean;
    for (int k = 0; k < k_last_seeds; ++k) {
      const std::vector<Prediction>& one = results[static_cast<std::size_t>(k)].predictions;
      ++mode_.evaluations;
      note(theta, one, mode_.seeds - k_last_seeds + k);
      if (one.empty()) return {};
      if (mean.empty()) {
        mean = one;
        continue;
      }
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i].mean += one[i].mean;
    }
    for (Prediction& p : mean) p.mean /= k_last_seeds;
    return mean;
  }

  // The steps so far were each judged on one population, and the last of them suits that one too well.
  void last_steps() {
    if (left() < 2 * k_last_seeds) return;
    mode_.seeds += k_last_seeds;
    std::vector<Prediction> anew = evaluate_together(mode_.theta);
    if (anew.empty()) return;
    mode_.predictions = std::move(anew);
    double radius = settings_.first_radius;
    for (int i = 0; i < k_last_steps && left() >= k_last_seeds; ++i) {
      const LinearResponse response = this->response();
      mode_.tau = tau_posterior(likelihood_, response).mode;
      mode_.objective = objective(mode_.theta, mode_.predictions);
      LinearModel linear = model(response);
      const VectorXd step_to = minimise(linear, radius);
      const double promised = linear(linear.centre, nullptr) - linear(step_to, nullptr);
      mode_.converged = promised < k_worth;
      if (mode_.converged) return;
      const std::vector<double> theta(step_to.data(), step_to.data() + step_to.size());
      std::vector<Prediction> there = evaluate_together(theta);
      const double gained = there.empty() ? -promised : mode_.objective - objective(theta, there);
      if (gained > k_accept * promised) {
        mode_.theta = theta;
        mode_.objective -= gained;
        mode_.predictions = std::move(there);
      } else {
        radius *= 0.5;
      }
    }
  }

  const Likelihood& likelihood_;
  Journal& journal_;
  const std::function<std::uint64_t(int)>& seed_of_;
  const ModeSettings& settings_;
  Mode mode_;
  std::vector<std::vector<double>> thetas_;
  std::vector<std::vector<Prediction>> predictions_;
  std::vector<int> seeds_;
};

}  // namespace

Mode find_mode(std::span<const double> start, const std::vector<Prediction>& at_start,
               const Likelihood& likelihood, Journal& journal,
               const std::function<std::uint64_t(int)>& seed_of, const ModeSettings& settings) {
  return Search(start, at_start, likelihood, journal, seed_of, settings).run();
}

}  // namespace hortega::evidence
