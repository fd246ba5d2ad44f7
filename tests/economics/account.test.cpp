// SPDX-License-Identifier: Apache-2.0
//
// Accounts of people made by hand, against sums by hand from the passports' prices.
#include "hortega/economics/account.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "hortega/therapy/regimen.hpp"

namespace hortega::economics {
namespace {

using endpoints::Milestone;
using endpoints::Resource;
using endpoints::Use;

const core::ParameterSet& set() {
  static const core::ParameterSet s =
      core::ParameterSet::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/parameters");
  return s;
}
double price(const char* name) { return set().get(name).value; }
const Prices& prices() {
  static const Prices p = Prices::load(set());
  return p;
}

Use once(Resource what, const char* item, int day, double amount) {
  return {what, item, day, day, amount, false};
}
Use daily(Resource what, const char* item, int from, int to, double amount) {
  return {what, item, from, to, amount, true};
}

trial::Participant followed(int days) {
  trial::Participant p;
  p.end_of_follow_up_day = days;
  return p;
}

TEST(Account, OfDosesAndTheirInfusions) {
  trial::Participant p = followed(731);
  for (int day = 0; day < 731; day += 28) {
    p.uses.push_back(once(Resource::drug, "natalizumab", day, 300.0));
    p.uses.push_back(once(Resource::infusion, "natalizumab", day, 1.0));
  }
  const Account a = account_of(p, prices());
  // Days 0, 28, ..., 728: 27 doses, 14 of them until day 365.
  EXPECT_DOUBLE_EQ(a[Measure::cost_drugs], 27 * 300.0 * price("price_natalizumab"));
  EXPECT_NEAR(a[Measure::cost_outpatient], 27 * price("price_infusion"), 1e-9);
  EXPECT_NEAR(a[Measure::cost], a[Measure::cost_drugs] + a[Measure::cost_outpatient], 1e-9);
  EXPECT_NEAR(a[Measure::cost_first_year],
              14 * (300.0 * price("price_natalizumab") + price("price_infusion")), 1e-9);
  EXPECT_DOUBLE_EQ(a[Measure::visits], 27.0);
  EXPECT_DOUBLE_EQ(a[Measure::weeks_to_dose], 0.0);
  EXPECT_NEAR(a[Measure::years], 731 / 365.25, 1e-12);
  EXPECT_NEAR(a[Measure::cost_later], a[Measure::cost] - a[Measure::cost_first_year], 1e-9);
}

TEST(Account, WhoHasLeftCostsNothingMore) {
  trial::Participant stays = followed(731), leaves = followed(100), dies = followed(731);
  for (trial::Participant* p : {&stays, &leaves, &dies})
    p->uses.push_back(daily(Resource::drug, "fingolimod", 10, endpoints::kNever, 0.5));
  dies.death_day = 200;
  const double a_day = 0.5 * price("price_fingolimod");
  EXPECT_NEAR(account_of(stays, prices())[Measure::cost], 721 * a_day, 1e-6);
  EXPECT_NEAR(account_of(leaves, prices())[Measure::cost], 90 * a_day, 1e-6);
  EXPECT_NEAR(account_of(dies, prices())[Measure::cost], 190 * a_day, 1e-6);
  EXPECT_NEAR(account_of(stays, prices(), 40)[Measure::cost], 30 * a_day, 1e-6);
  EXPECT_NEAR(cost_until(stays, prices(), 40), 30 * a_day, 1e-6);
  EXPECT_NEAR(cost_until(leaves, prices(), 731), 90 * a_day, 1e-6);
  EXPECT_NEAR(cost_until(dies, prices(), 731), 190 * a_day, 1e-6);
  EXPECT_NEAR(account_of(stays, prices())[Measure::weeks_to_dose], 10 / 7.0, 1e-12);
}

TEST(Account, NobodyLiesInTwoBeds) {
  trial::Participant p = followed(731);
  p.uses.push_back(daily(Resource::transplant_day, "transplant", 30, 50, 1.0));
  p.harms.push_back({"febrile neutropenia", 3, 38, 42, true});
  Account a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(a[Measure::hospital_days], 20.0);
  EXPECT_DOUBLE_EQ(a[Measure::cost_hospital], 20 * price("price_transplant_day"));
  // Sepsis on day 45: 14 days, of which five until day 50 are in the unit already; five days of intensive
  // care.
  p.harms.push_back({"sepsis", 4, 45, 55, true});
  a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(price("stay_grave"), 14.0);
  EXPECT_DOUBLE_EQ(price("intensive_stay"), 5.0);
  EXPECT_DOUBLE_EQ(a[Measure::hospital_days], 29.0);
  EXPECT_DOUBLE_EQ(a[Measure::intensive_days], 5.0);
  EXPECT_DOUBLE_EQ(
      a[Measure::cost_hospital],
      15 * price("price_transplant_day") + 5 * price("price_intensive_day") + 9 * price("price_ward_day"));
  // What is not serious takes no bed.
  p.harms = {{"herpes zoster", 2, 100, 128, false}};
  EXPECT_DOUBLE_EQ(account_of(p, prices())[Measure::hospital_days], 20.0);
}

TEST(Account, AFatalEventTookItsBedBeforeTheDeath) {
  trial::Participant p = followed(300);
  p.death_day = 300;
  p.harms.push_back({"sepsis", 5, 300, 310, true});
  const Account a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(a[Measure::hospital_days], 14.0);
  EXPECT_DOUBLE_EQ(a[Measure::intensive_days], 5.0);
}

TEST(Account, AMalignancyIsPaidByTheCase) {
  trial::Participant p = followed(731);
  p.harms.push_back({"second malignancy", 4, 400, 765, true});
  const Account a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(a[Measure::hospital_days], 0.0);
  EXPECT_DOUBLE_EQ(a[Measure::cost], price("price_malignancy"));
  EXPECT_DOUBLE_EQ(a[Measure::cost_first_year], 0.0);
}

TEST(Account, OfATransplantCountsToTheGraft) {
  trial::Participant p = followed(731);
  p.mobilisation_day = 0;
  p.uses.push_back(once(Resource::drug, "cyclophosphamide", 0, 3600.0));
  p.uses.push_back(once(Resource::apheresis, "apheresis", 10, 2.0));
  p.uses.push_back(once(Resource::graft_storage, "graft", 10, 1.0));
  p.milestones.push_back({Milestone::mobilisation_failure, 8, 1.0});
  p.milestones.push_back({Milestone::graft, 35, 5.0});
  const Account a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(a[Measure::weeks_to_dose], 5.0);
  EXPECT_DOUBLE_EQ(a[Measure::failed_collections], 1.0);
  EXPECT_DOUBLE_EQ(a[Measure::cost_cells], 2 * price("price_apheresis") + price("price_graft_storage"));
  EXPECT_DOUBLE_EQ(a[Measure::cost_drugs], 3600.0 * price("price_cyclophosphamide"));
  EXPECT_DOUBLE_EQ(a[Measure::visits], 2.0);
}

TEST(Account, ADrugThatCameFirstIsWhatWasWaitedFor) {
  // Crosses over from a drug to a transplant in the second year.
  trial::Participant p = followed(1000);
  p.mobilisation_day = 400;
  p.uses.push_back(once(Resource::drug, "natalizumab", 7, 300.0));
  p.uses.push_back(once(Resource::apheresis, "apheresis", 410, 1.0));
  p.milestones.push_back({Milestone::graft, 435, 5.0});
  EXPECT_DOUBLE_EQ(account_of(p, prices())[Measure::weeks_to_dose], 1.0);
  // Cells that follow a transplant were waited for while it worked.
  trial::Participant then = followed(1000);
  then.mobilisation_day = 0;
  then.milestones.push_back({Milestone::graft, 35, 5.0});
  then.milestones.push_back({Milestone::infusion, 183, 70.0});
  then.uses.push_back(once(Resource::cell_product, "msc", 183, 9000.0));
  then.uses.push_back(once(Resource::wait_for_cells, "msc", 183, 35.0));
  EXPECT_DOUBLE_EQ(account_of(then, prices())[Measure::weeks_to_dose], 5.0);
}

TEST(Account, SteroidsForARelapseAreNotWaitedFor) {
  trial::Participant p = followed(1000);
  p.uses.push_back(once(Resource::steroid_course, "methylprednisolone", 90, 1.0));
  p.uses.push_back(once(Resource::drug, "methylprednisolone", 90, 1000.0));
  EXPECT_TRUE(std::isnan(account_of(p, prices())[Measure::weeks_to_dose]));
  p.uses.push_back(once(Resource::drug, "natalizumab", 140, 300.0));
  EXPECT_DOUBLE_EQ(account_of(p, prices())[Measure::weeks_to_dose], 20.0);
}

TEST(Account, OwnCellsMadeBeforeCountTheirMaking) {
  trial::Participant p = followed(365);
  p.uses.push_back(once(Resource::cell_product, "msc", 0, 9000.0));
  p.uses.push_back(once(Resource::failed_batch, "msc", 0, 1.0));
  p.uses.push_back(once(Resource::wait_for_cells, "msc", 0, 35.0));
  p.uses.push_back(once(Resource::harvest, "msc", 0, 2.0));
  p.uses.push_back(once(Resource::lumbar_injection, "msc", 0, 1.0));
  p.milestones.push_back({Milestone::infusion, 0, 100.0});
  const Account a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(a[Measure::weeks_to_dose], 5.0);
  EXPECT_DOUBLE_EQ(a[Measure::cost_cells], 9000.0);
  EXPECT_DOUBLE_EQ(a[Measure::failed_products], 1.0);
  EXPECT_DOUBLE_EQ(a[Measure::visits], 3.0);  // two harvests, one injection
  EXPECT_DOUBLE_EQ(a[Measure::cost_outpatient], price("price_lumbar_injection"));
}

TEST(Account, RelapsesThatWereSeenAreVisitsScheduledOnesAreTheTrials) {
  trial::Participant p = followed(365);
  for (const bool scheduled : {true, false, false}) {
    endpoints::Visit v;
    v.day = 90;
    v.scheduled = scheduled;
    p.visits.push_back(v);
  }
  const Account a = account_of(p, prices());
  EXPECT_DOUBLE_EQ(a[Measure::visits], 2.0);
  EXPECT_DOUBLE_EQ(a[Measure::cost], 2 * price("price_visit"));
  EXPECT_TRUE(std::isnan(a[Measure::weeks_to_dose]));
}

TEST(Account, ADrugWithoutAPriceIsNamedNotFree) {
  trial::Participant p = followed(365);
  p.uses.push_back(once(Resource::drug, "mirabilin", 0, 10.0));
  const Account a = account_of(p, prices());
  ASSERT_EQ(a.not_priced.size(), 1U);
  EXPECT_EQ(a.not_priced.front(), "mirabilin");
  EXPECT_DOUBLE_EQ(a[Measure::cost], 0.0);
}

TEST(Prices, OfEveryDrugOfTheShippedRegimens) {
  const auto library =
      therapy::RegimenLibrary::read_directory(std::string(HORTEGA_SOURCE_DIR) + "/data/regimens");
  int asked = 0;
  for (const therapy::Regimen& r : library.all()) {
    for (const therapy::Dosing& line : r.doses) {
      if (therapy::is_cells(line.dose)) continue;
      ++asked;
      EXPECT_TRUE(prices().of(Resource::drug, line.drug)) << r.id << ": " << line.drug;
    }
  }
  EXPECT_GT(asked, 10);
}

TEST(Rows, HaveNamesOfTheirOwnAndDefinitions) {
  std::set<std::string> ids;
  ASSERT_FALSE(rows().empty());
  for (const Row& row : rows()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_FALSE(row.definition.empty());
    EXPECT_FALSE(row.unit.empty());
  }
  // What everything else is per person of.
  EXPECT_TRUE(ids.contains("years"));
}

}  // namespace
}  // namespace hortega::economics
