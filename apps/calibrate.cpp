// SPDX-License-Identifier: Apache-2.0
// hortega calibrate: fits the parameters of grade F to the calibration rows.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "command.hpp"
#include "evidence_world.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/core/version.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/evidence/emergent.hpp"
#include "hortega/evidence/holdout.hpp"
#include "hortega/evidence/posterior.hpp"
#include "hortega/evidence/simulation_check.hpp"
#include "inputs.hpp"
#include "ranks.hpp"
#include "run_directory.hpp"

namespace hortega::apps {

namespace {

struct CalibrateOptions {
  std::string out = "out/calibration";
  evidence::CalibrationSettings settings;
  evidence::RowSimulatorOptions engine;
  std::vector<std::string> protocols;
  std::vector<std::string> parameters;
  std::vector<std::string> without;  // families of studies
  int threads = 0;
  int simulate = 0;
  bool resume = false;
  bool json = false;
};

// Each evaluation is kept when it is done: it takes seconds, writing all of them some milliseconds.
constexpr std::size_t k_batch = 1;

// What a calibration works on.
struct Problem {
  EvidenceWorld world;
  evidence::FreeParameters free;
  evidence::RowSimulator simulator;
  evidence::RowSimulatorOptions engine;
  std::vector<std::string> without;
  std::vector<evidence::Target> targets;  // rows, then facts
  evidence::FittedFacts facts;

  explicit Problem(const CalibrateOptions& options)
      : world(load_evidence_world()),
        free(world.parameters, options.parameters),
        simulator(world.simulator(options.protocols, {true, false, false})),
        engine(options.engine),
        without(options.without),
        facts({}, {}) {
    // Rows without an interval get one from the spread of simulated studies at the passports' values.
    const evidence::FitNoise noise(options.settings.seed);
    evidence::RowSimulatorOptions many = engine;
    many.replicates_at_least = evidence::k_replicates_for_spread;
    simulator.complete_errors(simulator.predict(
        world.parameters, noise.engine_seed(evidence::FitNoise::Use::another_fit, 0), many));
    targets = simulator.targets();
    const auto read = evidence::emergent_facts_schema().read(
        core::Document::load((core::data_folder() / "evidence" / "emergent.toml").string()));
    facts = evidence::FittedFacts(read.value, targets);
    targets.insert(targets.end(), facts.targets().begin(), facts.targets().end());
    leave_out();
  }

  // Rows of the families that this fit is to do without, and facts made of them, are predicted but not
  // fitted.
  void leave_out() {
    std::set<std::string> families;
    for (const evidence::Target& t : targets) families.insert(t.family);
    for (const std::string& family : without) {
      if (!families.contains(family)) {
        throw core::InputError(core::Problem{{"--without", 0, 0, {}},
                                             {},
                                             fmt::format("no row to be fitted is of '{}'", family),
                                             fmt::format("{}", fmt::join(families, ", ")),
                                             {}});
      }
    }
    for (evidence::Target& t : targets) {
      const auto is_out = [&](const std::string& family) {
        return std::find(without.begin(), without.end(), family) != without.end();
      };
      if (is_out(t.family) || is_out(evidence::study_family(t.study)))
        t.why_not_scored = "left out of this fit";
    }
  }

  evidence::ForwardModel forward() const {
    return [this](std::span<const double> theta, std::uint64_t seed) {
      try {
        auto predictions = simulator.predict(free.at(world.parameters, theta), seed, engine);
        facts.append(predictions);
        return predictions;
      } catch (const core::InputError& error) {
        // Parameters that do not go together are a place where the engine cannot run.
        throw core::RunError(error.what());
      }
    };
  }

  // Everything but targets and settings.
  std::string digest() const {
    core::Sha256 sha;
    sha.update(digest_of_program());
    for (const std::string& file : world.files) sha.update(core::sha256_of_file(file));
    for (const evidence::FreeParameter& p : free.all())
      sha.update(fmt::format("{} {:.17g} {:.17g}\n", p.name(), p.low(), p.high()));
    sha.update(fmt::format("{} {} {} {}", engine.lives, engine.times_at_most, engine.people_per_arm,
                           engine.replicates_at_least));
    for (const std::string& family : without) sha.update("without " + family + "\n");
    return sha.hex();
  }
};

int most_evaluations(const evidence::CalibrationSettings& s) {
  return 1 + s.mode.evaluations + std::min(s.smoother.first_members, s.smoother.members) +
         s.smoother.members * s.smoother.iterations + 3 * s.unseen_seeds;
}

core::Value engine_value(const Problem& problem) {
  core::Value v{core::Value::Table{}};
  v.set("lives", problem.engine.lives).set("times_at_most", problem.engine.times_at_most);
  v.set("people_per_arm", problem.engine.people_per_arm);
  return v.set("replicates_at_least", problem.engine.replicates_at_least);
}

void print_loss(const char* name, const evidence::Loss& loss) {
  fmt::print("  {:<16} {:>12.1f} {:>12.1f}\n", name, loss.sampling, loss.with_tau);
}

void print_result(const Problem& problem, const evidence::Calibration& fit) {
  fmt::print("{} rows, {} parameters; {} draws; studies differ by {:.2f} (tau)\n\n", fit.rows.size(),
             problem.free.size(), fit.draws.size() - static_cast<std::size_t>(fit.not_converged), fit.tau);
  fmt::print("  {:<16} {:>12} {:>12}\n", "unseen seeds", "chance alone", "with tau");
  print_loss("prior mean", fit.prior_mean.loss);
  print_loss("mode", fit.at_mode.loss);
  print_loss("posterior mean", fit.posterior_mean.loss);
  print_loss("draws", fit.posterior);
  print_loss("mode, fitted", fit.mode_on_fitted_seed);
  fmt::print("\n{:<34} {:>10} {:>21} {:>21} {:>9}\n", "parameter", "passport", "range", "95 % of the draws",
             "shrinkage");
  const auto summaries = evidence::summarise(problem.free, fit);
  for (std::size_t k = 0; k < summaries.size(); ++k) {
    const auto& s = summaries[k];
    const auto& p = problem.free[k];
    fmt::print("{:<34} {:>10.4g} {:>21} {:>21} {:>9.2f}{}\n", s.name, p.start(),
               fmt::format("{:.3g} to {:.3g}", p.low(), p.high()),
               fmt::format("{:.3g} to {:.3g}", s.low_95, s.high_95), s.shrinkage,
               s.at_bound ? "  at a bound" : "");
  }
  fmt::print("\n");
  for (const evidence::TradeOff& t : evidence::trade_offs(problem.free, fit))
    fmt::print("{} trades off with {} ({:.2f})\n", t.first, t.second, t.correlation);
  for (const evidence::CalibrationCheck& c : evidence::check(problem.free, fit))
    fmt::print("check {}: {}: {}\n", c.name, c.passed ? "passed" : "FAILED", c.detail);
}

// Fits and writes everything below `directory`; false if a check fails.
bool calibrate(const CalibrateOptions& options, const Ranks& ranks, RunDirectory& directory) {
  const auto started = std::chrono::steady_clock::now();
  const Problem problem(options);
  const std::vector<double> start = problem.free.start();
  const auto& targets = problem.targets;
  const std::string digest = evidence::calibration_digest(start, targets, options.settings, problem.digest());
  core::Progress progress("evaluations", most_evaluations(options.settings));
  const evidence::ForwardModel forward = problem.forward();
  const core::OutputDirectory kept(directory.partial());
  evidence::Journal journal(
      kept.path() / "evaluations.bin", digest,
      ranks.shared_out(evidence::in_turn([&](std::span<const double> theta, std::uint64_t seed) {
        auto out = forward(theta, seed);
        progress.tick(ranks.size());
        return out;
      })),
      k_batch * static_cast<std::size_t>(ranks.size()));
  if (!journal.rejected().empty())
    fmt::print(stderr, "evaluations of the run before are not used: {}\n", journal.rejected());
  const evidence::Calibration fit = evidence::calibrate(start, targets, journal, options.settings);
  if (options.resume)
    fmt::print(stderr, "{} evaluations taken over from the run before\n", journal.taken_over());
  evidence::Posterior posterior =
      evidence::make_posterior(problem.free, targets, fit, options.settings,
                               core::version_line(disease::name_of(disease::current_isa())), digest);
  posterior.record.set("engine", engine_value(problem));
  if (!problem.without.empty()) {
    posterior.record.set("without", core::Value::Array(problem.without.begin(), problem.without.end()));
  }
  evidence::write_posterior(directory.fresh(), posterior);
  core::OutputDirectory(directory.fresh()).write("predictions.csv", evidence::predictions_csv(targets, fit));
  directory.publish();
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (options.json) {
    core::Value v = posterior.record;
    v.set("wall_s", wall_s).set("evaluated", journal.evaluated()).set("taken_over", journal.taken_over());
    fmt::print("{}", core::to_json(v));
  } else {
    print_result(problem, fit);
    fmt::print("\n{} evaluations, {:.0f} s; posterior: {}\n", journal.evaluated(), wall_s,
               (directory.path() / "posterior.csv").string());
  }
  for (const evidence::CalibrationCheck& c : evidence::check(problem.free, fit)) {
    if (!c.passed) {
      fmt::print(stderr, "check {} failed: {}\n", c.name, c.detail);
      return false;
    }
  }
  return true;
}

// Ranks of known truths in their posteriors, for how far the draws' spread can be believed.
void check_by_simulation(const CalibrateOptions& options, RunDirectory& directory) {
  const Problem problem(options);
  core::Progress progress("evaluations", options.simulate * (1 + most_evaluations(options.settings)));
  const evidence::ForwardModel forward = problem.forward();
  const evidence::ForwardModel counted = [&](std::span<const double> theta, std::uint64_t seed) {
    core::throw_if_interrupted();
    auto out = forward(theta, seed);
    progress.tick();
    return out;
  };
  const evidence::SimulationCheck done =
      evidence::sbc(counted, problem.free.size(), problem.targets, options.simulate, options.settings.seed,
                    options.settings);
  std::vector<std::string> names = problem.free.names();
  names.emplace_back("tau");
  core::CsvWriter csv({"set", "variable", "rank", "draws"});
  for (std::size_t set = 0; set < done.ranks.size(); ++set) {
    for (std::size_t k = 0; k < names.size(); ++k)
      csv.cell(set).cell(names[k]).cell(done.ranks[set][k]).cell(done.draws).end_row();
  }
  core::OutputDirectory(directory.fresh()).write("ranks.csv", csv.text());
  directory.publish();
  core::Value v{core::Value::Table{}};
  v.set("sets", done.sets).set("inside_50", done.all_inside_50).set("inside_90", done.all_inside_90);
  core::Value::Array variables;
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::vector<int> ranks;
    for (const auto& of_set : done.ranks) ranks.push_back(of_set[k]);
    core::Value one{core::Value::Table{}};
    one.set("name", names[k]).set("inside_50", done.inside_50[k]).set("inside_90", done.inside_90[k]);
    variables.push_back(one.set("p_uniform", evidence::uniformity(ranks, done.draws, 5).p));
  }
  v.set("variable", variables);
  if (options.json) {
    fmt::print("{}", core::to_json(v));
    return;
  }
  fmt::print("{} sets of synthetic numbers; truths inside the central 50 %: {:.1f} %, 90 %: {:.1f} %\n",
             done.sets, 100.0 * done.all_inside_50, 100.0 * done.all_inside_90);
  for (const core::Value& one : variables)
    fmt::print("  {:<34} {:>5.2f} {:>5.2f}   p of uniform ranks {:.3f}\n", *one.find("name")->text(),
               *one.find("inside_50")->real(), *one.find("inside_90")->real(),
               *one.find("p_uniform")->real());
}

void run(const CalibrateOptions& options, ExitCode& exit) {
  core::set_threads(options.threads);
  const Ranks ranks;
  if (ranks.rank() > 0) {
    const Problem problem(options);
    ranks.serve(evidence::in_turn(problem.forward()));
    return;
  }
  RunDirectory directory(options.out, options.resume ? Resume::yes : Resume::no);
  core::watch_for_interrupts();
  if (options.simulate > 0) {
    check_by_simulation(options, directory);
    return;
  }
  try {
    if (!calibrate(options, ranks, directory)) exit = ExitCode::run_failed;
  } catch (const core::InputError&) {
    throw;
  } catch (const std::exception&) {
    std::error_code error;
    if (std::filesystem::exists(directory.partial() / "evaluations.bin", error)) {
      fmt::print(stderr,
                 "finished evaluations are kept in {}: the same command with --resume goes on from there\n",
                 directory.partial().string());
    }
    throw;
  }
}

}  // namespace

void add_calibrate(CLI::App& app, ExitCode& exit) {
  auto options = std::make_shared<CalibrateOptions>();
  CLI::App* command =
      app.add_subcommand("calibrate", "Fit the parameters of grade F to the calibration rows");
  auto& s = options->settings;
  command->add_option("--out", options->out, "Directory for the posterior")->capture_default_str();
  command->add_flag("--resume", options->resume,
                    "Go on where a calibration with the same settings into the same directory was cut off");
  command->add_option("--members", s.smoother.members, "Members of the ensemble: draws of the posterior")
      ->capture_default_str()
      ->check(CLI::Range(2, 100000));
  command->add_option("--iterations", s.smoother.iterations, "Steps of the smoother")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command->add_option("--mode-evaluations", s.mode.evaluations, "Evaluations for a first mode, at most")
      ->capture_default_str()
      ->check(CLI::Range(0, 100000));
  command->add_option("--seed", s.seed, "Seed")->capture_default_str()->check(not_negative());
  command->add_option("--threads", options->threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--lives", options->engine.lives, "Lives from which all trials recruit")
      ->capture_default_str()
      ->check(CLI::Range(100, 10000000));
  command->add_option("--people", options->engine.people_per_arm, "People in the smallest arm, at least")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000000));
  command->add_option("--protocol", options->protocols, "Only rows of these protocols (ids)");
  command->add_option("--without", options->without,
                      "Without the rows of these families of studies (for validate --refit)");
  command->add_option("--parameter", options->parameters, "Only these parameters (NAME or NAME.spread)");
  command
      ->add_option("--simulate", options->simulate,
                   "Instead: fit so many sets of synthetic numbers, and tell how often the draws hold the "
                   "truth")
      ->check(CLI::Range(1, 100000));
  command->add_flag("--json", options->json, "Print the record as JSON");
  command->footer("Example:\n  hortega calibrate --out out/calibration");
  command->callback([options, &exit] { run(*options, exit); });
}

}  // namespace hortega::apps
