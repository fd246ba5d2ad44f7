// SPDX-License-Identifier: Apache-2.0
// manifest.json.
#include "hortega/output/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/value.hpp"
#include "hortega/core/version.hpp"

namespace hortega::output {

std::string results_sha256(std::vector<OutputFile> files) {
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::string lines;
  for (const auto& file : files) lines += file.sha256 + "  " + file.path + "\n";
  return core::sha256_hex(lines);
}

std::string utc_timestamp(std::int64_t unix_seconds) {
  const std::time_t time = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::optional<std::int64_t> source_date_epoch() {
  const char* const text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return std::nullopt;
  constexpr std::int64_t k_end = 253402300800;  // the year 10000, which a date of four digits does not hold
  std::int64_t seconds = -1;
  const std::string_view all = text;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), seconds);
  if (error != std::errc() || end != all.data() + all.size() || seconds < 0 || seconds >= k_end)
    throw core::InputError(core::Problem{{},
                                         "SOURCE_DATE_EPOCH",
                                         fmt::format("'{}' is no time", text),
                                         "whole seconds since 1970, up to the year 9999; or unset it",
                                         {}});
  return seconds;
}

namespace {

using core::Value;

/// What every manifest begins with: the program, the command and what was read.
Value beginning(const std::string& command, const std::string& isa, const std::vector<InputFile>& inputs) {
  Value root;
  root.set("format", "hortega-manifest").set("version", 1);
  root.set("context_of_use", "simulated data for research; not medical advice");
  Value tool;
  tool.set("name", "hortega").set("version", std::string(core::version()));
  tool.set("compiler", std::string(core::compiler())).set("flags", std::string(core::build_flags()));
  root.set("tool", tool.set("isa", isa));
  root.set("command", command);
  Value::Array read;
  for (const auto& input : inputs) {
    Value v;
    v.set("path", input.path).set("sha256", input.sha256);
    read.push_back(v.set("bytes", static_cast<std::int64_t>(input.bytes)));
  }
  return root.set("inputs", std::move(read));
}

Value files_of(const std::vector<OutputFile>& outputs) {
  Value::Array files;
  for (const auto& output : outputs) {
    Value v;
    v.set("path", output.path);
    files.push_back(v.set("sha256", output.sha256));
  }
  return files;
}

Value repetition(const std::string& command) {
  Value repeat;
  repeat.set("command", command);
  return repeat.set("expect",
                    "the same results_sha256 with any number of threads and any instruction set, given the "
                    "same version and the inputs with the digests above");
}

}  // namespace

std::string manifest_json(const evidence::RunSummary& summary, const RunContext& context,
                          const std::vector<OutputFile>& outputs, const std::string& results_hash) {
  Value root = beginning(context.command, context.isa, context.inputs);
  root.set("seed", static_cast<std::int64_t>(summary.protocol.seed));
  Value rng;
  rng.set("algorithm", "philox4x32-10").set("key_schedule", "seed, person, copy, purpose, day, index");
  root.set("rng", std::move(rng)).set("threads", context.threads);
  root.set("replicates", summary.replicates).set("people", summary.protocol.population.n);
  if (summary.draws > 0)
    root.set("posterior", context.posterior).set("draws", summary.draws);
  else
    root.set("posterior", "none: parameters at the values of their passports");
  root.set("results_sha256", results_hash);
  root.set("results_sha256_of", "LC_ALL=C sha256sum summary.json tables/*.csv | sha256sum");
  root.set("outputs", files_of(outputs));
  Value::Array warnings;
  for (const auto& warning : context.warnings) warnings.emplace_back(warning);
  root.set("warnings", std::move(warnings));
  root.set("repeat", repetition(context.command));
  root.set("started", context.started_utc).set("ended", context.ended_utc).set("wall_s", context.wall_s);
  return core::to_json(root);
}

std::string scenario_manifest_json(const ScenarioContext& context, const std::vector<OutputFile>& outputs) {
  Value root = beginning(context.command, context.isa, context.inputs);
  if (context.seed) root.set("seed", static_cast<std::int64_t>(*context.seed));
  root.set("threads", context.threads);
  root.set("scenario", context.scenario);
  Value::Array settings;
  for (const std::string& setting : context.settings) settings.emplace_back(setting);
  root.set("settings", std::move(settings));
  std::vector<OutputFile> results;
  std::string names;
  for (const std::string& path : context.results) {
    const auto found =
        std::find_if(outputs.begin(), outputs.end(), [&](const OutputFile& f) { return f.path == path; });
    if (found == outputs.end()) throw std::logic_error("no output is called " + path);
    results.push_back(*found);
    names += " " + path;
  }
  root.set("results_sha256", results_sha256(std::move(results)));
  root.set("results_sha256_of", "LC_ALL=C sha256sum" + names + " | sha256sum");
  root.set("outputs", files_of(outputs));
  root.set("repeat", repetition(context.command));
  root.set("started", context.started_utc).set("ended", context.ended_utc).set("wall_s", context.wall_s);
  return core::to_json(root);
}

}  // namespace hortega::output
