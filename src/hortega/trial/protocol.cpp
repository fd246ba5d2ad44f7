// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/protocol.hpp"

#include "hortega/trial/sequence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace hortega::trial {

namespace {

using core::Kind;
using core::Report;
using core::Schema;

const std::vector<std::pair<std::string, EndpointKind>>& endpoint_kinds() {
  static const std::vector<std::pair<std::string, EndpointKind>> kinds = {
      {"relapse", EndpointKind::relapse},
      {"cdw", EndpointKind::cdw},
      {"cdi", EndpointKind::cdi},
      {"pira", EndpointKind::pira},
      {"raw", EndpointKind::raw},
      {"neda3", EndpointKind::neda3},
      {"neda4", EndpointKind::neda4},
      {"edss", EndpointKind::edss},
      {"edss_milestone", EndpointKind::edss_milestone},
      {"spms_conversion", EndpointKind::spms_conversion},
      {"gd", EndpointKind::gd},
      {"new_t2", EndpointKind::new_t2},
      {"t2_volume", EndpointKind::t2_volume},
      {"brain_volume", EndpointKind::brain_volume},
      {"t25fw", EndpointKind::t25fw},
      {"nhpt", EndpointKind::nhpt},
      {"sdmt", EndpointKind::sdmt},
      {"snfl", EndpointKind::snfl},
      {"death", EndpointKind::death},
      {"trm", EndpointKind::trm},
      {"adverse_event", EndpointKind::adverse_event},
      {"anc_engraftment", EndpointKind::anc_engraftment},
      {"platelet_engraftment", EndpointKind::platelet_engraftment},
      {"relapse_free_survival", EndpointKind::relapse_free_survival},
      {"composite", EndpointKind::composite},
      {"edss_plus", EndpointKind::edss_plus},
      {"low_contrast", EndpointKind::low_contrast},
      {"vep", EndpointKind::vep},
      {"eq5d", EndpointKind::eq5d},
      {"new_t1", EndpointKind::new_t1},
      {"t1_volume", EndpointKind::t1_volume}};
  return kinds;
}

Schema<StudyFacts> study_schema() {
  Schema<StudyFacts> s("Facts about the study that decide era and conduct.");
  s.number("year", &StudyFacts::year)
      .range(1950, 2100)
      .doc("Middle of recruitment: era of centres and of recruitment.");
  s.choice("conduct_class", &StudyFacts::conduct_class,
           {{"blinded", ConductClass::blinded},
            {"rater-blinded", ConductClass::rater_blinded},
            {"open", ConductClass::open},
            {"registry", ConductClass::registry}})
      .doc("How the study was run: which conduct parameters hold.");
  s.texts("evidence", &StudyFacts::evidence)
      .doc("Beginnings of `study` in data/evidence/published.csv to set beside.");
  s.choice("centre_experience", &StudyFacts::experienced_centre,
           std::vector<std::pair<std::string, bool>>{{"high", true}, {"low", false}})
      .doc("Experience of the transplant centres.");
  return s;
}

Schema<ActivityCriterion> activity_schema() {
  Schema<ActivityRule> rule("At least so many within a time before entry; all given counts must hold.");
  rule.integer("relapses_at_least", &ActivityRule::relapses_at_least).range(1, 20).doc("Relapses.");
  rule.integer("gd_at_least", &ActivityRule::gd_at_least).range(1, 50).doc("Gd+ lesions on one scan.");
  rule.integer("new_t2_at_least", &ActivityRule::new_t2_at_least).range(1, 100).doc("New T2 lesions.");
  rule.quantity("within", &ActivityRule::within_day, Kind::time).above(0).doc("Time before entry.");
  rule.check([](const ActivityRule& r, const Report& report) {
    if (!r.relapses_at_least && !r.gd_at_least && !r.new_t2_at_least) {
      report.problem("", "an activity rule asks for nothing",
                     "relapses_at_least, gd_at_least or new_t2_at_least");
    }
  });
  Schema<ActivityCriterion> criterion("Any one of the rules suffices; several criteria must all be met.");
  criterion.tables("any", &ActivityCriterion::any, rule).not_empty().doc("The rules.");
  return criterion;
}

template <class T>
void check_pair(const std::optional<std::vector<T>>& pair, const std::string& key, const Report& report) {
  if (!pair) return;
  if ((*pair)[0] > (*pair)[1]) report.problem(key, "the lower limit is above the upper one", "[low, high]");
}

Schema<Eligibility> eligibility_schema() {
  Schema<StableCriterion> stable("Stability before entry.");
  stable.quantity("no_relapse_within", &StableCriterion::no_relapse_within_day, Kind::time)
      .above(0)
      .doc("No relapse onset so long before entry.");
  Schema<WorseningCriterion> worsening("Documented worsening before entry.");
  worsening.number("at_least", &WorseningCriterion::at_least).range(0.5, 5).doc("Rise of EDSS.");
  worsening.quantity("within", &WorseningCriterion::within_day, Kind::time).above(0).doc("Over this time.");
  Schema<Eligibility> s("Who may enter, asked of a person's simulated past.");
  s.add("age", &Eligibility::age_day, core::as_list(core::as_quantity(Kind::time)))
      .size(2, 2)
      .doc("Youngest and oldest.");
  s.add("edss", &Eligibility::edss, core::as_list(core::as_number()))
      .size(2, 2)
      .doc("Lowest and highest EDSS at screening.");
  s.add("duration", &Eligibility::duration_day, core::as_list(core::as_quantity(Kind::time)))
      .size(2, 2)
      .doc("Since the first clinical event.");
  s.tables("activity", &Eligibility::activity, activity_schema())
      .doc("Disease activity; all listed must hold.");
  s.table("stable", &Eligibility::stable, stable).doc("Stability before entry.");
  s.table("worsening", &Eligibility::worsening, worsening).doc("Documented worsening before entry.");
  s.integer("pyramidal_at_least", &Eligibility::pyramidal_at_least)
      .range(1, 6)
      .doc("Lowest pyramidal grade.");
  s.check([](const Eligibility& e, const Report& report) {
    check_pair(e.age_day, "age", report);
    check_pair(e.edss, "edss", report);
    check_pair(e.duration_day, "duration", report);
    for (const ActivityCriterion& c : e.activity) {
      const bool all_excluded = std::all_of(c.any.begin(), c.any.end(), [&](const ActivityRule& r) {
        return r.relapses_at_least && e.stable.no_relapse_within_day &&
               *e.stable.no_relapse_within_day >= r.within_day;
      });
      if (all_excluded) {
        report.problem("activity", "asks for relapses in a time in which `stable` allows none",
                       "nobody could qualify: make `within` longer than `no_relapse_within`");
      }
    }
  });
  return s;
}

Schema<Moment> moment_schema(const std::string& what) {
  Schema<Moment> s(what);
  s.number("mean", &Moment::mean).doc("Published mean.");
  s.number("sd", &Moment::sd).above(0).doc("Published standard deviation.");
  return s;
}

auto phenotypes_codec() {
  return core::as_list(
      core::as_choice<Phenotype>({{"relapsing", Phenotype::relapsing},
                                  {"secondary-progressive", Phenotype::secondary_progressive},
                                  {"primary-progressive", Phenotype::primary_progressive}}));
}

Schema<CourseBaseline> course_baseline_schema() {
  Schema<CourseBaseline> s("Baseline of the participants of one course.");
  s.add("phenotypes", &CourseBaseline::phenotypes, phenotypes_codec()).not_empty().doc("Who they are.");
  s.number("share", &CourseBaseline::share)
      .required()
      .above(0)
      .below(1)
      .doc("Their share of the participants.");
  s.table("age", &CourseBaseline::age, moment_schema("Age, years.")).doc("Age, years.");
  s.table("edss", &CourseBaseline::edss, moment_schema("EDSS.")).doc("EDSS.");
  s.table("duration_years", &CourseBaseline::duration_years, moment_schema("Years since the first event."))
      .doc("Years since the first clinical event.");
  s.table("relapses_1y", &CourseBaseline::relapses_1y, moment_schema("Relapses."))
      .doc("Relapses in the year before.");
  return s;
}

Schema<BaselineMoments> baseline_schema() {
  Schema<BaselineMoments> s("Published baseline to which the weights of the pool are tilted.");
  s.table("age", &BaselineMoments::age, moment_schema("Age, years.")).doc("Age, years.");
  s.table("edss", &BaselineMoments::edss, moment_schema("EDSS.")).doc("EDSS.");
  s.table("duration_years", &BaselineMoments::duration_years, moment_schema("Years since the first event."))
      .doc("Years since the first clinical event.");
  s.table("relapses_1y", &BaselineMoments::relapses_1y, moment_schema("Relapses."))
      .doc("Relapses in the year before.");
  s.table("relapses_2y", &BaselineMoments::relapses_2y, moment_schema("Relapses."))
      .doc("Relapses in the two years before.");
  s.table("gd_count", &BaselineMoments::gd_count, moment_schema("Gd+ lesions.")).doc("Gd+ lesions at entry.");
  s.table("t2_volume_ml", &BaselineMoments::t2_volume_ml, moment_schema("T2 volume, mL."))
      .doc("T2 lesion volume, mL.");
  s.number("female_share", &BaselineMoments::female_share).range(0, 1).doc("Share of women.");
  s.tables("course", &BaselineMoments::courses, course_baseline_schema())
      .doc("Share, and moments of their own, of courses that a study enrols together.");
  return s;
}

Schema<Population> population_schema() {
  Schema<Population> s("Where participants come from.");
  s.choice("source", &Population::source, std::vector<std::string>{"lives", "csv"})
      .doc("People simulated from onset, or a file of baselines.");
  s.text("csv", &Population::csv)
      .may_be_empty()
      .doc("File of baselines, one row a person, with source = \"csv\"; relative to the protocol file.");
  s.integer("lives", &Population::lives).range(100, 200000).doc("Lives simulated for the pool.");
  s.integer("n", &Population::n)
      .range(1, 100000)
      .required()
      .doc("Enrolled per replicate, all arms together.");
  s.choice("start", &Population::start, {{"eligibility", Start::eligibility}, {"onset", Start::onset}})
      .doc("Entry when criteria are met, or at the first clinical event.");
  s.add("phenotypes", &Population::phenotypes, phenotypes_codec())
      .doc("Courses that may enter, by simulated history; empty = all.");
  s.text("prior_therapy", &Population::prior_therapy)
      .doc("Regimen that lives take from one year after the first event.");
  s.number("prior_therapy_share", &Population::prior_therapy_share).range(0, 1).doc("Share of lives on it.");
  s.choice("pregnancy", &Population::pregnancy,
           {{"excluded", Pregnancy::excluded}, {"allowed", Pregnancy::allowed}})
      .doc("Excluded: nobody enters pregnant or within three months of birth, and all use contraception.");
  s.boolean("same_people", &Population::same_people)
      .doc(
          "Every arm gets the same people, with the same luck: for questions about arms, no trial's design.");
  s.table("eligibility", &Population::eligibility, eligibility_schema()).doc("Criteria.");
  s.table("baseline", &Population::baseline, baseline_schema())
      .doc("Published baseline; not used with source = \"csv\".");
  return s;
}

Schema<Arm> arm_schema() {
  Schema<RegimenChoice> choice("One of the regimens of an arm.");
  choice.text("regimen", &RegimenChoice::regimen).required().doc("Id of a regimen (data/regimens).");
  choice.number("weight", &RegimenChoice::weight).above(0).doc("Relative frequency in the arm.");
  choice.quantity("start", &RegimenChoice::start_day, Kind::time).at_least(0).doc("After randomisation.");
  choice.quantity("stop", &RegimenChoice::stop_day, Kind::time).above(0).doc("Taken for so long.");
  Schema<JoinedRegimen> joined("A regimen given beside another.");
  joined.text("regimen", &JoinedRegimen::regimen).required().doc("Id of a regimen (data/regimens).");
  joined.quantity("after", &JoinedRegimen::after_day, Kind::time)
      .at_least(0)
      .doc("After the start of the one that it joins.");
  choice.tables("with", &RegimenChoice::with, joined)
      .doc("Regimens that join it, without stopping it; a stop or a step of the sequence stops them all.");
  Schema<Arm> s("One arm.");
  s.text("id", &Arm::id).required().identifier().doc("Short name.");
  s.text("label", &Arm::label).may_be_empty().doc("Name for readers.");
  s.number("allocation", &Arm::allocation).above(0).doc("Share of the allocation ratio.");
  s.boolean("experimental", &Arm::experimental)
      .doc("The therapy under test (decides the sign of expectation).");
  s.tables("regimens", &Arm::regimens, choice).not_empty().doc("What its people get; drawn by weight.");
  s.tables("sequence", &Arm::sequence, sequence_step_schema())
      .doc("What they get after that: planned, or on failure.");
  s.quantity("washout", &Arm::washout_day, Kind::time)
      .at_least(0)
      .doc(
          "From the stop of the prior drug, at randomisation, to the regimen (or its own `start`, if "
          "later).");
  s.boolean("keep_prior_therapy", &Arm::keep_prior_therapy).doc("The prior drug goes on.");
  return s;
}

Schedule at_days(const std::vector<double>& days) {
  Schedule s;
  s.at_day = days;
  return s;
}

auto schedule_codec() {
  auto list = core::as_list(core::as_quantity(Kind::time));
  Schema<Schedule> regular("Regular visits.");
  regular.quantity("every", &Schedule::every_day, Kind::time).above(0).required().doc("Interval.");
  regular.quantity("until", &Schedule::until_day, Kind::time).above(0).required().doc("Last day.");
  return core::either(
      core::converted<Schedule>(list, std::function<Schedule(const std::vector<double>&)>(at_days),
                                std::function<std::optional<std::vector<double>>(const Schedule&)>(
                                    [](const Schedule& s) -> std::optional<std::vector<double>> {
                                      if (s.every_day) return std::nullopt;
                                      return s.at_day;
                                    })),
      core::TableCodec<Schedule>(std::move(regular)));
}

Schema<Visits> visits_schema() {
  Schema<Visits> s("When people are seen.");
  s.add("edss", &Visits::edss, schedule_codec())
      .required()
      .doc("Examinations after the baseline visit of day 0.");
  s.add("mri", &Visits::mri, schedule_codec()).doc("Scans; day 0 is scanned if listed.");
  s.boolean("unscheduled", &Visits::unscheduled)
      .doc("People attend for new symptoms, with a delay and a probability.");
  s.number("missed_share", &Visits::missed_share)
      .range(0, 0.9)
      .doc("Probability that a scheduled visit is missed.");
  return s;
}

// One rate, or a rate by arm; a single one is held under the empty name.
auto rates_codec() {
  const auto rate = core::as_number().range(0, 1).meaning("as a rate, 0.05 is 5 % a year");
  return core::either(
      core::converted<DropoutRates>(rate, std::function<DropoutRates(const double&)>([](const double& x) {
                                      return DropoutRates{{"", x}};
                                    }),
                                    std::function<std::optional<double>(const DropoutRates&)>(
                                        [](const DropoutRates& r) -> std::optional<double> {
                                          if (r.size() == 1 && r.begin()->first.empty())
                                            return r.begin()->second;
                                          return std::nullopt;
                                        })),
      core::as_map(rate));
}

Schema<Dropout> dropout_schema() {
  Schema<DropoutPeriod> period("A stretch of the follow-up with a hazard of its own.");
  period.quantity("until", &DropoutPeriod::until_day, Kind::time)
      .above(0)
      .required()
      .doc("End, from randomisation; it begins where the one before ended.");
  period.add("rate_per_year", &DropoutPeriod::by_arm, rates_codec())
      .required()
      .doc("Hazard of drop-out per year; a number, or a table by arm.");
  Schema<Dropout> s("Loss of participants.");
  s.add("rate_per_year", &Dropout::by_arm, rates_codec())
      .doc(
          "Hazard of drop-out per year, after the last `period` if there are any; a number, or a table by "
          "arm.");
  s.tables("period", &Dropout::periods, period).doc("Early stretches with other hazards.");
  s.check([](const Dropout& d, const Report& report) {
    for (std::size_t i = 1; i < d.periods.size(); ++i) {
      if (d.periods[i].until_day <= d.periods[i - 1].until_day)
        report.problem("period[" + std::to_string(i) + "].until", "a period ends before it begins",
                       "later than the `until` of the period before");
    }
  });
  return s;
}

Schema<Rescue> rescue_schema() {
  Schema<Rescue> s("Cross-over or rescue: a last step, on failure, of the sequences of some arms.");
  s.text("trigger", &Rescue::trigger)
      .required()
      .doc("Id of the endpoint that opens it: of kind cdw, relapse, new_t2, gd or adverse_event.");
  s.texts("arms", &Rescue::arms).not_empty().doc("Arms that may cross over.");
  s.quantity("earliest", &Rescue::earliest_day, Kind::time)
      .at_least(0)
      .doc("After the start of the allocated regimen.");
  s.text("regimen", &Rescue::regimen).required().doc("What they get.");
  s.number("share", &Rescue::share).range(0, 1).doc("Share of those who qualify.");
  s.boolean("censor", &Rescue::censor).doc("Censored at cross-over in the analyses.");
  return s;
}

Schema<EndpointSpec> endpoint_schema() {
  Schema<EndpointSpec> s("One endpoint.");
  s.text("id", &EndpointSpec::id).required().identifier().doc("Short name.");
  s.choice("kind", &EndpointSpec::kind, endpoint_kinds()).required().doc("What is measured.");
  s.text("label", &EndpointSpec::label).may_be_empty().doc("Name for readers.");
  s.text("preset", &EndpointSpec::preset)
      .may_be_empty()
      .doc("Published definition (cdw, cdi, composite, pira, raw).");
  s.quantity("confirmation", &EndpointSpec::confirmation_day, Kind::time)
      .above(0)
      .doc("In place of the preset's.");
  s.quantity("not_before", &EndpointSpec::not_before_day, Kind::time)
      .at_least(0)
      .doc("Earliest onset of an event.");
  s.number("edss", &EndpointSpec::edss).range(1, 10).doc("Milestone.");
  s.boolean("sustained", &EndpointSpec::sustained).doc("Milestone held at every later visit.");
  s.quantity("rebaseline", &EndpointSpec::rebaseline_day, Kind::time)
      .at_least(0)
      .doc("NEDA: scan that counts as reference.");
  s.quantity("baseline_visit", &EndpointSpec::baseline_visit_day, Kind::time)
      .at_least(0)
      .doc("Change is counted from this visit or scan.");
  s.number("worsening", &EndpointSpec::worsening)
      .range(0.01, 2)
      .doc("Timed tests: confirmed worsening by this fraction.");
  s.number("improvement", &EndpointSpec::improvement)
      .range(0.01, 60)
      .doc("Walk, pegs: faster by this fraction; SDMT, letters: so many more. Seen at one visit.");
  s.integer("at_least", &EndpointSpec::at_least)
      .range(1, 50)
      .doc("Relapse: time to the n-th; lesions: so many on one scan.");
  s.boolean("count_onset", &EndpointSpec::count_onset).doc("Relapse: the attack at onset counts.");
  s.quantity("within", &EndpointSpec::within_day, Kind::time).above(0).doc("Events only so early.");
  s.texts("components", &EndpointSpec::components).doc("Composite: ids of other endpoints.");
  s.boolean("composite", &EndpointSpec::composite).doc("PIRA, RAW: EDSS, T25FW or 9HPT.");
  s.text("term", &EndpointSpec::term).may_be_empty().doc("Adverse event: term.");
  s.integer("grade_at_least", &EndpointSpec::grade_at_least)
      .range(1, 5)
      .doc("Adverse event: lowest CTCAE grade.");
  s.text("origin", &EndpointSpec::origin_name)
      .doc("From when time counts: randomisation, transplant, onset, or the id of another endpoint.");
  s.boolean("primary", &EndpointSpec::primary).doc("The primary endpoint.");
  s.check([](const EndpointSpec& e, const Report& report) {
    if (e.kind == EndpointKind::edss_milestone && !e.edss)
      report.problem("", "a milestone needs `edss`", "edss = 4.0, 6.0, ...");
    if (e.kind == EndpointKind::adverse_event && e.term.empty())
      report.problem("", "an adverse_event needs `term`", "term = \"...\"");
    if (!e.improvement) return;
    const bool timed = e.kind == EndpointKind::t25fw || e.kind == EndpointKind::nhpt;
    if (!timed && e.kind != EndpointKind::sdmt && e.kind != EndpointKind::low_contrast)
      report.problem("improvement", "an endpoint of this kind has no test to do better in",
                     "kinds t25fw, nhpt, sdmt, low_contrast");
    if (timed && *e.improvement >= 1.0)
      report.problem("improvement", "a time cannot fall by all of itself", "a fraction below 1");
    if (e.worsening)
      report.problem("improvement", "one endpoint counts worsening or improvement", "an endpoint for each");
  });
  return s;
}

Schema<Subgroup> subgroup_schema() {
  Schema<Subgroup> s("People asked separately.");
  s.text("id", &Subgroup::id).required().identifier().doc("Short name.");
  s.text("label", &Subgroup::label).may_be_empty().doc("Name for readers.");
  s.choice("sex", &Subgroup::sex, std::vector<std::string>{"female", "male"}).doc("Sex.");
  s.choice("onset", &Subgroup::onset, std::vector<std::string>{"relapsing", "progressive"})
      .doc("Kind of onset.");
  s.add("phenotypes", &Subgroup::phenotypes, phenotypes_codec()).doc("Course at entry; empty = all.");
  s.add("gd_count", &Subgroup::gd_count, core::as_list(core::as_integer<int>()))
      .size(2, 2)
      .doc("Gd+ lesions on the scan of entry: fewest and most.");
  s.tables("activity", &Subgroup::activity, activity_schema()).doc("Disease activity at entry.");
  return s;
}

bool seen_on_scans(EndpointKind kind) {
  switch (kind) {
    case EndpointKind::neda3:
    case EndpointKind::neda4:
    case EndpointKind::gd:
    case EndpointKind::new_t2:
    case EndpointKind::t2_volume:
    case EndpointKind::brain_volume:
    case EndpointKind::new_t1:
    case EndpointKind::t1_volume:
      return true;
    default:
      return false;
  }
}

bool is_empty(const Schedule& schedule) { return schedule.at_day.empty() && !schedule.every_day; }

// Visits fall on whole days, and so does the end (days_of).
bool is_within(double day, double follow_up_day) { return std::round(day) <= std::round(follow_up_day); }

// What can be seen in the time that there is.
void check_times(const Protocol& p, const Report& report) {
  const double follow_up = p.accrual.follow_up_day;
  for (const auto& [schedule, key] :
       {std::pair{&p.visits.edss, "visits.edss"}, {&p.visits.mri, "visits.mri"}}) {
    if (is_empty(*schedule)) continue;
    const auto& days = schedule->at_day;
    const bool any_listed =
        std::any_of(days.begin(), days.end(), [&](double day) { return is_within(day, follow_up); });
    const bool any_regular = schedule->every_day && is_within(*schedule->every_day, follow_up) &&
                             *schedule->every_day <= *schedule->until_day + 0.5;
    if (!any_listed && !any_regular)
      report.problem(key, fmt::format("none of them falls within the follow-up of {:.0f} days", follow_up),
                     "days up to accrual.follow_up, and with `every` up to `until`");
  }
  const double longest = std::min(follow_up, p.accrual.data_cut_day.value_or(follow_up));
  for (std::size_t i = 0; i < p.endpoints.size(); ++i) {
    const EndpointSpec& e = p.endpoints[i];
    const std::string key = "endpoint[" + std::to_string(i) + "]";
    if (e.confirmation_day && *e.confirmation_day >= longest)
      report.problem(key + ".confirmation",
                     fmt::format("nothing can be confirmed over {:.0f} days in a follow-up of {:.0f} days",
                                 *e.confirmation_day, longest),
                     "shorter than accrual.follow_up and accrual.data_cut");
    if (seen_on_scans(e.kind) && is_empty(p.visits.mri))
      report.problem(key + ".kind", "'" + e.id + "' is seen on scans, but nobody is scanned", "visits.mri");
  }
}

// A published mean outside of who may enter: no weights of those who may could reach it.
void check_baseline(const Population& population, const Report& report) {
  if (population.source != "lives" || population.start == Start::onset)
    return;  // these hold no baseline against criteria
  constexpr double k_days_per_year = 365.25;
  const auto check = [&](const Moment& moment, const std::string& key, const std::string& criterion,
                         const std::optional<std::vector<double>>& bounds, double unit,
                         const std::string& unit_name) {
    if (!moment.mean || !bounds || bounds->size() != 2) return;
    const double low = (*bounds)[0] / unit, high = (*bounds)[1] / unit;
    constexpr double k_rounding = 0.01;
    if (*moment.mean >= low - k_rounding && *moment.mean <= high + k_rounding) return;
    report.problem("population.baseline." + key + ".mean",
                   fmt::format("{:g} lies outside of population.eligibility.{}", *moment.mean, criterion),
                   fmt::format("{:g} to {:g}{}", low, high, unit_name));
  };
  const Eligibility& who = population.eligibility;
  const BaselineMoments& all = population.baseline;
  const auto check_three = [&](const Moment& age, const Moment& edss, const Moment& duration,
                               const std::string& of) {
    check(age, of + "age", "age", who.age_day, k_days_per_year, " years");
    check(edss, of + "edss", "edss", who.edss, 1.0, "");
    check(duration, of + "duration_years", "duration", who.duration_day, k_days_per_year, " years");
  };
  check_three(all.age, all.edss, all.duration_years, "");
  for (std::size_t i = 0; i < all.courses.size(); ++i) {
    const CourseBaseline& c = all.courses[i];
    check_three(c.age, c.edss, c.duration_years, "course[" + std::to_string(i) + "].");
  }
}

// References between the parts of a protocol.
void check_references(const Protocol& p, const Report& report) {
  const auto is_arm = [&](const std::string& id) {
    return std::any_of(p.arms.begin(), p.arms.end(), [&](const Arm& a) { return a.id == id; });
  };
  const auto is_endpoint = [&](const std::string& id) {
    return std::any_of(p.endpoints.begin(), p.endpoints.end(),
                       [&](const EndpointSpec& e) { return e.id == id; });
  };
  std::vector<std::string> arms;
  for (const Arm& a : p.arms) arms.push_back(a.id);
  std::vector<std::string> endpoints;
  for (const EndpointSpec& e : p.endpoints) endpoints.push_back(e.id);
  const auto bad_arm = [&](const std::string& key, const std::string& id) {
    report.problem(key, "no arm '" + id + "'", "arms: " + core::quoted_list(arms),
                   core::nearest_spelling(id, arms));
  };
  for (std::size_t i = 0; i < p.analysis.contrasts.size(); ++i) {
    const auto& pair = p.analysis.contrasts[i];
    const std::string key = "analysis.contrasts[" + std::to_string(i) + "]";
    if (pair.size() != 2) {
      report.problem(key, "a contrast has two arms", "[arm, reference]");
      continue;
    }
    for (const std::string& id : pair) {
      if (!is_arm(id)) bad_arm(key, id);
    }
    if (pair[0] == pair[1])
      report.problem(key, "the arm '" + pair[0] + "' is compared with itself", "[arm, reference], two arms");
  }
  const auto check_rates = [&](const DropoutRates& rates, const std::string& key) {
    for (const auto& [arm, rate] : rates) {
      if (!arm.empty() && !is_arm(arm)) bad_arm(key, arm);
    }
  };
  check_rates(p.dropout.by_arm, "dropout.rate_per_year");
  for (std::size_t i = 0; i < p.dropout.periods.size(); ++i)
    check_rates(p.dropout.periods[i].by_arm, "dropout.period[" + std::to_string(i) + "].rate_per_year");
  const auto bad_endpoint = [&](const std::string& key, const std::string& id) {
    report.problem(key, "no endpoint '" + id + "'", "endpoints: " + core::quoted_list(endpoints),
                   core::nearest_spelling(id, endpoints));
  };
  if (p.rescue) {
    for (const std::string& id : p.rescue->arms) {
      if (!is_arm(id)) bad_arm("rescue.arms", id);
    }
  }
  for (std::size_t i = 0; i < p.endpoints.size(); ++i) {
    for (const std::string& id : p.endpoints[i].components) {
      if (!is_endpoint(id)) bad_endpoint("endpoint[" + std::to_string(i) + "].components", id);
    }
  }
  for (std::size_t i = 0; i < p.endpoints.size(); ++i) {
    const std::string& origin = p.endpoints[i].origin_name;
    if (origin == "randomisation" || origin == "transplant" || origin == "onset" || is_endpoint(origin))
      continue;
    std::vector<std::string> origins = {"randomisation", "transplant", "onset"};
    origins.insert(origins.end(), endpoints.begin(), endpoints.end());
    report.problem("endpoint[" + std::to_string(i) + "].origin", "no origin '" + origin + "'",
                   "randomisation, transplant, onset or an endpoint: " + core::quoted_list(endpoints),
                   core::nearest_spelling(origin, origins));
  }
  constexpr double k_longest_day = 120 * 365.25;  // nobody lives longer
  if (p.accrual.follow_up_day > k_longest_day)
    report.problem("accrual.follow_up", "longer than a life", "up to 120 years");
  if (p.accrual.duration_day > k_longest_day)
    report.problem("accrual.duration", "longer than a life", "up to 120 years");
  for (const auto& [schedule, key] :
       {std::pair{&p.visits.edss, "visits.edss"}, {&p.visits.mri, "visits.mri"}}) {
    if (schedule->every_day && *schedule->every_day < 1.0)
      report.problem(std::string(key) + ".every", "visits fall on whole days", "at least 1 day");
  }
  double all = 0.0, least = std::numeric_limits<double>::infinity();
  for (const Arm& a : p.arms) {
    all += a.allocation;
    least = std::min(least, a.allocation);
  }
  // By largest remainder (simulate.cpp), half a person is one.
  if (!p.arms.empty()) {
    const double asked = std::max(static_cast<double>(p.arms.size()), 0.5 * all / least);
    if (p.population.n < asked)
      report.problem("population.n", "an arm would stay empty",
                     "at least " + std::to_string(static_cast<int>(std::ceil(asked))) +
                         " with these arms and allocations");
  }
  if (p.accrual.data_cut_day && *p.accrual.data_cut_day <= p.accrual.duration_day) {
    report.problem("accrual.data_cut", "the data cut falls before the last enrolment",
                   "later than accrual.duration");
  }
  if (p.population.source == "csv" && p.population.csv.empty()) {
    report.problem("population.csv", "source is csv, but no file is named", "csv = \"baselines.csv\"");
  }
  if (p.population.same_people && p.population.n % static_cast<int>(p.arms.size()) != 0) {
    report.problem("population.n", "same_people needs as many people in every arm",
                   "a multiple of " + std::to_string(p.arms.size()));
  }
}

Schema<Protocol> make_schema() {
  Schema<Accrual> accrual("When participants enter and how long they are followed.");
  accrual.quantity("duration", &Accrual::duration_day, Kind::time)
      .at_least(0)
      .doc("Participants enter evenly over this time.");
  accrual.quantity("follow_up", &Accrual::follow_up_day, Kind::time)
      .above(0)
      .required()
      .doc("Longest follow-up of a participant.");
  accrual.quantity("data_cut", &Accrual::data_cut_day, Kind::time)
      .above(0)
      .doc("End for all, from the first enrolment.");
  Schema<AnalysisPlan> analysis("How differences are judged.");
  analysis.number("alpha", &AnalysisPlan::alpha).above(0).below(0.5).doc("Two-sided level.");
  analysis
      .choice("estimand", &AnalysisPlan::estimand,
              {{"treatment-policy", Estimand::treatment_policy},
               {"hypothetical", Estimand::hypothetical},
               {"while-on-treatment", Estimand::while_on_treatment}})
      .doc("What happens to data after rescue or stopping.");
  analysis.add("contrasts", &AnalysisPlan::contrasts, core::as_list(core::as_list(core::as_text())))
      .doc("Pairs: arm, reference.");
  Schema<Conduct> conduct("Trial conduct (blinding, expectation, reporting) as a layer of its own.");
  conduct.boolean("enabled", &Conduct::enabled).doc("false: biology alone.");

  Schema<Protocol> s("A trial.");
  s.format("hortega-protocol", 1);
  s.text("id", &Protocol::id).required().identifier().doc("Short name; names the output.");
  s.text("title", &Protocol::title).required().doc("Title.");
  s.text("question", &Protocol::question).required().doc("The question that the trial answers.");
  s.integer("seed", &Protocol::seed).doc("Seed of all randomness.");
  s.integer("replicates", &Protocol::replicates).range(1, 100000).doc("Simulated trials.");
  s.table("study", &Protocol::study, study_schema()).doc("Facts about the study.");
  s.table("population", &Protocol::population, population_schema()).doc("Participants.");
  s.tables("arm", &Protocol::arms, arm_schema()).not_empty().distinct("id").doc("Arms.");
  s.table("accrual", &Protocol::accrual, accrual).doc("Enrolment and follow-up.");
  s.table("visits", &Protocol::visits, visits_schema()).doc("Schedule.");
  s.table("dropout", &Protocol::dropout, dropout_schema()).doc("Loss of participants.");
  s.table("rescue", &Protocol::rescue, rescue_schema()).doc("Cross-over or rescue.");
  s.tables("endpoint", &Protocol::endpoints, endpoint_schema()).not_empty().distinct("id").doc("Endpoints.");
  s.tables("subgroup", &Protocol::subgroups, subgroup_schema()).distinct("id").doc("Subgroups.");
  s.table("analysis", &Protocol::analysis, analysis).doc("Analysis.");
  s.table("conduct", &Protocol::conduct, conduct).doc("Trial conduct.");
  s.map("marks", &Protocol::marks, core::as_text()).doc("How well each fact about the real study is known.");
  s.check(check_references);
  s.check(check_times);
  s.check([](const Protocol& p, const Report& report) { check_baseline(p.population, report); });
  s.check(check_sequences);
  return s;
}

}  // namespace

std::vector<int> days_of(const Schedule& schedule, double follow_up_day) {
  std::vector<int> days;
  for (const double d : schedule.at_day) days.push_back(static_cast<int>(std::lround(d)));
  if (schedule.every_day && schedule.until_day) {
    for (int i = 1; *schedule.every_day * i <= *schedule.until_day + 0.5; ++i) {
      days.push_back(static_cast<int>(std::lround(*schedule.every_day * i)));
    }
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  const auto last = static_cast<int>(std::lround(follow_up_day));
  std::erase_if(days, [&](int d) { return d < 0 || d > last; });
  return days;
}

double dropout_day(const Dropout& dropout, const std::string& arm, double threshold) {
  const auto rate_per_year = [&arm](const DropoutRates& rates) {
    auto rate = rates.find(arm);
    if (rate == rates.end()) rate = rates.find("");
    return rate == rates.end() ? 0.0 : rate->second;
  };
  double from = 0.0;
  for (const DropoutPeriod& period : dropout.periods) {
    const double rate = rate_per_year(period.by_arm) / 365.25;
    const double here = rate * (period.until_day - from);
    if (threshold < here) return from + threshold / rate;
    threshold -= here;
    from = period.until_day;
  }
  const double rate = rate_per_year(dropout.by_arm);
  if (rate <= 0.0) return std::numeric_limits<double>::infinity();
  return from + threshold / rate * 365.25;
}

void resolve_origins(Protocol& protocol) {
  for (EndpointSpec& e : protocol.endpoints) {
    if (e.origin_name == "randomisation") {
      e.origin = Origin::randomisation;
    } else if (e.origin_name == "transplant") {
      e.origin = Origin::transplant;
    } else if (e.origin_name == "onset") {
      e.origin = Origin::onset;
    } else {
      e.origin = Origin::endpoint;
      e.origin_endpoint = e.origin_name;
    }
  }
}

core::Read<Protocol> read_protocol(const core::Document& document) {
  core::Read<Protocol> read = protocol_schema().read(document);
  resolve_origins(read.value);
  return read;
}

const core::Schema<Protocol>& protocol_schema() {
  static const core::Schema<Protocol> schema = make_schema();
  return schema;
}

}  // namespace hortega::trial
