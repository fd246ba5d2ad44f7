// SPDX-License-Identifier: Apache-2.0
//
// Pregnancy and relapses. PRIMS (Confavreux 1998, NEJM 339:285, 227 pregnancies): relapses a woman-year .7 in
// the year before, .5, .6, .2 in the trimesters, 1.2 in the three months after birth.
#include "hortega/cohort/pregnancy.hpp"

#include "hortega/cohort/bedside.hpp"
#include "hortega/cohort/history.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/person.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace hortega::cohort {
namespace {

const disease::Parameters& parameters() {
  static const disease::Parameters p = disease::load_parameters(
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters"));
  return p;
}

TEST(Pregnancy, LeversRiseToTermReboundAndEnd) {
  const disease::Parameters& p = parameters();
  Pregnancy one;
  one.conception_day = 1000;
  one.end_day = 1280;
  EXPECT_EQ(pregnancy_levers(p, one, 999).activation, 1.0);
  double before = 1.0;
  for (std::uint32_t day = 1010; day < 1280; day += 30) {
    const auto levers = pregnancy_levers(p, one, day);
    EXPECT_LT(levers.activation, before);
    EXPECT_GT(levers.activation, 0.0);
    EXPECT_GT(levers.treg_gain, 0.0);
    before = levers.activation;
  }
  EXPECT_DOUBLE_EQ(pregnancy_levers(p, one, 1280).activation, 1.0 + p.postpartum_rebound.value);
  EXPECT_EQ(pregnancy_levers(p, one, 1280).treg_gain, 0.0);
  EXPECT_TRUE(pregnant_or_post_partum(p, one, 1369));
  EXPECT_FALSE(pregnant_or_post_partum(p, one, 1370));
  EXPECT_EQ(pregnancy_levers(p, one, 1370).activation, 1.0);
  // Lost after a quarter of the time: a quarter of the rebound.
  Pregnancy lost = one;
  lost.end_day = 1070;
  lost.birth = false;
  EXPECT_DOUBLE_EQ(pregnancy_levers(p, lost, 1070).activation, 1.0 + 0.25 * p.postpartum_rebound.value);
}

// The share of person-quarters with a conception is that of the rate; girls and women past 50 do not
// conceive.
TEST(Pregnancy, RateFollowsAgeAndSymptoms) {
  const disease::Parameters& p = parameters();
  const auto share = [&](double age, bool symptoms) {
    int n = 0;
    constexpr int k_people = 40000;
    for (std::uint32_t person = 0; person < k_people; ++person)
      n += conceive(p, {5, person, 0}, age, symptoms, 3640).has_value();
    return static_cast<double>(n) / k_people;
  };
  EXPECT_EQ(share(14.9, false), 0.0);
  EXPECT_EQ(share(50.0, false), 0.0);
  const double expected =
      1.0 - std::exp(-p.birth_rate.value / (1.0 - p.pregnancy_loss_share.value) * 91.0 / 365.25);
  const double mc_error = std::sqrt(expected / 40000);
  EXPECT_NEAR(share(30.0, false), expected, 4.0 * mc_error);
  EXPECT_NEAR(share(30.0, true), p.birth_rate_with_symptoms.value * expected, 4.0 * mc_error);
  EXPECT_LT(share(42.0, false), 0.25 * expected);
}

TEST(Pregnancy, SomeEndEarly) {
  const disease::Parameters& p = parameters();
  int lost = 0;
  int all = 0;
  for (std::uint32_t person = 0; person < 100000; ++person) {
    const auto one = conceive(p, {6, person, 1}, 30.0, false, 91);
    if (!one) continue;
    ++all;
    lost += one->birth ? 0 : 1;
    const auto days = static_cast<double>(one->end_day - one->conception_day);
    if (one->birth) {
      EXPECT_EQ(days, p.pregnancy_duration.value);
    } else {
      EXPECT_GE(days, 1.0);
      EXPECT_LE(days, p.pregnancy_loss_day.value);
    }
  }
  const double share = p.pregnancy_loss_share.value;
  EXPECT_NEAR(static_cast<double>(lost) / all, share, 4.0 * std::sqrt(share * (1.0 - share) / all));
}

// ---- a cohort ----

// Phases: year before, trimesters, quarters after birth.
constexpr std::array<const char*, 7> k_phases = {"year before", "trimester 1", "trimester 2", "trimester 3",
                                                 "months 1-3",  "months 4-6",  "months 7-12"};
struct Tally {
  std::array<double, 7> relapses{};
  std::array<double, 7> years{};
  double rate(std::size_t i) const { return relapses[i] / years[i]; }
  double error(std::size_t i) const { return std::sqrt(std::max(1.0, relapses[i])) / years[i]; }
};

class Nobody final : public BedsideListener {
 public:
  void harm(therapy::Harm) override {}
  void milestone(therapy::Milestone, int, double) override {}
  void death(const std::string&) override {}
};

// Women with relapsing disease in the two years before; every one of them conceives at the same time, so that
// the number of pregnancies is large for the years simulated. As in PRIMS, nobody is treated.
Tally relapses_around_pregnancies(std::size_t people) {
  const disease::Parameters& p = parameters();
  const disease::Rates rates = disease::make_rates(p);
  RelapseRule rule;
  rule.subtle_noticed = p.relapse_subtle_noticed.value;
  constexpr std::uint32_t k_conception = 91 * 32;  // eight years after biological onset
  constexpr std::uint32_t k_birth = k_conception + 280;
  std::vector<Tally> blocks(people / disease::k_block);
  core::parallel_for(blocks.size(), [&](std::size_t b) {
    disease::Block block;
    block.seed = 11;
    std::array<History, disease::k_block> history;
    std::array<disease::Profile, disease::k_block> profile;
    std::array<Bedside, disease::k_block> bedside;
    Nobody nobody;
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      const auto person = static_cast<std::uint32_t>(b * disease::k_block + lane);
      disease::put(block, lane, disease::make_person(p, 11, person));
      profile[lane] = disease::make_profile(p, 11, person);
    }
    disease::Events events;
    for (std::uint32_t day = 0; day < k_birth + 364; day += 7) {
      if (day >= k_conception) {
        for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
          therapy::Patient who;
          who.key = {11, block.person[lane], 0};
          who.parameters = &p;
          who.profile = &profile[lane];
          who.state = disease::view_of(block, lane);
          if (day == k_conception) {
            Pregnancy one;
            one.conception_day = k_conception;
            one.end_day = k_birth;
            bedside[lane].begin(make_pregnancy_course(one), block, lane, who, nobody);
          }
          if (bedside[lane].next_due() <= static_cast<int>(day))
            bedside[lane].update(block, lane, who, nobody);
        }
      }
      disease::advance(rates, block, 7, events);
      for (int i = 0; i < events.count; ++i) {
        const disease::Event& e = events.event[i];
        if (e.kind != disease::EventKind::attack && e.kind != disease::EventKind::fever) continue;
        if (history[e.lane].judge.judge(rule, {11, block.person[e.lane], 0}, e) == Judgement::relapse)
          history[e.lane].relapse_days.push_back(e.life_day);
      }
    }
    const std::array<std::uint32_t, 8> limits = {k_conception - 364, k_conception, k_conception + 93,
                                                 k_conception + 186, k_birth,      k_birth + 91,
                                                 k_birth + 182,      k_birth + 364};
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      const History& h = history[lane];
      const bool relapsing = std::any_of(h.relapse_days.begin(), h.relapse_days.end(), [&](std::uint32_t d) {
        return d + 1460 >= k_conception - 364 && d < k_conception - 364;
      });
      if (!profile[lane].female || !relapsing || block.alive[lane] == 0) continue;
      for (std::size_t i = 0; i < 7; ++i) {
        blocks[b].years[i] += (limits[i + 1] - limits[i]) / 365.25;
        for (const std::uint32_t d : h.relapse_days)
          blocks[b].relapses[i] += d >= limits[i] && d < limits[i + 1] ? 1.0 : 0.0;
      }
    }
  });
  Tally all;
  for (const Tally& t : blocks) {
    for (std::size_t i = 0; i < 7; ++i) {
      all.relapses[i] += t.relapses[i];
      all.years[i] += t.years[i];
    }
  }
  return all;
}

// The direction of PRIMS, beyond four standard errors of the simulated counts: fewer relapses in the third
// trimester than before, more in the three months after birth, and afterwards the old rate again.
TEST(SlowPregnancy, RelapsesFollowPrims) {
  const Tally t = relapses_around_pregnancies(16000);
  constexpr std::array<double, 7> k_prims = {0.7, 0.5, 0.6, 0.2, 1.2, NAN, NAN};
  for (std::size_t i = 0; i < 7; ++i) {
    std::printf("%-12s %.3f (s.e. %.3f) relapses a year, ratio to before %.2f; PRIMS %.1f, ratio %.2f\n",
                k_phases[i], t.rate(i), t.error(i), t.rate(i) / t.rate(0), k_prims[i],
                k_prims[i] / k_prims[0]);
  }
  const auto error = [&](std::size_t a, std::size_t b) { return std::hypot(t.error(a), t.error(b)); };
  EXPECT_LT(t.rate(3), t.rate(0) - 4.0 * error(0, 3));
  EXPECT_LT(t.rate(3), t.rate(2) - 4.0 * error(2, 3));
  EXPECT_GT(t.rate(4), t.rate(0) + 4.0 * error(0, 4));
  EXPECT_LT(std::fabs(t.rate(6) - t.rate(0)), 0.35 * t.rate(0) + 4.0 * error(0, 6));
  // How deep and how high, with 95 % limits of PRIMS itself: rates of 227 women, standard deviations as
  // printed there
  // (.9, 1.0, 2.0 relapses a year), by the delta method on the ratio.
  const auto prims = [](double rate, double sd) {
    const double ratio = rate / 0.7;
    return ratio * std::hypot(sd / rate, 0.9 / 0.7) / std::sqrt(227.0);
  };
  EXPECT_NEAR(t.rate(3) / t.rate(0), 0.2 / 0.7, 2.0 * prims(0.2, 1.0));
  EXPECT_NEAR(t.rate(4) / t.rate(0), 1.2 / 0.7, 2.0 * prims(1.2, 2.0));
}

}  // namespace
}  // namespace hortega::cohort
