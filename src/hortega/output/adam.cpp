// SPDX-License-Identifier: Apache-2.0
// ADSL, ADTTE, ADAE, ADEDSS, ADFT, ADQS and ADMRI of the first replicate, ADEX where cells were given.
#include "hortega/output/adam.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

namespace hortega::output {
namespace {

using endpoints::kMissing;
using endpoints::kNever;
using Type = AdamColumn::Type;
using Row = std::vector<AdamValue>;

AdamValue text_or_missing(std::string text) {
  if (text.empty()) return {};
  return text;
}
AdamValue real(double value) {
  if (std::isnan(value)) return {};
  return value;
}
AdamValue whole(std::int64_t value) { return value; }
AdamValue flag(bool yes) { return std::string(yes ? "Y" : "N"); }

/// What every dataset says of a person.
struct Subject {
  const trial::Participant* person = nullptr;
  std::string usubjid, subjid, arm_label;
  int arm_number = 0;

  /// A day from randomisation as a date; day 0 of the reference is the first randomisation of the trial.
  AdamValue date(int day) const {
    if (day == kNever) return {};
    return AdamDate{person->enrolment_day + day};
  }
  bool treated() const { return person->treated_day() != kNever; }
  /// Study day as CDISC counts it: 1 is the day of randomisation, -1 the day before, no 0.
  static std::int64_t study_day(int day) { return day >= 0 ? day + 1 : day; }
};

std::vector<Subject> subjects_of(const evidence::RunSummary& summary, const std::string& study_id) {
  std::vector<Subject> subjects;
  for (const auto& person : summary.first.participants) {
    Subject s;
    s.person = &person;
    s.subjid = fmt::format("{:05}", person.number + 1);
    s.usubjid = study_id + "-" + s.subjid;
    if (person.arm < summary.protocol.arms.size()) s.arm_label = summary.protocol.arms[person.arm].id;
    s.arm_number = static_cast<int>(person.arm) + 1;
    subjects.push_back(std::move(s));
  }
  return subjects;
}

std::string end_status(const trial::Participant& person) {
  switch (person.end_reason) {
    case trial::EndReason::completed:
      return "COMPLETED";
    case trial::EndReason::data_cut:
      return "ONGOING";
    case trial::EndReason::dropped_out:
    case trial::EndReason::died:
      break;
  }
  return "DISCONTINUED";
}

std::string discontinuation(const trial::Participant& person) {
  if (person.end_reason == trial::EndReason::dropped_out) return "LOST TO FOLLOW-UP";
  if (person.end_reason == trial::EndReason::died) return "DEATH";
  return "";
}

std::string course_name(trial::Phenotype phenotype) {
  switch (phenotype) {
    case trial::Phenotype::relapsing:
      return "RRMS";
    case trial::Phenotype::secondary_progressive:
      return "SPMS";
    case trial::Phenotype::primary_progressive:
      break;
  }
  return "PPMS";
}

/// A milestone's value on the allocated therapy: of the graft the CD34+ cells, of discharge the days since,
/// of a product the days and the cost of making it.
AdamValue of_transplant(const trial::Participant& person, endpoints::Milestone what) {
  for (const auto& milestone : person.milestones)
    if (milestone.what == what && milestone.day <= person.rescue_day) return real(milestone.value);
  return {};
}

/// The last that was told of it before a rescue.
AdamValue last_of_transplant(const trial::Participant& person, endpoints::Milestone what) {
  AdamValue last;
  for (const auto& milestone : person.milestones)
    if (milestone.what == what && milestone.day <= person.rescue_day) last = real(milestone.value);
  return last;
}

/// Last day of the allocated regimen, as far as it was followed.
int treatment_end(const trial::Participant& person) {
  return std::min({person.stopped_day, person.rescue_day, person.end_of_follow_up_day});
}

AdamDataset adsl(const std::vector<Subject>& subjects, const std::string& study_id) {
  AdamDataset set;
  set.name = "ADSL", set.label = "Subject-Level Analysis";
  set.columns = {
      {"STUDYID", "Study Identifier", Type::text, 0},
      {"USUBJID", "Unique Subject Identifier", Type::text, 1},
      {"SUBJID", "Subject Identifier for the Study", Type::text, 0},
      {"SITEID", "Study Site Identifier", Type::text, 0},
      {"ARM", "Description of Planned Arm", Type::text, 0},
      {"TRT01P", "Planned Treatment for Period 01", Type::text, 0},
      {"TRT01PN", "Planned Treatment for Period 01 (N)", Type::integer, 0},
      {"TRT01A", "Actual Treatment for Period 01", Type::text, 0},
      {"RANDDT", "Date of Randomization", Type::date, 0},
      {"TRTSDT", "Date of First Exposure to Treatment", Type::date, 0},
      {"TRTEDT", "Date of Last Exposure to Treatment", Type::date, 0},
      {"TRTDURD", "Total Treatment Duration (Days)", Type::integer, 0},
      {"AGE", "Age", Type::integer, 0},
      {"AGEU", "Age Units", Type::text, 0},
      {"SEX", "Sex", Type::text, 0},
      {"ITTFL", "Intent-To-Treat Population Flag", Type::text, 0},
      {"SAFFL", "Safety Population Flag", Type::text, 0},
      {"DTHFL", "Subject Death Flag", Type::text, 0},
      {"DTHDT", "Date of Death", Type::date, 0},
      {"WEIGHTBL", "Baseline Weight (kg)", Type::real, 0},
      {"DURDIS", "Duration of Disease (Years)", Type::real, 0},
      {"RFENDT", "Date of Discontinuation/Completion", Type::date, 0},
      {"EOSSTT", "End of Study Status", Type::text, 0},
      {"DCSREAS", "Reason for Discontinuation from Study", Type::text, 0},
      {"EDSSBL", "Baseline EDSS", Type::real, 0},
      {"MSTYPE", "Course of Multiple Sclerosis", Type::text, 0},
      {"RLPY1", "Relapses in the Year before Entry", Type::integer, 0},
      {"RLPY2", "Relapses in Two Years before Entry", Type::integer, 0},
      {"PREGN", "Pregnancies before Entry", Type::integer, 0},
      {"GDBL", "Baseline Gd-Enhancing Lesions", Type::integer, 0},
      {"T2VOLBL", "Baseline T2 Lesion Volume (mL)", Type::real, 0},
      {"CD34DOSE", "CD34+ Cells of the Graft (10^6/kg)", Type::real, 0},
      {"DISCHDY", "Days from Graft to Discharge", Type::real, 0},
      {"DTCELL", "Donor Share of T Cells, Last Seen (%)", Type::real, 0},
      {"PRODDY", "Days to Make the Cell Product", Type::real, 0},
      {"PRODCOST", "Cost of Making the Cell Product (EUR)", Type::real, 0},
  };
  for (const auto& s : subjects) {
    const auto& p = *s.person;
    const auto& b = p.baseline;
    const bool treated = s.treated();
    const int end = treatment_end(p);
    set.rows.push_back({study_id,
                        s.usubjid,
                        s.subjid,
                        std::string("001"),
                        s.arm_label,
                        s.arm_label,
                        whole(s.arm_number),
                        treated ? AdamValue(p.regimen) : AdamValue(),
                        s.date(0),
                        s.date(p.treated_day()),
                        treated ? s.date(end) : AdamValue(),
                        treated ? whole(end - p.treated_day() + 1) : AdamValue(),
                        whole(static_cast<std::int64_t>(std::floor(b.age_year))),
                        std::string("YEARS"),
                        std::string(b.female ? "F" : "M"),
                        flag(true),
                        flag(treated),
                        flag(p.end_reason == trial::EndReason::died),
                        p.end_reason == trial::EndReason::died ? s.date(p.death_day) : AdamValue(),
                        real(b.weight_kg),
                        real(b.duration_years),
                        s.date(p.end_of_follow_up_day),
                        end_status(p),
                        text_or_missing(discontinuation(p)),
                        real(b.edss),
                        course_name(b.phenotype),
                        whole(b.relapses_1y),
                        whole(b.relapses_2y),
                        whole(b.pregnancies),
                        whole(b.gd_count),
                        real(b.t2_volume_ml),
                        of_transplant(p, endpoints::Milestone::graft),
                        of_transplant(p, endpoints::Milestone::discharge),
                        last_of_transplant(p, endpoints::Milestone::donor_chimerism),
                        of_transplant(p, endpoints::Milestone::product_ready),
                        of_transplant(p, endpoints::Milestone::product_cost)});
  }
  return set;
}

/// The variables that ADTTE, ADAE and the BDS datasets take from ADSL.
std::vector<AdamColumn> common_columns() {
  return {{"STUDYID", "Study Identifier", Type::text, 0},
          {"SITEID", "Study Site Identifier", Type::text, 0},
          {"USUBJID", "Unique Subject Identifier", Type::text, 1},
          {"AGE", "Age", Type::integer, 0},
          {"SEX", "Sex", Type::text, 0},
          {"TRTSDT", "Date of First Exposure to Treatment", Type::date, 0},
          {"TRTEDT", "Date of Last Exposure to Treatment", Type::date, 0},
          {"TRTP", "Planned Treatment", Type::text, 0},
          {"TRTA", "Actual Treatment", Type::text, 0},
          {"SAFFL", "Safety Population Flag", Type::text, 0}};
}

Row common_row(const Subject& s, const std::string& study_id) {
  const auto& p = *s.person;
  return {study_id,
          std::string("001"),
          s.usubjid,
          whole(static_cast<std::int64_t>(std::floor(p.baseline.age_year))),
          std::string(p.baseline.female ? "F" : "M"),
          s.date(p.treated_day()),
          s.treated() ? s.date(treatment_end(p)) : AdamValue(),
          s.arm_label,
          s.treated() ? AdamValue(p.regimen) : AdamValue(),
          flag(s.treated())};
}

AdamDataset adtte(const std::vector<Subject>& subjects, std::span<const PersonTime> times,
                  const std::string& study_id) {
  AdamDataset set;
  set.name = "ADTTE", set.label = "Time to Event Analysis";
  set.columns = common_columns();
  set.columns.insert(set.columns.end(), {{"PARAM", "Parameter", Type::text, 0},
                                         {"PARAMCD", "Parameter Code", Type::text, 2},
                                         {"AVAL", "Analysis Value (Days)", Type::integer, 0},
                                         {"STARTDT", "Time to Event Origin Date for Subject", Type::date, 0},
                                         {"ADT", "Analysis Date", Type::date, 0},
                                         {"CNSR", "Censor", Type::integer, 0},
                                         {"EVNTDESC", "Event or Censoring Description", Type::text, 0}});
  std::vector<const PersonTime*> sorted;
  for (const auto& time : times)
    if (time.participant < subjects.size()) sorted.push_back(&time);
  std::stable_sort(sorted.begin(), sorted.end(), [](const PersonTime* a, const PersonTime* b) {
    return std::tie(a->participant, a->paramcd) < std::tie(b->participant, b->paramcd);
  });
  for (const auto* time : sorted) {
    const Subject& s = subjects[time->participant];
    Row row = common_row(s, study_id);
    const int start = time->start_day;
    row.insert(row.end(), {time->param, time->paramcd, whole(time->day), s.date(start),
                           start == kNever ? AdamValue() : s.date(start + time->day), whole(time->cnsr),
                           time->evntdesc});
    set.rows.push_back(std::move(row));
  }
  return set;
}

AdamDataset adae(const std::vector<Subject>& subjects, const std::string& study_id) {
  AdamDataset set;
  set.name = "ADAE", set.label = "Adverse Events Analysis";
  set.columns = common_columns();
  set.columns.insert(set.columns.end(), {{"AESEQ", "Sequence Number", Type::integer, 2},
                                         {"AETERM", "Reported Term for the Adverse Event", Type::text, 0},
                                         {"ASTDT", "Analysis Start Date", Type::date, 0},
                                         {"ASTDY", "Analysis Start Relative Day", Type::integer, 0},
                                         {"AENDT", "Analysis End Date", Type::date, 0},
                                         {"ADURN", "Analysis Duration (N)", Type::integer, 0},
                                         {"ADURU", "Analysis Duration Units", Type::text, 0},
                                         {"ATOXGR", "Analysis Toxicity Grade", Type::text, 0},
                                         {"AESER", "Serious Event", Type::text, 0},
                                         {"AESDTH", "Results in Death", Type::text, 0},
                                         {"TRTEMFL", "Treatment Emergent Analysis Flag", Type::text, 0}});
  for (const auto& s : subjects) {
    auto harms = s.person->harms;
    std::stable_sort(harms.begin(), harms.end(),
                     [](const auto& a, const auto& b) { return a.start_day < b.start_day; });
    std::int64_t sequence = 0;
    for (const auto& harm : harms) {
      Row row = common_row(s, study_id);
      row.insert(row.end(), {whole(++sequence), harm.term, s.date(harm.start_day),
                             whole(Subject::study_day(harm.start_day)), s.date(harm.end_day),
                             whole(harm.end_day - harm.start_day + 1), std::string("DAYS"),
                             std::to_string(harm.grade), flag(harm.serious), flag(harm.grade == 5),
                             flag(s.treated() && harm.start_day >= s.person->treated_day())});
      set.rows.push_back(std::move(row));
    }
  }
  return set;
}

std::vector<AdamColumn> bds_columns() {
  auto columns = common_columns();
  columns.insert(columns.end(), {{"PARAM", "Parameter", Type::text, 0},
                                 {"PARAMCD", "Parameter Code", Type::text, 2},
                                 {"AVISITN", "Analysis Visit (N)", Type::integer, 0},
                                 {"AVISIT", "Analysis Visit", Type::text, 0},
                                 {"ADT", "Analysis Date", Type::date, 3},
                                 {"ADY", "Analysis Relative Day", Type::integer, 0},
                                 {"AVAL", "Analysis Value", Type::real, 0},
                                 {"BASE", "Baseline Value", Type::real, 0},
                                 {"CHG", "Change from Baseline", Type::real, 0},
                                 {"ABLFL", "Baseline Record Flag", Type::text, 0},
                                 {"ANL01FL", "Analysis Flag 01", Type::text, 0}});
  return columns;
}

/// One reading of one parameter.
struct Reading {
  int day = 0;
  double value = kMissing;
  bool scheduled = true;
};

/// Appends the readings of a parameter, missing ones left out; the last at or before day 0 is the baseline.
void append_readings(AdamDataset& set, const Subject& s, const std::string& study_id, const char* paramcd,
                     const char* param, const std::vector<Reading>& readings) {
  const Reading* baseline = nullptr;
  for (const auto& reading : readings)
    if (reading.day <= 0 && !std::isnan(reading.value)) baseline = &reading;
  for (const auto& reading : readings) {
    if (std::isnan(reading.value)) continue;
    const bool is_baseline = &reading == baseline;
    const bool after = baseline && reading.day > 0;
    const int month = static_cast<int>(std::lround(reading.day / (endpoints::kDaysPerYear / 12.0)));
    Row row = common_row(s, study_id);
    const bool planned = reading.scheduled;
    row.insert(row.end(), {std::string(param), std::string(paramcd), planned ? whole(month) : AdamValue(),
                           is_baseline ? AdamValue(std::string("BASELINE"))
                           : planned   ? AdamValue(fmt::format("MONTH {}", month))
                                       : AdamValue(std::string("UNSCHEDULED")),
                           s.date(reading.day), whole(Subject::study_day(reading.day)), real(reading.value),
                           baseline ? real(baseline->value) : AdamValue(),
                           after ? real(reading.value - baseline->value) : AdamValue(),
                           is_baseline ? AdamValue(std::string("Y")) : AdamValue(), flag(planned)});
    set.rows.push_back(std::move(row));
  }
}

AdamDataset adedss(const std::vector<Subject>& subjects, const std::string& study_id) {
  AdamDataset set;
  set.name = "ADEDSS", set.label = "EDSS and Functional Systems Analysis";
  set.columns = bds_columns();
  struct System {
    const char* code;
    const char* label;
  };
  // In the order of endpoints::FunctionalSystem.
  constexpr std::array<System, endpoints::kFunctionalSystems> systems = {
      {{"FSVIS", "Visual Functional System Grade"},
       {"FSBST", "Brainstem Functional System Grade"},
       {"FSPYR", "Pyramidal Functional System Grade"},
       {"FSCER", "Cerebellar Functional System Grade"},
       {"FSSEN", "Sensory Functional System Grade"},
       {"FSBB", "Bowel and Bladder Functional System Grade"},
       {"FSMEN", "Cerebral Functional System Grade"}}};
  const auto grade = [](std::uint8_t g) {
    return g == endpoints::kMissingGrade ? kMissing : static_cast<double>(g);
  };
  for (const auto& s : subjects) {
    std::vector<Reading> readings;
    // By code, as the key wants it: AMBSC, EDSS, FS...
    for (const auto& v : s.person->visits) readings.push_back({v.day, grade(v.ambulation), v.scheduled});
    append_readings(set, s, study_id, "AMBSC", "Ambulation Score", readings);
    readings.clear();
    for (const auto& v : s.person->visits) readings.push_back({v.day, v.edss, v.scheduled});
    append_readings(set, s, study_id, "EDSS", "Expanded Disability Status Scale Step", readings);
    constexpr std::array<std::size_t, endpoints::kFunctionalSystems> by_code = {5, 1, 3, 6, 2, 4, 0};
    for (const std::size_t i : by_code) {
      readings.clear();
      for (const auto& v : s.person->visits) readings.push_back({v.day, grade(v.fs[i]), v.scheduled});
      append_readings(set, s, study_id, systems[i].code, systems[i].label, readings);
    }
  }
  return set;
}

/// A parameter read at visits.
struct VisitParameter {
  const char* code;
  const char* label;
  double (*value)(const endpoints::Visit&);
};

AdamDataset visit_dataset(const std::vector<Subject>& subjects, const std::string& study_id, const char* name,
                          const char* label, std::span<const VisitParameter> parameters) {
  AdamDataset set;
  set.name = name, set.label = label;
  set.columns = bds_columns();
  for (const auto& s : subjects) {
    for (const auto& parameter : parameters) {
      std::vector<Reading> readings;
      for (const auto& v : s.person->visits) readings.push_back({v.day, parameter.value(v), v.scheduled});
      append_readings(set, s, study_id, parameter.code, parameter.label, readings);
    }
  }
  return set;
}

// Both in the order of their codes, as the key wants it.
AdamDataset adft(const std::vector<Subject>& subjects, const std::string& study_id) {
  using endpoints::Visit;
  static constexpr std::array<VisitParameter, 6> parameters = {{
      {"LCLA25", "Low-Contrast Letters, 2.5 %, Both Eyes",
       [](const Visit& v) { return static_cast<double>(v.low_contrast_letters); }},
      {"NHPTD", "Nine-Hole Peg Test, Dominant Hand (s)",
       [](const Visit& v) { return static_cast<double>(v.nhpt_dominant_s); }},
      {"NHPTN", "Nine-Hole Peg Test, Other Hand (s)",
       [](const Visit& v) { return static_cast<double>(v.nhpt_non_dominant_s); }},
      {"SDMT", "Symbol Digit Modalities Test", [](const Visit& v) { return static_cast<double>(v.sdmt); }},
      {"T25FW", "Timed 25-Foot Walk (s)", [](const Visit& v) { return static_cast<double>(v.t25fw_s); }},
      {"VEPP100", "Visual Evoked Potential, P100 (ms)",
       [](const Visit& v) { return static_cast<double>(v.vep_ms); }},
  }};
  return visit_dataset(subjects, study_id, "ADFT", "Functional Tests Analysis", parameters);
}

template <std::size_t Symptom>
double severity(const endpoints::Visit& v) {
  return static_cast<double>(v.symptoms[Symptom]);
}

AdamDataset adqs(const std::vector<Subject>& subjects, const std::string& study_id) {
  using endpoints::Visit;
  // Indices in the order of endpoints::kSymptomNames.
  static constexpr std::array<VisitParameter, 1 + endpoints::kSymptoms> parameters = {{
      {"EQ5DUT", "EQ-5D Utility", [](const Visit& v) { return static_cast<double>(v.eq5d); }},
      {"SYMBLAD", "Bladder, Severity 0-10", severity<6>},
      {"SYMCOGN", "Trouble Thinking, Severity 0-10", severity<8>},
      {"SYMCOORD", "Coordination, Severity 0-10", severity<5>},
      {"SYMFATIG", "Fatigue, Severity 0-10", severity<0>},
      {"SYMMOOD", "Low Mood, Severity 0-10", severity<7>},
      {"SYMNUMB", "Numbness, Severity 0-10", severity<2>},
      {"SYMPAIN", "Pain, Severity 0-10", severity<1>},
      {"SYMVIS", "Trouble Seeing, Severity 0-10", severity<4>},
      {"SYMWALK", "Trouble Walking, Severity 0-10", severity<3>},
  }};
  return visit_dataset(subjects, study_id, "ADQS", "Symptoms and Utility Analysis", parameters);
}

AdamDataset admri(const std::vector<Subject>& subjects, const std::string& study_id) {
  AdamDataset set;
  set.name = "ADMRI", set.label = "MRI Analysis";
  set.columns = bds_columns();
  const auto count = [](int n) { return n == endpoints::kMissingCount ? kMissing : static_cast<double>(n); };
  for (const auto& s : subjects) {
    std::vector<Reading> gd, t2, volume, brain, holes, new_holes, rims;
    for (const auto& scan : s.person->scans) {
      gd.push_back({scan.day, count(scan.gd_count), true});
      t2.push_back({scan.day, count(scan.new_or_enlarging_t2), true});
      volume.push_back({scan.day, scan.t2_volume_ml, true});
      brain.push_back({scan.day, scan.brain_volume_change_percent, true});
      holes.push_back({scan.day, scan.t1_volume_ml, true});
      new_holes.push_back({scan.day, count(scan.new_t1), true});
      rims.push_back({scan.day, count(scan.rims), true});
    }
    append_readings(set, s, study_id, "BHVOL", "T1 Black Hole Volume (mL)", holes);
    append_readings(set, s, study_id, "GDT1", "Gd-Enhancing T1 Lesions", gd);
    append_readings(set, s, study_id, "NEWT1", "New T1 Black Holes", new_holes);
    append_readings(set, s, study_id, "NEWT2", "New or Enlarging T2 Lesions", t2);
    append_readings(set, s, study_id, "PBVC", "Percent Brain Volume Change", brain);
    append_readings(set, s, study_id, "PRL", "Paramagnetic Rim Lesions", rims);
    append_readings(set, s, study_id, "T2VOL", "T2 Lesion Volume (mL)", volume);
  }
  return set;
}

/// Cell products: how long they took, what they cost, how many cells were given; empty without any.
AdamDataset adex(const std::vector<Subject>& subjects, const std::string& study_id) {
  using endpoints::Milestone;
  AdamDataset set;
  set.name = "ADEX", set.label = "Exposure Analysis of Cell Products";
  set.columns = bds_columns();
  struct Parameter {
    Milestone what;
    const char* code;
    const char* label;
  };
  // In the order of their codes, as the key wants it.
  constexpr std::array<Parameter, 14> parameters = {
      {{Milestone::product_batches, "BATCHES", "Batches Begun"},
       {Milestone::infusion, "CELLS", "Cells Given (1e6)"},
       {Milestone::product_cells, "CELLSMAD", "Cells Made (1e6)"},
       {Milestone::batch_contaminated, "FAILCONT", "Batches Failed: Contaminated"},
       {Milestone::product_failure, "FAILDY", "Days until No Batch Passed"},
       {Milestone::batch_too_few, "FAILFEW", "Batches Failed: Too Few Cells"},
       {Milestone::batch_karyotype, "FAILKARY", "Batches Failed: Karyotype"},
       {Milestone::batch_senescent, "FAILSEN", "Batches Failed: Senescent"},
       {Milestone::batch_weak, "FAILWEAK", "Batches Failed: Potency"},
       {Milestone::product_cost, "MAKECOST", "Cost of Making (EUR)"},
       {Milestone::product_ready, "MAKEDY", "Days from Harvest to Release"},
       {Milestone::product_passages, "PASSAGES", "Passages of the Last Batch"},
       {Milestone::product_potency, "POTENCY", "Potency against T Cells, of a Young Donor's"},
       {Milestone::product_senescent, "SENESC", "Senescent Share of the Cells"}}};
  for (const auto& s : subjects) {
    const auto& all = s.person->milestones;
    const bool cells = std::any_of(all.begin(), all.end(), [](const auto& m) {
      return m.what == Milestone::product_ready || m.what == Milestone::product_failure;
    });
    if (!cells) continue;
    for (const Parameter& parameter : parameters) {
      std::vector<Reading> readings;
      for (const auto& m : all)
        if (m.what == parameter.what) readings.push_back({m.day, m.value});
      append_readings(set, s, study_id, parameter.code, parameter.label, readings);
    }
  }
  return set;
}

/// What each person used and cost until the end of follow-up; empty without accounts.
AdamDataset adhe(const std::vector<Subject>& subjects, std::span<const economics::Account> accounts,
                 const std::string& study_id) {
  using economics::Measure;
  AdamDataset set;
  set.name = "ADHE", set.label = "Health Care Resource Use Analysis";
  set.columns = common_columns();
  set.columns.insert(set.columns.end(), {{"PARAM", "Parameter", Type::text, 0},
                                         {"PARAMCD", "Parameter Code", Type::text, 2},
                                         {"AVAL", "Analysis Value", Type::real, 0}});
  struct Parameter {
    Measure measure;
    const char* code;
    const char* label;
  };
  // In the order of their codes, as the key wants it.
  constexpr std::array<Parameter, 14> parameters = {
      {{Measure::cost, "COST", "Direct Cost (EUR)"},
       {Measure::cost_first_year, "COST1Y", "Direct Cost, First Year (EUR)"},
       {Measure::cost_cells, "COSTCELL", "Direct Cost, Cells (EUR)"},
       {Measure::cost_drugs, "COSTDRUG", "Direct Cost, Drugs (EUR)"},
       {Measure::cost_hospital, "COSTHOSP", "Direct Cost, Hospital (EUR)"},
       {Measure::cost_outpatient, "COSTOUT", "Direct Cost, Visits and Day Care (EUR)"},
       {Measure::failed_collections, "FAILCOLL", "Failed Collections of Stem Cells"},
       {Measure::failed_products, "FAILPROD", "Batches of Cells Not Released"},
       {Measure::hospital_days, "HOSPDY", "Days in Hospital"},
       {Measure::intensive_days, "ICUDY", "Days in Intensive Care"},
       {Measure::steroid_courses, "STERCRS", "Steroid Courses"},
       {Measure::visits, "VISITS", "Visits for the Therapy and for Relapses"},
       {Measure::weeks_to_dose, "WAITWK", "Weeks from Decision to Dose"},
       {Measure::years, "YEARS", "Years Followed"}}};
  for (std::size_t i = 0; i < subjects.size() && i < accounts.size(); ++i) {
    for (const Parameter& parameter : parameters) {
      if (std::isnan(accounts[i][parameter.measure])) continue;
      Row row = common_row(subjects[i], study_id);
      row.insert(row.end(), {std::string(parameter.label), std::string(parameter.code),
                             real(accounts[i][parameter.measure])});
      set.rows.push_back(std::move(row));
    }
  }
  return set;
}

}  // namespace

// Days to date after H. Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days).
std::string reference_date(int day) {
  constexpr int k_reference = 10959;  // 2000-01-03 in days since 1970-01-01
  const int z = day + k_reference + 719468;
  const int era = (z >= 0 ? z : z - 146096) / 146097;
  const int day_of_era = z - era * 146097;
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const int year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day_of_month);
}

std::vector<AdamDataset> adam_datasets(const evidence::RunSummary& summary, std::span<const PersonTime> times,
                                       const std::string& study_id) {
  const auto subjects = subjects_of(summary, study_id);
  std::vector<AdamDataset> sets = {adsl(subjects, study_id), adtte(subjects, times, study_id),
                                   adae(subjects, study_id), adedss(subjects, study_id),
                                   adft(subjects, study_id), adqs(subjects, study_id),
                                   admri(subjects, study_id)};
  // Only where somebody was given cells.
  if (AdamDataset cells = adex(subjects, study_id); !cells.rows.empty()) sets.push_back(std::move(cells));
  if (!summary.accounts.empty()) sets.push_back(adhe(subjects, summary.accounts, study_id));
  return sets;
}

}  // namespace hortega::output
