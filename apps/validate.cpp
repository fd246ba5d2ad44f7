// SPDX-License-Identifier: Apache-2.0
// hortega validate: every published number that a shipped protocol gives, beside its simulated distribution.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "command.hpp"
#include "draws.hpp"
#include "evidence_world.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/evidence/emergent.hpp"
#include "hortega/evidence/evaluation.hpp"
#include "hortega/evidence/holdout.hpp"
#include "hortega/evidence/likelihood.hpp"
#include "hortega/evidence/posterior.hpp"
#include "hortega/evidence/row_facts.hpp"
#include "hortega/output/validation_report.hpp"
#include "inputs.hpp"
#include "run_directory.hpp"

namespace hortega::apps {

namespace {

struct ValidateOptions {
  std::string out = "out/validation";
  std::string posterior;               // folder of posterior.csv; empty: the data folder
  std::vector<std::string> protocols;  // ids; empty: all
  std::vector<std::string> refits;     // folders of fits without one family
  std::optional<int> draws;
  int prior_draws = 20;
  int conduct_draws = 20;
  int people = 1500;
  int lives = 8000;
  std::uint64_t seed = 1;
  int threads = 0;
  bool resume = false;
  bool json = false;
};

// Replicates of a study over all draws together, at least: its spread is pooled over them.
constexpr std::size_t k_replicates = 30;

// The draws of one set of predictions: parameters, how much studies differ, weight.
struct ParameterDraws {
  std::string name;
  std::vector<core::ParameterSet> sets;
  std::vector<double> tau;  // empty: not known
  std::vector<double> weight;
};

// Seeds of the draws are their own; 0 is left for the reference.
std::uint64_t seed_of(const ValidateOptions& options, std::size_t draw) {
  return options.seed + 1000003ULL * (draw + 1);
}

std::optional<evidence::Posterior> find_posterior(const ValidateOptions& options) {
  const std::filesystem::path folder =
      options.posterior.empty() ? core::data_folder() : std::filesystem::path(options.posterior);
  if (options.posterior.empty() && !std::filesystem::exists(folder / "posterior.csv")) return std::nullopt;
  return evidence::read_posterior(folder);
}

// The whole posterior, or `n` draws of it by systematic resampling of its weights.
ParameterDraws posterior_draws(const core::ParameterSet& set, const evidence::Posterior& posterior,
                               std::size_t n) {
  ParameterDraws draws;
  draws.name = "posterior";
  const bool all = n >= posterior.size();
  double sum = 0.0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < posterior.size(); ++i) {
    sum += posterior.weight[i];
    const auto take = [&] {
      draws.sets.push_back(evidence::with_draw(set, posterior, i));
      draws.tau.push_back(posterior.tau[i]);
      draws.weight.push_back(all ? posterior.weight[i] : 1.0);
    };
    if (all) {
      take();
    } else {
      for (; next < n && (static_cast<double>(next) + 0.5) / static_cast<double>(n) <= sum; ++next) take();
    }
  }
  return draws;
}

// The one family that a fit was made without (calibrate --without).
std::string family_of_refit(const std::string& folder, const evidence::Posterior& posterior) {
  const core::Value* without = posterior.record.find("without");
  const core::Value::Array* families = without != nullptr ? without->array() : nullptr;
  if (families == nullptr || families->size() != 1) {
    throw core::InputError(core::Problem{{folder, 0, 0, {}},
                                         {},
                                         "this fit was not made without exactly one family of studies",
                                         "the --out of hortega calibrate --without FAMILY",
                                         {}});
  }
  return *families->front().text();
}

// Those that give the fitted rows of a family, which are all that a fit without it is asked for.
std::vector<std::string> protocols_of(const std::vector<evidence::Target>& targets,
                                      const std::string& family) {
  std::set<std::string> ids;
  for (const evidence::Target& t : targets)
    if (t.fitted && t.family == family) ids.insert(t.protocol);
  return {ids.begin(), ids.end()};
}

// From the prior of every variable and of how much studies differ (half-normal).
ParameterDraws draws_of_prior(const core::ParameterSet& set, const ValidateOptions& options) {
  ParameterDraws draws;
  draws.name = "prior";
  const evidence::FreeParameters free(set);
  std::mt19937_64 bits(options.seed);
  const auto normal = [&] {
    const double u = (static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53;
    return boost::math::quantile(boost::math::normal(), u);
  };
  for (int d = 0; d < options.prior_draws; ++d) {
    std::vector<double> theta(free.size());
    for (double& x : theta) x = normal();
    draws.sets.push_back(free.at(set, theta));
    draws.tau.push_back(evidence::LikelihoodSettings{}.tau_scale * std::fabs(normal()));
    draws.weight.push_back(1.0);
  }
  return draws;
}

// Rival hypotheses (docs/model.md), each the switch of one parameter.
struct Rival {
  const char* name;
  const char* parameter;
  const char* description;
};
constexpr std::array<Rival, 2> k_rivals = {{
    {"graded regrowth", "graded_regrowth",
     "A rival: the few CNS-reactive cells that survive a depletion grow back as surely as many, unless "
     "chance "
     "leaves no clone. Other parameters as in the main column, not fitted anew."},
    {"age-driven progression", "age_driven_progression",
     "A rival: inflammation behind the barrier does not sustain itself; axons are lost with age. Other "
     "parameters as in the main column, not fitted anew."},
}};

// Draws by numbers: published rows, and what facts ask beside them.
struct Predicted {
  std::vector<std::vector<evidence::Prediction>> rows, asked;
};

// Runs the engine, keeping what is finished.
class Engine {
 public:
  Engine(const evidence::RowSimulator& simulator, const ValidateOptions& options, std::string digest,
         std::filesystem::path partial)
      : simulator_(simulator), options_(options), digest_(std::move(digest)), partial_(std::move(partial)) {}

  Predicted predict(const std::string& name, const std::vector<core::ParameterSet>& sets,
                    trial::ConductSwitch conduct, std::size_t first_seed = 0,
                    const std::vector<std::string>& only = {}) const {
    evidence::RowSimulatorOptions engine;
    engine.only = only;
    engine.lives = options_.lives;
    engine.people_per_arm = options_.people;
    engine.conduct = conduct;
    engine.replicates_at_least = std::max(
        2, static_cast<int>((k_replicates + sets.size() - 1) / std::max<std::size_t>(1, sets.size())));
    core::Progress progress(name, static_cast<std::int64_t>(sets.size()));
    evidence::Evaluate evaluate = [&](std::span<const evidence::Job> jobs) {
      std::vector<evidence::Evaluation> out;
      for (const evidence::Job& job : jobs) {
        evidence::Evaluation e;
        try {
          e.predictions =
              simulator_.predict(sets.at(static_cast<std::size_t>(job.theta.at(0))), job.seed, engine);
        } catch (const core::RunError& error) {
          e.failure = error.what();
        }
        out.push_back(std::move(e));
        progress.tick();
      }
      return out;
    };
    // The journal knows a draw by its place only.
    core::Sha256 sha;
    sha.update(fmt::format("{} {} {} {} {}\n", digest_, name, engine.replicates_at_least, first_seed,
                           fmt::join(only, " ")));
    for (const core::ParameterSet& set : sets) {
      for (const core::Passport& p : set.all()) sha.update(fmt::format("{:a} {:a}\n", p.value, p.spread));
    }
    std::string slug = name;
    std::replace(slug.begin(), slug.end(), ' ', '-');
    evidence::Journal journal(partial_ / (slug + ".bin"), sha.hex(), evaluate, 1);
    if (options_.resume && !journal.rejected().empty())
      fmt::print(stderr, "{} begins anew: {}\n", name, journal.rejected());
    std::vector<evidence::Job> jobs;
    for (std::size_t i = 0; i < sets.size(); ++i)
      jobs.push_back({{static_cast<double>(i)}, seed_of(options_, first_seed + i)});
    Predicted out;
    const std::size_t rows = simulator_.targets().size();
    for (evidence::Evaluation& e : journal(jobs)) {
      if (!e.failure.empty()) {
        // The engine cannot run there: every number is undefined, and the rows say so.
        const double nan = std::nan("");
        e.predictions.assign(rows + simulator_.asked().size(), evidence::Prediction{nan, nan, nan});
        fmt::print(stderr, "{}, draw {}: {}\n", name, out.rows.size() + 1, e.failure);
      }
      const auto first_asked = e.predictions.begin() + static_cast<std::ptrdiff_t>(rows);
      out.rows.emplace_back(e.predictions.begin(), first_asked);
      out.asked.emplace_back(first_asked, e.predictions.end());
    }
    return out;
  }

 private:
  const evidence::RowSimulator& simulator_;
  const ValidateOptions& options_;
  std::string digest_;
  std::filesystem::path partial_;
};

// The between-study term of each draw and target (likelihood.hpp: tau on the logarithm and logit; on the
// identity in standard deviations between people).
void add_between_study_terms(const std::vector<evidence::Target>& targets, const std::vector<double>& tau,
                             evidence::DrawPredictions& draws) {
  for (std::size_t d = 0; d < draws.draws() && d < tau.size(); ++d) {
    std::vector<double> terms;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const double people = targets[i].people > 0.0 ? targets[i].people : 100.0;  // as the likelihood has it
      const bool identity = targets[i].link == evidence::Link::identity;
      terms.push_back(tau[d] * (identity ? draws.by_draw[d][i].sd_study * std::sqrt(people) : 1.0));
    }
    draws.between_study_sd.push_back(std::move(terms));
  }
}

// What each fitted row adds to the logarithm of the fit's likelihood, of each draw; 0 for other rows. Facts
// that the posterior's record names as rows of its fit do so too: they stand after the rows, as in the fit.
void add_log_likelihoods(const evidence::EmergentFacts& facts, const evidence::Posterior& posterior,
                         std::vector<evidence::Prediction> reference, const std::vector<double>& tau,
                         evidence::ValidationInput& in) {
  const evidence::FittedFacts fitted(facts, in.targets);
  std::vector<evidence::Target> made = fitted.targets();
  evidence::mark_fitted(made, posterior);
  const std::size_t rows = in.targets.size();
  std::vector<evidence::Target> targets = in.targets;
  targets.insert(targets.end(), made.begin(), made.end());
  fitted.append(reference);
  const evidence::Likelihood likelihood(targets, reference, {});
  for (const evidence::Target& fact : made)
    if (fact.fitted) in.facts_in_fit.push_back({evidence::study_family(fact.study), {}});
  for (std::size_t d = 0; d < in.main.draws.draws(); ++d) {
    std::vector<evidence::Prediction> draw = in.main.draws.by_draw[d];
    fitted.append(draw);
    std::vector<double> added(targets.size(), 0.0);
    for (std::size_t r = 0; r < likelihood.rows().size(); ++r) {
      const evidence::ScoredRow& row = likelihood.rows()[r];
      const double z = likelihood.standardised_residual(r, draw, tau[d]);
      added[row.target] = -0.5 * row.weight * (std::log(likelihood.variance(r, tau[d])) + z * z);
    }
    auto fact = in.facts_in_fit.begin();
    for (std::size_t k = 0; k < made.size(); ++k)
      if (made[k].fitted) (fact++)->log_likelihood.push_back(added[rows + k]);
    added.resize(rows);
    in.log_likelihood.push_back(std::move(added));
  }
}

// Facts are judged on the rows of the main draws and on what was asked beside them.
std::vector<evidence::JudgedFact> judged(const evidence::EmergentFacts& facts,
                                         const std::vector<evidence::Target>& asked,
                                         const evidence::ValidationInput& in,
                                         const std::vector<std::vector<evidence::Prediction>>& of_asked) {
  std::vector<evidence::Target> targets = in.targets;
  targets.insert(targets.end(), asked.begin(), asked.end());
  evidence::DrawPredictions draws = in.main.draws;
  for (std::size_t d = 0; d < draws.draws(); ++d)
    draws.by_draw[d].insert(draws.by_draw[d].end(), of_asked[d].begin(), of_asked[d].end());
  return evidence::judge(facts, targets, draws);
}

std::vector<evidence::RowFacts> facts_of(const std::vector<evidence::Target>& targets,
                                         const EvidenceWorld& world) {
  std::map<std::string, const trial::Protocol*> protocols;
  for (const trial::Protocol& p : world.protocols) protocols[p.id] = &p;
  std::vector<evidence::RowFacts> out;
  for (const evidence::Target& t : targets) {
    out.push_back(evidence::row_facts(t, *protocols.at(t.protocol)));
    if (const auto* row = world.published.find(t.row_id)) out.back().citation = row->citation;
  }
  return out;
}

std::vector<output::LeftOutRow> rows_left_out(const EvidenceWorld& world) {
  std::vector<output::LeftOutRow> out;
  for (const evidence::MapEntry& entry : world.map.entries) {
    if (entry.is_mapped()) continue;
    const evidence::PublishedRow* row = world.published.find(entry.id);
    out.push_back(
        {entry.part ? fmt::format("{}/{}", entry.id, *entry.part) : entry.id, row->study, row->endpoint,
         entry.none         ? *entry.none
         : entry.experiment ? fmt::format("of animals: `hortega run data/protocols/{}.toml`", *entry.protocol)
                            : fmt::format("protocol '{}' is not written yet", *entry.protocol)});
  }
  return out;
}

std::string digest_of_inputs(const EvidenceWorld& world, const ValidateOptions& options,
                             std::vector<output::InputFile>& inputs) {
  std::string all = digest_of_program();
  for (const std::string& file : world.files) {
    inputs.push_back(output::describe_input(file));
    all += inputs.back().sha256 + "\n";
  }
  all += fmt::format("{} {} {} {}", options.seed, options.people, options.lives,
                     fmt::join(options.protocols, " "));
  return core::sha256_hex(all);
}

std::string command_of(const ValidateOptions& options) {
  std::string text =
      fmt::format("hortega validate --seed {} --prior-draws {} --conduct-draws {} --people {} --lives {}",
                  options.seed, options.prior_draws, options.conduct_draws, options.people, options.lives);
  if (options.draws) text += fmt::format(" --draws {}", *options.draws);
  if (!options.posterior.empty()) text += " --posterior " + options.posterior;
  if (!options.protocols.empty()) text += fmt::format(" --protocol {}", fmt::join(options.protocols, " "));
  for (const std::string& folder : options.refits) text += " --refit " + folder;
  return text;
}

output::ValidationReport make_report(const ValidateOptions& options, const EvidenceWorld& world,
                                     const RunDirectory& directory) {
  const std::optional<evidence::Posterior> posterior = find_posterior(options);
  const int wanted = options.draws.value_or(posterior ? static_cast<int>(posterior->size()) : 0);
  if (wanted > 0 && !posterior)
    throw core::InputError(core::Problem{{"--draws", 0, 0, {}},
                                         {},
                                         fmt::format("there is no posterior to take {} draws from", wanted),
                                         "0 (the reference parameters), or --posterior FOLDER",
                                         {}});
  output::ValidationReport report;
  report.seed = options.seed, report.isa = disease::name_of(disease::current_isa());
  report.command = command_of(options);
  std::string digest = digest_of_inputs(world, options, report.inputs);
  if (!options.refits.empty() && wanted == 0) {
    throw core::InputError(
        core::Problem{{"--refit", 0, 0, {}},
                      {},
                      "without draws of a posterior there is no fit to leave a study out of",
                      "--draws of at least 1, and a posterior",
                      {}});
  }
  if (posterior && wanted > 0) {
    const std::filesystem::path folder =
        options.posterior.empty() ? core::data_folder() : std::filesystem::path(options.posterior);
    report.inputs.push_back(output::describe_input((folder / "posterior.csv").string()));
    // The passports hold the fit of the data folder, and no other.
    if (options.posterior.empty())
      report.notices = edits_without_effect(world.parameters, {}, *posterior, "a validation", false);
    for (const std::string& notice : report.notices) fmt::print(stderr, "warning: {}\n", notice);
    digest = core::sha256_hex(digest + report.inputs.back().sha256);
  }
  for (const core::Passport& p : world.parameters.all()) {
    ++report.parameters;
    report.parameters_assumed += p.grade == 'D' ? 1 : 0;
    report.parameters_fitted += p.grade == 'F' ? 1 : 0;
  }

  const evidence::EmergentFacts facts =
      evidence::emergent_facts_schema()
          .read(core::Document::load((core::data_folder() / "evidence" / "emergent.toml").string()))
          .value;
  evidence::check_asked(facts, (core::data_folder() / "protocols").string());
  evidence::RowSimulator simulator = world.simulator(options.protocols, {}, evidence::asked_numbers(facts));
  const Engine engine(simulator, options, digest, directory.partial());
  const auto as_protocol = trial::ConductSwitch::as_protocol;
  Predicted predicted = engine.predict("reference", {world.parameters}, as_protocol);
  const std::vector<evidence::Prediction> reference = predicted.rows.front();
  simulator.complete_errors(reference);
  evidence::ValidationInput& in = report.input;
  in.targets = simulator.targets();
  if (posterior && wanted > 0) evidence::mark_fitted(in.targets, *posterior);
  in.facts = facts_of(in.targets, world);

  ParameterDraws draws;
  if (wanted > 0) {
    draws = posterior_draws(world.parameters, *posterior, static_cast<std::size_t>(wanted));
    in.main.name = "posterior";
    in.main.description = "draws of the parameters that the calibration left";
    in.main_is_posterior = true;
    predicted = engine.predict("posterior", draws.sets, as_protocol);
    in.main.draws.by_draw = predicted.rows;
    in.main.draws.weight = draws.weight;
    evidence::pool_study_spread(in.main.draws);
    add_between_study_terms(in.targets, draws.tau, in.main.draws);
    for (const std::string& folder : options.refits) {
      const evidence::Posterior refit = evidence::read_posterior(folder);
      const std::string family = family_of_refit(folder, refit);
      const ParameterDraws of_refit =
          posterior_draws(world.parameters, refit, static_cast<std::size_t>(wanted));
      evidence::DrawPredictions& without = in.refits[family];
      without.by_draw =
          engine.predict("without " + family, of_refit.sets, as_protocol, 0, protocols_of(in.targets, family))
              .rows;
      without.weight = of_refit.weight;
      evidence::pool_study_spread(without);
      add_between_study_terms(in.targets, of_refit.tau, without);
      report.inputs.push_back(
          output::describe_input((std::filesystem::path(folder) / "posterior.csv").string()));
    }
    add_log_likelihoods(facts, *posterior, reference, draws.tau, in);
  } else {
    draws.sets = {world.parameters};
    in.main.name = "reference parameters";
    in.main.description = "the values of data/parameters";
    in.main.draws.by_draw = predicted.rows;
    report.notices.emplace_back(
        "These are predictions of the reference parameters alone: how uncertain the parameters are, and how "
        "much studies differ beyond chance, is not in the ranges, which are therefore too narrow.");
    if (!posterior)
      report.notices.emplace_back(
          "No calibration has been run yet: the rows called fitted are meant for fitting. Values of grade F "
          "in "
          "data/parameters come from a prototype that was fitted to some of them.");
  }

  // Shown beside: some of the draws again, with something else.
  const std::size_t again =
      std::min(draws.sets.size(), static_cast<std::size_t>(std::max(0, options.conduct_draws)));
  const auto add_alternative = [&](const std::string& name, const std::string& description,
                                   const std::vector<core::ParameterSet>& sets,
                                   trial::ConductSwitch conduct) {
    evidence::PredictionSet other;
    other.name = name;
    other.description = description;
    other.draws.by_draw = engine.predict(name, sets, conduct).rows;
    evidence::pool_study_spread(other.draws);
    if (wanted > 0) {
      other.draws.weight.assign(draws.weight.begin(),
                                draws.weight.begin() + static_cast<std::ptrdiff_t>(again));
      add_between_study_terms(in.targets, draws.tau, other.draws);
    }
    in.alternatives.push_back(std::move(other));
  };
  if (again > 0) {
    const std::vector<core::ParameterSet> sets(draws.sets.begin(),
                                               draws.sets.begin() + static_cast<std::ptrdiff_t>(again));
    add_alternative(
        "conduct off",
        "The same people with nothing of what blinding, raters and reporting do to the numbers of a study.",
        sets, trial::ConductSwitch::off);
    for (const Rival& rival : k_rivals) {
      std::vector<core::ParameterSet> switched = sets;
      for (core::ParameterSet& set : switched) set.set(rival.parameter, 1.0);
      add_alternative(rival.name, rival.description, switched, as_protocol);
    }
  }
  if (options.prior_draws > 0) {
    const ParameterDraws prior = draws_of_prior(world.parameters, options);
    in.prior.emplace();
    in.prior->name = "prior";
    in.prior->description = "parameters drawn from the ranges of their passports";
    in.prior->draws.by_draw = engine.predict("prior", prior.sets, as_protocol, 100000).rows;
    evidence::pool_study_spread(in.prior->draws);
    add_between_study_terms(in.targets, prior.tau, in.prior->draws);
  }

  report.result = evidence::validate(in);
  report.facts = judged(facts, simulator.asked(), in, predicted.asked);
  report.left_out = rows_left_out(world);
  report.looked_at = world.map.looked_at;
  return report;
}

void validate(const ValidateOptions& options) {
  core::set_threads(options.threads);
  const EvidenceWorld world = load_evidence_world();
  RunDirectory directory(options.out, options.resume ? Resume::yes : Resume::no);
  core::watch_for_interrupts();
  core::OutputDirectory keep(directory.partial());
  output::ValidationReport report;
  try {
    report = make_report(options, world, directory);
  } catch (const core::Interrupted&) {
    fmt::print(stderr,
               "finished predictions are kept in {}: the same command with --resume goes on from there\n",
               directory.partial().string());
    throw;
  }
  const output::WrittenValidation written = output::write_validation(report, directory.fresh().string());
  directory.publish();
  if (options.json) {
    fmt::print("{}", output::validation_headline_json(report));
  } else {
    fmt::print("{}\npage: {}/validation.html\nresults: {}\n", output::validation_text(report), options.out,
               written.results_sha256);
  }
}

}  // namespace

void add_validate(CLI::App& app) {
  auto options = std::make_shared<ValidateOptions>();
  CLI::App* command =
      app.add_subcommand("validate", "Predict every published number and say how well it was foretold");
  command->add_option("--out", options->out, "Directory for the results")->capture_default_str();
  command->add_option("--posterior", options->posterior,
                      "Folder of posterior.csv and posterior.toml (default: the data folder)");
  command->add_option("--protocol", options->protocols, "Only rows of these protocols (ids)");
  command->add_option("--refit", options->refits,
                      "Folders of fits without one family of studies (calibrate --without): in place of "
                      "re-weighting");
  command
      ->add_option("--draws", options->draws,
                   "Draws of the posterior (default: all; 0: the reference parameters)")
      ->check(CLI::Range(0, 100000));
  command->add_option("--prior-draws", options->prior_draws, "Draws of the prior, a baseline (0: none)")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command
      ->add_option("--conduct-draws", options->conduct_draws,
                   "Of the draws, how many also without conduct, and under each rival hypothesis")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--people", options->people, "Simulated people in the smallest arm of each trial")
      ->check(CLI::Range(10, 10000000))
      ->capture_default_str();
  command->add_option("--lives", options->lives, "Lives from which all trials recruit")
      ->check(CLI::Range(100, 10000000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Seed")->capture_default_str()->check(not_negative());
  command->add_option("--threads", options->threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_flag("--resume", options->resume, "Go on where a validation into this directory was cut off");
  command->add_flag("--json", options->json,
                    "Print rows_scored, inside_50, inside_90 and interval_score of each group");
  command->footer("Example:\n  hortega validate --draws 0 --prior-draws 0 --people 200 --out out/validation");
  command->callback([options] { validate(*options); });
}

}  // namespace hortega::apps
