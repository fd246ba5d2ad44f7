// SPDX-License-Identifier: Apache-2.0
// Confirmed disability worsening and improvement under the published definitions (docs/endpoints.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hortega/endpoints/record.hpp"
#include "hortega/endpoints/relapses.hpp"

namespace hortega::endpoints {

/// What is followed. SDMT and letters worsen downwards, everything else upwards.
enum class Measure : std::uint8_t { edss, t25fw, nhpt_dominant, nhpt_non_dominant, sdmt, low_contrast };
double value_of(const Visit& visit, Measure measure);  ///< NaN if missing
constexpr bool worsens_downwards(Measure measure) {
  return measure == Measure::sdmt || measure == Measure::low_contrast;
}

enum class Direction : std::uint8_t { worsening, improvement };

/// Change that counts, from the baseline b: `step_low` if b < split_low, `step_high` if b >= split_high, else
/// `step_mid`; a relative rule takes `fraction` of b instead (for SDMT the smaller of `step_mid` points and
/// that fraction).
struct StepRule {
  double split_low = 0, step_low = 0;
  double step_mid = 1;
  double split_high = 11, step_high = 1;
  double fraction = 0;  ///< > 0: relative rule
  double threshold(double baseline) const;
};
namespace steps {
inline constexpr StepRule msprog{0.5, 1.5, 1.0, 5.5, 0.5};          ///< 1.5 at 0, 1.0 to 5.0, 0.5 above
inline constexpr StepRule msbase{0.5, 1.5, 1.0, 6.0, 0.5};          ///< 1.5 at 0, 1.0 to 5.5, 0.5 from 6.0
inline constexpr StepRule opera{0, 0, 1.0, 6.0, 0.5};               ///< 1.0 to 5.5 (also at 0), 0.5 above
inline constexpr StepRule one{0, 0, 1.0, 11, 1.0};                  ///< 1.0 at any baseline
inline constexpr StepRule one_not_at_zero{0.5, 1.5, 1.0, 11, 1.0};  ///< 1.5 at 0, 1.0 above
inline constexpr StepRule freedoms{0, 0, 1.0, 5.5, 0.5};            ///< 1.0 to 5.0, 0.5 above
inline constexpr StepRule improvement_msbase{2.0, 1.5, 1.0, 6.5, 0.5};  ///< 1.5 to 1.5, 1.0 to 6.0, 0.5 above
inline constexpr StepRule twenty_percent{0, 0, 0, 1e9, 0, 0.20};
inline constexpr StepRule sdmt_4_or_20_percent{0, 0, 4, 1e9, 4, 0.20};
inline constexpr StepRule seven_letters{0, 0, 7, 1e9, 7};  ///< low-contrast letters, from memory
}  // namespace steps

enum class Baseline : std::uint8_t {
  fixed,               ///< the first eligible visit throughout
  roving,              ///< moved by confirmed improvement and by confirmed worsening
  roving_improvement,  ///< moved by confirmed improvement only
  roving_worsening     ///< moved by confirmed worsening only
};
/// Where the search starts.
enum class BaselineVisit : std::uint8_t {
  first,                      ///< first eligible visit
  last_before_randomisation,  ///< last eligible visit at or before day 0, else the first after
  last_before_transplant  ///< last eligible visit at or before the graft (day 0 if none was given), else the
                          ///< first after
};
/// What a moved baseline takes its value from.
enum class MovedBaseline : std::uint8_t {
  confirming_visit,        ///< msprog
  mildest_in_confirmation  ///< MSoutcomes: least changed value from onset to onset + confirmation_days
};
enum class VisitKind : std::uint8_t { any, scheduled };
enum class CensorAt : std::uint8_t { last_visit, last_confirmable_visit };
enum class IntermediateVisits : std::uint8_t { must_hold, ignored };
enum class UnconfirmedAtEnd : std::uint8_t {
  censored,
  event_if_at_last_visit,  ///< last-value rule
  event_if_dropped_out     ///< follow-up ended before the confirmation visit was due (ORATORIO)
};
enum class MsDeath : std::uint8_t { censors, counts };
enum class AfterRelapse : std::uint8_t { keep_baseline, rebaseline };

inline constexpr double kNoLimit = 1e9;

/// Every choice that published definitions differ in. Defaults: msprog 1.0.
struct WorseningOptions {
  Measure measure = Measure::edss;
  Direction direction = Direction::worsening;
  StepRule step = steps::msprog;              ///< of worsening
  StepRule improvement_step = steps::msprog;  ///< of improvement (msprog: the same)

  double confirmation_days = 84;        ///< 0: unconfirmed
  double second_confirmation_days = 0;  ///< > 0: either of the two confirms
  double tolerance_before_days = 7;
  double tolerance_after_days = 730.5;
  IntermediateVisits intermediate = IntermediateVisits::must_hold;
  VisitKind confirming_visit = VisitKind::any;
  VisitKind onset_visit = VisitKind::any;
  double sustained_days =
      0;  ///< must hold at all visits for so long after confirmation; kNoLimit: to the end

  BaselineVisit baseline_visit = BaselineVisit::first;
  Baseline baseline = Baseline::fixed;
  MovedBaseline moved_baseline = MovedBaseline::confirming_visit;
  AfterRelapse after_relapse = AfterRelapse::keep_baseline;
  int baseline_not_before_day = -kNever;  ///< first visit that may be the baseline
  int relapse_to_baseline_days = 30;      ///< a baseline visit has no relapse onset in so many days before it
  int relapse_to_event_days = 0;
  int relapse_to_confirmation_days = 30;
  RelapseKind relapse_kind = RelapseKind::reported;

  int onset_not_before_day = -kNever;         ///< e.g. MIST: after one year
  int confirmation_not_before_day = -kNever;  ///< e.g. HSCT: not before day +90

  UnconfirmedAtEnd unconfirmed = UnconfirmedAtEnd::censored;
  CensorAt censor_at = CensorAt::last_visit;
  MsDeath ms_death = MsDeath::censors;
};

/// One confirmed change.
struct ConfirmedChange {
  Direction direction = Direction::worsening;
  int baseline_day = 0;   ///< the reference visit
  int preceding_day = 0;  ///< the visit before onset
  int day = 0;            ///< onset: the first examination that shows the change
  int confirmed_day = kNever;
  int sustained_until_day = 0;  ///< last visit of the unbroken run from onset
  double baseline_value = kMissing;
  double value = kMissing;  ///< at onset
};

/// First confirmed change in the asked direction. Censored at the last visit with the measure (or as
/// `censor_at` says).
TimeToEvent time_to_confirmed_change(const PersonRecord& person, const WorseningOptions& options);

/// All confirmed changes in time order, both directions where the baseline roves by them; the search goes on
/// from the confirmation of each (its EDSS is the new baseline under a roving one). Overwrites `changes`.
void confirmed_changes(const PersonRecord& person, const WorseningOptions& options,
                       std::vector<ConfirmedChange>& changes);

/// Months in days, with the length stated: 30.25 (MSBase, MSoutcomes) or 30.4375 (a year / 12).
enum class MonthLength : std::uint8_t { msbase_30_25, julian_30_4375 };
constexpr double months(double n, MonthLength length = MonthLength::julian_30_4375) {
  return n * (length == MonthLength::msbase_30_25 ? 30.25 : 30.4375);
}
constexpr double weeks(double n) { return 7 * n; }

/// Published definitions of worsening: docs/endpoints.md, trials by data/evidence/PROTOCOLS.md 7.
enum class WorseningPreset : std::uint8_t {
  msprog,
  msbase,
  opera,
  oratorio,
  mist,
  affirm,
  freedoms,
  care_ms,
  expand,
  ebmt,
  boffa,
  burman,
  atkins,
  petrou
};
struct WorseningPresetInfo {
  WorseningPreset preset;
  std::string_view name;    ///< as users write it
  std::string_view source;  ///< where the definition was taken from
  WorseningOptions options;
};
std::span<const WorseningPresetInfo> worsening_presets();
const WorseningPresetInfo& worsening_preset(WorseningPreset preset);
const WorseningPresetInfo* find_worsening_preset(std::string_view name);  ///< nullptr if unknown

/// The same definition confirmed over another length, e.g. 24 instead of 12 weeks.
WorseningOptions with_confirmation(WorseningOptions options, double days);
/// The same definition asked of improvement (step: that of MSoutcomes CDI for EDSS, else the same
/// fraction).
WorseningOptions as_improvement(WorseningOptions options);

/// The definition in one English sentence, made from the options.
std::string definition(const WorseningOptions& options);

}  // namespace hortega::endpoints
