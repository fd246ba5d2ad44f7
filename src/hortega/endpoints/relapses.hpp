// SPDX-License-Identifier: Apache-2.0
// Relapses: merging of reports, confirmation and grading by examination, counts, times (docs/endpoints.md).
#pragma once

#include <vector>

#include "hortega/endpoints/record.hpp"

namespace hortega::endpoints {

/// Which reports count as relapses. Pseudo-relapses never do.
enum class RelapseKind : std::uint8_t { reported, confirmed };

/// An onset less than `gap_days` after the onset of the running relapse is the same relapse: the later end,
/// the worse severity and the higher peak are kept; it is confirmed if any part is. Input sorted by onset;
/// pseudo-relapses are dropped. `merged` is overwritten (its memory is re-used).
void merge_relapses(std::span<const Relapse> reported, std::vector<Relapse>& merged, int gap_days = 30);

/// Rules for calling a relapse confirmed by examination ("protocol-defined").
struct RelapseConfirmation {
  int examination_within_days = 7;     ///< after onset
  int stable_after_relapse_days = 30;  ///< the last stable visit is at least so long after an earlier onset
  double edss_step = 0.5;
};
/// Yes if an examination within the window shows EDSS +0.5, or +2 in one functional system, or +1 in two
/// (bowel and bladder, cerebral excluded) over the last stable visit before onset; unknown if either visit is
/// lacking.
Ternary protocol_confirmed(const PersonRecord& person, const Relapse& relapse,
                           const RelapseConfirmation& rule = {});

/// Severity by the change between two examinations (and hospitalisation): mild EDSS +0.5 or +1 in at most 3
/// systems; moderate EDSS +1.0-2.0, or +2 in at most 2, or +1 in 4 or more; severe beyond. A kind reached by
/// either measure holds.
RelapseSeverity severity_from_change(const Visit& before, const Visit& during, bool hospitalised = false);

enum class Recovery : std::uint8_t { complete, partial, none, unknown };
/// Recovery at `after_days` (+/- `window_days`): complete if EDSS is back at the pre-relapse EDSS, none if it
/// is still at or above the peak, partial between; unknown without the three values or with a new relapse in
/// the 30 days before.
Recovery recovery(const PersonRecord& person, const Relapse& relapse, int after_days = 183,
                  int window_days = 42);

/// Relapses and time at risk on [from_day, to_day): ARR = sum of relapses / sum of years over people, never a
/// mean of personal rates. Time ends at death and at the end of follow-up.
struct RelapseExposure {
  int relapses = 0;
  int peri_transplant = 0;  ///< of these, between mobilisation and day +`peri_days` after the graft
  double years = 0;
  RelapseExposure& operator+=(const RelapseExposure& other);
  double annualised_rate() const;  ///< NaN without time at risk
};
struct RelapseCounting {
  RelapseKind kind = RelapseKind::reported;
  int gap_days = 30;   ///< merging, see merge_relapses; 0: count every report
  int peri_days = 30;  ///< end of the peri-transplant window after the graft (30 or 42 in HSCT papers)
};
RelapseExposure relapse_exposure(const PersonRecord& person, int from_day, int to_day,
                                 const RelapseCounting& rule = {});

/// Is this onset between mobilisation and day +`peri_days` after the graft?
bool is_peri_transplant(const PersonRecord& person, int onset_day, int peri_days = 30);

/// First relapse with onset at or after `from_day`; censored at death or the end of follow-up.
TimeToEvent time_to_first_relapse(const PersonRecord& person, int from_day = 0,
                                  const RelapseCounting& rule = {});

/// No relapse on [from_day, to_day]? unknown if follow-up stops earlier without one.
Ternary relapse_free(const PersonRecord& person, int from_day, int to_day, const RelapseCounting& rule = {});

/// Any counted relapse with onset in [first_day, last_day] (both included)?
bool relapse_between(std::span<const Relapse> relapses, int first_day, int last_day,
                     RelapseKind kind = RelapseKind::reported);

}  // namespace hortega::endpoints
