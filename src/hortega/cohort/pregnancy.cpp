// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/pregnancy.hpp"

#include "hortega/core/math.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::cohort {

namespace {

constexpr double k_quarter_year = 91.0 / 365.25;
// Levers change slowly: once a week is often enough (a week is 2.5 % of a pregnancy).
constexpr int k_update_day = 7;

double rebound_ends_day(const disease::Parameters& p, const Pregnancy& pregnancy) {
  return static_cast<double>(pregnancy.end_day) + p.postpartum_duration.value;
}

class PregnancyCourse final : public therapy::Course {
 public:
  explicit PregnancyCourse(const Pregnancy& pregnancy) : pregnancy_(pregnancy) {}

  void begin(int day, const therapy::Patient&, therapy::CourseSink& sink) override {
    due_ = day;
    sink.milestone(therapy::Milestone::conception, day, 0.0);
  }
  void resume(int day, const therapy::Patient&) override {
    due_ = day;
    ended_ = day >= static_cast<int>(pregnancy_.end_day);
  }
  void update(int day, const therapy::Patient& patient, therapy::CourseSink& sink,
              disease::Levers<double>& levers) override {
    const disease::Parameters& p = *patient.parameters;
    const auto end = static_cast<int>(pregnancy_.end_day);
    if (!ended_ && day >= end) {
      ended_ = true;
      sink.milestone(pregnancy_.birth ? therapy::Milestone::birth : therapy::Milestone::pregnancy_loss, day,
                     static_cast<double>(pregnancy_.end_day - pregnancy_.conception_day));
    }
    levers = pregnancy_levers(p, pregnancy_, static_cast<std::uint32_t>(day));
    finished_ = static_cast<double>(day) >= rebound_ends_day(p, pregnancy_);
    due_ = finished_ ? therapy::k_never : day + k_update_day;
    // Exactly at the end of each phase: whoever enters a trial then must not carry levers of the past.
    for (const double stop : {static_cast<double>(end), rebound_ends_day(p, pregnancy_)}) {
      const auto at = static_cast<int>(std::ceil(stop));
      if (day < at) due_ = std::min(due_, at);
    }
  }
  int next_due() const override { return due_; }
  void stop(int) override {}  // no therapy ends with it, and it ends with no therapy
  bool finished() const override { return finished_; }

 private:
  Pregnancy pregnancy_;
  int due_ = 0;
  bool ended_ = false;
  bool finished_ = false;
};

}  // namespace

std::optional<Pregnancy> conceive(const disease::Parameters& p, const core::StreamKey& key, double age_year,
                                  bool had_symptoms, std::uint32_t life_day) {
  // Statistics of births count women of 15 to 49.
  constexpr double k_youngest_year = 15.0;
  constexpr double k_oldest_year = 50.0;
  if (age_year < k_youngest_year || age_year >= k_oldest_year) return std::nullopt;
  const double z = (age_year - p.birth_rate_age.value) / p.birth_rate_age.spread;
  const double births_per_year =
      p.birth_rate.value * math::exp(-0.5 * z * z) * (had_symptoms ? p.birth_rate_with_symptoms.value : 1.0);
  const double pregnancies_per_year = births_per_year / (1.0 - p.pregnancy_loss_share.value);
  core::Draws d(key, core::Purpose::pregnancy, life_day);
  if (!d.happens(1.0 - math::exp(-pregnancies_per_year * k_quarter_year))) return std::nullopt;
  Pregnancy begun;
  begun.conception_day = life_day;
  begun.birth = !d.happens(p.pregnancy_loss_share.value);
  const double days = begun.birth ? p.pregnancy_duration.value : d.uniform() * p.pregnancy_loss_day.value;
  begun.end_day = life_day + 1U + static_cast<std::uint32_t>(std::max(0.0, days - 1.0));
  return begun;
}

bool pregnant_or_post_partum(const disease::Parameters& p, const Pregnancy& pregnancy,
                             std::uint32_t life_day) {
  return life_day >= pregnancy.conception_day &&
         static_cast<double>(life_day) < rebound_ends_day(p, pregnancy);
}

disease::Levers<double> pregnancy_levers(const disease::Parameters& p, const Pregnancy& pregnancy,
                                         std::uint32_t life_day) {
  disease::Levers<double> levers = disease::no_levers();
  if (!pregnant_or_post_partum(p, pregnancy, life_day)) return levers;
  const auto term = [&](std::uint32_t day) {
    return std::min(1.0, static_cast<double>(day - pregnancy.conception_day) / p.pregnancy_duration.value);
  };
  if (life_day < pregnancy.end_day) {
    levers.activation = 1.0 - p.pregnancy_damping.value * term(life_day);
    levers.treg_gain = p.pregnancy_treg_gain.value * term(life_day);
  } else {
    const double gone = static_cast<double>(life_day - pregnancy.end_day) / p.postpartum_duration.value;
    levers.activation = 1.0 + p.postpartum_rebound.value * term(pregnancy.end_day) * (1.0 - gone);
  }
  return levers;
}

std::unique_ptr<therapy::Course> make_pregnancy_course(const Pregnancy& pregnancy) {
  return std::make_unique<PregnancyCourse>(pregnancy);
}

}  // namespace hortega::cohort
