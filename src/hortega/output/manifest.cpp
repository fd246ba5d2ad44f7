// SPDX-License-Identifier: Apache-2.0
// manifest.json.
#include "hortega/output/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
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

std::string manifest_json(const evidence::RunSummary& summary, const RunContext& context,
                          const std::vector<OutputFile>& outputs, const std::string& results_hash) {
  using core::Value;
  Value root;
  root.set("format", "hortega-manifest").set("version", 1);
  root.set("context_of_use", "simulated data for research; not medical advice");
  Value tool;
  tool.set("name", "hortega").set("version", std::string(core::version()));
  tool.set("compiler", std::string(core::compiler())).set("flags", std::string(core::build_flags()));
  root.set("tool", tool.set("isa", context.isa));
  root.set("command", context.command);
  Value::Array inputs;
  for (const auto& input : context.inputs) {
    Value v;
    v.set("path", input.path).set("sha256", input.sha256);
    inputs.push_back(v.set("bytes", static_cast<std::int64_t>(input.bytes)));
  }
  root.set("inputs", std::move(inputs));
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
  Value::Array files;
  for (const auto& output : outputs) {
    Value v;
    v.set("path", output.path);
    files.push_back(v.set("sha256", output.sha256));
  }
  root.set("outputs", std::move(files));
  Value::Array warnings;
  for (const auto& warning : context.warnings) warnings.emplace_back(warning);
  root.set("warnings", std::move(warnings));
  Value repeat;
  repeat.set("command", context.command);
  repeat.set("expect",
             "the same results_sha256 with any number of threads and any instruction set, given the "
             "same version and the inputs with the digests above");
  root.set("repeat", std::move(repeat));
  root.set("started", context.started_utc).set("ended", context.ended_utc).set("wall_s", context.wall_s);
  return core::to_json(root);
}

}  // namespace hortega::output
