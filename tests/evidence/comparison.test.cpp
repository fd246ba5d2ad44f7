// SPDX-License-Identifier: Apache-2.0
// A run of MIST's arms and endpoints beside its published rows.
#include "hortega/evidence/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "replicates.hpp"

namespace hortega::evidence {
namespace {

using made::endpoint;
using Kind = trial::EndpointKind;

const std::string k_data = std::string(HORTEGA_SOURCE_DIR) + "/data/evidence/";

trial::Protocol mist() {
  auto progression = endpoint("progression", Kind::cdw, "mist");
  progression.confirmation_day = 182.625;
  auto toxicity = endpoint("grade4-toxicity", Kind::adverse_event);
  toxicity.term = "non-haematological toxicity";
  toxicity.grade_at_least = 4;
  auto p = made::protocol({progression, endpoint("relapse", Kind::relapse), endpoint("edss", Kind::edss),
                           endpoint("death", Kind::death), toxicity});
  p.id = "mist";
  p.study.evidence = {"MIST ("};
  p.arms[0].id = "HSCT";
  p.arms[1].id = "DMT";
  p.analysis.contrasts = {{"HSCT", "DMT"}};
  p.accrual.follow_up_day = 1826.25;
  p.visits.edss.every_day = 168;
  return p;
}

// Progression on day 420 in one of ten after HSCT, in seven of ten on drugs (more or fewer by replicate).
trial::Replicate replicate(int number) {
  std::vector<trial::Participant> people;
  for (int i = 0; i < 10; ++i) {
    for (const std::size_t arm : {0U, 1U}) {
      const bool worse = arm == 0 ? i < 1 + number % 2 : i < 7 - number % 3;
      auto p = made::person(arm, {}, 1826);
      for (int day = 0; day <= 1826; day += 84) {
        endpoints::Visit visit;
        visit.day = day;
        visit.edss = (i == 0 && number == 3 ? 3.5 : 3.0) + (worse && day >= 420 + 84 * (i % 3) ? 1.0 : 0.0);
        p.visits.push_back(visit);
      }
      people.push_back(p);
    }
  }
  return made::replicate(people, number);
}

class Comparisons : public ::testing::Test {
 protected:
  const PublishedRows published_ = PublishedRows::load(k_data + "published.csv");
  const EvidenceMap map_ = read_evidence_map(core::Document::load(k_data + "map.toml"), published_);
  const Estimation estimation_{mist(), quantities_of(map_, mist())};

  RunSummary run() const {
    constexpr int k_replicates = 6;
    std::vector<ReplicateResult> results;
    results.reserve(k_replicates);
    for (int k = 0; k < k_replicates; ++k) results.push_back(estimation_.estimate(replicate(k)));
    return estimation_.combine(std::move(results));
  }
  static const ComparisonRow& row(const RunSummary& summary, const std::string& id) {
    const auto at = std::find_if(summary.comparisons.begin(), summary.comparisons.end(),
                                 [&](const ComparisonRow& r) { return r.row_id == id; });
    if (at == summary.comparisons.end()) throw std::out_of_range(id);
    return *at;
  }
};

TEST_F(Comparisons, RowsOfTheStudy) {
  auto summary = run();
  compare_with_published(summary, map_, published_);
  // E0001: 3 of 52 worsened after HSCT; shown as percent.
  const auto& hsct = row(summary, "E0001");
  EXPECT_EQ(hsct.unit, "%");
  EXPECT_NEAR(hsct.published, 100.0 * 3 / 52, 1e-9);
  EXPECT_TRUE(hsct.interval_derived);
  EXPECT_DOUBLE_EQ(hsct.simulated.mean, 15);  // 1 or 2 of ten
  EXPECT_NE(hsct.verdict, Verdict::not_scored);
  EXPECT_TRUE(std::isnan(hsct.simulated.conduct_share)) << "conduct was off anyway";
  // E0003: the hazard ratio with its printed interval, on the logarithmic scale.
  const auto& hazard = row(summary, "E0003");
  EXPECT_EQ(hazard.unit, "ratio");
  EXPECT_FALSE(hazard.interval_derived);
  EXPECT_LT(hazard.simulated.mean, 1);
  EXPECT_TRUE(hazard.simulated.is_contrast);
  EXPECT_TRUE(std::isfinite(hazard.z));
  // E0005: a mean without a printed spread takes that between replicates as large as the trial.
  const auto& mean = row(summary, "E0005");
  EXPECT_TRUE(mean.interval_derived);
  EXPECT_NEAR(mean.published_high - mean.published, 1.959963985 * mean.simulated.sd, 1e-6);
  // Every outcome row of the study is shown or explained, once for each of its numbers.
  for (const std::size_t r : published_.of_studies({"MIST ("})) {
    const auto& published = published_.rows()[r];
    if (!published.is_outcome()) continue;
    const auto entries = std::count_if(map_.entries.begin(), map_.entries.end(),
                                       [&](const MapEntry& e) { return e.id == published.id; });
    const auto shown = std::count_if(summary.comparisons.begin(), summary.comparisons.end(),
                                     [&](const ComparisonRow& c) { return c.row_id == published.id; });
    const auto explained =
        std::count_if(summary.unmapped.begin(), summary.unmapped.end(),
                      [&](const UnmappedRow& u) { return u.row_id == published.id && !u.reason.empty(); });
    EXPECT_EQ(shown + explained, entries) << published.id;
  }
}

TEST_F(Comparisons, ARunThatDidNotEstimateWhatIsMappedIsRefused) {
  auto summary = run();
  summary.estimates.clear();
  EXPECT_THROW(compare_with_published(summary, map_, published_), std::invalid_argument);
}

}  // namespace
}  // namespace hortega::evidence
