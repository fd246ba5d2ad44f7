// SPDX-License-Identifier: Apache-2.0
// A made-up result of a run, shaped like MIST, for the tests of this folder. No number here is a finding.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "hortega/output/write_run.hpp"

namespace hortega::output::example {

/// Small generator for made-up people (multiplier of Knuth's MMIX); tests need the same people every time.
class Chance {
 public:
  double uniform() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 11U) * 0x1p-53;
  }

 private:
  std::uint64_t state_ = 20190115;
};

inline trial::EndpointSpec endpoint(const char* id, const char* label, trial::EndpointKind kind) {
  trial::EndpointSpec spec;
  spec.id = id, spec.label = label, spec.kind = kind;
  return spec;
}

inline trial::Protocol protocol() {
  using K = trial::EndpointKind;
  trial::Protocol p;
  p.id = "mist";
  p.title = "MIST: autologous HSCT against drugs in relapsing MS";
  p.question =
      "Does autologous HSCT delay disability worsening compared with drugs in people with active relapsing "
      "MS?";
  p.seed = 20190115, p.replicates = 500;
  p.population.n = 110;
  trial::Arm hsct, dmt;
  hsct.id = "HSCT", hsct.label = "Autologous HSCT (cyclophosphamide 200 mg/kg + rATG 6 mg/kg)";
  hsct.experimental = true;
  dmt.id = "DMT", dmt.label = "Drug of higher efficacy or another class than in the year before";
  p.arms = {hsct, dmt};
  p.accrual.follow_up_day = 1826.25;
  auto progression = endpoint(
      "progression",
      "Progression: EDSS +1.0 or more after at least a year, on two evaluations at least 6 months apart",
      K::cdw);
  progression.primary = true, progression.confirmation_day = 183.0;
  auto relapse = endpoint("relapse", "Relapse, after engraftment in the transplanted", K::relapse);
  relapse.origin = trial::Origin::transplant;
  auto thyroid = endpoint("thyroid", "", K::adverse_event);
  thyroid.term = "thyroid disease";
  auto engraftment = endpoint("neutrophil-day", "", K::anc_engraftment);
  engraftment.origin = trial::Origin::transplant;
  p.endpoints = {progression,
                 relapse,
                 endpoint("edss", "", K::edss),
                 endpoint("improvement", "Improvement: EDSS -1.0 or more, confirmed at 6 months", K::cdi),
                 endpoint("neda3", "", K::neda3),
                 endpoint("gd", "", K::gd),
                 endpoint("brain-volume", "", K::brain_volume),
                 endpoint("death", "", K::death),
                 engraftment,
                 thyroid};
  p.analysis.contrasts = {{"HSCT", "DMT"}};
  return p;
}

inline evidence::Estimate estimate(const char* endpoint, const char* estimator, const char* arm, double mean,
                                   double low, double high, double time_day = 0.0,
                                   const char* reference = "") {
  evidence::Estimate e;
  e.quantity = {endpoint, estimator, arm, reference, time_day, ""};
  e.mean = mean, e.low = low, e.high = high, e.median = mean;
  e.sd = (high - low) / 3.92, e.mc_error = e.sd / std::sqrt(500.0);
  e.n = 55;
  e.is_contrast = *reference != '\0';
  if (e.is_contrast) e.significant_share = 0.994, e.significant_mc_error = 0.0035, e.test = "log-rank test";
  return e;
}

inline std::vector<evidence::Estimate> estimates() {
  return {estimate("progression", "hazard_ratio", "HSCT", 0.11, 0.03, 0.24, 0.0, "DMT"),
          estimate("progression", "km_percent", "HSCT", 4.2, 0.0, 11.1, 730.5),
          estimate("progression", "km_percent", "HSCT", 10.4, 3.1, 20.2),
          estimate("progression", "km_percent", "DMT", 38.0, 24.3, 52.2, 730.5),
          estimate("progression", "km_percent", "DMT", 66.3, 49.4, 81.9),
          estimate("progression", "median_time_months", "DMT", 34.5, 24.0, 48.0),
          estimate("relapse", "rate", "HSCT", 0.031, 0.008, 0.061),
          estimate("relapse", "rate", "DMT", 0.44, 0.31, 0.6),
          estimate("relapse", "rate_ratio", "HSCT", 0.07, 0.02, 0.15, 0.0, "DMT"),
          estimate("edss", "mean", "HSCT", 2.61, 2.2, 3.0, 365.25),
          estimate("edss", "mean", "DMT", 3.72, 3.3, 4.2, 365.25),
          estimate("edss", "mean_change_difference", "HSCT", -1.12, -1.55, -0.7, 365.25, "DMT"),
          estimate("brain-volume", "mean_change", "HSCT", -1.35, -1.8, -0.9),
          estimate("brain-volume", "mean_change", "DMT", -1.62, -2.1, -1.2),
          estimate("death", "percent", "HSCT", 0.31, 0.0, 1.8),
          estimate("death", "percent", "DMT", 0.02, 0.0, 0.0)};
}

/// An exponential curve with a floor, on monthly days.
inline evidence::Curve curve(const char* endpoint, const char* arm, double rate_per_year, double spread,
                             double first_day = 0.0) {
  evidence::Curve c;
  c.endpoint = endpoint, c.arm = arm;
  for (int month = 0; month <= 60; ++month) {
    const double day = month * 30.4375;
    const double s = std::exp(-rate_per_year * std::max(0.0, day - first_day) / 365.25);
    c.day.push_back(std::round(day));
    c.survival.push_back(s);
    c.low.push_back(std::max(0.0, s - spread * std::sqrt(s * (1 - s))));
    c.high.push_back(std::min(1.0, s + spread * std::sqrt(s * (1 - s))));
    c.at_risk.push_back(55.0 * s * std::exp(-0.26 * day / 365.25));
  }
  return c;
}

inline evidence::Band band(const char* measure, const char* arm, double start, double slope_per_year,
                           double curve, double width) {
  evidence::Band b;
  b.measure = measure, b.arm = arm;
  for (const double month : {0.0, 6.0, 12.0, 24.0, 36.0, 48.0, 60.0}) {
    const double year = month / 12.0;
    const double mean = start + slope_per_year * year + curve * (1.0 - std::exp(-3.0 * year));
    b.day.push_back(std::round(month * 30.4375));
    b.mean.push_back(mean);
    b.q10.push_back(mean - 1.6 * width), b.q25.push_back(mean - 0.8 * width), b.q50.push_back(mean);
    b.q75.push_back(mean + 0.8 * width), b.q90.push_back(mean + 1.6 * width);
    b.n.push_back(27500.0 * std::exp(-0.26 * year));
  }
  return b;
}

inline evidence::ComparisonRow comparison(const char* id, const char* text, const char* unit,
                                          double published, double low, double high,
                                          evidence::Estimate simulated, evidence::Verdict verdict, double z) {
  evidence::ComparisonRow row;
  row.row_id = id, row.role = "calibration", row.status = "verified", row.study = "MIST (Burt)";
  row.endpoint_text = text, row.unit = unit;
  row.published = published, row.published_low = low, row.published_high = high;
  row.simulated = std::move(simulated), row.verdict = verdict, row.z = z;
  row.simulated.conduct_share = row.simulated.mean * 0.06;
  row.simulated.conduct_mc_error = row.simulated.mean * 0.01;
  row.citation = "JAMA 2019;321:165-174 doi:10.1001/jama.2018.18743";
  return row;
}

inline std::vector<evidence::ComparisonRow> comparisons() {
  using evidence::Verdict;
  const double none = endpoints::kMissing;
  std::vector<evidence::ComparisonRow> rows = {
      comparison("E0001", "progression events (EDSS >=+1.0 after >=1 y, confirmed 6 mo)", "%", 5.8, 1.2, 15.9,
                 estimate("progression", "events", "HSCT", 8.7, 1.9, 17.0, 1826.25), Verdict::inside, 0.5),
      comparison("E0002", "progression events (EDSS >=+1.0 after >=1 y, confirmed 6 mo)", "%", 66.7, 52.1,
                 79.2, estimate("progression", "events", "DMT", 44.2, 31.0, 58.0, 1826.25), Verdict::outside,
                 -3.2),
      comparison("E0003", "hazard ratio time to progression, HSCT vs DMT", "ratio", 0.07, 0.02, 0.24,
                 estimate("progression", "hazard_ratio", "HSCT", 0.11, 0.03, 0.24, 1826.25, "DMT"),
                 Verdict::inside, 0.7),
      comparison("E0004", "median time to progression", "months", 24, none, none,
                 estimate("progression", "median_time_months", "DMT", 34.5, 24.0, 48.0), Verdict::not_scored,
                 none),
      comparison("E0007", "between-group difference in mean EDSS change at 1 y (HSCT-DMT)", "EDSS", -1.7,
                 -2.03, -1.29,
                 estimate("edss", "mean_change_difference", "HSCT", -1.28, -1.9, -0.7, 365.25, "DMT"),
                 Verdict::overlaps, 2.1)};
  rows[0].interval_derived = rows[1].interval_derived = true;
  return rows;
}

inline trial::Participant participant(std::uint32_t number, std::size_t arm, Chance& chance) {
  trial::Participant p;
  p.number = number, p.person = 1000 + number, p.copy = 1, p.arm = arm;
  p.regimen = arm == 0 ? "ahsct-cy-atg" : "natalizumab";
  p.enrolment_day = static_cast<int>(35 * number);
  p.baseline = {30.0 + 20.0 * chance.uniform(),
                chance.uniform() < 0.66,
                70.0,
                5.5 * chance.uniform() + 1.0,
                trial::Phenotype::relapsing,
                3.5,
                2,
                3,
                1,
                8.25};
  const int last = chance.uniform() < 0.7 ? 1826 : 1000;
  p.end_of_follow_up_day = last;
  p.end_reason = last == 1826 ? trial::EndReason::completed : trial::EndReason::dropped_out;
  double edss = 3.5;
  for (const int day : {0, 183, 365, 731, 1096, 1461, 1826}) {
    if (day > last) break;
    endpoints::Visit visit;
    visit.eq5d = 0.6F, visit.low_contrast_letters = 38.0F, visit.vep_ms = 112.0F;
    visit.symptoms = {4, 3, 3, 4, 1, 2, 3, 2, 5};
    visit.day = day, visit.edss = edss, visit.fs = {0, 1, 2, 1, 1, 0, 0}, visit.ambulation = 0;
    p.visits.push_back(visit);
    p.snfl_pg_per_ml.push_back(14.0 - 4.0 * chance.uniform());
    edss = std::clamp(edss + (arm == 0 ? -0.5 : 0.5) * std::round(2.0 * chance.uniform()), 1.0, 7.0);
    endpoints::Scan scan;
    scan.day = day, scan.gd_count = arm == 1 && chance.uniform() < 0.4 ? 2 : 0, scan.new_or_enlarging_t2 = 1;
    scan.t1_volume_ml = 1.25, scan.new_t1 = 0, scan.rims = 3;
    scan.t2_volume_ml = 8.25, scan.brain_volume_change_percent = -0.3 * day / 365.25;
    p.scans.push_back(scan);
  }
  if (arm == 1)
    for (int day = 200; day < last; day += 500) p.relapses.push_back({day, day + 40});
  p.first_dose_day = arm == 0 ? 28 : 0;
  if (arm == 0) {
    p.mobilisation_day = 28, p.transplant_day = 56;
    p.milestones.push_back({endpoints::Milestone::graft, 56, 5.5});
    p.milestones.push_back({endpoints::Milestone::discharge, 69, 13.0});
    p.harms.push_back({"febrile neutropenia", 3, 60, 66, true});
  }
  return p;
}

inline evidence::RunSummary summary() {
  evidence::RunSummary s;
  s.protocol = protocol();
  s.replicates = 500;
  s.population.lives = 20000, s.population.qualifying = 6120;
  s.population.effective_share = 0.43, s.population.distinct_lives_used = 5210;
  s.population.moments = {
      {"age", 36.0, 33.8, 36.0}, {"edss", 3.35, 2.9, 3.35}, {"female_share", 0.66, 0.651, 0.66}};
  s.estimates = estimates();
  s.curves = {curve("progression", "HSCT", 0.022, 0.13, 365),
              curve("progression", "DMT", 0.27, 0.13, 365),
              curve("relapse", "HSCT", 0.031, 0.1),
              curve("relapse", "DMT", 0.44, 0.14),
              curve("improvement", "HSCT", 0.3, 0.12),
              curve("improvement", "DMT", 0.05, 0.1),
              curve("neda3", "HSCT", 0.08, 0.12),
              curve("neda3", "DMT", 0.9, 0.12),
              curve("death", "HSCT", 0.0008, 0.05),
              curve("death", "DMT", 0.0001, 0.02),
              curve("thyroid", "HSCT", 0.05, 0.1),
              curve("thyroid", "DMT", 0.004, 0.04)};
  s.bands = {band("edss", "HSCT", 3.38, 0.04, -0.95, 1.0),
             band("edss", "DMT", 3.31, 0.18, 0.1, 1.1),
             band("cumulative_relapses", "HSCT", 0.0, 0.03, 0.02, 0.1),
             band("cumulative_relapses", "DMT", 0.0, 0.42, 0.05, 0.5),
             band("gd", "HSCT", 1.1, 0.0, -1.05, 0.2),
             band("gd", "DMT", 1.1, -0.02, -0.5, 0.6),
             band("brain_volume", "HSCT", 0.0, -0.2, -0.55, 0.4),
             band("brain_volume", "DMT", 0.0, -0.33, -0.1, 0.4),
             band("eq5d", "HSCT", 0.56, 0.0, 0.1, 0.1),
             band("eq5d", "DMT", 0.56, -0.02, 0.0, 0.1),
             band("fatigue", "HSCT", 3.9, 0.0, -0.8, 1.0),
             band("fatigue", "DMT", 3.9, 0.1, -0.2, 1.0),
             band("snfl", "HSCT", 14.1, 0.1, -6.0, 2.5),
             band("snfl", "DMT", 13.8, 0.2, -3.0, 3.0),
             band("t2_volume", "HSCT", 9.1, 0.0, -1.5, 3.0),
             band("t2_volume", "DMT", 9.0, 0.3, 0.2, 3.0)};
  s.harms = {{"febrile neutropenia", "HSCT", 61.2, 58.0, 40.3, 0.05},
             {"febrile neutropenia", "DMT", 0.4, 0.4, 0.3, 0},
             {"thyroid disease", "HSCT", 11.2, 1.1, 0.4, 0},
             {"thyroid disease", "DMT", 0.9, 0.1, 0, 0},
             {"infection", "HSCT", 34.9, 7.3, 6.1, 0.12},
             {"infection", "DMT", 21.4, 1.2, 1.0, 0.01}};
  for (const char* arm : {"HSCT", "DMT"}) {
    s.flow.push_back({arm, "allocated", 55, 55, 55});
    s.flow.push_back({arm, "received", *arm == 'H' ? 53.4 : 55.0, 50, 55});
    s.flow.push_back({arm, "not_received", *arm == 'H' ? 1.6 : 0.0, 0, 5});
    s.flow.push_back({arm, "rescued", *arm == 'H' ? 0.0 : 22.8, 0, 31});
    s.flow.push_back({arm, "dropped_out", 27.1, 17, 38});
    s.flow.push_back({arm, "died", 0.2, 0, 2});
    s.flow.push_back({arm, "data_cut", 9.8, 3, 18});
    s.flow.push_back({arm, "completed", 17.9, 9, 28});
  }
  s.comparisons = comparisons();
  for (const economics::Row& row : economics::rows()) {
    const bool money = row.unit.find("EUR") != std::string::npos;
    const double none = endpoints::kMissing;
    for (const char* arm : {"HSCT", "DMT"}) {
      evidence::ResourceRow r{row.id,
                              row.label,
                              row.unit,
                              arm,
                              "",
                              money ? 41230.4 : 21.5,
                              1.0,
                              20.0,
                              40.0,
                              money ? 38000.0 : 20.0,
                              money ? 44000.0 : 23.0,
                              0.4};
      if (row.is_ratio()) r.q10 = r.q50 = r.q90 = none;
      s.resources.push_back(r);
    }
    s.resources.push_back({row.id, row.label, row.unit, "HSCT", "DMT", money ? -1250.0 : 0.5, none, none,
                           none, money ? -2000.0 : 0.0, money ? -500.0 : 1.0, 0.2});
  }
  s.unmapped = {{"E0370", "AHSCT vs DMTs (and vs natalizumab)", "costs and utilities are not simulated yet"}};
  s.definitions = {{"progression",
                    "EDSS +1.0 or more (+0.5 from 6.0) against the baseline visit, not before 12 months, "
                    "confirmed 6 months later. Observation ends at rescue or cross-over."},
                   {"relapse", "New or worse symptoms over 24 hours, seen at a visit within 28 days."}};
  Chance chance;
  for (std::uint32_t i = 0; i < 24; ++i) s.first.participants.push_back(participant(i, i % 2, chance));
  for (std::uint32_t i = 0; i < 24; ++i) {
    economics::Account a;
    a.of.fill(1.0 + i);
    if (i == 5) a.of[static_cast<std::size_t>(economics::Measure::weeks_to_dose)] = endpoints::kMissing;
    s.accounts.push_back(a);
  }
  auto& crossed = s.first.participants[3];
  crossed.rescue_day = 800, crossed.censor_day = 800, crossed.transplant_day = 850;
  s.first.consort.assessed = 412;
  s.first.consort.excluded_age = 31, s.first.consort.excluded_edss = 102,
  s.first.consort.excluded_activity = 169;
  s.examples.assign(s.first.participants.begin(), s.first.participants.begin() + 4);
  return s;
}

inline std::vector<evidence::PersonTime> times(const evidence::RunSummary& s) {
  std::vector<evidence::PersonTime> out;
  for (const auto& p : s.first.participants) {
    const bool event = p.arm == 1 && p.number % 3 == 0 && p.number != 3;
    const int last = std::min(p.end_of_follow_up_day, p.rescue_day);
    out.push_back({p.number, 0, event ? 700 : last, event, false,
                   event ? endpoints::Censoring::none : endpoints::Censoring::end_of_follow_up});
    const int origin = p.arm == 0 ? p.transplant_day : 0;
    out.push_back({p.number, 1, last - origin, false, false, endpoints::Censoring::end_of_follow_up});
  }
  return out;
}

inline core::Passport passport(const char* name, double value, const char* unit, char grade,
                               const char* source) {
  core::Passport p;
  p.name = name, p.value = value, p.unit = unit, p.grade = grade, p.source = source;
  p.low = 0.5 * value, p.high = 2.0 * value, p.spread = 0.3;
  if (grade == 'D') p.reason = "nothing measures it; range from physiology";
  return p;
}

inline RunContext context(const evidence::RunSummary& s) {
  RunContext c;
  c.command = "hortega run data/protocols/mist.toml --out out/mist --seed 20190115";
  c.inputs = {{"data/protocols/mist.toml", std::string(64, 'a'), 5120},
              {"data/parameters/disease.toml", std::string(64, 'b'), 40960}};
  c.threads = 2, c.isa = "avx2";
  c.started_utc = c.created_utc = "2026-01-31T12:00:00Z", c.ended_utc = "2026-01-31T12:00:42Z",
  c.wall_s = 42.0;
  c.parameters = {passport("niche_expansion", 0.4, "1/year", 'F', "fitted to E0291 E0294"),
                  passport("cyclophosphamide_kill", 0.97, "1", 'B', "doi:10.1182/blood-2010-06-290957"),
                  passport("naive_return_half_time", 1.1, "year", 'A', "PMID:15657072"),
                  passport("lesion_eloquence", 0.12, "1", 'D', "assumed")};
  c.times = adtte_times(s, times(s));
  return c;
}

}  // namespace hortega::output::example
