// SPDX-License-Identifier: Apache-2.0
// The first replicate as CDISC ADaM datasets: ADSL, ADTTE, ADAE, ADEDSS, ADFT, ADQS, ADMRI
// (names and labels: examples of cdisc-org/DataExchange-DatasetJson; codes of PARAMCD and CNSR are ours).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/summary.hpp"

namespace hortega::output {

/// Time of one person to one endpoint, as a record of ADTTE.
struct PersonTime {
  std::size_t participant = 0;  ///< index into RunSummary::first.participants
  std::string paramcd;          ///< at most 8 letters and digits
  std::string param;            ///< at most 200 characters
  int start_day = 0;            ///< STARTDT: where the time begins, from randomisation
  int day = 0;                  ///< from start_day to the event or to censoring
  int cnsr = 0;                 ///< codes of Appendix D; 0 is an event
  std::string evntdesc;         ///< what happened
};

/// The times of the first replicate as ADTTE names and codes them. Endpoints of one kind share the code of
/// Appendix D only if there is one of them; the others are numbered.
std::vector<PersonTime> adtte_times(const evidence::RunSummary& summary,
                                    std::span<const evidence::PersonTime> times);

/// One variable of a dataset, as the `columns` of Dataset-JSON 1.1 describe it.
struct AdamColumn {
  enum class Type { text, integer, real, date };
  std::string name;   ///< at most 8 characters
  std::string label;  ///< at most 40
  Type type = Type::text;
  int key = 0;  ///< place in the sort key from 1; 0: none
};

/// Missing, text, a number, or a date (days from randomisation of the first participant are turned into days
/// from the reference date before they come here).
struct AdamDate {
  int day = 0;  ///< from the reference date 2000-01-03
};
using AdamValue = std::variant<std::monostate, std::string, std::int64_t, double, AdamDate>;

struct AdamDataset {
  std::string name;   ///< ADSL
  std::string label;  ///< Subject-Level Analysis
  std::vector<AdamColumn> columns;
  std::vector<std::vector<AdamValue>> rows;
};

/// "2000-01-03" for day 0. Proleptic Gregorian.
std::string reference_date(int day);

/// The datasets of the first replicate. `study_id` is STUDYID, "SIM-" and eight hexadecimal digits: a virtual
/// trial must not look like a real one.
std::vector<AdamDataset> adam_datasets(const evidence::RunSummary& summary, std::span<const PersonTime> times,
                                       const std::string& study_id);

std::string adam_csv(const AdamDataset& dataset);

/// Dataset-JSON 1.1.0. `created` is an ISO 8601 time with its zone.
std::string adam_dataset_json(const AdamDataset& dataset, const std::string& study_id,
                              const std::string& created);

}  // namespace hortega::output
