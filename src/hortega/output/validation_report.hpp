// SPDX-License-Identifier: Apache-2.0
// What `hortega validate` writes: validation.html, validation.csv, validation.json, and the text it prints.
#pragma once

#include <string>
#include <vector>

#include "hortega/evidence/emergent.hpp"
#include "hortega/evidence/map.hpp"
#include "hortega/evidence/validation.hpp"
#include "hortega/output/write_run.hpp"

namespace hortega::output {

/// A published outcome that nothing simulates.
struct LeftOutRow {
  std::string row_id, study, outcome, reason;
};

/// A validation with all that its page says.
struct ValidationReport {
  evidence::ValidationInput input;
  evidence::Validation result;
  std::vector<evidence::JudgedFact> facts;
  std::vector<LeftOutRow> left_out;
  std::vector<evidence::StudyLookedAt> looked_at;
  /// What a reader must know before the numbers: "No posterior yet: ...". Plain text.
  std::vector<std::string> notices;
  std::string command;  ///< how to repeat it
  std::uint64_t seed = 0;
  std::string isa;
  std::vector<InputFile> inputs;
  int parameters = 0, parameters_assumed = 0, parameters_fitted = 0;  ///< all, of grade D, of grade F
};

/// The finding in one or two plain sentences: shares of the rows set aside (else of those used, else of
/// those fitted), beside what a right engine would have.
std::string validation_answer(const ValidationReport& report);

/// Which studies behind that finding were looked at while the model was mended, and the share without them;
/// empty if none was. Plain text.
std::string looked_at_words(const ValidationReport& report);

/// Headline, baselines and the worst ten, for a terminal.
std::string validation_text(const ValidationReport& report);

/// rows_scored, inside_50, inside_90 (shares), interval_score for set_aside, used and fitted, with and
/// without the between-study term, and the baselines; of those set aside each study alone and the others
/// without it: what --json prints.
std::string validation_headline_json(const ValidationReport& report);

/// One line a published number.
std::string validation_csv(const ValidationReport& report);
/// Everything: headlines, rows, studies left out, facts, rows left out. No time, no thread, no machine.
std::string validation_json(const ValidationReport& report);

/// The page; `results_hash` is quoted at its end. It opens offline and asks for nothing.
std::string validation_html(const ValidationReport& report, const std::string& results_hash);

struct WrittenValidation {
  std::string results_sha256;  ///< of validation.csv and validation.json, as manifest.hpp defines it
};

/// Writes validation.csv, validation.json, credibility.md and, last, validation.html below `directory`, each
/// under a temporary name that is then renamed. Throws core::RunError.
WrittenValidation write_validation(const ValidationReport& report, const std::string& directory);

}  // namespace hortega::output
