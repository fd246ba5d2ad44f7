// SPDX-License-Identifier: Apache-2.0
// The trials behind a sensitivity analysis, and its tables.
#include "sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include "hortega/core/files.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/value.hpp"
#include "hortega/core/version.hpp"
#include "hortega/evidence/default_quantities.hpp"
#include "hortega/evidence/estimator.hpp"
#include "hortega/output/sensitivity_page.hpp"
#include "hortega/output/words.hpp"

namespace hortega::apps {

namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

// A primary endpoint's contrast is the first of these that there is.
constexpr std::array<std::string_view, 5> k_contrasts{"hazard_ratio", "rate_ratio", "odds_ratio",
                                                      "mean_change_difference", "mean_difference"};

struct Size {
  int lives = 0;
  int n_at_most = 0;
  int people = 0;
};
constexpr Size k_small{600, 270, 540};
constexpr Size k_large{1500, std::numeric_limits<int>::max(), 1200};
constexpr int k_least_lives = 100;
constexpr int k_most_times = 4;  // a pool may double twice where few lives qualify

bool is_ratio(const std::string& estimator) {
  return std::any_of(evidence::estimators().begin(), evidence::estimators().end(),
                     [&](const auto& e) { return e.name == estimator && e.unit == evidence::Unit::ratio; });
}

std::string name_of(const trial::Protocol& protocol, const evidence::Quantity& q, bool logarithmic) {
  return fmt::format("{}: {}{}, {}{}", output::endpoint_name(protocol, q.endpoint), logarithmic ? "log " : "",
                     output::estimator_words(q.estimator), q.arm,
                     q.reference.empty() ? "" : " against " + q.reference);
}

int scaled(double effort, int usual, int least) {
  return std::max(least, static_cast<int>(std::lround(effort * usual)));
}

trial::Protocol sized(trial::Protocol protocol, const Size& size, double effort, std::uint64_t seed) {
  protocol.seed = seed;
  protocol.population.lives = scaled(effort, size.lives, k_least_lives);
  protocol.population.n = std::min(protocol.population.n, size.n_at_most);
  const int n = std::max(protocol.population.n, 1);
  const int people = scaled(effort, size.people, 1);
  protocol.replicates = (people + n - 1) / n;
  return protocol;
}

// Of trials of which `trials` together gave p: their z shrinks with the root of the number of people, and
// that of one trial varies around it with sd 1. Smoother than a count of few trials.
double share_significant(double p, int trials, double alpha) {
  if (!std::isfinite(p)) return k_nan;
  const double z = -math::normal_quantile(std::clamp(0.5 * p, 1e-300, 0.5)) / std::sqrt(trials);
  const double needed = -math::normal_quantile(0.5 * alpha);
  const auto above = [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); };
  return above(needed - z) + above(needed + z);
}

core::Value number(double x) { return std::isfinite(x) ? core::Value(x) : core::Value(); }

const char* word(analysis::Flip flip) {
  switch (flip) {
    case analysis::Flip::direction:
      return "direction";
    case analysis::Flip::significance:
      return "significance";
    case analysis::Flip::both:
      return "both";
    case analysis::Flip::none:
      break;
  }
  return "none";
}

std::string screening_table(const evidence::Sensitivity& s) {
  core::CsvWriter csv({"outcome", "parameter", "grade", "low", "high", "mu_star", "mu_star_low",
                       "mu_star_high", "mu", "mu_low", "mu_high", "sigma", "sigma_low", "sigma_high",
                       "effects", "noise_mu_star", "above_noise"});
  for (const evidence::OutcomeSensitivity& o : s.outcomes) {
    for (const std::size_t j : analysis::by_strength(o.effects)) {
      const evidence::SensitivityVariable& v = s.variables[j];
      const analysis::ElementaryEffects& e = o.effects[j];
      csv.cell(o.name).cell(v.parameter.name()).cell(std::string(1, v.grade));
      for (const double x : {v.parameter.low(), v.parameter.high(), e.mu_star, e.mu_star_interval.lower,
                             e.mu_star_interval.upper, e.mu, e.mu_interval.lower, e.mu_interval.upper,
                             e.sigma, e.sigma_interval.lower, e.sigma_interval.upper}) {
        csv.cell(x, 6);
      }
      csv.cell(e.effects.size()).cell(e.noise_mu_star, 6).cell(e.above_noise ? 1 : 0).end_row();
    }
  }
  return csv.text();
}

std::string sobol_table(const evidence::Sensitivity& s) {
  core::CsvWriter csv({"outcome", "parameter", "grade", "first", "first_low", "first_high", "total",
                       "total_low", "total_high", "q2", "refused"});
  for (const evidence::OutcomeSensitivity& o : s.outcomes) {
    for (std::size_t i = 0; i < s.strongest.size(); ++i) {
      const evidence::SensitivityVariable& v = s.variables[s.strongest[i]];
      csv.cell(o.name).cell(v.parameter.name()).cell(std::string(1, v.grade));
      if (o.refused.empty()) {
        const analysis::SobolIndex& x = o.sobol.of[i];
        for (const double value : {x.first, x.first_interval.lower, x.first_interval.upper, x.total,
                                   x.total_interval.lower, x.total_interval.upper}) {
          csv.cell(value, 6);
        }
      } else {
        for (int k = 0; k < 6; ++k) csv.empty();
      }
      csv.cell(o.held_out.predicted.empty() ? k_nan : o.held_out.q2, 4).cell(o.refused).end_row();
    }
  }
  return csv.text();
}

std::string tornado_table(const evidence::Sensitivity& s) {
  core::CsvWriter csv({"parameter", "grade", "low", "high", "effect_at_low", "effect_at_high",
                       "effect_at_value", "interval_low", "interval_high", "swing", "noise_sd", "above_noise",
                       "significant_share_at_low", "significant_share_at_high", "significant_share_at_value",
                       "flip"});
  for (const analysis::RankedBar& r : s.bars) {
    csv.cell(r.bar.name).cell(std::string(1, r.bar.grade));
    for (const double x : {r.bar.low.parameter, r.bar.high.parameter, r.bar.low.found.effect,
                           r.bar.high.found.effect, s.at_value.effect, r.effect.lower, r.effect.upper,
                           r.swing, std::max(r.bar.low.noise_sd, r.bar.high.noise_sd)}) {
      csv.cell(x, 6);
    }
    csv.cell(r.above_noise ? 1 : 0);
    for (const double x : {r.bar.low.found.significant_share, r.bar.high.found.significant_share,
                           s.at_value.significant_share}) {
      csv.cell(x, 4);
    }
    csv.cell(word(r.flip)).end_row();
  }
  return csv.text();
}

std::string grade_table(const evidence::Sensitivity& s) {
  core::CsvWriter csv(
      {"grade", "parameters", "above_noise", "flips", "largest_swing", "effect_low", "effect_high"});
  for (const analysis::GradeSummary& g : s.grades) {
    csv.cell(std::string(1, g.grade)).cell(g.parameters).cell(g.above_noise).cell(g.flips);
    csv.cell(g.largest_swing, 6).cell(g.effect.lower, 6).cell(g.effect.upper, 6).end_row();
  }
  return csv.text();
}

core::Value json_of(const evidence::Sensitivity& s, const evidence::SensitivitySettings& settings,
                    const RunInputs& in, const std::string& command) {
  core::Value root;
  root.set("protocol", in.protocol.id)
      .set("command", command)
      .set("version", core::version())
      .set("inputs_sha256", digest_of(in, trial::ThinPool::allow))
      .set("seed", static_cast<std::int64_t>(settings.seed))
      .set("base_points", settings.base_points)
      .set("design_points", settings.design_points)
      .set("evaluations", s.evaluations)
      .set("evaluations_failed", s.failed)
      .set("parameters", s.variables.size());
  core::Value::Array strongest;
  for (const std::size_t j : s.strongest) strongest.emplace_back(s.variables[j].parameter.name());
  root.set("strongest", strongest);
  core::Value::Array outcomes;
  for (const evidence::OutcomeSensitivity& o : s.outcomes) {
    core::Value row;
    row.set("outcome", o.name)
        .set("above_noise",
             std::count_if(o.effects.begin(), o.effects.end(), [](const auto& e) { return e.above_noise; }))
        .set("q2", o.held_out.predicted.empty() ? core::Value() : number(o.held_out.q2))
        .set("q2_ceiling", o.held_out.predicted.empty() ? core::Value() : number(o.held_out.ceiling))
        .set("inside_90", o.held_out.predicted.empty() ? core::Value() : number(o.held_out.inside_90))
        .set("refused", o.refused.empty() ? core::Value() : core::Value(o.refused));
    core::Value::Array indices;
    for (std::size_t i = 0; i < s.strongest.size() && o.refused.empty(); ++i) {
      const analysis::SobolIndex& x = o.sobol.of[i];
      core::Value index;
      index.set("parameter", s.variables[s.strongest[i]].parameter.name())
          .set("first", number(x.first))
          .set("first_low", number(x.first_interval.lower))
          .set("first_high", number(x.first_interval.upper))
          .set("total", number(x.total))
          .set("total_low", number(x.total_interval.lower))
          .set("total_high", number(x.total_interval.upper));
      indices.push_back(index);
    }
    outcomes.push_back(row.set("sobol", indices));
  }
  root.set("outcomes", outcomes);
  core::Value conclusion;
  conclusion.set("outcome", s.outcomes.front().name)
      .set("effect", number(s.at_value.effect))
      .set("significant_share", number(s.at_value.significant_share));
  core::Value::Array flips;
  for (const analysis::RankedBar& r : s.bars) {
    if (r.flip == analysis::Flip::none) continue;
    core::Value flip;
    flips.push_back(flip.set("parameter", r.bar.name)
                        .set("grade", std::string(1, r.bar.grade))
                        .set("flip", word(r.flip))
                        .set("effect_low", number(r.effect.lower))
                        .set("effect_high", number(r.effect.upper)));
  }
  root.set("conclusion", conclusion.set("flips", flips));
  return root;
}

std::string text_of(const evidence::Sensitivity& s) {
  std::string text = fmt::format("{} parameters, {} simulations, {} of them could not be had\n",
                                 s.variables.size(), s.evaluations, s.failed);
  for (const evidence::OutcomeSensitivity& o : s.outcomes) {
    const auto above =
        std::count_if(o.effects.begin(), o.effects.end(), [](const auto& e) { return e.above_noise; });
    text += fmt::format("\n{}: {} parameters above noise", o.name, above);
    if (!o.held_out.predicted.empty())
      text +=
          fmt::format("; emulator Q2 {:.2f} (noise allows {:.2f}), {:.0f} % of held-out points inside 90 %",
                      o.held_out.q2, o.held_out.ceiling, 100.0 * o.held_out.inside_90);
    text += "\n";
    if (!o.refused.empty()) {
      text += fmt::format("  no Sobol indices: {}; by screening:\n", o.refused);
      int left = 5;
      for (const std::size_t j : analysis::by_strength(o.effects)) {
        if (left-- == 0 || !o.effects[j].above_noise) break;
        text += fmt::format("  {:<40} {}  mu* {:.3g} ({:.3g} to {:.3g})\n", s.variables[j].parameter.name(),
                            s.variables[j].grade, o.effects[j].mu_star, o.effects[j].mu_star_interval.lower,
                            o.effects[j].mu_star_interval.upper);
      }
      continue;
    }
    std::vector<std::size_t> order(s.strongest.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return o.sobol.of[a].total > o.sobol.of[b].total; });
    for (std::size_t i = 0; i < std::min<std::size_t>(5, order.size()); ++i) {
      const analysis::SobolIndex& x = o.sobol.of[order[i]];
      const evidence::SensitivityVariable& v = s.variables[s.strongest[order[i]]];
      text += fmt::format("  {:<40} {}  first {:.2f} ({:.2f} to {:.2f})  total {:.2f} ({:.2f} to {:.2f})\n",
                          v.parameter.name(), v.grade, x.first, x.first_interval.lower,
                          x.first_interval.upper, x.total, x.total_interval.lower, x.total_interval.upper);
    }
  }
  text += fmt::format("\nconclusion, {}: {:.3g}, significant in {:.0f} % of trials\n",
                      s.outcomes.front().name, s.at_value.effect, 100.0 * s.at_value.significant_share);
  for (const analysis::GradeSummary& g : s.grades) {
    text += fmt::format("  grade {}: {} parameters, {} above noise, effect {:.3g} to {:.3g}, {} flip it\n",
                        g.grade, g.parameters, g.above_noise, g.effect.lower, g.effect.upper, g.flips);
  }
  for (const analysis::RankedBar& r : s.bars) {
    if (r.flip == analysis::Flip::none) continue;
    text += fmt::format("  flips ({}): {} of grade {}, effect {:.3g} to {:.3g}\n", word(r.flip), r.bar.name,
                        r.bar.grade, r.effect.lower, r.effect.upper);
  }
  text += "\n";
  for (const evidence::SensitivityStage& stage : s.stages)
    text += fmt::format("{}: {} simulations, {:.0f} s\n", stage.name, stage.evaluations, stage.wall_s);
  return text;
}

}  // namespace

SensitivityPlan sensitivity_plan(const trial::Protocol& protocol) {
  SensitivityPlan plan;
  const auto add = [&](const evidence::Quantity& q) {
    plan.quantities.push_back(q);
    plan.logarithmic.push_back(is_ratio(q.estimator));
    plan.names.push_back(name_of(protocol, q, plan.logarithmic.back()));
  };
  const auto primary = std::find_if(protocol.endpoints.begin(), protocol.endpoints.end(),
                                    [](const trial::EndpointSpec& e) { return e.primary; });
  const std::vector<evidence::Quantity> all = evidence::default_quantities(protocol);
  if (!protocol.endpoints.empty()) {
    const std::string& id = primary != protocol.endpoints.end() ? primary->id : protocol.endpoints.front().id;
    for (const std::string_view estimator : k_contrasts) {
      const auto at = std::find_if(all.begin(), all.end(), [&](const evidence::Quantity& q) {
        return q.endpoint == id && q.estimator == estimator && !q.reference.empty() && q.time_day == 0.0;
      });
      if (at == all.end()) continue;
      add(*at);
      break;
    }
  }
  if (plan.quantities.empty()) {
    throw core::InputError(core::Problem{{"--sensitivity", 0, 0, {}},
                                         "analysis.contrasts",
                                         "the primary endpoint is compared between no arms",
                                         "a sensitivity analysis asks what moves a difference between arms",
                                         {}});
  }
  for (const evidence::Quantity& q : all) {
    const auto spec = std::find_if(protocol.endpoints.begin(), protocol.endpoints.end(),
                                   [&](const trial::EndpointSpec& e) { return e.id == q.endpoint; });
    const bool wanted =
        (spec->kind == trial::EndpointKind::edss && q.estimator == "mean_change_difference") ||
        (spec->kind == trial::EndpointKind::relapse && q.estimator == "rate") ||
        (spec->kind == trial::EndpointKind::death && q.estimator == "percent");
    if (wanted && q.time_day == 0.0 && !(q == plan.quantities.front())) add(q);
  }
  return plan;
}

evidence::TrialEngine sensitivity_engine(const RunInputs& in, const SensitivityPlan& plan, double effort) {
  return [&in, plan, effort](const core::ParameterSet& set, std::uint64_t seed, evidence::TrialSize size) {
    const trial::Protocol protocol =
        sized(in.protocol, size == evidence::TrialSize::large ? k_large : k_small, effort, seed);
    const therapy::Parameters therapy = therapy::load_parameters(set);
    trial::Environment environment;
    environment.parameters = &set;
    environment.courses = [&](const std::string& id) {
      return therapy::make_course(in.regimens.find(id), therapy);
    };
    const trial::Recruitment recruitment = trial::recruit(protocol, environment, trial::ThinPool::allow,
                                                          k_most_times * protocol.population.lives);
    const evidence::Estimation estimation(protocol, plan.quantities, evidence::Scope::asked);
    const auto index_of = [&](const evidence::Quantity& wanted) {
      const auto& all = estimation.quantities();
      return static_cast<std::size_t>(
          std::find_if(all.begin(), all.end(),
                       [&](const evidence::Quantity& q) { return evidence::same_question(q, wanted); }) -
          all.begin());
    };
    // Over all trials together: a ratio of few events is often not defined.
    trial::Replicate together;
    for (int r = 0; r < protocol.replicates; ++r) {
      trial::Replicate one = trial::simulate_replicate(protocol, environment, recruitment, r);
      std::move(one.participants.begin(), one.participants.end(), std::back_inserter(together.participants));
    }
    const evidence::ReplicateResult result = estimation.estimate(together);
    evidence::TrialOutcomes found;
    for (std::size_t k = 0; k < plan.quantities.size(); ++k) {
      const double value = result.outcomes.at(index_of(plan.quantities[k])).value;
      const double shown = plan.logarithmic[k] ? std::log(value) : value;
      found.value.push_back(std::isfinite(shown) ? shown : k_nan);
    }
    found.significant_share = share_significant(result.outcomes.at(index_of(plan.quantities.front())).p,
                                                protocol.replicates, protocol.analysis.alpha);
    return found;
  };
}

evidence::SensitivitySettings sensitivity_settings(double effort, std::uint64_t seed) {
  evidence::SensitivitySettings s;
  s.seed = seed;
  s.base_points = scaled(effort, s.base_points, 2);
  s.design_points = scaled(effort, s.design_points, 80);
  return s;
}

std::string write_sensitivity(const evidence::Sensitivity& result, const SensitivityPlan& plan,
                              const evidence::SensitivitySettings& settings, double effort,
                              const RunInputs& in, const std::string& command,
                              const std::filesystem::path& directory) {
  const core::OutputDirectory out(directory);
  out.write("tables/sensitivity-morris.csv", screening_table(result));
  out.write("tables/sensitivity-sobol.csv", sobol_table(result));
  out.write("tables/sensitivity-tornado.csv", tornado_table(result));
  out.write("tables/sensitivity-grades.csv", grade_table(result));
  out.write("sensitivity.json", core::to_json(json_of(result, settings, in, command)));
  const evidence::Quantity& q = plan.quantities.front();
  const std::string conclusion =
      fmt::format("{} of {}, {} against {}", output::estimator_words(q.estimator),
                  output::endpoint_name(in.protocol, q.endpoint), output::arm_label(in.protocol, q.arm),
                  output::arm_label(in.protocol, q.reference));
  out.write("sensitivity.html", output::sensitivity_html({result, in.protocol.title, conclusion,
                                                          plan.logarithmic.front(), effort, command}));
  return text_of(result);
}

}  // namespace hortega::apps
