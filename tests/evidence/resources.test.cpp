// SPDX-License-Identifier: Apache-2.0
//
// Accounts over people and replicates, against means by hand.
#include "hortega/evidence/resources.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using economics::Account;
using economics::Measure;

const economics::Row& row(const std::string& id) {
  for (const economics::Row& r : economics::rows())
    if (r.id == id) return r;
  throw std::runtime_error(id);
}

Account account(double cost, double years, double weeks) {
  Account a;
  a.of[static_cast<std::size_t>(Measure::cost)] = cost;
  a.of[static_cast<std::size_t>(Measure::years)] = years;
  a.of[static_cast<std::size_t>(Measure::weeks_to_dose)] = weeks;
  return a;
}

TEST(Resources, MeansOverPeopleAndRatiosOfSums) {
  const std::vector<Account> people = {account(1000, 2, 5), account(3000, 4, std::nan("")),
                                       account(500, 1, 1)};
  const std::vector<std::size_t> arm = {0, 0, 1};
  const ResourceTally t = tally_resources(people, arm, 2);
  EXPECT_DOUBLE_EQ(row_value(t, row("cost"), 0, 2), 2000.0);
  EXPECT_DOUBLE_EQ(row_value(t, row("cost"), 1, 2), 500.0);
  EXPECT_DOUBLE_EQ(row_value(t, row("cost_per_year"), 0, 2), 4000.0 / 6.0);
  EXPECT_DOUBLE_EQ(row_value(t, row("weeks_to_dose"), 0, 2), 5.0);  // of those who were given something
  EXPECT_TRUE(std::isnan(row_value(t, row("cost_per_later_year"), 0, 2)));
}

TEST(Resources, QuantilesOfPeopleWithinTheBins) {
  std::vector<Account> people;
  for (int i = 0; i <= 100; ++i) people.push_back(account(100.0 * i, 1, 0));
  const std::vector<std::size_t> arm(people.size(), 0);
  const ResourceTally t = tally_resources(people, arm, 1);
  const std::vector<const ResourceTally*> all = {&t, &t};
  const PeopleQuantiles q = people_quantiles(all, row("cost"), 0, 1);
  EXPECT_NEAR(q.q10, 1000.0, 5.0);
  EXPECT_NEAR(q.q50, 5000.0, 25.0);
  EXPECT_NEAR(q.q90, 9000.0, 45.0);
  EXPECT_TRUE(std::isnan(people_quantiles(all, row("cost_per_year"), 0, 1).q50));
  // Nobody failed: none, exactly.
  EXPECT_DOUBLE_EQ(people_quantiles(all, row("failed_products"), 0, 1).q90, 0.0);
}

TEST(Resources, OverReplicatesAndBetweenArms) {
  const auto set = core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  const trial::Protocol p = made::protocol({made::endpoint("relapse", trial::EndpointKind::relapse)});
  const Estimation estimation(p, {}, Scope::report, economics::Prices::load(set));
  const auto replicate = [&](int number, int infusions) {
    std::vector<trial::Participant> people = {made::person(0, {2.0}), made::person(1, {2.0})};
    for (int i = 0; i < infusions; ++i)
      people[0].uses.push_back({endpoints::Resource::infusion, "x", 28 * i, 28 * i, 1.0, false});
    return estimation.estimate(made::replicate(people, number));
  };
  const RunSummary summary = estimation.combine({replicate(0, 2), replicate(1, 4)});
  const double price = set.get("price_infusion").value;
  int found = 0;
  for (const ResourceRow& r : summary.resources) {
    if (r.measure != "cost") continue;
    ++found;
    EXPECT_NEAR(r.mean, r.arm == "A" ? 3 * price : 0.0, 1e-9) << r.arm << r.reference;
    if (r.arm == "A") {
      EXPECT_NEAR(r.mc_error, price, 1e-9);  // 2 and 4 infusions: sd 1.41, over root 2
    }
  }
  EXPECT_EQ(found, 3);  // A, B, A against B
  EXPECT_TRUE(Estimation(p)
                  .combine({Estimation(p).estimate(made::replicate({made::person(0, {2.0})}))})
                  .resources.empty());
}

}  // namespace
}  // namespace hortega::evidence
