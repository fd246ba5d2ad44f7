// SPDX-License-Identifier: Apache-2.0
//
// The result of a run, as plain data: what estimators gave over all replicates, curves, harms, flow, and the
// comparison with published rows. The report, the tables and the manifest draw from this alone, never from a
// model.
#pragma once

#include "hortega/economics/account.hpp"
#include "hortega/evidence/compare.hpp"
#include "hortega/trial/participant.hpp"
#include "hortega/trial/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace hortega::evidence {

/// One number asked of a replicate. `reference` is empty for a number of one arm. Estimators:
/// evidence/statistics.hpp.
struct Quantity {
  std::string endpoint;
  std::string estimator;
  std::string arm;  // `all`: every arm together
  std::string reference;
  double time_day = 0.0;  // horizon; 0 = the whole follow-up
  std::string subgroup;   // id, empty: everyone
  bool operator==(const Quantity&) const = default;
};

/// A quantity over all replicates.
struct Estimate {
  Quantity quantity;
  // The day at which it was taken: events count to it, measures are read at its visit.
  double evaluated_day = std::numeric_limits<double>::quiet_NaN();
  double mean = 0.0;  // over replicates where it is defined; of ratios the geometric mean
  double sd = 0.0;    // between replicates: chance and people
  double low = 0.0;   // 2.5 % and 97.5 % quantiles over replicates
  double median = 0.0;
  double high = 0.0;
  double mc_error = 0.0;  // of the mean
  // The two parts of sd where replicates are spread over draws of the parameters (one-way random effects on
  // the scale on which the mean is taken, ratios brought back by the delta method); NaN without draws.
  double sd_parameters = std::numeric_limits<double>::quiet_NaN();
  double sd_chance = std::numeric_limits<double>::quiet_NaN();
  double defined_share = 1.0;
  double n = 0.0;  // mean number of people it rests on
  bool is_contrast = false;
  double significant_share = 0.0;  // contrasts: share of replicates with p < alpha (their trial's test)
  double significant_mc_error = 0.0;
  // The parts of it in favour of either arm; NaN where the estimator does not tell which is better.
  double significant_for_arm = std::numeric_limits<double>::quiet_NaN();
  double significant_for_reference = std::numeric_limits<double>::quiet_NaN();
  std::string test;  // which test gave the p
  // The same replicates with conduct minus without it; NaN when conduct was off anyway. Of ratios the
  // difference of the geometric means.
  double conduct_share = std::numeric_limits<double>::quiet_NaN();
  double conduct_mc_error = std::numeric_limits<double>::quiet_NaN();
};

/// What one simulated trial gave for one of a run's estimates.
struct ReplicateValue {
  int replicate = 0;
  std::size_t estimate = 0;  // index into RunSummary::estimates
  double value = 0.0;        // NaN where not defined; ratios may be infinite
  double p = 0.0;            // contrasts: of the trial's test
};

/// Mean Kaplan-Meier curve of an arm over replicates, with the quantiles of single replicates.
struct Curve {
  std::string endpoint;
  std::string arm;
  std::vector<double> day;
  std::vector<double> survival, low, high;
  // Where the mean curve may lie because parameters are not known: 95 %, from the part of the variance that
  // is between draws. Empty without draws.
  std::vector<double> low_parameters, high_parameters;
  std::vector<double> at_risk;  // mean number at risk
};

/// A measure over time in an arm, over all participants of all replicates.
struct Band {
  std::string measure;  // edss, snfl, lymphocytes, brain_volume, t2_volume, t1_volume, cumulative_relapses,
                        // gd, rims, eq5d, low_contrast, vep, or a symptom (endpoints::kSymptomNames)
  std::string arm;
  std::vector<double> day;
  std::vector<double> mean, q10, q25, q50, q75, q90;
  std::vector<double> n;
};

struct HarmRow {
  std::string term;
  std::string arm;
  double percent_any = 0.0;
  double percent_grade3 = 0.0;
  double percent_serious = 0.0;
  double percent_death = 0.0;
};

/// What the people of an arm used or cost (economics/account.hpp), or, with a reference, how much more than
/// those of another.
struct ResourceRow {
  std::string measure, label, unit;
  std::string arm;
  std::string reference;  // empty: of the arm
  double mean = 0.0;      // over replicates, of the mean over people (of a ratio of sums: of the ratio)
  double q10 = 0.0, q50 = 0.0, q90 = 0.0;  // over people; NaN of ratios and differences
  double low = 0.0, high = 0.0;            // where 95 % of single trials' means lie
  double mc_error = 0.0;
  // The parts of the spread between trials, as of an estimate; NaN without draws.
  double sd_parameters = std::numeric_limits<double>::quiet_NaN();
  double sd_chance = std::numeric_limits<double>::quiet_NaN();
};

/// What making the cells of an arm took and gave: all people of all replicates whose regimen of cells began.
struct CellsMadeRow {
  std::string arm;
  double people = 0.0;
  double without_cells = 0.0;  // people who got none
  double no_batch = 0.0;       // people of whom no batch passed its tests
  double batches = 0.0;        // begun, a person
  // Of the batches that were begun, percent that failed by why; other: the model says no why (progenitors).
  double too_few = 0.0, senescent = 0.0, karyotype = 0.0, contaminated = 0.0, weak = 0.0, other = 0.0;
  // Of products that passed: means, and quantiles over people. NaN where none did or none tells it.
  double passages = 0.0, potency = 0.0;
  double weeks_q10 = 0.0, weeks_median = 0.0, weeks_q90 = 0.0;
};

/// A number of single trials over all of them.
struct OverTrials {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double low = mean, high = mean;                 // where 95 % of single trials lie
  double mc_error = mean;                         // of the mean
  double sd_parameters = mean, sd_chance = mean;  // as of an estimate; NaN without draws
};

/// Years followed, quality-adjusted years or costs, a person of the arm, between two days (model_inputs.hpp).
struct PeriodRow {
  std::string measure;  // years, qalys, cost
  std::string unit;
  std::string arm, reference;  // reference: how much more than this arm's
  int year = 0;                // of follow-up, from 1; 0: all of it
  int from_day = 0, to_day = 0;
  double people = 0.0;  // of the arm, all who were randomised; mean over trials
  OverTrials over;
};

/// Share of the people of an arm who are in a state (evidence::k_states) on a day.
struct StateRow {
  std::string arm;
  int day = 0;
  std::string state;
  double people = 0.0;  // as in PeriodRow
  OverTrials share;
};

/// What one simulated trial gave for an arm between two days, a person.
struct ReplicatePeriod {
  int replicate = 0;
  std::string arm;
  int year = 0, from_day = 0, to_day = 0;  // as in PeriodRow
  int people = 0;
  double years = 0.0, qalys = 0.0;
  double cost = 0.0;  // NaN without prices
};

/// CONSORT numbers of an arm: mean over replicates and range.
struct FlowRow {
  std::string arm;
  std::string
      box;  // allocated, received, not_received, dropped_out, died, data_cut, completed, rescued, switched
  double mean = 0.0;
  int lowest = 0;
  int highest = 0;
};

struct ComparisonRow {
  std::string row_id;  // E0001 ...
  std::string role;    // calibration, validation
  std::string status;  // verified, memory
  std::string study;
  std::string endpoint_text;  // as published
  std::string unit;
  double published = 0.0;
  double published_low = 0.0;  // NaN when no interval could be had
  double published_high = 0.0;
  bool interval_derived = false;  // from n and unit rather than printed
  Estimate simulated;
  Verdict verdict = Verdict::not_scored;
  double z = 0.0;  // NaN when not scored
  std::string citation;
  std::string why;     // of not_scored
  std::string remark;  // why the two differ, where they do
};

/// A row of the same study that no endpoint of the protocol gives, and why.
struct UnmappedRow {
  std::string row_id;
  std::string endpoint_text;
  std::string reason;
};

struct DefinitionRow {
  std::string endpoint;
  std::string sentence;
};

/// One published definition of worsening, PIRA or RAW under which a run was analysed.
struct MultiverseDefinition {
  std::string id;
  std::string family;  // worsening, composite, pira, raw
  std::string preset;  // empty: the protocol's own
  double confirmation_day = 0.0;
  bool published = false;            // with this confirmation, not only with another
  std::vector<std::string> same_as;  // ids of definitions that are the same in other words
  std::vector<std::string> own;      // endpoints of the protocol that are defined so
  std::string sentence;
};

/// What a definition gave over all replicates in one contrast; without a contrast one row an arm, its
/// reference empty and the ratio not defined.
struct MultiverseRow {
  MultiverseDefinition definition;
  std::string arm, reference;
  Estimate events, percent;                      // of the arm
  Estimate reference_events, reference_percent;  // of the reference
  Estimate hazard_ratio;
};

struct RunSummary {
  trial::Protocol protocol;
  trial::PopulationReport population;
  int replicates = 0;
  int draws = 0;                    // of the posterior; 0: all replicates at the passports' values
  std::vector<int> posterior_rows;  // of each draw, row of posterior.csv from 1; empty without draws
  // Of each draw: every strength of mesenchymal cells is none. Empty without draws or without such cells.
  std::vector<bool> cells_do_nothing;
  std::vector<Estimate> estimates;
  std::vector<ReplicateValue> replicate_values;  // by replicate, then estimate
  std::vector<Curve> curves;
  std::vector<Band> bands;
  std::vector<HarmRow> harms;
  std::vector<FlowRow> flow;
  std::vector<ResourceRow> resources;   // by measure, then arm, then contrast; empty without prices
  std::vector<std::string> not_priced;  // drugs that the costs leave out
  std::vector<PeriodRow> periods;  // by measure, then period, then arm, then contrast; no cost without prices
  std::vector<StateRow> states;    // by arm, day and state
  std::vector<ReplicatePeriod> replicate_periods;  // by replicate, then arm, then period
  std::vector<CellsMadeRow> cells_made;            // by arm; empty where no regimen gives cells
  std::vector<ComparisonRow> comparisons;
  std::vector<UnmappedRow> unmapped;
  std::vector<DefinitionRow> definitions;
  std::vector<MultiverseRow> multiverse;     // empty unless asked for
  std::vector<trial::Participant> examples;  // a few people for timelines
  trial::Replicate first;                    // whole first replicate, for ADaM
  std::vector<economics::Account> accounts;  // of its people; empty without prices
};

}  // namespace hortega::evidence
