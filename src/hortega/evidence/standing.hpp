// SPDX-License-Identifier: Apache-2.0
//
// On what an answer about one person and one therapy stands: the shipped studies of that therapy, whether the
// person would have been let into them, and how the engine did on their published numbers.
#pragma once

#include "hortega/trial/protocol.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hortega::evidence {

/// One row of data/validation.csv: a published number and whether the prediction's 90 % range held it.
struct ValidatedRow {
  std::string row, group, protocol, arms, outcome;  // group: set_aside, used, fitted
  bool inside_90 = false;
};
/// Throws core::InputError if the file is missing or lacks a column.
std::vector<ValidatedRow> read_validated_rows(const std::string& path);

/// What eligibility asks of.
struct PersonFacts {
  double age_year = 0.0;
  double edss = 0.0;
  double duration_year = 0.0;
  trial::Phenotype phenotype = trial::Phenotype::relapsing;
  int relapses_1y = 0;
};

struct StudyStanding {
  std::string protocol, title;
  std::vector<std::string> outside;  // why the person was not to be let in; empty: inside
  double follow_up_year = 0.0;
  int rows = 0, rows_inside = 0;            // scored, and inside the 90 % range
  int set_aside = 0, set_aside_inside = 0;  // of these, the ones that nobody looked at before
  std::string other_course = {};            // "relapsing", where the person's is another; else empty
};

struct Standing {
  std::string regimen;
  std::vector<StudyStanding> studies;  // those that would have let the person in first
  bool inside() const { return !studies.empty() && studies.front().outside.empty(); }
  /// Scored numbers of all its studies, whomever they would have let in.
  int rows_scored() const;
  /// Was any published number ever held against the engine for it? The report's section on trust and
  /// `hortega compare` both ask here, so that what the one calls untried the other does not tell as tried.
  bool validated() const { return rows_scored() > 0; }
  /// Of whom the scored numbers are, where none is of a study that would have let the person in: "relapsing
  /// MS", "age 60 years, studied 18 to 55". Empty where one is, or where there are no such numbers.
  std::string other_people() const;
  /// Longest follow-up of those that would have and have scored numbers; 0 without one. A study that is only
  /// planned has shown nothing.
  double longest_follow_up_year() const;
};

/// To do nothing: ids "none" and "placebo".
bool is_no_therapy(const std::string& regimen);

/// Why a study would have kept a person out by age, EDSS, duration or course. Where it states no limits,
/// those of its baseline: mean and two standard deviations. Relapses and scans that it asked for are not
/// judged here: they say who was thought to need the therapy, not in whom it was seen.
std::vector<std::string> reasons_outside(const trial::Protocol& protocol, const PersonFacts& person);

/// Protocols that give the regimen in an arm from the start. Doing nothing is tested by placebo arms and by
/// the natural course: ids "none" and "placebo" count as one.
Standing standing_of(const std::string& regimen, const std::vector<trial::Protocol>& protocols,
                     const std::vector<ValidatedRow>& rows, const PersonFacts& person);

/// All protocols of a folder, by name. Throws core::InputError.
std::vector<trial::Protocol> read_protocols(const std::string& folder);

}  // namespace hortega::evidence
