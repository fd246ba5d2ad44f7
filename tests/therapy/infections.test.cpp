// SPDX-License-Identifier: Apache-2.0
//
// Infections by what is left of the defence: serious ones at their closed rate, told by nobody else, and the
// factor on those of the community.
#include "hortega/therapy/infections.hpp"

#include "harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::world;

// Standard errors allowed: false alarm in one of 16,000 comparisons; the seeds are fixed.
constexpr double k_errors = 4.0;

// A course that leaves the body as it is: the person's infections go by its parameters, and it may tell them
// itself.
class Bystander final : public Course {
 public:
  explicit Bystander(bool tells = false) : tells_(tells) {}
  void begin(int, const Patient&, CourseSink&) override {}
  void resume(int, const Patient&) override {}
  void update(int, const Patient&, CourseSink&, disease::Levers<double>&) override {}
  int next_due() const override { return k_never; }
  void stop(int) override {}
  const Parameters* parameters() const override { return &world().therapy; }
  bool tells_infections() const override { return tells_; }
  bool finished() const override { return false; }

 private:
  bool tells_;
};

// What is left of a body: of the lymphocytes in blood, of B cells, of plasma cells.
struct Body {
  double lymphocytes = 1.0;
  double b = 1.0;
  double plasma = 1.0;
};

constexpr int k_century = 36525;  // days

// One body for a hundred years, asked on the days that are due. `told_until`: another tells its infections
// before this day.
Life live(const Body& body, std::uint32_t person, int told_until = 0) {
  disease::State<double> s{};
  s.naive = s.bulk_memory = 1.0;
  s.naive_b = s.memory_b = body.b;
  s.plasma = body.plasma;
  const disease::Profile profile;
  const Patient patient{{71, person, 0}, &world().disease, &profile, s, 0.0, {}};
  Life life;
  Infections infections;
  for (int day = 0; day < k_century; day = infections.due()) {
    Defence defence;
    defence.add(Bystander(day < told_until));
    disease::Levers<double> levers = disease::no_levers();
    levers.lymphocytes_seen = body.lymphocytes;
    infections.update(defence, day, patient, life, levers);
    // Those of the community: community_by_lymphopenia for what is missing, times the antibodies' factor.
    const double antibodies = 1.0 + world().disease.infection_by_antibody_loss.value * (1.0 - body.plasma);
    EXPECT_NEAR(
        levers.infection,
        (1.0 + world().therapy.community_by_lymphopenia.value * (1.0 - body.lymphocytes)) * antibodies,
        1e-12);
  }
  return life;
}

TEST(Infections, SeriousOnesComeAtTheRateOfTheDefenceThatIsLeft) {
  // A Poisson count over 2,000 hundred years of life. The rate is log-linear in what is missing of
  // lymphocytes and B cells (serious_infection_rate, infection_by_lymphopenia, infection_by_b_depletion) and
  // linear in the plasma cells that are missing (infection_by_antibody_loss).
  constexpr int k_people = 2000;
  constexpr double k_years = 100.0 * k_people;
  const Parameters& p = world().therapy;
  const double base = p.serious_infection_rate.value;
  const auto check = [&](const Body& body, double per_year) {
    double n = 0.0;
    for (std::uint32_t person = 0; person < k_people; ++person) {
      const Life life = live(body, person);
      n += static_cast<double>(life.harms.size());
      for (const Harm& h : life.harms) {
        EXPECT_EQ(h.term, "serious infection");
        EXPECT_TRUE(h.serious && h.grade == 3);
      }
    }
    EXPECT_NEAR(n, per_year * k_years, k_errors * std::sqrt(per_year * k_years));
    return n / k_years;
  };
  const double none = check({}, base);
  const double lymphopenic = check({0.3, 1.0, 1.0}, base * std::exp(0.7 * p.infection_by_lymphopenia.value));
  const double without_b = check({1.0, 0.0, 1.0}, base * std::exp(p.infection_by_b_depletion.value));
  check({1.0, 1.0, 0.5}, base * (1.0 + 0.5 * world().disease.infection_by_antibody_loss.value));
  // Luna 2020 (doi:10.1001/jamaneurol.2019.3365), confidence intervals per person-year: interferon and
  // glatiramer, fingolimod (70 % of the lymphocytes missing), rituximab.
  EXPECT_TRUE(none > 0.0064 && none < 0.0121) << none;
  EXPECT_TRUE(lymphopenic > 0.0108 && lymphopenic < 0.0185) << lymphopenic;
  EXPECT_TRUE(without_b > 0.0164 && without_b < 0.0235) << without_b;
}

TEST(Infections, NoneIsToldWhileACourseTellsThemItself) {
  // For fifty years somebody else does; of the fifty after that all are told (a Poisson count).
  constexpr int k_people = 500;
  constexpr int k_told_until = k_century / 2;
  int n = 0;
  for (std::uint32_t person = 0; person < k_people; ++person) {
    for (const Harm& h : live({}, person, k_told_until).harms) {
      EXPECT_GE(h.start_day, k_told_until);
      ++n;
    }
  }
  const double expected = world().therapy.serious_infection_rate.value * 50.0 * k_people;
  EXPECT_GT(expected, 100.0);
  EXPECT_NEAR(n, expected, k_errors * std::sqrt(expected));
}

TEST(Infections, OfSomebodyOnNoCourseAreNotAsked) {
  Life life;
  Infections infections;
  const disease::State<double> s = disease::make_person(world().disease, 7, 3).state;
  const disease::Profile profile;
  const Patient patient{{71, 0, 0}, &world().disease, &profile, s, 0.0, {}};
  disease::Levers<double> levers = disease::no_levers();
  levers.lymphocytes_seen = 0.1;
  infections.update(Defence{}, 0, patient, life, levers);
  EXPECT_EQ(infections.due(), k_never);
  EXPECT_EQ(levers.infection, 1.0);
  EXPECT_TRUE(life.harms.empty());
}

}  // namespace
}  // namespace hortega::therapy
