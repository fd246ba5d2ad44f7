// SPDX-License-Identifier: Apache-2.0
// hortega run: simulates a protocol and writes its report.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "cost.hpp"
#include "draws.hpp"
#include "experiment.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/evidence/comparison.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/standing.hpp"
#include "hortega/output/population.hpp"
#include "hortega/output/write_run.hpp"
#include "inputs.hpp"
#include "resumable.hpp"
#include "run_directory.hpp"
#include "run_settings.hpp"
#include "sensitivity.hpp"

namespace hortega::apps {

namespace {

struct RunOptions {
  std::string protocol;
  std::string out;
  std::optional<std::uint64_t> seed;
  std::optional<int> replicates;
  std::optional<int> draws;
  int threads = 0;
  std::vector<std::string> settings;
  std::string isa;
  bool allow_thin = false;
  bool resume = false;
  bool multiverse = false;
  bool sensitivity = false;
  double effort = 1.0;
  bool json = false;
};

constexpr std::size_t k_examples = 6;

void choose_isa(const std::string& name) {
  if (name.empty()) return;
  std::vector<std::string> names;
  for (const disease::Isa isa :
       {disease::Isa::one, disease::Isa::sse2, disease::Isa::avx2, disease::Isa::avx512}) {
    names.emplace_back(disease::name_of(isa));
    if (name == disease::name_of(isa)) {
      disease::choose_isa(isa);
      return;
    }
  }
  throw core::InputError(core::Problem{{"--isa", 0, 0, {}},
                                       {},
                                       "'" + name + "' is no instruction set",
                                       "one of " + core::quoted_list(names),
                                       core::nearest_spelling(name, names)});
}

// A run after its inputs were read.
struct Work {
  const RunInputs& in;
  const evidence::Estimation& estimation;
  const Draws& draws;
  std::string digest;
  std::filesystem::path partial;
  Resume resume = Resume::no;

  trial::Replicate simulate(int number, trial::ConductSwitch conduct) const {
    return draws.simulate(number, conduct);
  }
};

// Replicates in parallel, each estimated at once; only the first keeps its people.
SeriesResult simulate_all(const Work& work, trial::Replicate& first) {
  const Series series{"replicates",
                      "replicates",
                      core::sha256_hex(work.digest + " as protocol"),
                      work.partial,
                      work.in.protocol.replicates,
                      work.resume};
  SeriesResult done = run_series(series, [&](int number) {
    trial::Replicate replicate = work.simulate(number, trial::ConductSwitch::as_protocol);
    evidence::ReplicateResult result = work.estimation.estimate(replicate);
    if (number == 0) first = std::move(replicate);
    return result;
  });
  if (work.resume == Resume::yes) {
    fmt::print(stderr, "{} of {} replicates taken over from the run before\n", done.count_taken_over(),
               series.replicates);
  }
  if (done.taken_over.front()) first = work.simulate(0, trial::ConductSwitch::as_protocol);
  return done;
}

std::vector<evidence::ReplicateResult> simulate_without_conduct(const Work& work) {
  if (!work.in.protocol.conduct.enabled) return {};
  const Series series{"without-conduct",
                      "without conduct",
                      core::sha256_hex(work.digest + " without conduct"),
                      work.partial,
                      replicates_without_conduct(work.in.protocol),
                      work.resume};
  SeriesResult done = run_series(series, [&](int number) {
    return work.estimation.estimate(work.simulate(number, trial::ConductSwitch::off));
  });
  return std::move(done.results);
}

void tell_resume(const RunDirectory& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory.partial(), error)) {
    if (entry.path().extension() != ".bin") continue;
    fmt::print(stderr,
               "finished replicates are kept in {}: the same command with --resume goes on from there\n",
               directory.partial().string());
    return;
  }
}

void tell_population(const trial::PopulationReport& r, int n) {
  fmt::print(stderr,
             "recruited from {}: {} qualify, effective share {:.2f}; {} per replicate, {} distinct "
             "lives used\n",
             output::lives_words(r), r.qualifying, r.effective_share, n, r.distinct_lives_used);
  if (r.rows.empty()) return;
  std::vector<double> lives;
  for (const trial::RowReport& row : r.rows) lives.push_back(row.effective_lives);
  std::sort(lives.begin(), lives.end());
  fmt::print(stderr,
             "{} rows of baselines: {:.1f} effective lives behind the thinnest, {:.1f} behind the median\n",
             lives.size(), lives.front(), lives[lives.size() / 2]);
}

// How many lives stand behind each row of a file of baselines.
std::string row_table(const std::vector<trial::RowReport>& rows) {
  core::CsvWriter csv({"subject", "line", "effective_lives"});
  for (const trial::RowReport& row : rows) {
    csv.cell(row.subject).cell(row.line).cell(row.effective_lives, 6).end_row();
  }
  return csv.text();
}

std::string format_number(double x) {
  if (!std::isfinite(x)) return "-";
  return std::fabs(x) >= 100.0 ? fmt::format("{:.0f}", x) : fmt::format("{:.2f}", x);
}

const char* verdict_word(evidence::Verdict v) {
  switch (v) {
    case evidence::Verdict::inside:
      return "inside";
    case evidence::Verdict::overlaps:
      return "overlaps";
    case evidence::Verdict::outside:
      return "outside";
    case evidence::Verdict::not_scored:
      break;
  }
  return "not scored";
}

void print_comparison(const evidence::RunSummary& summary) {
  if (summary.comparisons.empty()) return;
  fmt::print("{:<6} {:<62} {:>10} {:>17} {:>10}  {}\n", "row", "endpoint", "published", "95 % interval",
             "simulated", "verdict");
  for (const evidence::ComparisonRow& row : summary.comparisons) {
    const std::string interval =
        std::isfinite(row.published_low)
            ? fmt::format("{} to {}{}", format_number(row.published_low), format_number(row.published_high),
                          row.interval_derived ? "*" : "")
            : "";
    fmt::print(
        "{:<6} {:<62.62} {:>10} {:>17} {:>10}  {}\n", row.row_id,
        fmt::format("{} {}: {}", row.simulated.quantity.arm,
                    row.simulated.quantity.reference.empty() ? "" : "/ " + row.simulated.quantity.reference,
                    row.endpoint_text),
        format_number(row.published), interval, format_number(row.simulated.mean), verdict_word(row.verdict));
  }
  fmt::print("* interval from n, not printed by the source\n");
}

// Every regimen that somebody of an arm may be given, each once.
std::vector<std::string> regimens_of_arms(const trial::Protocol& protocol) {
  std::vector<std::string> given;
  const auto add = [&given](const std::string& regimen) {
    if (std::find(given.begin(), given.end(), regimen) == given.end()) given.push_back(regimen);
  };
  for (const trial::Arm& arm : protocol.arms) {
    for (const trial::RegimenChoice& choice : arm.regimens) {
      add(choice.regimen);
      for (const trial::JoinedRegimen& with : choice.with) add(with.regimen);
    }
    for (const trial::SequenceStep& step : arm.sequence) add(step.regimen);
  }
  return given;
}

bool gives_mesenchymal_cells(const RunInputs& in) {
  const std::vector<std::string> given = regimens_of_arms(in.protocol);
  return std::any_of(given.begin(), given.end(), [&](const std::string& id) {
    return in.regimens.find(id).kind == therapy::RegimenKind::mesenchymal;
  });
}

// Arms in which more than a fifth of those who were to get cells got none.
std::vector<std::string> arms_without_cells(const evidence::RunSummary& summary) {
  constexpr double k_many = 0.2;
  std::vector<std::string> told;
  for (const evidence::CellsMadeRow& row : summary.cells_made) {
    if (row.without_cells <= k_many * row.people) continue;
    std::string text =
        fmt::format("{}: of {:.0f} people who were to get cells {:.0f} got none, all trials together",
                    row.arm, row.people, row.without_cells);
    if (row.no_batch >= row.without_cells)
      text += ": no batch passed its tests";
    else if (row.no_batch > 0.0)
      text += fmt::format("; of {:.0f} no batch passed its tests", row.no_batch);
    told.push_back(text + " (tables/cells_made.csv)");
  }
  return told;
}

// What of the arms' regimens has been held against published results, whoever the person.
std::vector<evidence::Standing> standing_of_arms(const trial::Protocol& protocol) {
  const std::filesystem::path data = core::data_folder();
  std::error_code error;
  if (!std::filesystem::exists(data / "validation.csv", error)) return {};
  const std::vector<evidence::ValidatedRow> rows =
      evidence::read_validated_rows((data / "validation.csv").string());
  const std::vector<trial::Protocol> shipped = evidence::read_protocols((data / "protocols").string());
  const std::vector<std::string> given = regimens_of_arms(protocol);
  std::vector<evidence::Standing> all;
  all.reserve(given.size());
  for (const std::string& regimen : given) all.push_back(evidence::standing_of(regimen, shipped, rows, {}));
  return all;
}

output::RunContext context_of(const RunOptions& options, const RunInputs& in) {
  output::RunContext context;
  context.command = fmt::format("hortega run {} --seed {} --replicates {}", options.protocol,
                                in.protocol.seed, in.protocol.replicates);
  for (const std::string& s : options.settings) context.command += " --set '" + s + "'";
  if (options.draws) context.command += fmt::format(" --draws {}", *options.draws);
  if (options.allow_thin) context.command += " --allow-thin";
  if (options.multiverse) context.command += " --multiverse";
  for (const std::string& file : in.files) context.inputs.push_back(output::describe_input(file));
  context.threads = core::threads();
  context.isa = disease::name_of(disease::current_isa());
  context.parameters = in.parameters.all();
  context.standing = standing_of_arms(in.protocol);
  return context;
}

// Simulates and writes everything below `directory`; returns the hash of the results.
std::string simulate_and_write(const RunOptions& options, const RunInputs& in, RunDirectory& directory) {
  const auto started = std::chrono::system_clock::now();
  const std::optional<std::int64_t> epoch = output::source_date_epoch();  // refused before the work
  const trial::ThinPool thin = options.allow_thin ? trial::ThinPool::allow : trial::ThinPool::refuse;
  const std::optional<evidence::Posterior> posterior = posterior_of_data();
  const int n_draws = draws_of_run(posterior, options.draws, in.protocol.replicates);
  std::vector<std::string> warnings;
  if (n_draws > 0) warnings = edits_without_effect(in.parameters, in.set_by_hand, *posterior, "a run", true);
  for (const std::string& warning : warnings) fmt::print(stderr, "warning: {}\n", warning);
  const evidence::Estimation estimation =
      in.estimation(options.multiverse ? evidence::Scope::multiverse : evidence::Scope::report);
  const Draws draws(in, thin, posterior, n_draws);
  const trial::PopulationReport population = draws.report(in.protocol.replicates);
  tell_population(population, in.protocol.population.n);
  if (n_draws > 0)
    fmt::print(stderr, "replicates spread over {} draw{} of the posterior (--draws 0: none)\n", n_draws,
               n_draws == 1 ? "" : "s");

  const Work work{in,
                  estimation,
                  draws,
                  core::sha256_hex(digest_of(in, thin) + digest_of_program() +
                                   (options.multiverse ? " multiverse" : "") + digest_of(posterior, n_draws)),
                  directory.partial(),
                  options.resume ? Resume::yes : Resume::no};
  trial::Replicate first;
  SeriesResult done = simulate_all(work, first);
  evidence::RunSummary summary =
      estimation.combine(std::move(done.results), simulate_without_conduct(work), n_draws);
  summary.first = std::move(first);
  const economics::Prices prices = economics::Prices::load(in.parameters);
  for (const trial::Participant& person : summary.first.participants)
    summary.accounts.push_back(economics::account_of(person, prices));
  summary.population = population;
  if (n_draws > 0) {
    const std::vector<std::size_t> which = chosen_draws(*posterior, n_draws);
    for (const std::size_t i : which) summary.posterior_rows.push_back(static_cast<int>(i) + 1);
    if (gives_mesenchymal_cells(in))
      summary.cells_do_nothing =
          draws_without_effect_of_cells(*posterior, which, in.parameters, in.set_by_hand);
  }
  for (std::string& warning : arms_without_cells(summary)) {
    fmt::print(stderr, "warning: {}\n", warning);
    warnings.push_back(std::move(warning));
  }
  evidence::compare_with_published(summary, in.map, in.published);
  for (std::size_t i = 0; i < std::min(k_examples, summary.first.participants.size()); ++i) {
    summary.examples.push_back(summary.first.participants[i]);
  }
  output::RunContext context = context_of(options, in);
  context.posterior = digest_of(posterior, n_draws);
  context.warnings = std::move(warnings);
  context.beside =
      write_run_inputs(in, options.settings, thin, n_draws, digest_of(posterior, n_draws), directory.fresh());
  if (!population.rows.empty()) {
    core::OutputDirectory(directory.fresh()).write("baseline-rows.csv", row_table(population.rows));
    context.beside.emplace_back("baseline-rows.csv");
  }
  context.times = output::adtte_times(summary, estimation.person_times(summary.first));
  const auto ended = std::chrono::system_clock::now();
  context.started_utc = output::utc_timestamp(std::chrono::system_clock::to_time_t(started));
  context.created_utc = epoch ? output::utc_timestamp(*epoch) : context.started_utc;
  context.ended_utc = output::utc_timestamp(std::chrono::system_clock::to_time_t(ended));
  context.wall_s = std::chrono::duration<double>(ended - started).count();
  const output::WrittenRun written = output::write_run(summary, context, directory.fresh().string());
  directory.publish();
  if (!options.json) print_comparison(summary);
  return written.results_sha256;
}

// In place of the usual results: what they rest on.
void run_sensitivity(const RunOptions& options, const RunInputs& in, RunDirectory& directory) {
  const SensitivityPlan plan = sensitivity_plan(in.protocol);
  const evidence::SensitivitySettings settings = sensitivity_settings(options.effort, in.protocol.seed);
  const evidence::Sensitivity result = evidence::sensitivity(
      in.parameters, plan.names, sensitivity_engine(in, plan, options.effort), settings);
  std::string command = fmt::format("hortega run {} --sensitivity --effort {} --seed {}", options.protocol,
                                    options.effort, in.protocol.seed);
  for (const std::string& s : options.settings) command += " --set '" + s + "'";
  const std::string text =
      write_sensitivity(result, plan, settings, options.effort, in, command, directory.fresh());
  directory.publish();
  if (options.json) {
    fmt::print("{}", core::read_file(directory.path() / "sensitivity.json"));
  } else {
    fmt::print("{}\npage: {}\n", text, (directory.path() / "sensitivity.html").string());
  }
}

// Of the options of a trial those that an experiment in mice has no meaning for.
void refuse_for_experiment(const RunOptions& options) {
  const std::vector<std::pair<bool, const char*>> given = {{options.draws.has_value(), "--draws"},
                                                           {options.allow_thin, "--allow-thin"},
                                                           {options.resume, "--resume"},
                                                           {options.multiverse, "--multiverse"},
                                                           {options.sensitivity, "--sensitivity"}};
  for (const auto& [is_given, name] : given) {
    if (!is_given) continue;
    throw core::InputError(core::Problem{{name, 0, 0, {}},
                                         {},
                                         "'" + options.protocol + "' is an experiment in mice",
                                         "this option belongs to trials of people",
                                         {}});
  }
}

void run(const RunOptions& options) {
  choose_isa(options.isa);
  core::set_threads(options.threads);
  std::vector<std::string> settings = options.settings;
  if (options.seed) settings.push_back(fmt::format("seed={}", *options.seed));
  if (options.replicates) settings.push_back(fmt::format("replicates={}", *options.replicates));
  if (is_experiment(load_input(options.protocol, {"protocol", "experiment"}))) {
    refuse_for_experiment(options);
    run_experiment({options.protocol, options.out, settings, options.json});
    return;
  }
  const std::unique_ptr<RunInputs> in = load_run_inputs(options.protocol, settings);
  const std::string out = options.out.empty() ? "out/" + in->protocol.id : options.out;
  // Refuses before anything runs.
  RunDirectory directory(out, options.resume ? Resume::yes : Resume::no);
  core::watch_for_interrupts();
  if (options.sensitivity) {
    run_sensitivity(options, *in, directory);
    return;
  }
  std::string results;
  try {
    results = simulate_and_write(options, *in, directory);
  } catch (const core::InputError&) {
    throw;  // nothing was simulated that could be of use
  } catch (const std::exception&) {
    tell_resume(directory);
    throw;
  }
  if (options.json) {
    fmt::print("{}", core::read_file(directory.path() / "summary.json"));
  } else {
    fmt::print("\nreport: {}/report.html\nresults: {}\n", out, results);
  }
}

}  // namespace

void add_run(CLI::App& app) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", "Simulate a trial protocol, or an experiment in mice, and write its report");
  command->add_option("protocol", options->protocol, "Protocol file (data/protocols/*.toml)")->required();
  command->add_option("--out", options->out, "Directory for the results (default: out/ID)");
  command->add_option("--seed", options->seed, "Seed in place of the protocol's")->check(not_negative());
  command->add_option("--replicates", options->replicates, "Simulated trials in place of the protocol's")
      ->check(CLI::Range(1, 10000000));
  command
      ->add_option("--draws", options->draws,
                   "Draws of the posterior that replicates are spread over (default: 100, or half the "
                   "replicates; 0: the values of data/parameters)")
      ->check(CLI::Range(0, 100000));
  command->add_option("--threads", options->threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--set", options->settings,
                      "KEY=VALUE: a key of the protocol, parameter.NAME or parameter.NAME.spread");
  command->add_option("--isa", options->isa,
                      "Instruction set: one, sse2, avx2, avx512 (same bytes, other speed)");
  command->add_flag("--allow-thin", options->allow_thin,
                    "Go on although few lives carry the published baseline");
  command->add_flag("--multiverse", options->multiverse,
                    "Analyse the trials also under every published definition of worsening, PIRA and RAW");
  CLI::Option* sensitivity = command->add_flag(
      "--sensitivity", options->sensitivity,
      "In place of the usual results: which parameters move the primary contrast and a few outcomes");
  command
      ->add_option("--effort", options->effort,
                   "Of --sensitivity: share of the usual simulations, and of the people in each (default: 1)")
      ->check(CLI::Range(0.01, 100.0))
      ->needs(sensitivity);
  CLI::Option* resume =
      command->add_flag("--resume", options->resume,
                        "Go on where a run of the same protocol into the same directory was cut off");
  sensitivity->excludes(resume);
  command->add_flag("--json", options->json,
                    "Print summary.json (with --sensitivity sensitivity.json) on stdout");
  command->footer("Example:\n  hortega run data/protocols/mist.toml --out out/mist --replicates 20");
  command->callback([options] { run(*options); });
}

}  // namespace hortega::apps
