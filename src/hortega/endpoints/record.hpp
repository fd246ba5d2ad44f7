// SPDX-License-Identifier: Apache-2.0
// What the visits, relapse reports and scans of one person said: the only input that endpoints ever see.
//
// Days are integers from randomisation (day 0 = baseline visit). Missing is stated, never guessed: NaN for a
// real number, kMissingGrade for a grade, kMissingCount for a count, kNever for a day.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace hortega::endpoints {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::uint8_t kMissingGrade = 255;
inline constexpr int kMissingCount = -1;
inline constexpr int kNever =
    1'000'000'000;  ///< later than every day; small enough that adding windows cannot overflow
inline constexpr double kDaysPerYear = 365.25;

enum class FunctionalSystem { visual, brainstem, pyramidal, cerebellar, sensory, bowel_bladder, cerebral };
inline constexpr std::size_t kFunctionalSystems = 7;
/// Raw (unconverted) grades in the order of FunctionalSystem; ranges 0-6 0-5 0-6 0-5 0-6 0-6 0-5
/// (docs/endpoints.md).
using FunctionalGrades = std::array<std::uint8_t, kFunctionalSystems>;
inline constexpr FunctionalGrades kMissingGrades{255, 255, 255, 255, 255, 255, 255};

/// Symptoms that people name, in the order of Visit::symptoms.
inline constexpr std::size_t kSymptoms = 9;
inline constexpr std::array<std::string_view, kSymptoms> kSymptomNames = {
    "fatigue", "pain", "numbness", "walking", "vision", "coordination", "bladder", "mood", "cognition"};
inline constexpr float kMissingSeverity = std::numeric_limits<float>::quiet_NaN();
inline constexpr std::array<float, kSymptoms> kMissingSymptoms = {
    kMissingSeverity, kMissingSeverity, kMissingSeverity, kMissingSeverity, kMissingSeverity,
    kMissingSeverity, kMissingSeverity, kMissingSeverity, kMissingSeverity};

/// One examination.
struct Visit {
  int day = 0;
  double edss = kMissing;
  FunctionalGrades fs = kMissingGrades;
  std::uint8_t ambulation = kMissingGrade;  ///< 0-16
  float t25fw_s = std::numeric_limits<float>::quiet_NaN();
  float nhpt_dominant_s = std::numeric_limits<float>::quiet_NaN();
  float nhpt_non_dominant_s = std::numeric_limits<float>::quiet_NaN();
  float sdmt = std::numeric_limits<float>::quiet_NaN();
  float low_contrast_letters = std::numeric_limits<float>::quiet_NaN();  ///< 2.5 % contrast, both eyes, of 60
  float vep_ms = std::numeric_limits<float>::quiet_NaN();                ///< P100, mean of the eyes
  float eq5d = std::numeric_limits<float>::quiet_NaN();                  ///< utility
  std::array<float, kSymptoms> symptoms = kMissingSymptoms;              ///< severity 0-10
  bool scheduled = true;                                                 ///< false: seen because of symptoms
};

enum class RelapseSeverity : std::uint8_t { mild, moderate, severe, unknown };

/// One reported relapse. It belongs to the day of its onset.
struct Relapse {
  int onset_day = 0;
  int end_day = kNever;  ///< kNever: not recorded
  RelapseSeverity severity = RelapseSeverity::unknown;
  double peak_edss = kMissing;
  bool confirmed = true;  ///< by an examination (protocol-defined)
  bool steroids = false;
  bool pseudo = false;  ///< fever, infection, heat: never counted as a relapse
};

/// One MRI examination. Counts and volumes are those of the reading; counts of T2 lesions are against the
/// previous scan.
struct Scan {
  int day = 0;
  int gd_count = kMissingCount;             ///< gadolinium-enhancing T1 lesions
  int new_or_enlarging_t2 = kMissingCount;  ///< since the previous scan
  int new_t1 = kMissingCount;               ///< new black holes since the previous scan
  int rims = kMissingCount;                 ///< paramagnetic rim lesions: chronic active ones there are
  double t2_volume_ml = kMissing;
  double t1_volume_ml = kMissing;                 ///< chronic black holes
  double brain_volume_change_percent = kMissing;  ///< cumulative from the day-0 scan (PBVC); 0 at day 0
};

/// Everything observed of one person; a view, the owner keeps the tables sorted by day.
struct PersonRecord {
  std::span<const Visit> visits;
  std::span<const Relapse> relapses;  ///< by onset day; may reach before day 0
  std::span<const Scan> scans;
  int end_of_follow_up_day = 0;  ///< last day on which a relapse or death would have been known
  bool dropped_out = false;      ///< follow-up ended before the study planned
  int death_day = kNever;
  bool ms_death = false;
  int mobilisation_day = kNever;  ///< first day of mobilisation; kNever: not transplanted
  int transplant_day = kNever;    ///< infusion of the graft
};

enum class Ternary : std::uint8_t { no, yes, unknown };

/// Why a time stops without an event (output/adam_times gives it a CNSR code of ADaM).
enum class Censoring : std::uint8_t {
  none,
  end_of_follow_up,
  last_visit,
  last_confirmable_visit,
  death,
  no_baseline
};

/// Time to an event or to censoring, days from randomisation.
struct TimeToEvent {
  bool event = false;
  int day = 0;                 ///< onset of the event, or day of censoring
  int confirmed_day = kNever;  ///< examination that confirmed it (kNever: unconfirmed kind of event, or none)
  Censoring censoring = Censoring::no_baseline;
};

inline bool is_missing(double value) { return std::isnan(value); }

}  // namespace hortega::endpoints
