// SPDX-License-Identifier: Apache-2.0
//
// Stopping natalizumab and fingolimod: what gathered while the way was barred comes with its return.
#include "harness.hpp"

#include <gtest/gtest.h>

namespace hortega::therapy {
namespace {

using testing::Life;
using testing::Options;
using testing::world;
using State = disease::State<double>;
using Levers = disease::Levers<double>;

/// On a drug for years, stopped on day 0: a lever by day after.
std::map<int, double> after_stopping(const std::string& id, double Levers::*lever,
                                     const Parameters* p = nullptr) {
  Options o;
  o.days = 28 * 12;
  o.every = 7;
  o.therapy = p;
  o.begin = [id](Treatment& t, int day, const Patient& who, CourseSink&) {
    t.resume(world().library.find(id), day, who);
    t.stop_all(day);
  };
  std::map<int, double> sum;
  testing::run("none", o, [&](const Life&, int day, const State&, const Levers& l) { sum[day] += l.*lever; });
  for (auto& [day, total] : sum) total /= o.people;
  return sum;
}

double greatest(const std::map<int, double>& course) {
  double most = 0.0;
  for (const auto& [day, value] : course) most = std::max(most, value);
  return most;
}

TEST(Rebound, NatalizumabLetsBackMoreThanThereWas) {
  const auto entry = after_stopping("natalizumab", &Levers::entry);
  EXPECT_LT(entry.at(0), 0.35);
  EXPECT_GT(greatest(entry), 1.02);
  EXPECT_LT(greatest(entry), 1.0 + world().therapy.natalizumab_kept.value);
  EXPECT_NEAR(entry.at(28 * 12), 1.0, 0.02);
}

TEST(Rebound, NoneWhereNothingGathers) {
  Parameters p = world().therapy;
  p.natalizumab_kept = {0.0, 0.0};
  p.s1p_kept = {0.0, 0.0};
  EXPECT_LE(greatest(after_stopping("natalizumab", &Levers::entry, &p)), 1.0);
  EXPECT_LE(greatest(after_stopping("fingolimod", &Levers::egress, &p)), 1.0);
}

TEST(Rebound, GrowsWithWhatGathered) {
  Parameters p = world().therapy;
  p.natalizumab_kept.value *= 2.0;
  p.s1p_kept.value *= 2.0;
  EXPECT_GT(greatest(after_stopping("natalizumab", &Levers::entry, &p)),
            greatest(after_stopping("natalizumab", &Levers::entry)) + 0.02);
  EXPECT_GT(greatest(after_stopping("fingolimod", &Levers::egress, &p)),
            greatest(after_stopping("fingolimod", &Levers::egress)) + 0.02);
}

TEST(Rebound, FingolimodIsAsMeasuredWhileItIsTaken) {
  Options o;
  o.days = 168;
  testing::run("fingolimod", o, [](const Life&, int, const State&, const Levers& l) {
    EXPECT_EQ(l.egress, l.lymphocytes_seen);  // building up or steady, nothing comes out besides
  });
  EXPECT_GT(greatest(after_stopping("fingolimod", &Levers::egress)), 1.0);
}

}  // namespace
}  // namespace hortega::therapy
