// SPDX-License-Identifier: Apache-2.0
//
// One real or made-up person as a file tells of them: who they are, and what was seen of their disease and on
// which day. Only what a clinic knows; nothing hidden.
#pragma once

#include "hortega/cohort/calendar.hpp"
#include "hortega/cohort/history.hpp"
#include "hortega/core/schema.hpp"
#include "hortega/therapy/provenance.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hortega::cohort {

enum class Sex : std::uint8_t { female, male };

struct KnownEdss {
  Date on;
  double value = 0.0;
};
struct KnownRelapse {
  Date on;
  bool treated = false;  // with steroids
};
struct KnownScan {
  Date on;
  std::optional<int> t2_count;  // lesions in all
  std::optional<int> gd_count;
  std::optional<int> new_t2;  // since `compared_with`
  std::optional<Date> compared_with;
};
struct KnownDrug {
  std::string regimen;
  Date from;
  std::optional<Date> to;  // absent: goes on
};

/// What the person does not want.
struct Preference {
  std::vector<therapy::Provenance> exclude;  // cells of such an origin
};

struct KnownPerson {
  std::string id;
  std::string label;
  Sex sex = Sex::female;
  double age_day = 0.0;  // today
  Date today;
  Date first_symptom;
  Course course = Course::relapsing;
  std::optional<Date> relapses_known_from;
  std::vector<KnownEdss> edss;
  std::vector<KnownRelapse> relapses;
  std::vector<KnownScan> scans;
  std::vector<KnownDrug> drugs;
  Preference preference;

  double age_year() const { return age_day / 365.25; }
  double duration_day() const { return days_between(first_symptom, today); }
  double age_at_first_symptom_year() const { return (age_day - duration_day()) / 365.25; }
  /// Days after the first symptom.
  int offset_day(Date date) const { return days_between(first_symptom, date); }
  const KnownEdss& last_edss() const;
  /// What is taken today; empty for nothing.
  std::string drug_today() const;
  int relapses_within(int days) const;
};

/// The table of a person file; a read person's lists are in order of time. Beyond single keys it demands: an
/// EDSS no older than k_oldest_edss_day, nothing before the first symptom or after today, one drug at a time.
core::Schema<KnownPerson> known_person_schema();

inline constexpr int k_oldest_edss_day = 184;

/// Reads a document; lists sorted by date. Throws InputError with every problem.
core::Read<KnownPerson> read_known_person(const core::Document& document);

}  // namespace hortega::cohort
