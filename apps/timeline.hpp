// SPDX-License-Identifier: Apache-2.0
// One simulated participant, retold: what visits, scans, reports and records say, in the order of days.
#pragma once

#include <string>
#include <vector>

#include "hortega/trial/participant.hpp"

namespace hortega::apps {

/// Something that happened; days count from randomisation.
struct TimelineEntry {
  int day = 0;
  std::string kind;  ///< relapse, enrolment, visit, symptoms, scan, therapy, pregnancy, harm, switch, end
  std::string text;
};

/// Everything recorded of a participant. Infusions of a course are told once, with their number.
std::vector<TimelineEntry> timeline_of(const trial::Protocol& protocol, const trial::Participant& person);

/// "woman of 34.2 years, relapsing, first symptom 4.1 years ago, EDSS 3.5, ...": the person at entry.
std::string baseline_words(const trial::BaselineRecord& baseline);

/// "completed", "the study's data cut", "lost to follow-up", "died (cause)".
std::string end_words(const trial::Participant& person);

/// "relapsing", "secondary progressive", "primary progressive".
std::string phenotype_words(trial::Phenotype phenotype);

/// "day 45", or "1.3 years": days of the first four months as days.
std::string day_words(int day);

}  // namespace hortega::apps
