// SPDX-License-Identifier: Apache-2.0
//
// What is known of a person's past: relapses by the definition, quarterly examinations and scans, and from
// these the phenotype. Eligibility asks only this, never the hidden state.
#pragma once

#include "hortega/cohort/pregnancy.hpp"
#include "hortega/core/random.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/parameters.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hortega::cohort {

enum class Course : std::uint8_t { no_symptoms_yet, relapsing, secondary_progressive, primary_progressive };

/// An attack or a fever as the clinic judges it.
enum class Judgement : std::uint8_t { relapse, pseudo_relapse, not_noticed, same_relapse };

/// How attacks become relapses in a setting (natural history, or a trial with its conduct).
struct RelapseRule {
  // An onset sooner than this after the last is the same relapse: part of the definition (NHS England 2014,
  // docs/endpoints.md), as in endpoints::merge_relapses.
  int refractory_day = 30;
  double subtle_noticed = 0.0;  // probability that an attack without a rise of EDSS is reported
  double fever_slips = 0.0;     // probability that a fever episode is taken for a relapse
};

/// Turns events into relapses. The draw depends on person, copy and day only.
class RelapseJudge {
 public:
  Judgement judge(const RelapseRule& rule, const core::StreamKey& key, const disease::Event& event);
  std::int64_t last_onset_day() const { return last_onset_; }
  void set_last_onset(std::int64_t life_day) { last_onset_ = life_day; }

 private:
  std::int64_t last_onset_ = -1'000'000;  // far before any life
};

/// A quarterly examination.
struct Review {
  std::uint32_t life_day = 0;
  float edss = 0.0F;
  float t2_seen = 0.0F;  // lesions that a scan would show as new T2, counted since onset
  std::uint8_t gd = 0;
  std::uint8_t pyramidal = 0;
};

/// The past of one person. Reviews are kept for the last three years, relapses all.
struct History {
  std::vector<std::uint32_t> relapse_days;  // life days of reported relapses
  std::vector<Review> reviews;
  std::optional<std::uint32_t> first_symptom_day;
  Course course = Course::no_symptoms_yet;
  std::optional<std::uint32_t> progression_day;  // conversion, or progressive onset
  RelapseJudge judge;
  std::vector<Pregnancy> pregnancies;  // in order; the last may go on

  int relapses_within(std::uint32_t today, double days) const;
  std::optional<std::uint32_t> last_relapse_day() const;
  /// Largest Gd+ count of the reviews within the days before today (today's included).
  int gd_within(std::uint32_t today, double days) const;
  /// New T2 lesions over the days before today.
  int new_t2_within(std::uint32_t today, double days) const;
  /// Rise of EDSS from the review nearest to `days` ago to the last; 0 without such a review.
  double edss_rise_over(std::uint32_t today, double days) const;
};

/// Adds a review and judges the course: secondary progressive after a rise of EDSS (1.0, from 6.0 on 0.5)
/// without relapse in the 90 days around it, confirmed half a year later, from EDSS 4 on with pyramidal grade
/// 2 or more (Lorscheider 2016, docs/endpoints.md); primary progressive when EDSS 3 is reached without any
/// relapse.
void add_review(History& history, const Review& review);

}  // namespace hortega::cohort
