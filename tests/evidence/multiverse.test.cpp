// SPDX-License-Identifier: Apache-2.0
// One run under every published definition: the list of definitions, and that their numbers are those that
// the protocol's own analysis would give.
#include "hortega/evidence/multiverse.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "hortega/evidence/checkpoint.hpp"
#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using Kind = trial::EndpointKind;

/// A trial with EDSS every 12 weeks for two years; B worsens more often than A. Relapses lift EDSS now and
/// then.
trial::Replicate random_replicate(int number, double a_rate = 0.05, double b_rate = 0.15) {
  std::mt19937 random(static_cast<unsigned>(1000 + number));
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<trial::Participant> people;
  for (int i = 0; i < 60; ++i) {
    const std::size_t arm = i % 2;
    std::vector<double> edss{2.0 + 0.5 * std::floor(8 * uniform(random))};
    std::vector<int> onsets;
    for (int v = 1; v < 9; ++v) {
      double next = edss.back();
      if (uniform(random) < (arm == 0 ? a_rate : b_rate)) next += 0.5 * std::ceil(3 * uniform(random));
      if (uniform(random) < 0.1) next -= 0.5;
      if (uniform(random) < 0.1) {
        onsets.push_back(84 * v - static_cast<int>(60 * uniform(random)));
        next += 1.0;
      }
      edss.push_back(std::clamp(next, 1.0, 9.0));
    }
    auto person = made::person(arm, edss);
    for (std::size_t k = 0; k < person.visits.size(); ++k) {
      person.visits[k].t25fw_s = static_cast<float>(5.0 + edss[k]);
      person.visits[k].nhpt_dominant_s = person.visits[k].nhpt_non_dominant_s = 20.0F;
    }
    for (const int onset : onsets) made::relapse(person, onset);
    people.push_back(person);
  }
  return made::replicate(std::move(people), number);
}

RunSummary run(const trial::Protocol& protocol, Scope scope, int replicates = 12) {
  const Estimation estimation(protocol, {}, scope);
  std::vector<ReplicateResult> results;
  for (int n = 0; n < replicates; ++n) results.push_back(estimation.estimate(random_replicate(n)));
  return estimation.combine(std::move(results));
}

const MultiverseRow& row_of(const RunSummary& summary, const std::string& id) {
  for (const auto& row : summary.multiverse)
    if (row.definition.id == id) return row;
  ADD_FAILURE() << "no definition " << id;
  static const MultiverseRow none;
  return none;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void expect_same_numbers(const Estimate& a, const Estimate& b, const std::string& what) {
  EXPECT_TRUE(same_bits(a.mean, b.mean)) << what << " " << a.mean << " " << b.mean;
  EXPECT_TRUE(same_bits(a.low, b.low) && same_bits(a.median, b.median) && same_bits(a.high, b.high)) << what;
  EXPECT_TRUE(same_bits(a.mc_error, b.mc_error) && same_bits(a.n, b.n)) << what;
  EXPECT_TRUE(same_bits(a.defined_share, b.defined_share)) << what;
  EXPECT_TRUE(same_bits(a.significant_share, b.significant_share)) << what;
}

const Estimate& estimate_of(const RunSummary& summary, const Quantity& wanted) {
  for (const auto& estimate : summary.estimates)
    if (same_question(estimate.quantity, wanted)) return estimate;
  ADD_FAILURE() << "no estimate";
  return summary.estimates.front();
}

trial::Protocol usual() {
  auto primary = made::endpoint("progression", Kind::cdw, "opera");
  primary.primary = true;
  primary.confirmation_day = 168;
  auto late = made::endpoint("late", Kind::cdw, "opera");
  late.not_before_day = 300;
  return made::protocol(
      {primary, late, made::endpoint("pira", Kind::pira), made::endpoint("raw", Kind::raw)});
}

TEST(Multiverse, HoldsEveryPresetOnceUnderItsOwnName) {
  for (const auto& protocol : {usual(), made::protocol({made::endpoint("edss", Kind::edss)})}) {
    const auto plans = multiverse_of(protocol);
    std::set<std::string> ids, published;
    std::set<std::pair<std::string, std::string>> sentences;
    for (const auto& plan : plans) {
      const auto& d = plan.definition;
      EXPECT_TRUE(ids.insert(d.id).second) << d.id;
      for (const auto& id : d.same_as) EXPECT_TRUE(ids.insert(id).second) << id;
      EXPECT_TRUE(sentences.insert({d.family, d.sentence}).second) << d.id;
      EXPECT_EQ(d.sentence, plan.endpoint.definition);
      if (d.published) published.insert(d.preset);
    }
    for (const auto& info : endpoints::worsening_presets()) {
      // Burman and Atkins ask the same; it stands once, under both names.
      const std::string kept = info.name == "atkins" ? "burman" : std::string(info.name);
      EXPECT_TRUE(published.count(kept)) << info.name;
    }
    for (const auto& info : endpoints::pira_presets())
      EXPECT_TRUE(published.count(std::string(info.name))) << info.name;
    EXPECT_TRUE(ids.count("atkins-6m") && ids.count("msbase-3m") && ids.count("petrou-unconfirmed"));
  }
}

TEST(Multiverse, TheProtocolsOwnDefinitionsHaveTheNumbersOfTheMainTable) {
  const auto summary = run(usual(), Scope::multiverse);
  std::map<std::string, std::string> own;  // endpoint -> definition
  for (const auto& row : summary.multiverse) {
    for (const auto& endpoint : row.definition.own) {
      EXPECT_TRUE(own.emplace(endpoint, row.definition.id).second) << endpoint;
      expect_same_numbers(row.hazard_ratio, estimate_of(summary, made::contrast(endpoint, "hazard_ratio")),
                          endpoint);
      expect_same_numbers(row.events, estimate_of(summary, made::of_arm(endpoint, "events", "A")), endpoint);
      expect_same_numbers(row.reference_percent, estimate_of(summary, made::of_arm(endpoint, "percent", "B")),
                          endpoint);
    }
  }
  // A preset as published, with another confirmation, and a definition of nobody else's.
  EXPECT_EQ(own["progression"], "opera-24w");
  EXPECT_EQ(own["pira"], "pira-muller2023-12w");
  EXPECT_EQ(own["raw"], "raw-muller2023-12w");
  EXPECT_EQ(own["late"], "own:late");
  EXPECT_LT(row_of(summary, "own:late").events.mean, row_of(summary, "opera-12w").events.mean);
}

TEST(Multiverse, ChangesNothingElse) {
  const auto without = run(usual(), Scope::report), with = run(usual(), Scope::multiverse);
  EXPECT_TRUE(without.multiverse.empty());
  ASSERT_EQ(with.estimates.size(), without.estimates.size());
  for (std::size_t i = 0; i < with.estimates.size(); ++i) {
    EXPECT_EQ(with.estimates[i].quantity, without.estimates[i].quantity);
    expect_same_numbers(with.estimates[i], without.estimates[i], with.estimates[i].quantity.endpoint);
  }
  EXPECT_EQ(with.curves.size(), without.curves.size());
  EXPECT_EQ(with.definitions.size(), without.definitions.size());
  const Estimation estimation(usual(), {}, Scope::multiverse), plain(usual());
  EXPECT_EQ(estimation.person_times(random_replicate(0)).size(),
            plain.person_times(random_replicate(0)).size());
}

TEST(Multiverse, LongerConfirmationsHaveFewerEvents) {
  // True of any later confirming visit from a fixed baseline (tests/endpoints/properties.test.cpp).
  const auto summary = run(usual(), Scope::multiverse);
  int fewer = 0;
  for (const std::string preset :
       {"opera", "affirm", "freedoms", "care-ms", "expand", "mist", "ebmt", "edss-plus"}) {
    const bool weeks = preset == "opera" || preset == "affirm" || preset == "edss-plus";
    const auto& brief = row_of(summary, preset + (weeks ? "-12w" : "-3m"));
    const auto& middle = row_of(summary, preset + (weeks ? "-24w" : "-6m"));
    const auto& lasting = row_of(summary, preset + (weeks ? "-48w" : "-12m"));
    for (const auto arm : {&MultiverseRow::events, &MultiverseRow::reference_events}) {
      EXPECT_GE((brief.*arm).mean, (middle.*arm).mean) << preset;
      EXPECT_GE((middle.*arm).mean, (lasting.*arm).mean) << preset;
      fewer += (brief.*arm).mean > (lasting.*arm).mean;
    }
    // The unconfirmed rule of the same steps bounds them all.
    EXPECT_GE(row_of(summary, "petrou-unconfirmed").events.mean, row_of(summary, "freedoms-3m").events.mean);
  }
  EXPECT_GT(fewer, 10);
}

TEST(Multiverse, EveryDefinitionPointsTheSameWayAndTurnsWithTheArms) {
  auto turned = usual();
  turned.analysis.contrasts = {{"B", "A"}};
  const auto summary = run(usual(), Scope::multiverse), back = run(turned, Scope::multiverse);
  ASSERT_EQ(summary.multiverse.size(), back.multiverse.size());
  int undefined = 0;
  for (std::size_t i = 0; i < summary.multiverse.size(); ++i) {
    const auto& a = summary.multiverse[i];
    const auto& b = back.multiverse[i];
    ASSERT_EQ(a.definition.id, b.definition.id);
    if (a.hazard_ratio.defined_share == 0.0) {  // a year's wait and a year's confirmation in two years
      EXPECT_EQ(a.definition.id, "mist-12m");
      ++undefined;
      continue;
    }
    // B worsens three times as often: no worsening of any definition may favour it. (RAW hangs on relapses,
    // which both arms have alike.)
    if (a.definition.family != "raw") {
      EXPECT_LT(a.hazard_ratio.mean, 1.0) << a.definition.id;
    }
    EXPECT_NEAR(a.hazard_ratio.mean * b.hazard_ratio.mean, 1.0, 1e-6) << a.definition.id;
    EXPECT_EQ(a.hazard_ratio.significant_share, b.hazard_ratio.significant_share) << a.definition.id;
    EXPECT_EQ(a.events.mean, b.reference_events.mean);
  }
  EXPECT_LE(undefined, 1);
}

TEST(Multiverse, AProtocolWithoutContrastHasRowsOfArms) {
  auto protocol = usual();
  protocol.analysis.contrasts.clear();
  const auto summary = run(protocol, Scope::multiverse);
  EXPECT_EQ(summary.multiverse.size(), 2 * multiverse_of(protocol).size());
  for (const auto& row : summary.multiverse) EXPECT_TRUE(row.reference.empty());
}

TEST(Multiverse, SurvivesACheckpoint) {
  const Estimation estimation(usual(), {}, Scope::multiverse);
  std::vector<ReplicateResult> fresh, kept;
  const std::string digest(64, 'd');
  for (int n = 0; n < 3; ++n) {
    fresh.push_back(estimation.estimate(random_replicate(n)));
    const ReplicateResult* one[] = {&fresh.back()};
    auto read = parse_checkpoint(checkpoint_bytes(one, digest), digest);
    ASSERT_EQ(read.rejected, "");
    kept.push_back(std::move(read.results.at(0)));
  }
  const auto a = estimation.combine(fresh), b = estimation.combine(kept);
  ASSERT_EQ(a.multiverse.size(), b.multiverse.size());
  for (std::size_t i = 0; i < a.multiverse.size(); ++i)
    expect_same_numbers(a.multiverse[i].hazard_ratio, b.multiverse[i].hazard_ratio,
                        a.multiverse[i].definition.id);
}

}  // namespace
}  // namespace hortega::evidence
