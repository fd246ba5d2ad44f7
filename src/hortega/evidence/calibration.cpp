// SPDX-License-Identifier: Apache-2.0
// A calibration from start to end.
#include "hortega/evidence/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hortega/analysis/quantiles.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/evidence/byte_stream.hpp"

namespace hortega::evidence {

namespace {

// A draw is taken for not converged when its objective is above the median by this many standard deviations
// (from the median absolute deviation) and by this much.
constexpr double k_far_sd = 6.0;
constexpr double k_far = 10.0;
constexpr double k_mad_to_sd = 1.4826;

double median(std::vector<double> values) {
  const double half[] = {0.5};
  return analysis::quantiles(values, half).front();
}

// Seeds of the engine for the mode come first, those of the smoother after them.
constexpr int k_seeds_of_mode = 1'000'000;

void evaluate_on_unseen(PointOnUnseen& point, const std::vector<std::uint64_t>& seeds, Journal& journal) {
  std::vector<Job> jobs;
  jobs.reserve(seeds.size());
  for (const std::uint64_t seed : seeds) jobs.push_back({point.theta, seed});
  for (Evaluation& evaluation : journal(jobs)) point.predictions.push_back(std::move(evaluation.predictions));
}

void fill_loss(PointOnUnseen& point, const Likelihood& likelihood, double tau) {
  for (const auto& predictions : point.predictions) {
    const auto n = static_cast<double>(point.predictions.size());
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Loss here = predictions.empty() ? Loss{nan, nan} : likelihood.loss(predictions, tau);
    point.loss.sampling += here.sampling / n;
    point.loss.with_tau += here.with_tau / n;
  }
}

void weigh(Calibration& out, const std::vector<double>& objectives) {
  std::vector<double> finite;
  for (const double o : objectives) {
    if (std::isfinite(o)) finite.push_back(o);
  }
  if (finite.empty()) throw core::RunError("the engine can run at no draw of the posterior");
  const double middle = median(finite);
  std::vector<double> away;
  away.reserve(finite.size());
  for (const double o : finite) away.push_back(std::abs(o - middle));
  const double limit = middle + std::max(k_far, k_far_sd * k_mad_to_sd * median(away));
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < out.draws.size(); ++i) {
    CalibratedDraw& draw = out.draws[i];
    draw.weight = objectives[i] <= limit ? 1.0 : 0.0;
    if (draw.weight == 0.0) ++out.not_converged;
    sum += draw.weight;
    squares += draw.weight * draw.weight;
  }
  out.effective = sum * sum / squares;
}

std::vector<double> mean_theta(const std::vector<CalibratedDraw>& draws) {
  std::vector<double> mean(draws.front().theta.size(), 0.0);
  double total = 0.0;
  for (const CalibratedDraw& draw : draws) {
    total += draw.weight;
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += draw.weight * draw.theta[k];
  }
  for (double& m : mean) m /= total;
  return mean;
}

}  // namespace

Calibration calibrate(std::span<const double> start, std::span<const Target> targets, Journal& journal,
                      const CalibrationSettings& settings) {
  check_members(start.size(), settings.smoother);  // before minutes of a search for the mode
  const FitNoise noise(settings.seed);
  const auto mode_seed = [&noise](int k) {
    return noise.engine_seed(FitNoise::Use::fit, static_cast<std::uint32_t>(k));
  };
  const std::function<std::uint64_t(int)> smoother_seed = [&noise](int k) {
    return noise.engine_seed(FitNoise::Use::fit, static_cast<std::uint32_t>(k_seeds_of_mode + k));
  };
  const Job first{std::vector<double>(start.begin(), start.end()), mode_seed(0)};
  const Evaluation at_start = journal({&first, 1}).front();
  if (!at_start.failure.empty()) throw core::RunError(at_start.failure);
  Calibration out;
  {
    const Likelihood likelihood(targets, at_start.predictions, settings.likelihood);
    out.mode = find_mode(start, at_start.predictions, likelihood, journal, mode_seed, settings.mode);
  }
  const Likelihood likelihood(targets, out.mode.predictions, settings.likelihood);
  out.rows = likelihood.rows();
  out.left_out = likelihood.left_out();
  SmoothedEnsemble ensemble =
      smooth(out.mode.theta, likelihood, journal, noise, smoother_seed, settings.smoother);
  out.history = std::move(ensemble.history);

  for (int k = 0; k < settings.unseen_seeds; ++k)
    out.unseen_seeds.push_back(noise.engine_seed(FitNoise::Use::unseen, static_cast<std::uint32_t>(k)));
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < ensemble.theta.size(); ++i)
    jobs.push_back({ensemble.theta[i], out.unseen_seeds[i % out.unseen_seeds.size()]});
  std::vector<Evaluation> results = journal(jobs);
  std::vector<double> objectives;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const bool ran = results[i].failure.empty() && !ensemble.never_ran[i];
    objectives.push_back(ran ? member_objective(i, ensemble.theta[i], ensemble.tau[i], results[i].predictions,
                                                likelihood, noise)
                             : std::numeric_limits<double>::infinity());
    out.draws.push_back(
        {std::move(ensemble.theta[i]), ensemble.tau[i], 1.0, std::move(results[i].predictions)});
  }
  weigh(out, objectives);

  double total = 0.0;
  for (const CalibratedDraw& draw : out.draws) {
    out.tau += draw.weight * draw.tau;
    total += draw.weight;
  }
  out.tau /= total;
  for (const CalibratedDraw& draw : out.draws) {
    if (draw.weight == 0.0) continue;
    const Loss loss = likelihood.loss(draw.predictions, out.tau);
    out.posterior.sampling += draw.weight * loss.sampling / total;
    out.posterior.with_tau += draw.weight * loss.with_tau / total;
  }
  out.prior_mean.theta.assign(start.size(), 0.0);
  out.at_mode.theta = out.mode.theta;
  out.posterior_mean.theta = mean_theta(out.draws);
  for (PointOnUnseen* point : {&out.prior_mean, &out.at_mode, &out.posterior_mean}) {
    evaluate_on_unseen(*point, out.unseen_seeds, journal);
    fill_loss(*point, likelihood, out.tau);
  }
  out.mode_on_fitted_seed = likelihood.loss(out.mode.predictions, out.tau);
  return out;
}

std::string calibration_digest(std::span<const double> start, std::span<const Target> targets,
                               const CalibrationSettings& settings, const std::string& rest) {
  ByteWriter w;
  w.text(rest);
  w.list(std::vector<double>(start.begin(), start.end()));
  w.list(std::vector<Target>(targets.begin(), targets.end()), [&w](const Target& t) {
    w.text(t.row_id);
    w.number(t.part);
    w.text(t.role);
    w.text(t.family);
    w.number(static_cast<std::uint32_t>(t.set_aside ? 1 : 0));
    for (const std::string* text : {&t.protocol, &t.endpoint, &t.estimator, &t.arms, &t.why_not_scored})
      w.text(*text);
    w.number(static_cast<std::uint32_t>(t.link));
    for (const double x : {t.y, t.se, t.people}) w.number(x);
  });
  w.number(settings.seed);
  w.number(settings.unseen_seeds);
  w.number(settings.mode.evaluations);
  w.number(settings.mode.rotate_every);
  w.number(settings.mode.design_step);
  w.number(settings.mode.first_radius);
  w.number(settings.smoother.members);
  w.number(settings.smoother.iterations);
  w.number(settings.smoother.first_members);
  w.number(settings.smoother.seeds_per_iteration);
  w.number(settings.smoother.start_spread);
  w.number(settings.smoother.slack);
  w.number(static_cast<std::uint32_t>(settings.smoother.localise));
  w.number(settings.likelihood.tau_scale);
  w.number(settings.likelihood.family_correlation);
  w.number(settings.likelihood.undefined_z);
  return core::sha256_hex(w.bytes());
}

}  // namespace hortega::evidence
