// SPDX-License-Identifier: Apache-2.0
// How well the engine predicts what was published: row by row, in shares and scores, beside guesses that
// need no model. Pure mathematics over targets and predictions; nothing is simulated here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/analysis/inference.hpp"
#include "hortega/evidence/forward.hpp"
#include "hortega/evidence/predictive.hpp"

namespace hortega::evidence {

/// What a row was used for. Set aside before any mending: it chose nothing. Used: a validation row that was
/// looked at while the model was mended. Fitted: of role calibration.
enum class Group : std::uint8_t { set_aside, used, fitted };
Group group_of(const Target& target);
std::string_view name(Group group);   ///< set_aside, used, fitted
std::string_view words(Group group);  ///< "set aside", "used to choose the model", "fitted"

/// Part of the disease that a row measures; each has its place in the forest.
enum class Domain : std::uint8_t {
  relapses,
  lesions,
  disability,
  progression,
  brain_volume,
  harms,
  immune,
  other
};
std::string_view name(Domain domain);

/// What the mathematics needs to know of a target beyond its numbers; the protocol says it
/// (evidence/row_facts.hpp).
struct RowFacts {
  Domain domain = Domain::other;
  std::string endpoint_words;  ///< "Relapse", for people
  /// Alike rows of different studies share it: endpoint kind, statistic, class of arms. Empty: nothing is.
  std::string key;
  std::string citation;
};

/// One set of predictions: of the posterior, the prior, the reference parameters, without conduct, under a
/// rival hypothesis.
struct PredictionSet {
  std::string name;         ///< heading of its column: "conduct off"
  std::string description;  ///< one sentence
  DrawPredictions draws;
};

/// A fact that the fit took as a row (FittedFacts, evidence/emergent.hpp). It is no published number and is
/// not scored, but whoever leaves its study out leaves it out too.
struct FactOfStudy {
  std::string family;                  ///< of the study whose rows it is made of
  std::vector<double> log_likelihood;  ///< of each draw of main
};

struct ValidationInput {
  std::vector<Target> targets;
  std::vector<RowFacts> facts;  ///< of each target
  PredictionSet main;
  std::vector<PredictionSet> alternatives;  ///< shown beside the main one, never in the headline
  std::optional<PredictionSet> prior;       ///< baseline
  /// Whether `main` are draws of a posterior that was fitted to the fitted rows: else there is nothing to
  /// leave a study out of.
  bool main_is_posterior = false;
  /// [draw][target] of main, as the fit computed it; empty: normal with the row's standard error, the
  /// between-study term and the error of finitely many simulated people.
  std::vector<std::vector<double>> log_likelihood;
  std::vector<FactOfStudy> facts_in_fit;
  /// Predictions of fits without one family.
  std::map<std::string, DrawPredictions> refits;
};

/// A published value against a predictive distribution. Limits are on the link's scale.
struct Score {
  double low_50 = 0.0, high_50 = 0.0, low_90 = 0.0, high_90 = 0.0;
  double z = 0.0;    ///< (published - mean) / sd of the predictive distribution
  double pit = 0.0;  ///< probability of a smaller value: uniform if the model is right
  bool inside_50 = false, inside_90 = false;
  double interval_score_50 = 0.0, interval_score_90 = 0.0;  ///< over the row's score_unit
};

/// A row under one set of predictions.
struct RowPrediction {
  double defined_share = 0.0;  ///< weight of the draws that give a number
  double mean = 0.0;           ///< on the link's scale
  /// Law of total variance: draws' means (less what is simulation error), chance and people, between studies,
  /// finitely many simulated people.
  double sd_parameters = 0.0, sd_study = 0.0, sd_between = 0.0, sd_simulation = 0.0;
  std::optional<Score> chance_alone;   ///< without the between-study term
  std::optional<Score> between_added;  ///< with it; absent where its size is not known
  bool is_defined() const { return chance_alone.has_value(); }
  /// What headline and table show: with the term where it is known.
  const std::optional<Score>& shown() const { return between_added ? between_added : chance_alone; }
};

struct ValidationRow {
  std::size_t target = 0;
  Group group = Group::used;
  std::string why_not_scored;  ///< empty: scored
  /// What an interval score is divided by: 1 on the logarithm and logit; else the root mean square of the
  /// published values in that unit, so that milliletres do not outweigh EDSS points.
  double score_unit = 1.0;
  RowPrediction main;
  std::vector<RowPrediction> alternatives;
  std::optional<RowPrediction> prior;
  std::size_t other_studies = 0;      ///< families behind the guess
  std::optional<Score> others;        ///< that guess; absent below two
  std::optional<double> others_mean;  ///< on the link's scale
};

/// Share of published values inside, and scores, over some rows.
struct Tally {
  std::size_t rows = 0;
  std::size_t families = 0;
  std::size_t inside_50 = 0, inside_90 = 0;
  double interval_score_50 = 0.0, interval_score_90 = 0.0;  ///< means; NaN without rows

  double share_50() const;
  double share_90() const;
  /// Exact 95 % binomial interval of a share, as if rows were independent (rows of one study are not).
  analysis::Interval interval_50() const;
  analysis::Interval interval_90() const;
  /// Standard error of the share of 90 % intervals when whole families are the units; NaN below two.
  double clustered_error_90 = 0.0;
};

/// A baseline and the engine on the same rows: those that the baseline can score.
struct BaselineComparison {
  std::string name;
  Tally baseline, engine;
  std::size_t not_scored = 0;  ///< rows of the group that the baseline cannot score
};

struct Headline {
  Group group = Group::set_aside;
  Tally chance_alone;                  ///< without the between-study term
  std::optional<Tally> between_added;  ///< with it
  std::vector<BaselineComparison> baselines;
  const Tally& shown() const { return between_added ? *between_added : chance_alone; }
};

/// One study left out of the fit.
struct StudyLeftOut {
  std::string family;
  std::size_t rows = 0;  ///< fitted rows of it
  double pareto_k = 0.0;
  double effective_size = 0.0;
  enum class How : std::uint8_t { reweighted, refitted, not_computed } how = How::not_computed;
  Tally fitted;                   ///< its rows with the study in the fit
  std::optional<Tally> left_out;  ///< without it
};

/// One study of those set aside: its own numbers, and the headline without it. A headline that rests on one
/// study shows it here.
struct StudySetAside {
  std::string family;
  Tally alone, without_it;
};

struct Validation {
  std::vector<ValidationRow> rows;       ///< in the order of the targets
  std::vector<Headline> headlines;       ///< set aside, used, fitted
  std::vector<StudySetAside> set_aside;  ///< by family, those with a scored row
  std::vector<StudyLeftOut> studies;
  std::size_t draws = 0;
  double usable_k = 0.0;  ///< Pareto k above which re-weighting is not used
};

/// Smallest effective number of draws that re-weighting may leave.
inline constexpr double k_least_effective_draws = 50.0;
/// A row is scored only if draws of this weight give a number.
inline constexpr double k_least_defined_share = 0.5;

/// Throws std::invalid_argument if sizes do not match.
Validation validate(const ValidationInput& input);

/// Limits on the link's scale as an interval in the row's unit (a reduction grows as its link falls).
analysis::Interval in_unit(Link link, double low, double high);

/// Scores `y` against a mixture; the interval scores are divided by `unit`.
Score score(const NormalMixture& mixture, double y, double unit);

/// Adds up rows; `scores[i]` belongs to `families[i]`.
Tally tally(const std::vector<Score>& scores, const std::vector<std::string>& families);

/// Leaves each family with fitted rows out by re-weighting the draws of `input.main` (or takes its refit).
std::vector<StudyLeftOut> leave_studies_out(const ValidationInput& input);

/// Indices of the scored rows that lie farthest out: by |z| of what is shown, at most `most`.
std::vector<std::size_t> worst_rows(const Validation& validation, std::size_t most);

}  // namespace hortega::evidence
