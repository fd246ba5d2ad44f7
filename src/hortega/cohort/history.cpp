// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/history.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::cohort {

Judgement RelapseJudge::judge(const RelapseRule& rule, const core::StreamKey& key,
                              const disease::Event& event) {
  const auto day = static_cast<std::int64_t>(event.life_day);
  const core::Words words = core::draw(key, core::Purpose::reporting, event.life_day, 0);
  const double rise = event.with - event.without;
  if (event.kind == disease::EventKind::fever) {
    if (rise < 0.5) return Judgement::not_noticed;
    if (core::to_uniform(words[1]) >= rule.fever_slips) return Judgement::pseudo_relapse;
  } else if (rise < 0.5 && core::to_uniform(words[0]) >= rule.subtle_noticed) {
    return Judgement::not_noticed;
  }
  if (day - last_onset_ < rule.refractory_day) return Judgement::same_relapse;
  last_onset_ = day;
  return Judgement::relapse;
}

int History::relapses_within(std::uint32_t today, double days) const {
  int n = 0;
  for (auto it = relapse_days.rbegin(); it != relapse_days.rend(); ++it) {
    if (static_cast<double>(today) - static_cast<double>(*it) > days) break;
    ++n;
  }
  return n;
}

std::optional<std::uint32_t> History::last_relapse_day() const {
  if (relapse_days.empty()) return std::nullopt;
  return relapse_days.back();
}

int History::gd_within(std::uint32_t today, double days) const {
  int most = 0;
  for (const Review& r : reviews) {
    if (static_cast<double>(today) - static_cast<double>(r.life_day) <= days)
      most = std::max<int>(most, r.gd);
  }
  return most;
}

int History::new_t2_within(std::uint32_t today, double days) const {
  if (reviews.empty()) return 0;
  double earliest = reviews.back().t2_seen;
  for (const Review& r : reviews) {
    if (static_cast<double>(today) - static_cast<double>(r.life_day) <= days) {
      earliest = r.t2_seen;
      break;
    }
  }
  return static_cast<int>(std::lround(reviews.back().t2_seen - earliest));
}

double History::edss_rise_over(std::uint32_t today, double days) const {
  if (reviews.empty()) return 0.0;
  const Review* nearest = nullptr;
  for (const Review& r : reviews) {
    const double ago = static_cast<double>(today) - static_cast<double>(r.life_day);
    if (ago >= days - 120.0 &&
        (nearest == nullptr ||
         std::fabs(ago - days) <
             std::fabs(static_cast<double>(today) - static_cast<double>(nearest->life_day) - days))) {
      nearest = &r;
    }
  }
  return nearest == nullptr ? 0.0 : static_cast<double>(reviews.back().edss - nearest->edss);
}

namespace {

bool relapse_near(const History& h, double day, double margin) {
  return std::any_of(h.relapse_days.begin(), h.relapse_days.end(),
                     [&](std::uint32_t d) { return std::fabs(static_cast<double>(d) - day) <= margin; });
}

}  // namespace

void add_review(History& h, const Review& review) {
  constexpr std::size_t k_kept = 13;  // three years and the one before
  if (h.reviews.size() == k_kept) h.reviews.erase(h.reviews.begin());
  h.reviews.push_back(review);
  if (h.course == Course::no_symptoms_yet && !h.relapse_days.empty()) {
    h.course = Course::relapsing;
    h.first_symptom_day = h.relapse_days.front();
  }
  if (h.course == Course::no_symptoms_yet && review.edss >= 3.0F && h.reviews.size() >= 2 &&
      h.reviews[h.reviews.size() - 2].edss >= 3.0F) {
    h.course = Course::primary_progressive;
    h.first_symptom_day = h.reviews[h.reviews.size() - 2].life_day;
    h.progression_day = h.first_symptom_day;
  }
  if (h.course != Course::relapsing || review.edss < 4.0F || review.pyramidal < 2) return;
  // A rise that began at some review between half a year and three years ago, held at every review since.
  const std::size_t n = h.reviews.size();
  for (std::size_t onset = n - 1; onset-- > 1;) {
    const Review& at = h.reviews[onset];
    if (static_cast<double>(review.life_day - at.life_day) < 180.0) continue;
    const Review& reference = h.reviews[onset - 1];
    const float step = reference.edss >= 6.0F ? 0.5F : 1.0F;
    bool held = true;
    for (std::size_t i = onset; i < n && held; ++i) held = h.reviews[i].edss - reference.edss >= step;
    if (!held || at.edss < 4.0F) continue;
    if (relapse_near(h, static_cast<double>(at.life_day), 90.0)) continue;
    if (relapse_near(h, static_cast<double>(review.life_day), 30.0)) continue;
    h.course = Course::secondary_progressive;
    h.progression_day = at.life_day;
    return;
  }
}

}  // namespace hortega::cohort
