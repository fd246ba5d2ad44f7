// SPDX-License-Identifier: Apache-2.0
// Reading tables of real or simulated visits, relapses and scans (CSV: UTF-8, comma, header, `.` decimal;
// empty or NA is missing). Every problem is told with line and column.
//
// visits    subject, day|date, edss, vis, bst, pyr, cer, sen, bb, men, amb, t25fw_s, nhpt_dom_s, nhpt_non_s,
// sdmt,
//           low_contrast_letters, vep_ms, eq5d, relapse_flag
// relapses  subject, onset_day|date, end_day, severity, steroid
// mri       subject, day|date, gd_count, new_t2, enl_t2, t2_vol_ml, pbvc_pct
//
// Only the subject and the day are needed everywhere, and in visits the edss or all of the grades and amb
// (the score is then computed). Capitals do not matter. Names of msprog (id, date, visit_day, EDSS, T25FW,
// NHPT, SDMT) and MSoutcomes (ID, dateEDSS, FSpyr, FScrbl, FSbstem, FSsens, FSsph, FSvis, FScereb, FSamb,
// daysPostRelapse) are understood. Dates are YYYY-MM-DD; day 0 is then the subject's first visit, and end_day
// is a date too. Where tables have both, days are taken, unless one of the tables has only dates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hortega/core/problems.hpp"
#include "hortega/endpoints/record.hpp"

namespace hortega::endpoints {

/// The tables of one subject, sorted by day.
struct Subject {
  std::string name;
  std::vector<Visit> visits;
  std::vector<Relapse> relapses;
  std::vector<Scan> scans;
  int end_of_follow_up_day = 0;  ///< last day of any table

  /// A view of the tables; valid as long as they are not changed.
  PersonRecord record() const;
};

struct Observed {
  std::vector<Subject> subjects;  ///< in the order of their first visit in the file
  bool relapses_given = false;    ///< by a table, by relapse_flag or by daysPostRelapse
  bool scans_given = false;
  std::vector<std::string>
      ignored_columns;  ///< `FILE: NAME`: columns that are not ours, for a note to the user
};

/// A table as text and the name to call it by in messages; no text: not given.
struct CsvSource {
  std::string file;
  std::string_view text;
  bool given = false;
};

/// Reads the tables. Without a relapse table a visit with relapse_flag 1 is the onset of a relapse, and
/// daysPostRelapse gives the onset of the most recent one (equal onsets are one relapse). Throws
/// core::InputError with all problems (the first 1000).
Observed read_observed(const CsvSource& visits, const CsvSource& relapses = {}, const CsvSource& mri = {});

/// The same from files; an empty path is a table not given. A file that cannot be read is an InputError.
Observed read_observed_files(const std::string& visits, const std::string& relapses = {},
                             const std::string& mri = {});

}  // namespace hortega::endpoints
