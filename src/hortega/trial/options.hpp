// SPDX-License-Identifier: Apache-2.0
//
// The same people under one regimen after another: lives that were carried to today go on, followed as in a
// trial that nobody leaves, and what became of each is asked at a few horizons. A life meets the same luck
// under every option.
#pragma once

#include "hortega/trial/simulate.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hortega::trial {

/// Years after today at which outcomes are counted.
inline constexpr int k_horizons_year[] = {1, 2, 5, 10};
inline constexpr std::size_t k_horizons = std::size(k_horizons_year);

enum class Sense : std::uint8_t { benefit, harm };

/// Something that a person has or has not by a horizon.
struct OutcomeSpec {
  std::string id;
  std::string label;       // "no relapse"
  std::string definition;  // one sentence
  Sense sense = Sense::benefit;
  std::string term;       // of a single kind of adverse event; empty: an outcome of every comparison
  bool simulated = true;  // false: the engine has no such thing in such a person, so there is no number
};

/// All that are counted, in the order of print.
const std::vector<OutcomeSpec>& common_outcomes();

/// The outcome as it is told of a person: one that the engine lacks in this sex is not simulated. None for
/// what such a person has already: a walking aid from EDSS 6 on, for which a wheelchair is told, and that
/// from EDSS 7 on.
std::optional<OutcomeSpec> told_of(const OutcomeSpec& outcome, bool female, double edss_today);

/// Harms that therapies have and that the engine gives to nobody, in words.
const std::vector<std::string>& harms_not_simulated();

/// Something of which a person has an amount: its mean over people is told.
struct MeasureSpec {
  std::string id, label, unit, definition;
  Sense sense = Sense::benefit;  // of more
  int decimals = 2;              // in print
  bool assumed = false;          // by a map of grade D: too little is known to call a difference better
};

/// Utility, then the symptoms in the order of endpoints::kSymptomNames.
const std::vector<MeasureSpec>& common_measures();

/// Mean EQ-5D utility from today to the horizon: straight lines between the scheduled visits, the last one
/// held; nought after death. NaN without a visit.
double mean_utility(const Participant& who, int horizon_day);

/// Severity of a symptom at the scheduled visit that belongs to the horizon (from four weeks before it to two
/// after). NaN without one, and of the dead.
double severity_at(const Participant& who, std::size_t symptom, int horizon_day);

struct Option {
  std::string regimen;
  bool goes_on = false;  // what the person takes today is kept; `regimen` joins it, or is none
  std::vector<JoinedRegimen> with = {};  // beside it
  std::vector<SequenceStep> then = {};   // planned; each stops all that is taken
};

struct OptionSettings {
  std::uint64_t seed = 1;
  double year = 2015.0;  // of today
  bool experienced_centre = true;
  std::string drug_today = "none";
  double edss_today = 0.0;  // as recorded: against it worsening and improvement count
};

struct HarmSeen {
  std::string term;
  int grade = 1;
  int day = 0;
};

/// What became of one life under one option.
struct Fate {
  std::vector<std::uint8_t> has;  // [common outcome * k_horizons + horizon]
  std::vector<double> amount;     // [common measure * k_horizons + horizon]; NaN: does not count
  std::vector<HarmSeen> harms;    // by day
  int death_day = endpoints::kNever;
};

/// What became of one record. Thread-safe.
Fate fate_of(Participant who, const OptionSettings& settings);

/// Follows each life under the option for the longest horizon and a year (so that worsening can be
/// confirmed); fates in the order of lives. `seen` is shown each record, with the life's place in that order.
/// Thread-safe.
std::vector<Fate> follow(const Environment& environment, const disease::Parameters& parameters,
                         const std::vector<cohort::Candidate>& lives, const Option& option,
                         const OptionSettings& settings,
                         const std::function<void(std::size_t life, const Participant&)>& seen = {});

}  // namespace hortega::trial
