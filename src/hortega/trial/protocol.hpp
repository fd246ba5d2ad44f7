// SPDX-License-Identifier: Apache-2.0
//
// A trial as its protocol file states it (docs/reference/protocol.md is generated from the same table as the
// reader). Times are days; EDSS and counts are plain numbers.
#pragma once

#include "hortega/core/schema.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hortega::trial {

enum class ConductClass : std::uint8_t { blinded, rater_blinded, open, registry };
enum class Phenotype : std::uint8_t { relapsing, secondary_progressive, primary_progressive };
enum class Start : std::uint8_t { eligibility, onset };
/// Excluded: nobody enters pregnant or within the rebound after birth, and all use contraception.
enum class Pregnancy : std::uint8_t { excluded, allowed };
/// Where the time of an endpoint starts: randomisation (entry), the graft (people without one: entry), the
/// first clinical event, or the event of another endpoint (EndpointSpec::origin_endpoint; people without it
/// do not count).
enum class Origin : std::uint8_t { randomisation, transplant, onset, endpoint };
enum class Estimand : std::uint8_t { treatment_policy, hypothetical, while_on_treatment };

/// What an endpoint measures. The estimators of data/evidence/map.toml apply to kinds.
enum class EndpointKind : std::uint8_t {
  relapse,
  cdw,
  cdi,
  pira,
  raw,
  neda3,
  neda4,
  edss,
  edss_milestone,
  spms_conversion,
  gd,
  new_t2,
  t2_volume,
  brain_volume,
  t25fw,
  nhpt,
  sdmt,
  snfl,
  death,
  trm,
  adverse_event,
  anc_engraftment,
  platelet_engraftment,
  relapse_free_survival,
  composite,
  edss_plus,
  low_contrast,
  vep,
  eq5d,
  new_t1,
  t1_volume,
};

struct StudyFacts {
  double year = 2010.0;
  ConductClass conduct_class = ConductClass::blinded;
  std::vector<std::string> evidence;
  bool experienced_centre = true;
};

/// Relapses, Gd+ or new T2 lesions at least so many within a time before entry; all that are given must hold.
struct ActivityRule {
  std::optional<int> relapses_at_least;
  std::optional<int> gd_at_least;
  std::optional<int> new_t2_at_least;
  double within_day = 365.25;
};
/// Any one of the rules suffices.
struct ActivityCriterion {
  std::vector<ActivityRule> any;
};
struct StableCriterion {
  std::optional<double> no_relapse_within_day;
};
struct WorseningCriterion {
  double at_least = 0.5;
  double within_day = 731.0;
};
struct Eligibility {
  std::optional<std::vector<double>> age_day;
  std::optional<std::vector<double>> edss;
  std::optional<std::vector<double>> duration_day;
  std::vector<ActivityCriterion> activity;
  StableCriterion stable;
  std::optional<WorseningCriterion> worsening;
  std::optional<int> pyramidal_at_least;
};

struct Moment {
  std::optional<double> mean;
  std::optional<double> sd;
};
/// The baseline of those of one course, where a study of several prints them apart.
struct CourseBaseline {
  std::vector<Phenotype> phenotypes;
  double share = 0.5;  // of the participants
  Moment age, edss, duration_years, relapses_1y;
};
struct BaselineMoments {
  Moment age, edss, duration_years, relapses_1y, relapses_2y, gd_count, t2_volume_ml;
  std::optional<double> female_share;
  std::vector<CourseBaseline> courses;
};

struct Population {
  std::string source = "lives";
  std::string csv;
  int lives = 20000;
  int n = 0;
  Start start = Start::eligibility;
  std::vector<Phenotype> phenotypes;
  std::string prior_therapy = "none";
  double prior_therapy_share = 1.0;
  Pregnancy pregnancy = Pregnancy::excluded;
  /// Every arm gets the same people, who meet the same luck in each: for questions, never a trial's design.
  bool same_people = false;
  Eligibility eligibility;
  BaselineMoments baseline;
};

/// A regimen that joins another, which goes on.
struct JoinedRegimen {
  std::string regimen;
  double after_day = 0.0;  // after the start of the one that it joins
};

struct RegimenChoice {
  std::string regimen;
  double weight = 1.0;
  double start_day = 0.0;
  std::optional<double> stop_day = {};   // taken for so long
  std::vector<JoinedRegimen> with = {};  // stopped with it
};

/// What lets a step of a sequence begin: its day, or failure of what is taken, as examinations, scans and
/// reports showed it.
enum class StepOn : std::uint8_t { day, relapse, worsening, new_t2, gd, harm };

/// A change of regimen within an arm. Steps stand in order; a person goes forward only: to the first step
/// after the last one taken whose condition holds. Failure counts from the start of what is taken.
struct SequenceStep {
  StepOn on = StepOn::day;
  std::string regimen;
  std::optional<double> start_day;  // on = day: from randomisation
  std::optional<double> stop_day;   // taken for so long
  double washout_day = 0.0;         // between the stop of what was taken and the start of this
  double earliest_day = 0.0;        // no switch so soon after the start of what is taken
  int at_least = 1;                 // relapses, or lesions on one scan
  std::string trigger;              // on = worsening: id of a cdw endpoint, its definition
  std::string term;                 // on = harm: this one; empty: any
  int grade_at_least = 3;           // on = harm
  double share = 1.0;               // of those in whom the condition holds
  bool allocated = false;           // belongs to the allocated treatment: ends no observation
  bool censor = false;              // ends observation whatever the estimand
};

struct Arm {
  std::string id;
  std::string label;
  double allocation = 1.0;
  bool experimental = false;
  std::vector<RegimenChoice> regimens;
  std::vector<SequenceStep> sequence;
  double washout_day = 0.0;  // between the stop of the prior drug, at randomisation, and the regimen
  bool keep_prior_therapy = false;
};

struct Accrual {
  double duration_day = 365.25;
  double follow_up_day = 731.0;
  std::optional<double> data_cut_day;  // from the first enrolment
};

/// Days listed, or every so many days until a last one.
struct Schedule {
  std::vector<double> at_day;
  std::optional<double> every_day;
  std::optional<double> until_day;
};
struct Visits {
  Schedule edss;
  Schedule mri;
  bool unscheduled = true;
  double missed_share = 0.0;
};

/// Hazards per year by arm id; under the empty name, that of all arms not named.
using DropoutRates = std::map<std::string, double>;
struct DropoutPeriod {
  double until_day = 0.0;
  DropoutRates by_arm;
};
struct Dropout {
  DropoutRates by_arm;                 // after the periods
  std::vector<DropoutPeriod> periods;  // by their ends
};

/// Short for a last step of the sequence of some arms.
struct Rescue {
  std::string trigger;
  std::vector<std::string> arms;
  double earliest_day = 0.0;
  std::string regimen;
  double share = 1.0;
  bool censor = true;
};

struct EndpointSpec {
  std::string id;
  EndpointKind kind = EndpointKind::relapse;
  std::string label;
  std::string preset;
  std::optional<double> confirmation_day;
  std::optional<double> not_before_day;
  std::optional<double> edss;            // edss_milestone
  std::optional<double> rebaseline_day;  // neda
  std::string term;                      // adverse_event
  Origin origin = Origin::randomisation;
  bool primary = false;
  std::string origin_name =
      "randomisation";               // as written: randomisation, transplant, onset or an endpoint's id
  std::string origin_endpoint;       // origin = the id of another endpoint
  std::optional<double> within_day;  // events and counts up to this day after the origin alone
  int at_least = 1;          // relapse: the event is the one of this number; lesions: so many on one scan
  bool count_onset = false;  // relapse: the first clinical event, on day 0 of the origin, counts as one
  bool sustained = false;    // edss_milestone, cdw: held to the last visit
  std::optional<int> grade_at_least;  // adverse_event: CTCAE grade
  std::optional<double>
      worsening;  // t25fw, nhpt, sdmt: confirmed worsening by this fraction, as a time to event
  std::vector<std::string> components;  // composite: ids of endpoints, the first event of any
  bool composite = false;               // pira, raw: of EDSS, timed walk and peg test
  std::optional<double>
      baseline_visit_day;  // measures: change counts from the visit or scan nearest to this day
  std::optional<double>
      improvement;  // t25fw, nhpt: faster by this fraction; sdmt, low_contrast: so many points more
};

/// People of the trial asked separately, all given limits holding.
struct Subgroup {
  std::string id;
  std::string label;
  std::optional<std::string> sex;            // female, male
  std::optional<std::string> onset;          // relapsing, progressive (primary progressive)
  std::vector<Phenotype> phenotypes;         // course at entry; empty: all
  std::optional<std::vector<int>> gd_count;  // lesions on the scan of entry, fewest and most
  std::vector<ActivityCriterion> activity;   // before entry, as in eligibility
};

struct AnalysisPlan {
  double alpha = 0.05;
  Estimand estimand = Estimand::treatment_policy;
  std::vector<std::vector<std::string>> contrasts;  // pairs: arm, reference
};

struct Conduct {
  bool enabled = true;
};

struct Protocol {
  std::string id;
  std::string title;
  std::string question;
  std::uint64_t seed = 1;
  int replicates = 200;  // a run has half as many draws of the posterior, up to a hundred
  StudyFacts study;
  Population population;
  std::vector<Arm> arms;
  Accrual accrual;
  Visits visits;
  Dropout dropout;
  std::optional<Rescue> rescue;
  std::vector<EndpointSpec> endpoints;
  std::vector<Subgroup> subgroups;
  AnalysisPlan analysis;
  Conduct conduct;
  std::map<std::string, std::string> marks;
};

/// Days of a schedule in order, from 0 to the follow-up at most.
std::vector<int> days_of(const Schedule& schedule, double follow_up_day);

/// The steps of an arm as they are carried out: its sequence, and `rescue` where it names the arm. The
/// trigger of a rescue decides what it waits for.
std::vector<SequenceStep> steps_of(const Protocol& protocol, const Arm& arm);

/// Day of drop-out by the hazards of an arm, for a person whose cumulative hazard at it is `threshold` (a
/// draw from the unit exponential); infinity if it never gets so high.
double dropout_day(const Dropout& dropout, const std::string& arm, double threshold);

/// Sets what `origin` names in each endpoint: the meaning behind origin_name. read_protocol does this.
void resolve_origins(Protocol& protocol);

/// Reads a protocol file and resolves the names in it. Throws InputError with all problems.
core::Read<Protocol> read_protocol(const core::Document& document);

/// The table from which reader, JSON Schema and docs/reference come.
const core::Schema<Protocol>& protocol_schema();

}  // namespace hortega::trial
