// SPDX-License-Identifier: Apache-2.0
// What `hortega compare` writes: one person's options as natural frequencies, with what each answer rests on.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hortega/economics/account.hpp"
#include "hortega/evidence/standing.hpp"
#include "hortega/evidence/twins.hpp"
#include "hortega/trial/options.hpp"

namespace hortega::output {

/// One therapy of the comparison. The first is the one that others are held against.
struct OptionColumn {
  std::string id, label;
  std::vector<std::string> parts;            ///< labels of what is taken; one where it is alone
  std::size_t in_turn = 0;                   ///< of the parts, the last: each ends what stands before it
  std::vector<evidence::Standing> standing;  ///< of each part
  /// Longest follow-up that any study of the part with the shortest had.
  double longest_follow_up_year() const;
  std::vector<std::pair<char, int>> grades;  ///< of the parameters that its process reads, and how many
  std::vector<std::string> assumed;          ///< of these, the names of grade D
};

/// An outcome over options and horizons.
struct OutcomeRow {
  trial::OutcomeSpec spec;
  std::vector<std::vector<evidence::Frequency>> frequency;    ///< [option][horizon]
  std::vector<std::vector<evidence::Difference>> difference;  ///< [option - 1][horizon]: first minus it
};

/// Symptoms and utility over options and horizons.
struct MeasureOptions {
  trial::MeasureSpec spec;
  std::vector<std::vector<evidence::Amount>> amount;      ///< [option][horizon]
  std::vector<std::vector<evidence::Amount>> difference;  ///< [option - 1][horizon]: first minus it
};

/// What options take, over horizons.
struct ResourceOptions {
  economics::Row row;
  std::vector<std::vector<evidence::Amount>> amount;      ///< [option][horizon]
  std::vector<std::vector<evidence::Amount>> difference;  ///< [option - 1][horizon]: first minus it
};

/// Which parameters go with a difference five years on.
struct InfluenceRow {
  std::string outcome, option;
  std::vector<evidence::Influence> parameters;
};

struct OptionsReport {
  std::string person_id, person_label;
  std::vector<std::pair<std::string, std::string>> facts;  ///< what is known of the person: heading, text
  std::vector<std::string> not_used;
  std::vector<OptionColumn> options;
  std::vector<OutcomeRow> outcomes;    ///< those of every comparison
  std::vector<OutcomeRow> harms;       ///< single kinds of adverse events, grade 2 or more
  std::vector<OutcomeRow> mild_harms;  ///< the same, grade 1
  std::vector<MeasureOptions> measures;
  std::vector<ResourceOptions> resources;
  std::vector<std::string> not_priced;  ///< drugs that the costs leave out
  std::vector<InfluenceRow> influences;
  std::vector<std::string> warnings;  ///< of the data folder: edits that draws take the place of
  int lives = 0;                      ///< begun
  double effective_lives = 0.0;       ///< distinct lives that carry the weight
  int draws = 0;                      ///< of the posterior; 0: the values of the passports
  double effective_draws = 0.0;
  int followed = 0;  ///< people under each option
  std::string command, isa;
  std::uint64_t seed = 0;
};

/// The most important to be read aloud: a short line for each option, under a letter, and what letters mean.
std::string options_answer(const OptionsReport& report);
/// For a terminal: frequencies and differences at five years.
std::string options_text(const OptionsReport& report);
std::string options_csv(const OptionsReport& report);  ///< one line an outcome, horizon and option
std::string differences_csv(
    const OptionsReport& report);  ///< one line an outcome, horizon and option but the first
std::string symptoms_csv(const OptionsReport& report);  ///< the same of utility and symptoms
std::string resources_csv(
    const OptionsReport& report);  ///< one line a measure, horizon and option or difference
std::string options_json(const OptionsReport& report);
/// The page; opens offline and asks for nothing.
std::string options_html(const OptionsReport& report);

}  // namespace hortega::output
