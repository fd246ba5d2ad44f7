// SPDX-License-Identifier: Apache-2.0
//
// What a simulated trial records of its participants: only what visits, scans and reports saw. Days count
// from randomisation.
#pragma once

#include "hortega/endpoints/clinical_events.hpp"
#include "hortega/endpoints/record.hpp"
#include "hortega/trial/protocol.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hortega::trial {

struct MilestoneRecord {
  endpoints::Milestone what;
  int day = 0;
  double value = 0.0;
};

/// Why follow-up ended.
enum class EndReason : std::uint8_t { completed, data_cut, dropped_out, died };

/// State of entry, as the protocol's baseline table would print it.
struct BaselineRecord {
  double age_year = 0.0;
  bool female = false;
  double weight_kg = 0.0;
  double duration_years = 0.0;  // since the first clinical event
  Phenotype phenotype = Phenotype::relapsing;
  double edss = 0.0;
  int relapses_1y = 0;
  int relapses_2y = 0;
  int gd_count = 0;
  double t2_volume_ml = 0.0;
  int pregnancies = 0;  // since the biological onset
};

/// A change of regimen during the trial.
struct RegimenSwitch {
  int day = 0;  // decided, and what was taken stopped
  StepOn on = StepOn::day;
  std::string regimen;
  int start_day = endpoints::kNever;  // after the washout; kNever: follow-up ended first
  bool allocated = false;             // within the allocated treatment
};

struct Participant {
  std::uint32_t number = 0;  // within the replicate, 0-based
  std::uint32_t person = 0;  // life of the pool
  std::uint32_t copy = 0;    // 1 + replicate
  std::size_t arm = 0;
  std::string regimen;    // drawn by weight among the arm's
  int enrolment_day = 0;  // days after the first enrolment
  BaselineRecord baseline;

  std::vector<endpoints::Visit> visits;
  std::vector<double> snfl_pg_per_ml;         // one per visit
  std::vector<double> lymphocytes_1e9_per_l;  // one per visit
  std::vector<endpoints::Relapse> relapses;
  std::vector<endpoints::Scan> scans;
  std::vector<endpoints::Harm> harms;
  std::vector<MilestoneRecord> milestones;
  std::vector<endpoints::Use> uses;  // of the therapies; what runs on may end after the follow-up

  int end_of_follow_up_day = 0;
  EndReason end_reason = EndReason::completed;
  int death_day = endpoints::kNever;
  bool ms_death = false;
  bool treatment_death = false;
  std::string death_cause;
  int first_dose_day = endpoints::kNever;   // the allocated regimen began: of cells that wait, the harvest
  bool gives_cells = false;                 // the allocated regimen, once begun
  int first_cells_day = endpoints::kNever;  // the first cells of it
  int mobilisation_day = endpoints::kNever;
  int transplant_day = endpoints::kNever;
  std::vector<RegimenSwitch> switches;  // by their days
  int rescue_day = endpoints::kNever;  // left the allocated treatment for another: rescue, cross-over, switch
  int censor_day = endpoints::kNever;  // a switch that ends observation whatever the estimand
  int stopped_day = endpoints::kNever;  // stopped the allocated regimen

  /// First day on which the person got what was allocated; kNever: not treated. A regimen of cells that began
  /// is no treatment until the first cells.
  int treated_day() const { return gives_cells ? first_cells_day : first_dose_day; }
  /// The view that endpoints take; valid while the participant lives and is not changed.
  endpoints::PersonRecord record() const;
};

/// CONSORT flow of one replicate.
struct Consort {
  std::int64_t assessed = 0;
  std::int64_t excluded_age = 0;
  std::int64_t excluded_edss = 0;
  std::int64_t excluded_phenotype = 0;
  std::int64_t excluded_activity = 0;
  std::int64_t excluded_other = 0;
  struct ArmFlow {
    int allocated = 0;
    int received = 0;
    int not_received = 0;
    int dropped_out = 0;
    int died = 0;
    int data_cut = 0;
    int completed = 0;
    int rescued = 0;   // left the allocated treatment for another
    int switched = 0;  // changed regimen within the allocated treatment
  };
  std::vector<ArmFlow> arms;
};

struct Replicate {
  int number = 0;
  std::vector<Participant> participants;
  Consort consort;
};

/// How the virtual population came about; printed before anything is believed.
struct MomentReport {
  std::string name;
  double target = 0.0;
  double before = 0.0;
  double after = 0.0;
};
/// How many lives stand behind a row of a file of baselines.
struct RowReport {
  std::string subject;
  int line = 0;
  double effective_lives = 0.0;
};
struct PopulationReport {
  int lives = 0;  // of all pools
  int pools = 1;  // one a draw of the posterior; only where there are several do the next two say something
  int smallest_pool = 0, largest_pool = 0;  // lives
  int qualifying = 0;
  double effective_share = 1.0;
  int distinct_lives_used = 0;
  std::vector<MomentReport> moments;  // with a file of baselines: the means of its columns
  std::vector<RowReport> rows;        // of the file of baselines, if there is one
};

}  // namespace hortega::trial
