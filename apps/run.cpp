// SPDX-License-Identifier: Apache-2.0
// hortega run: simulates a protocol and writes its report.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "command.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/evidence/comparison.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/output/write_run.hpp"
#include "inputs.hpp"

namespace hortega::apps {

namespace {

struct RunOptions {
  std::string protocol;
  std::string out;
  std::optional<std::uint64_t> seed;
  std::optional<int> replicates;
  int threads = 0;
  std::vector<std::string> settings;
  std::string isa;
  bool allow_thin = false;
  bool json = false;
};

constexpr int k_conduct_replicates = 100;  // enough for the share of conduct in a mean
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

// Replicates in parallel, each estimated at once; only the first keeps its people.
std::vector<evidence::ReplicateResult> simulate(const RunInputs& in, const trial::Environment& environment,
                                                const trial::Recruitment& recruitment,
                                                const evidence::Estimation& estimation, int replicates,
                                                trial::ConductSwitch conduct, const std::string& label,
                                                trial::Replicate* first) {
  std::vector<evidence::ReplicateResult> results(static_cast<std::size_t>(replicates));
  core::Progress progress(label, replicates);
  core::parallel_for(results.size(), [&](std::size_t i) {
    trial::Replicate replicate =
        trial::simulate_replicate(in.protocol, environment, recruitment, static_cast<int>(i), conduct);
    results[i] = estimation.estimate(replicate);
    if (i == 0 && first != nullptr) *first = std::move(replicate);
    progress.tick();
  });
  return results;
}

void tell_population(const trial::PopulationReport& r, int n) {
  fmt::print(stderr,
             "recruited from {} lives: {} qualify, effective share {:.2f}; {} per replicate, {} distinct "
             "lives used\n",
             r.lives, r.qualifying, r.effective_share, n, r.distinct_lives_used);
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
  if (!summary.comparisons.empty()) fmt::print("* interval from n, not printed by the source\n");
}

void run(const RunOptions& options) {
  const auto started = std::chrono::system_clock::now();
  choose_isa(options.isa);
  core::set_threads(options.threads);
  std::vector<std::string> settings = options.settings;
  if (options.seed) settings.push_back(fmt::format("seed={}", *options.seed));
  if (options.replicates) settings.push_back(fmt::format("replicates={}", *options.replicates));
  const std::unique_ptr<RunInputs> in = load_run_inputs(options.protocol, settings);
  const std::string out = options.out.empty() ? "out/" + in->protocol.id : options.out;
  const core::OutputDirectory directory(out);  // refuses before anything runs
  core::watch_for_interrupts();

  const trial::Environment environment = in->environment();
  const std::vector<evidence::Quantity> asked = evidence::quantities_of(in->map, in->protocol);
  const evidence::Estimation estimation(in->protocol, asked);
  trial::Recruitment recruitment = trial::recruit(
      in->protocol, environment, options.allow_thin ? trial::ThinPool::allow : trial::ThinPool::refuse);
  recruitment.report.distinct_lives_used =
      trial::distinct_lives(in->protocol, recruitment, in->protocol.replicates);
  tell_population(recruitment.report, in->protocol.population.n);

  trial::Replicate first;
  evidence::RunSummary summary =
      estimation.combine(simulate(*in, environment, recruitment, estimation, in->protocol.replicates,
                                  trial::ConductSwitch::as_protocol, "replicates", &first));
  std::optional<evidence::RunSummary> without;
  if (in->protocol.conduct.enabled) {
    without = estimation.combine(simulate(*in, environment, recruitment, estimation,
                                          std::min(in->protocol.replicates, k_conduct_replicates),
                                          trial::ConductSwitch::off, "without conduct", nullptr));
  }
  summary.population = recruitment.report;
  evidence::compare_with_published(summary, in->map, in->published, without ? &*without : nullptr);
  for (std::size_t i = 0; i < std::min(k_examples, first.participants.size()); ++i) {
    summary.examples.push_back(first.participants[i]);
  }
  output::RunContext context;
  context.times = {};
  summary.first = std::move(first);
  context.times = output::adtte_times(summary, estimation.person_times(summary.first));
  context.command = fmt::format("hortega run {} --seed {} --replicates {}", options.protocol,
                                in->protocol.seed, in->protocol.replicates);
  for (const std::string& s : options.settings) context.command += " --set " + s;
  for (const std::string& file : in->files) context.inputs.push_back(output::describe_input(file));
  context.threads = core::threads();
  context.isa = disease::name_of(disease::current_isa());
  context.parameters = in->parameters.all();
  const auto ended = std::chrono::system_clock::now();
  context.started_utc = output::utc_timestamp(std::chrono::system_clock::to_time_t(started));
  context.ended_utc = output::utc_timestamp(std::chrono::system_clock::to_time_t(ended));
  context.wall_s = std::chrono::duration<double>(ended - started).count();
  const output::WrittenRun written = output::write_run(summary, context, out);
  if (options.json) {
    fmt::print("{}", core::read_file(std::filesystem::path(out) / "summary.json"));
  } else {
    print_comparison(summary);
    fmt::print("\nreport: {}/report.html\nresults: {}\n", out, written.results_sha256);
  }
}

}  // namespace

void add_run(CLI::App& app) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Simulate a trial protocol and write its report");
  command->add_option("protocol", options->protocol, "Protocol file (data/protocols/*.toml)")->required();
  command->add_option("--out", options->out, "Directory for the results (default: out/ID)");
  command->add_option("--seed", options->seed, "Seed in place of the protocol's");
  command->add_option("--replicates", options->replicates, "Simulated trials in place of the protocol's");
  command->add_option("--threads", options->threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_option("--set", options->settings, "KEY=VALUE: a key of the protocol, or parameter.NAME");
  command->add_option("--isa", options->isa,
                      "Instruction set: one, sse2, avx2, avx512 (same bytes, other speed)");
  command->add_flag("--allow-thin", options->allow_thin,
                    "Go on although few lives carry the published baseline");
  command->add_flag("--json", options->json, "Print summary.json on stdout");
  command->footer("Example:\n  hortega run data/protocols/mist.toml --out out/mist --replicates 20");
  command->callback([options] { run(*options); });
}

}  // namespace hortega::apps
