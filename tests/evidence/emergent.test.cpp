// SPDX-License-Identifier: Apache-2.0
// Emergent facts: the shipped file, and how a fact is judged.
#include "hortega/evidence/emergent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hortega/core/document.hpp"
#include "hortega/evidence/published.hpp"
#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using testing::HasSubstr;

const std::string k_protocols = std::string(HORTEGA_SOURCE_DIR) + "/data/protocols";

EmergentFacts shipped() {
  return emergent_facts_schema()
      .read(core::Document::load(std::string(HORTEGA_SOURCE_DIR) + "/data/evidence/emergent.toml"))
      .value;
}

TEST(EmergentFacts, ShippedFactsNamePublishedRowsOrSayWhyNot) {
  const auto rows = PublishedRows::load(std::string(HORTEGA_SOURCE_DIR) + "/data/evidence/published.csv");
  int checked = 0;
  for (const EmergentFact& fact : shipped().facts) {
    for (const auto& name : {fact.row, fact.over}) {
      if (!name) continue;
      const PublishedRow* row = rows.find(name->substr(0, name->find('/')));
      ASSERT_NE(row, nullptr) << *name;
      EXPECT_TRUE(row->is_outcome()) << *name;
    }
    checked += fact.row ? 1 : 0;
  }
  EXPECT_GE(checked, 5);
}

TEST(EmergentFacts, RefusesAFactThatCannotBeJudged) {
  const std::string head =
      "format = \"hortega-emergent-facts\"\nversion = 1\n[[fact]]\nid = \"a\"\n"
      "statement = \"b\"\nhow = \"c\"\n";
  const auto told = [&](const std::string& rest) -> std::string {
    try {
      emergent_facts_schema().read(core::Document::parse(head + rest, "facts.toml"));
    } catch (const core::InputError& error) {
      return error.what();
    }
    return "taken";
  };
  EXPECT_EQ(told("row = \"E0001\"\nrange = [1, 2]\n"), "taken");
  EXPECT_THAT(told("row = \"E0001\"\nrange = [2, 1]\n"),
              HasSubstr("`range` is not a lowest and a highest value"));
  EXPECT_THAT(told("row = \"E0001\"\n"), HasSubstr("`range` is not a lowest and a highest value"));
  EXPECT_THAT(told("range = [1, 2]\n"), HasSubstr("neither `row`, `protocol` nor `none`"));
  EXPECT_THAT(told("none = \"d\"\nrow = \"E0001\"\n"),
              HasSubstr("a fact with `none` says how to check it too"));
  const std::string asks = "arm = \"a\"\nendpoint = \"e\"\nestimator = \"rate\"\nrange = [1, 2]\n";
  EXPECT_EQ(told("protocol = \"p\"\n" + asks), "taken");
  EXPECT_THAT(told(asks), HasSubstr("names no `protocol`"));
  EXPECT_THAT(told("row = \"E0001\"\nprotocol = \"p\"\n" + asks), HasSubstr("names rows and a `protocol`"));
  EXPECT_THAT(told("protocol = \"p\"\narm = \"a\"\nestimator = \"rate\"\nrange = [1, 2]\n"),
              HasSubstr("does not say what it asks"));
  // Of two arms: an estimator, and none of one arm.
  EXPECT_THAT(told("protocol = \"p\"\narm = \"a\"\nendpoint = \"e\"\nestimator = \"rate_ratio\"\n"
                   "range = [1, 2]\n"),
              HasSubstr("no estimator of one arm is called 'rate_ratio'"));
}

TEST(EmergentFacts, AskOnlyWhatTheirProtocolsHave) {
  EXPECT_NO_THROW(check_asked(shipped(), k_protocols));
  EmergentFact fact;
  fact.id = "a", fact.protocol = "british-columbia", fact.arm = "untreated", fact.endpoint = "relapse";
  fact.estimator = "rate", fact.range = {1, 2};
  const auto told = [&]() -> std::string {
    try {
      check_asked(EmergentFacts{{fact}}, k_protocols);
    } catch (const core::InputError& error) {
      return error.what();
    }
    return "taken";
  };
  EXPECT_EQ(told(), "taken");
  fact.over_endpoint = "relapses";
  EXPECT_THAT(told(), HasSubstr("no endpoint 'relapses'"));
  fact.over_endpoint.reset();
  fact.estimator = "mean";
  EXPECT_THAT(told(), HasSubstr("mean cannot be made from an endpoint of kind 'relapse'"));
  fact.estimator = "rate", fact.subgroup = "men";
  EXPECT_THAT(told(), HasSubstr("no subgroup 'men'"));
  fact.subgroup.reset(), fact.arm = "placebo";
  EXPECT_THAT(told(), HasSubstr("no arm 'placebo'"));
  fact.arm = "untreated", fact.protocol = "nowhere";
  EXPECT_THAT(told(), HasSubstr("there is no protocol 'nowhere'"));
}

// Of one person with relapsing onset, seen for more than thirty years: eight relapses in years 5 to 10, two
// in years 25 to 30, others outside both. Each window has 1827 whole days, so the later rate is a quarter.
TEST(EmergentFacts, RelapsesFallIsTheRatioOfTwoWindowsOfTheProtocol) {
  EmergentFacts facts;
  for (const EmergentFact& fact : shipped().facts)
    if (fact.id == "relapses-fall-with-age") facts.facts.push_back(fact);
  ASSERT_EQ(facts.facts.size(), 1U);
  const std::vector<AskedNumber> asked = asked_numbers(facts);
  ASSERT_EQ(asked.size(), 2U);
  const auto protocol =
      trial::read_protocol(core::Document::load(k_protocols + "/british-columbia.toml")).value;
  std::vector<Quantity> quantities;
  for (const AskedNumber& number : asked) {
    EXPECT_EQ(number.protocol, protocol.id);
    quantities.push_back(number.quantity);
  }
  constexpr int end_day = 12000;
  trial::Participant one = made::person(0, {2, 2, 2}, end_day);
  for (const int day : {0, 400, 1800}) made::relapse(one, day);
  for (int i = 0; i < 8; ++i) made::relapse(one, 1900 + 200 * i);
  for (const int day : {3700, 5000, 9100, 9500, 10000, 11000}) made::relapse(one, day);
  trial::Participant progressive = made::person(0, {2, 2, 2}, end_day);  // not of the subgroup
  progressive.baseline.phenotype = trial::Phenotype::primary_progressive;
  for (int i = 0; i < 6; ++i) made::relapse(progressive, 9200 + 200 * i);
  const Estimation estimation(protocol, quantities, Scope::asked);
  const auto outcomes = estimation.estimate(made::replicate({one, progressive})).outcomes;
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_NEAR(outcomes[0].value, 2.0 / 5.0, 1e-3);  // a window is 5.002 years
  EXPECT_NEAR(outcomes[1].value, 8.0 / 5.0, 1e-3);

  std::vector<Target> targets;
  DrawPredictions draws;
  draws.by_draw.emplace_back();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Target t;
    t.row_id = asked[i].id, t.link = Link::log, t.published = std::numeric_limits<double>::quiet_NaN();
    targets.push_back(t);
    draws.by_draw[0].push_back({std::log(outcomes[i].value), 0.0, 0.0});
  }
  const JudgedFact judged = judge(facts, targets, draws)[0];
  ASSERT_TRUE(judged.value);
  EXPECT_NEAR(*judged.value, 0.25, 1e-12);
  EXPECT_TRUE(judged.passes);
  // 17 % fewer four times over (Tremlett 2008).
  EXPECT_NEAR(*judged.published, std::pow(1.0 - 0.17, 4.0), 0.005);
  EXPECT_EQ(judge(facts, {}, {})[0].why_not, "the protocol 'british-columbia' is not simulated");
}

TEST(EmergentFacts, AreJudgedByTheMedianOverDraws) {
  Target lesions, relapses;
  lesions.row_id = "E0001", lesions.link = Link::log, lesions.published = 11.0;
  relapses.row_id = "E0002", relapses.part = 2, relapses.link = Link::log, relapses.published = 0.67;
  DrawPredictions draws;
  for (const double ratio : {6.0, 8.0, 9.0, 14.0})
    draws.by_draw.push_back({{std::log(2.0 * ratio), 1.0, 0.0}, {0.0, 1.0, 0.0}});
  EmergentFacts facts;
  EmergentFact fact;
  fact.id = "a", fact.row = "E0001", fact.over = "E0002/2", fact.factor = 0.5, fact.range = {5, 10};
  facts.facts = {fact};
  auto judged = judge(facts, {lesions, relapses}, draws);
  EXPECT_NEAR(*judged[0].value, 8.0, 1e-12);
  EXPECT_NEAR(*judged[0].low, 6.0, 1e-12);
  EXPECT_NEAR(*judged[0].high, 14.0, 1e-12);
  EXPECT_NEAR(*judged[0].published, 0.5 * 11.0 / 0.67, 1e-12);
  EXPECT_TRUE(judged[0].passes);
  draws.weight = {0.0, 0.0, 0.0, 1.0};
  EXPECT_FALSE(judge(facts, {lesions, relapses}, draws)[0].passes);
  facts.facts[0].over = "E0002";
  EXPECT_EQ(judge(facts, {lesions, relapses}, draws)[0].why_not, "E0002 is not simulated");
  facts.facts[0].over.reset();
  for (auto& draw : draws.by_draw) draw[0].mean = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(judge(facts, {lesions, relapses}, draws)[0].value);
}

// A ratio of two rows: geometric middle and width of its range, and the difference of the logarithms.
TEST(EmergentFacts, FittedOnesAreTargetsAfterTheirRows) {
  Target lesions, relapses;
  lesions.row_id = "E0001", lesions.role = "calibration", lesions.link = Link::log, lesions.published = 11.0;
  relapses.row_id = "E0002", relapses.role = "calibration", relapses.link = Link::log,
  relapses.published = 0.67;
  EmergentFact fact;
  fact.id = "a", fact.row = "E0001", fact.over = "E0002", fact.factor = 0.5, fact.range = {5, 10};
  const FittedFacts none({{fact}}, {lesions, relapses});
  EXPECT_TRUE(none.targets().empty());
  fact.fitted = true;
  const FittedFacts facts({{fact}}, {lesions, relapses});
  ASSERT_EQ(facts.targets().size(), 1U);
  const Target& t = facts.targets()[0];
  EXPECT_NEAR(std::exp(t.y), std::sqrt(50.0), 1e-12);
  EXPECT_NEAR(t.se, std::log(2.0) / 3.919927969080108, 1e-12);
  EXPECT_FALSE(t.differs_between_studies);
  EXPECT_NEAR(t.published, 8.209, 1e-3);
  std::vector<Prediction> predictions = {{std::log(12.0), 0.3, 0.03}, {std::log(0.6), 0.4, 0.04}};
  facts.append(predictions);
  ASSERT_EQ(predictions.size(), 3U);
  EXPECT_NEAR(std::exp(predictions[2].mean), 10.0, 1e-12);
  EXPECT_NEAR(predictions[2].mc_se, 0.05, 1e-12);
  // Rows that no protocol of the fit gives; rows that may not be fitted.
  EXPECT_TRUE(FittedFacts({{fact}}, {lesions}).targets().empty());
  relapses.role = "validation";
  EXPECT_THROW(FittedFacts({{fact}}, {lesions, relapses}), core::InputError);
}

}  // namespace
}  // namespace hortega::evidence
