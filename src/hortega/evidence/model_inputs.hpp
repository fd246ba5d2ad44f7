// SPDX-License-Identifier: Apache-2.0
// What a cost-utility model takes from a replicate: years, quality-adjusted years and costs by year, and how
// many people are in each EDSS state. Counted for everybody who was randomised until they leave, whatever the
// estimand; nothing is discounted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hortega/economics/prices.hpp"
#include "hortega/trial/participant.hpp"
#include "hortega/trial/protocol.hpp"

namespace hortega::evidence {

/// EDSS at the last planned examination; of the others the death or the end of follow-up.
inline constexpr std::array<std::string_view, 8> k_states = {"edss 0-1.5", "edss 2-3.5",  "edss 4-5.5",
                                                             "edss 6-6.5", "edss 7-7.5",  "edss 8-9.5",
                                                             "dead",       "not followed"};

enum class YearMeasure : std::uint8_t { years, qalys, cost };
inline constexpr std::size_t k_year_measures = 3;

/// Sums of one replicate.
struct ModelTally {
  std::vector<double> sum;            ///< (measure * arms + arm) * periods + period; NaN: not known
  std::vector<std::uint32_t> states;  ///< people, (arm * days + day) * k_states.size() + state
};

/// Days from randomisation; what happens on `from_day` belongs to the period before, if there is one.
struct Period {
  int year = 0;  ///< from 1; 0: the whole follow-up
  int from_day = 0;
  int to_day = 0;
};

class ModelPlan {
 public:
  explicit ModelPlan(const trial::Protocol& protocol);

  /// The whole follow-up, then each year of it (a rest of up to 45 days belongs to the last).
  const std::vector<Period>& periods() const { return periods_; }
  /// Day 0 and the planned EDSS visits.
  const std::vector<int>& days() const { return days_; }

  ModelTally tally(std::span<const trial::Participant> people,
                   const std::optional<economics::Prices>& prices) const;
  double sum(const ModelTally& tally, YearMeasure measure, std::size_t arm, std::size_t period) const;
  std::uint32_t in_state(const ModelTally& tally, std::size_t arm, std::size_t day, std::size_t state) const;

 private:
  std::size_t slot(YearMeasure measure, std::size_t arm, std::size_t period) const;
  std::vector<Period> periods_;
  std::vector<int> days_;
  std::size_t arms_ = 0;
};

/// The person's place in k_states on a day.
std::size_t state_on(const trial::Participant& person, int day);

/// Utility times years from randomisation to the day, the death or the end of follow-up, whatever comes
/// first: straight lines between planned visits, the last one held (trial/options.hpp). NaN without utility.
double qalys_until(const trial::Participant& person, int day);

}  // namespace hortega::evidence
