// SPDX-License-Identifier: Apache-2.0
// A made-up validation for the tests of this folder. No number here is a finding.
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "example_run.hpp"
#include "hortega/evidence/row_simulator.hpp"
#include "hortega/output/validation_report.hpp"

namespace hortega::output::example {

struct MadeUpOutcome {
  const char* text;
  const char* estimator;
  evidence::Link link;
  const char* unit;
  double typical;  ///< in the unit
  evidence::Domain domain;
};

/// Twelve studies, ten outcomes each, 120 draws; a spread that is right, but for lesions.
inline ValidationReport validation() {
  using evidence::Domain;
  using evidence::Link;
  const std::array<MadeUpOutcome, 10> outcomes = {{
      {"annualised relapse rate over two years", "rate", Link::log, "per person-year", 0.3, Domain::relapses},
      {"relapse-free at 2 years", "km_free_percent", Link::logit, "%", 62.0, Domain::relapses},
      {"relapse-rate reduction", "rate_reduction_percent", Link::log_rest, "%", 54.0, Domain::relapses},
      {"new or enlarging T2 lesions, mean over 24 months", "mean_count", Link::log, "per person", 4.0,
       Domain::lesions},
      {"mean EDSS change at 24 months", "mean_change", Link::identity, "EDSS", 0.2, Domain::disability},
      {"confirmed disability worsening at 24 weeks, hazard ratio", "hazard_ratio", Link::log, "ratio", 0.65,
       Domain::progression},
      {"cumulative probability of sustained progression", "km_percent", Link::logit, "%", 18.0,
       Domain::progression},
      {"mean change of brain volume", "mean_change", Link::identity, "%", -0.9, Domain::brain_volume},
      {"serious infections", "percent", Link::logit, "%", 2.4, Domain::harms},
      {"days to neutrophils above 0.5e9/L", "mean", Link::identity, "days", 11.0, Domain::immune},
  }};
  const std::array<const char*, 12> studies = {"AFFIRM (made up)",  "OPERA (made up)",   "FREEDOMS (made up)",
                                               "CARE-MS (made up)", "EXPAND (made up)",  "MIST (made up)",
                                               "ASTIMS (made up)",  "RESTORE (made up)", "Kalincik (made up)",
                                               "Kvistad (made up)", "Boffa (made up)",   "Das (made up)"};
  Chance chance;
  const auto normal = [&] {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += chance.uniform();
    return sum;
  };
  constexpr std::size_t draws = 120;
  ValidationReport report;
  auto& in = report.input;
  in.main.name = "posterior";
  in.main.description = "made-up draws, for a test of the page";
  in.main_is_posterior = true;
  in.main.draws.by_draw.resize(draws);
  in.main.draws.between_study_sd.resize(draws);
  in.prior.emplace();
  in.prior->name = "prior";
  in.prior->draws.by_draw.resize(draws);
  evidence::PredictionSet quiet;
  quiet.name = "conduct off";
  quiet.description = "The same people without what blinding, rating and reporting do.";
  quiet.draws.by_draw.resize(draws);
  std::vector<double> shift(draws);
  for (double& x : shift) x = 0.05 * normal();
  int number = 1;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    for (const MadeUpOutcome& outcome : outcomes) {
      if (outcome.domain == Domain::immune && s % 3 != 0) continue;
      evidence::Target t;
      t.row_id = "E" + std::to_string(1000 + number).substr(1) + "X";
      ++number;
      t.role = s < 5 ? "calibration" : "validation";
      t.fitted = s < 5;
      t.study = studies[s];
      t.family = t.study.substr(0, t.study.find(' '));
      t.set_aside = s >= 8;
      t.estimator = outcome.estimator;
      t.arms = outcome.link == Link::log_rest ? "active / placebo" : "active";
      t.text = outcome.text, t.unit = outcome.unit, t.link = outcome.link;
      t.people = 200.0;
      const double size = outcome.link == Link::identity ? 0.35 * std::abs(outcome.typical) : 0.3;
      const double centre = evidence::to_link(t.link, outcome.typical, t.people) + size * normal();
      t.se = 0.5 * size;
      double off = 1.2 * size * normal();
      if (outcome.domain == Domain::lesions) off *= 3.5;
      t.y = centre + off;
      t.published = evidence::from_link(t.link, t.y);
      const auto limits = evidence::in_unit(t.link, t.y - 1.96 * t.se, t.y + 1.96 * t.se);
      t.low = limits.lower, t.high = limits.upper;
      t.derived = number % 3 == 0;
      if (number % 17 == 0) {
        t.why_not_scored = "no interval and no number of people";
        t.low = t.high = t.se = std::nan("");
      }
      evidence::RowFacts facts;
      facts.domain = outcome.domain;
      facts.key = std::string(outcome.text);
      in.targets.push_back(t);
      in.facts.push_back(facts);
      for (std::size_t d = 0; d < draws; ++d) {
        in.main.draws.by_draw[d].push_back({centre + size * shift[d] / 0.3, 0.7 * size, 0.05 * size});
        in.main.draws.between_study_sd[d].push_back(0.8 * size);
        in.prior->draws.by_draw[d].push_back(
            {centre + size * (1.0 + 12.0 * shift[d]), 0.7 * size, 0.05 * size});
        quiet.draws.by_draw[d].push_back({centre + size * (0.3 + shift[d] / 0.3), 0.7 * size, 0.05 * size});
      }
    }
  }
  in.alternatives = {quiet};
  report.result = evidence::validate(in);
  evidence::JudgedFact passes, fails, unchecked;
  passes.fact.id = "lesions-per-relapse",
  passes.fact.statement = "Five to ten new lesions appear for each relapse.";
  passes.fact.how = "New lesions over relapses.", passes.fact.unit = "lesions a relapse",
  passes.fact.range = {5, 10};
  passes.published = 8.2, passes.value = 9.1, passes.low = 7.7, passes.high = 11.0, passes.passes = true;
  fails = passes;
  fails.fact.id = "brain-volume-loss", fails.fact.statement = "The untreated brain loses .5 to .7 % a year.";
  fails.fact.unit = "% a year", fails.fact.range = {0.5, 0.7}, fails.passes = false;
  fails.published = 0.65, fails.value = 0.76, fails.low = 0.7, fails.high = 0.8;
  unchecked.fact.id = "heat", unchecked.fact.statement = "Heat makes bare axons fail.";
  unchecked.why_not = "Body temperature is no endpoint of a trial.";
  report.facts = {passes, fails, unchecked};
  report.left_out = {{"E0104", "Sormani <meta>", "transplant-related mortality", "pooled over studies"},
                     {"E0105", "Sormani <meta>", "pooled progression", "pooled over studies"}};
  report.notices = {"Made-up numbers & nothing else."};
  report.command = "hortega validate --out out/validation";
  report.seed = 1, report.isa = "avx2";
  report.parameters = 300, report.parameters_assumed = 120, report.parameters_fitted = 30;
  return report;
}

}  // namespace hortega::output::example
