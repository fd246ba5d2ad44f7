// SPDX-License-Identifier: Apache-2.0
// What a calibration leaves behind.
#include "hortega/evidence/posterior.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "hortega/analysis/quantiles.hpp"
#include "hortega/core/csv.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::evidence {

namespace {

constexpr double k_at_bound = 0.02;
constexpr double k_trade_off = 0.7;
constexpr double k_least_effective = 100.0;
constexpr int k_quadrature = 2000;
// Enough for a double to come back as it was.
constexpr int k_digits = 17;
constexpr std::size_t k_fixed_columns = 3;  // draw, weight, tau

std::vector<const CalibratedDraw*> kept(const Calibration& fit) {
  std::vector<const CalibratedDraw*> out;
  for (const CalibratedDraw& draw : fit.draws) {
    if (draw.weight > 0.0) out.push_back(&draw);
  }
  return out;
}

std::vector<double> thetas(const std::vector<const CalibratedDraw*>& draws, std::size_t k) {
  std::vector<double> out;
  out.reserve(draws.size());
  for (const CalibratedDraw* draw : draws) out.push_back(draw->theta[k]);
  return out;
}

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double covariance(const std::vector<double>& x, const std::vector<double>& y) {
  const double mx = mean_of(x);
  const double my = mean_of(y);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mx) * (y[i] - my);
  return sum / static_cast<double>(x.size() - 1);
}

std::string_view name_of(Link link) {
  switch (link) {
    case Link::log:
      return "log";
    case Link::logit:
      return "logit";
    case Link::log_rest:
      return "log_rest";
    case Link::identity:
      break;
  }
  return "identity";
}

std::string_view name_of(FreeParameter::Scale scale) {
  return scale == FreeParameter::Scale::log     ? "log"
         : scale == FreeParameter::Scale::logit ? "logit"
                                                : "identity";
}

core::Value as_value(const Loss& loss) {
  core::Value v{core::Value::Table{}};
  // TOML could hold nan, but a reader of the record is better served by an absent key.
  if (std::isfinite(loss.sampling)) v.set("sampling", loss.sampling).set("with_tau", loss.with_tau);
  return v;
}

core::Value settings_value(const CalibrationSettings& s) {
  core::Value v{core::Value::Table{}};
  v.set("seed", fmt::format("{}", s.seed)).set("unseen_seeds", s.unseen_seeds);
  v.set("members", s.smoother.members).set("iterations", s.smoother.iterations);
  v.set("first_members", s.smoother.first_members);
  v.set("seeds_per_iteration", s.smoother.seeds_per_iteration);
  v.set("start_spread", s.smoother.start_spread).set("slack", s.smoother.slack);
  v.set("localised", s.smoother.localise == Localise::yes);
  v.set("mode_evaluations", s.mode.evaluations).set("rotate_every", s.mode.rotate_every);
  v.set("design_step", s.mode.design_step).set("first_radius", s.mode.first_radius);
  v.set("tau_scale", s.likelihood.tau_scale);
  v.set("family_correlation", s.likelihood.family_correlation);
  v.set("undefined_z", s.likelihood.undefined_z);
  return v;
}

// Mean and spread over draws of what a row is predicted to be, and how far off that is.
core::Value row_value(const ScoredRow& row, const Target& target, const Calibration& fit) {
  std::vector<double> means;
  for (const CalibratedDraw* draw : kept(fit)) {
    const double mean = draw->predictions[row.target].mean;
    if (std::isfinite(mean)) means.push_back(mean);
  }
  core::Value v{core::Value::Table{}};
  v.set("row", target.row_id).set("part", target.part).set("study", target.study);
  v.set("protocol", target.protocol).set("endpoint", target.endpoint).set("estimator", target.estimator);
  v.set("arms", target.arms).set("link", std::string(name_of(target.link)));
  v.set("y", row.y).set("se", row.se).set("mc_se", row.mc_se);
  v.set("effect_scale", row.effect_scale).set("weight", row.weight);
  if (row.study_bias > 0.0) v.set("study_bias", row.study_bias);
  v.set("defined_draws", means.size());
  const double at_mode = fit.mode.predictions[row.target].mean;
  if (std::isfinite(at_mode)) v.set("mode", at_mode);
  if (means.size() < 2) return v;
  const double predicted = mean_of(means);
  const double variance = covariance(means, means);
  const double chance = row.se * row.se + row.mc_se * row.mc_se;
  const double between = std::hypot(fit.tau, row.study_bias) * row.effect_scale;
  v.set("predicted", predicted).set("predicted_sd", std::sqrt(variance));
  v.set("z", (row.y - predicted) / std::sqrt(chance + variance));
  v.set("z_with_tau", (row.y - predicted) / std::sqrt(chance + variance + between * between));
  return v;
}

core::Value variable_value(const VariableSummary& s, const FreeParameter& p) {
  core::Value v{core::Value::Table{}};
  v.set("name", s.name).set("unit", s.unit).set("scale", std::string(name_of(p.scale())));
  v.set("range", core::Value::Array{p.low(), p.high()}).set("passport", p.start());
  v.set("prior_mean", s.prior_mean).set("prior_sd", s.prior_sd);
  v.set("mean", s.mean).set("sd", s.sd).set("low_95", s.low_95);
  v.set("median", s.median).set("high_95", s.high_95).set("mode", s.mode).set("shrinkage", s.shrinkage);
  v.set("median_quantile", s.median_quantile).set("at_bound", s.at_bound);
  return v;
}

core::Value history_value(const Calibration& fit) {
  core::Value::Array out;
  for (const SmootherIteration& iteration : fit.history) {
    core::Value v{core::Value::Table{}};
    v.set("objective", iteration.objective).set("accepted", iteration.accepted);
    v.set("tau", iteration.tau).set("failed", iteration.failed);
    out.push_back(std::move(v));
  }
  return out;
}

std::string draws_csv(const Posterior& posterior) {
  std::vector<std::string> columns = {"draw", "weight", "tau"};
  columns.insert(columns.end(), posterior.names.begin(), posterior.names.end());
  core::CsvWriter csv(columns);
  for (std::size_t i = 0; i < posterior.size(); ++i) {
    csv.cell(i).cell(posterior.weight[i], k_digits).cell(posterior.tau[i], k_digits);
    for (const double x : posterior.values[i]) csv.cell(x, k_digits);
    csv.end_row();
  }
  return csv.text();
}

[[noreturn]] void refuse(const std::string& file, int line, std::string message, std::string allowed) {
  throw core::InputError(core::Problem{{file, line, 0, {}}, {}, std::move(message), std::move(allowed), {}});
}

double number(const std::string& text, const std::string& file, int line) {
  double x = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(x))
    refuse(file, line, "'" + text + "' is no number", "a finite number");
  return x;
}

// A number of the record; not a number where there is none.
double number_of(const core::Value* value) {
  if (value == nullptr) return std::nan("");
  if (const std::int64_t* whole = value->integer()) return static_cast<double>(*whole);
  return value->real() != nullptr ? *value->real() : std::nan("");
}

// As scripts/adopt-posterior writes a value into a passport.
std::string adopted(double x) { return fmt::format("{:.4g}", x); }

// The value whose normal score in the prior is the mean of the draws', as scripts/adopt-posterior takes it;
// not a number where the record has no range.
double mean_of_draws(const core::Value& variable, const Posterior& posterior, std::size_t k) {
  const core::Value* range = variable.find("range");
  if (range == nullptr || range->array() == nullptr || range->array()->size() != 2) return std::nan("");
  const double low = number_of(&(*range->array())[0]);
  const double high = number_of(&(*range->array())[1]);
  if (!(low < high)) return std::nan("");
  const core::Value* unit = variable.find("unit");
  const std::string& name = posterior.names[k];
  const FreeParameter p(name, FreeParameter::Part::value,
                        unit != nullptr && unit->text() != nullptr ? *unit->text() : "", low, high, low);
  double sum = 0.0;
  double weights = 0.0;
  for (std::size_t i = 0; i < posterior.size(); ++i) {
    sum += posterior.weight[i] * p.theta(posterior.values[i][k]);
    weights += posterior.weight[i];
  }
  return p.natural(sum / weights);
}

// The record of a fitted variable; nullptr if it is none.
const core::Value* variable_in(const core::Value& record, const std::string& name) {
  const core::Value* variables = record.find("variable");
  if (variables == nullptr || variables->array() == nullptr) return nullptr;
  for (const core::Value& v : *variables->array()) {
    const core::Value* text = v.find("name");
    if (text != nullptr && text->text() != nullptr && *text->text() == name) return &v;
  }
  return nullptr;
}

// What the passport of a variable held when it was drawn from its prior (scripts/cell-priors); empty if it
// was not.
std::vector<double> values_from_prior(const core::Value& record, const std::string& name) {
  const core::Value* drawn = record.find("from_prior");
  const core::Value* names = drawn != nullptr ? drawn->find("names") : nullptr;
  const core::Value* values = drawn != nullptr ? drawn->find("values") : nullptr;
  if (names == nullptr || names->array() == nullptr || values == nullptr || values->array() == nullptr)
    return {};
  const std::size_t n = std::min(names->array()->size(), values->array()->size());
  for (std::size_t i = 0; i < n; ++i) {
    const std::string* text = (*names->array())[i].text();
    if (text != nullptr && *text == name) return {number_of(&(*values->array())[i])};
  }
  return {};
}

bool knows(const core::ParameterSet& set, const std::string& variable) {
  return set.contains(variable) || set.contains(variable.substr(0, variable.rfind('.')));
}

}  // namespace

std::vector<VariableSummary> summarise(const FreeParameters& parameters, const Calibration& fit) {
  const auto draws = kept(fit);
  std::vector<VariableSummary> out;
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const FreeParameter& p = parameters[k];
    VariableSummary s;
    s.name = p.name();
    s.unit = p.unit();
    std::vector<double> prior;
    prior.reserve(k_quadrature);
    for (int i = 0; i < k_quadrature; ++i)
      prior.push_back(p.natural(math::normal_quantile((i + 0.5) / k_quadrature)));
    s.prior_mean = mean_of(prior);
    s.prior_sd = std::sqrt(covariance(prior, prior));
    const std::vector<double> theta = thetas(draws, k);
    std::vector<double> natural;
    natural.reserve(theta.size());
    for (const double t : theta) natural.push_back(p.natural(t));
    s.mean = mean_of(natural);
    s.sd = std::sqrt(covariance(natural, natural));
    const double at[] = {0.025, 0.5, 0.975};
    const std::vector<double> q = analysis::quantiles(natural, at);
    s.low_95 = q[0];
    s.median = q[1];
    s.high_95 = q[2];
    s.mode = p.natural(fit.mode.theta[k]);
    s.shrinkage = 1.0 - covariance(theta, theta);
    s.median_quantile = prior_quantile(analysis::quantiles(theta, at)[1]);
    // The passports take the mode, so neither may stand at an end.
    const double mode_quantile = prior_quantile(fit.mode.theta[k]);
    const auto outside = [](double quantile) { return quantile < k_at_bound || quantile > 1.0 - k_at_bound; };
    s.at_bound = outside(s.median_quantile) || outside(mode_quantile);
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<TradeOff> trade_offs(const FreeParameters& parameters, const Calibration& fit) {
  const auto draws = kept(fit);
  std::vector<TradeOff> out;
  for (std::size_t a = 0; a < parameters.size(); ++a) {
    const std::vector<double> x = thetas(draws, a);
    for (std::size_t b = a + 1; b < parameters.size(); ++b) {
      const std::vector<double> y = thetas(draws, b);
      const double r = covariance(x, y) / std::sqrt(covariance(x, x) * covariance(y, y));
      if (std::abs(r) > k_trade_off) out.push_back({parameters[a].name(), parameters[b].name(), r});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const TradeOff& a, const TradeOff& b) {
    return std::abs(a.correlation) > std::abs(b.correlation);
  });
  return out;
}

std::vector<CalibrationCheck> check(const FreeParameters& parameters, const Calibration& fit) {
  std::string at_bound;
  for (const VariableSummary& s : summarise(parameters, fit)) {
    if (!s.at_bound) continue;
    at_bound += fmt::format("{}{} ({:g}, at {:.1f} % of its prior)", at_bound.empty() ? "" : ", ", s.name,
                            s.median, 100.0 * s.median_quantile);
  }
  const double prior = fit.prior_mean.loss.with_tau;
  const double posterior = fit.posterior_mean.loss.with_tau;
  return {
      {"at_bound", at_bound.empty(), at_bound.empty() ? "no parameter at a bound" : at_bound},
      {"draws", fit.effective >= k_least_effective,
       fmt::format("effective size {:.1f}, {} not converged", fit.effective, fit.not_converged)},
      // A prior mean at which the engine cannot run has no loss to beat.
      {"unseen", !(posterior >= prior),
       fmt::format("loss on unseen seeds: prior mean {:.1f}, posterior mean {:.1f}", prior, posterior)},
  };
}

Posterior make_posterior(const FreeParameters& parameters, std::span<const Target> targets,
                         const Calibration& fit, const CalibrationSettings& settings,
                         const std::string& program, const std::string& digest) {
  Posterior out;
  out.names = parameters.names();
  const auto draws = kept(fit);
  for (const CalibratedDraw* draw : draws) {
    std::vector<double>& values = out.values.emplace_back();
    for (std::size_t k = 0; k < parameters.size(); ++k)
      values.push_back(parameters[k].natural(draw->theta[k]));
    out.weight.push_back(1.0 / static_cast<double>(draws.size()));
    out.tau.push_back(draw->tau);
  }
  core::Value& r = out.record;
  r.set("program", program).set("digest", digest).set("draws_sha256", core::sha256_hex(draws_csv(out)));
  r.set("draws", out.size()).set("not_converged", fit.not_converged).set("effective_size", fit.effective);
  r.set("tau", fit.tau);
  // Said where the numbers are: who reads the result has to know what the method cannot do.
  r.set("spread", "approximate: an ensemble smoother is exact for linear responses only");
  r.set("settings", settings_value(settings));
  core::Value mode{core::Value::Table{}};
  mode.set("evaluations", fit.mode.evaluations).set("seeds", fit.mode.seeds);
  mode.set("converged", fit.mode.converged).set("tau", fit.mode.tau);
  r.set("mode", std::move(mode));
  core::Value losses{core::Value::Table{}};
  losses.set("prior_mean", as_value(fit.prior_mean.loss)).set("mode", as_value(fit.at_mode.loss));
  losses.set("posterior_mean", as_value(fit.posterior_mean.loss)).set("posterior", as_value(fit.posterior));
  losses.set("mode_on_fitted_seed", as_value(fit.mode_on_fitted_seed));
  r.set("loss_on_unseen_seeds", std::move(losses));
  core::Value::Array checks;
  for (const CalibrationCheck& c : check(parameters, fit)) {
    core::Value v{core::Value::Table{}};
    checks.push_back(v.set("name", c.name).set("passed", c.passed).set("detail", c.detail));
  }
  r.set("check", std::move(checks)).set("iteration", history_value(fit));
  core::Value::Array variables;
  const std::vector<VariableSummary> summaries = summarise(parameters, fit);
  for (std::size_t k = 0; k < summaries.size(); ++k)
    variables.push_back(variable_value(summaries[k], parameters[k]));
  core::Value::Array pairs;
  for (const TradeOff& t : trade_offs(parameters, fit)) {
    core::Value v{core::Value::Table{}};
    pairs.push_back(v.set("first", t.first).set("second", t.second).set("correlation", t.correlation));
  }
  core::Value::Array rows;
  for (const ScoredRow& row : fit.rows) rows.push_back(row_value(row, targets[row.target], fit));
  core::Value::Array left_out;
  for (const RowLeftOut& row : fit.left_out) {
    const Target& target = targets[row.target];
    core::Value v{core::Value::Table{}};
    left_out.push_back(v.set("row", target.row_id).set("part", target.part).set("reason", row.reason));
  }
  r.set("variable", std::move(variables)).set("trade_off", std::move(pairs));
  r.set("row", std::move(rows)).set("left_out", std::move(left_out));
  return out;
}

void write_posterior(const std::filesystem::path& directory, const Posterior& posterior) {
  const core::OutputDirectory out(directory);
  out.write("posterior.csv", draws_csv(posterior));
  out.write("posterior.toml", core::to_toml(posterior.record));
}

Posterior read_posterior(const std::filesystem::path& directory) {
  const std::string csv_file = (directory / "posterior.csv").string();
  const core::Document document = core::Document::load((directory / "posterior.toml").string());
  const std::string text = core::load_text(csv_file, core::Document::k_max_bytes);
  Posterior out;
  out.record = document.root();
  const core::Value* digest = out.record.find("draws_sha256");
  if (digest == nullptr || digest->text() == nullptr || *digest->text() != core::sha256_hex(text))
    refuse(csv_file, 0, "these are not the draws that posterior.toml records",
           "both files of one calibration");
  const core::CsvTable table = core::parse_csv(text, csv_file);
  if (table.columns.size() <= k_fixed_columns || table.columns[1] != "weight" || table.columns[2] != "tau")
    refuse(csv_file, 1, "no table of draws", "draw, weight, tau, then the parameters");
  out.names.assign(table.columns.begin() + k_fixed_columns, table.columns.end());
  for (const core::CsvRecord& record : table.records) {
    out.weight.push_back(number(record.fields[1], csv_file, record.line));
    out.tau.push_back(number(record.fields[2], csv_file, record.line));
    std::vector<double>& values = out.values.emplace_back();
    for (std::size_t k = k_fixed_columns; k < record.fields.size(); ++k)
      values.push_back(number(record.fields[k], csv_file, record.line));
  }
  if (out.values.empty()) refuse(csv_file, 1, "there are no draws", "at least one");
  return out;
}

void mark_fitted(std::vector<Target>& targets, const Posterior& posterior) {
  std::set<std::pair<std::string, int>> rows;
  const core::Value* of = posterior.record.find("row");
  if (of != nullptr && of->array() != nullptr) {
    for (const core::Value& row : *of->array()) {
      const core::Value* id = row.find("row");
      const core::Value* part = row.find("part");
      const bool is_row =
          id != nullptr && id->text() != nullptr && part != nullptr && part->integer() != nullptr;
      if (is_row) rows.emplace(*id->text(), static_cast<int>(*part->integer()));
    }
  }
  for (Target& t : targets) t.fitted = rows.contains({t.row_id, t.part});
}

core::ParameterSet with_draw(core::ParameterSet set, const Posterior& posterior, std::size_t i) {
  for (std::size_t k = 0; k < posterior.names.size(); ++k)
    set_variable(set, posterior.names[k], posterior.values[i][k]);
  return set;
}

std::vector<std::string> edited_variables(const core::ParameterSet& set, const Posterior& posterior) {
  std::vector<std::string> edited;
  for (std::size_t k = 0; k < posterior.names.size(); ++k) {
    const std::string& name = posterior.names[k];
    if (!knows(set, name)) continue;
    std::vector<double> left = values_from_prior(posterior.record, name);
    if (const core::Value* variable = variable_in(posterior.record, name))
      left = {number_of(variable->find("mode")), mean_of_draws(*variable, posterior, k)};
    std::erase_if(left, [](double x) { return std::isnan(x); });
    const std::string here = adopted(variable_of(set, name));
    const auto is_here = [&here](double x) { return adopted(x) == here; };
    if (!left.empty() && std::none_of(left.begin(), left.end(), is_here)) edited.push_back(name);
  }
  return edited;
}

std::string predictions_csv(std::span<const Target> targets, const Calibration& fit) {
  core::CsvWriter csv({"draw", "row", "part", "seed", "mean", "sd_study", "mc_se"});
  std::size_t number = 0;
  for (std::size_t i = 0; i < fit.draws.size(); ++i) {
    const CalibratedDraw& draw = fit.draws[i];
    if (draw.weight == 0.0) continue;
    for (std::size_t j = 0; j < targets.size(); ++j) {
      csv.cell(number).cell(targets[j].row_id).cell(targets[j].part);
      csv.cell(fmt::format("{}", fit.unseen_seeds[i % fit.unseen_seeds.size()]));
      csv.cell(draw.predictions[j].mean).cell(draw.predictions[j].sd_study).cell(draw.predictions[j].mc_se);
      csv.end_row();
    }
    ++number;
  }
  return csv.text();
}

}  // namespace hortega::evidence
