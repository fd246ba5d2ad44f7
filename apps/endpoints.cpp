// SPDX-License-Identifier: Apache-2.0
// hortega endpoints VISITS.csv: published definitions applied to visits, real or simulated.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "command.hpp"
#include "hortega/core/value.hpp"
#include "hortega/endpoints/composite.hpp"
#include "hortega/endpoints/csv.hpp"
#include "hortega/endpoints/neda.hpp"
#include "hortega/endpoints/pira.hpp"

namespace hortega::apps {
namespace {

namespace ep = hortega::endpoints;

struct Options {
  std::string visits, relapses, mri;
  std::string preset = "msbase";
  std::string pira = "muller2023";
  double confirmation_days = -1;
  int rebaseline_day = 0;
  bool json = false;
};

/// One endpoint of the table: a time for each subject.
struct Endpoint {
  std::string id;
  std::string preset;
  std::string definition;
  std::function<ep::TimeToEvent(const ep::PersonRecord&)> time;
};

struct Totals {
  int at_risk = 0;
  int events = 0;
  double years = 0;
};

/// A test of the visits table: how it is called, and the worsening that is asked of it, if any is published.
struct Test {
  std::string_view id;
  std::string_view name;
  double (*value)(const ep::Visit&);
  const ep::StepRule* step;
  std::vector<ep::Measure> measures;  // the first of them to worsen counts
};

const std::vector<Test>& tests() {
  static const std::vector<Test> all = {
      {"t25fw",
       "timed 25-foot walk (s)",
       [](const ep::Visit& v) { return static_cast<double>(v.t25fw_s); },
       &ep::steps::twenty_percent,
       {ep::Measure::t25fw}},
      {"nhpt",
       "nine-hole peg test, dominant hand (s)",
       [](const ep::Visit& v) { return static_cast<double>(v.nhpt_dominant_s); },
       &ep::steps::twenty_percent,
       {ep::Measure::nhpt_dominant, ep::Measure::nhpt_non_dominant}},
      {"sdmt",
       "SDMT (correct answers)",
       [](const ep::Visit& v) { return static_cast<double>(v.sdmt); },
       &ep::steps::sdmt_4_or_20_percent,
       {ep::Measure::sdmt}},
      {"low_contrast",
       "letters at 2.5 % contrast",
       [](const ep::Visit& v) { return static_cast<double>(v.low_contrast_letters); },
       &ep::steps::seven_letters,
       {ep::Measure::low_contrast}},
      {"vep",
       "latency of the P100 (ms)",
       [](const ep::Visit& v) { return static_cast<double>(v.vep_ms); },
       nullptr,
       {}},
      {"eq5d", "EQ-5D utility", [](const ep::Visit& v) { return static_cast<double>(v.eq5d); }, nullptr, {}}};
  return all;
}

bool any_visit(const ep::Observed& observed, const std::function<bool(const ep::Visit&)>& has) {
  return std::any_of(observed.subjects.begin(), observed.subjects.end(), [&](const ep::Subject& subject) {
    return std::any_of(subject.visits.begin(), subject.visits.end(), has);
  });
}

bool any_value(const ep::Observed& observed, const std::vector<ep::Measure>& measures) {
  return any_visit(observed, [&](const ep::Visit& visit) {
    return std::any_of(measures.begin(), measures.end(),
                       [&](ep::Measure m) { return !ep::is_missing(ep::value_of(visit, m)); });
  });
}

/// Worsening of a test, timed as worsening of EDSS is.
Endpoint worsening_of(const Test& test, ep::WorseningOptions timing, const std::string& preset) {
  timing.step = timing.improvement_step = *test.step;
  timing.ms_death = ep::MsDeath::censors;  // counted with EDSS
  std::vector<ep::WorseningOptions> rules;
  for (const auto measure : test.measures) {
    timing.measure = measure;
    rules.push_back(timing);
  }
  std::string sentence = ep::definition(rules.front());
  if (rules.size() > 1) sentence += " The same is asked of the other hand; the first of both counts.";
  return {std::string(test.id), preset, std::move(sentence), [rules](const ep::PersonRecord& person) {
            auto first = ep::time_to_confirmed_change(person, rules.front());
            for (std::size_t k = 1; k < rules.size(); ++k)
              first = ep::first_of(first, ep::time_to_confirmed_change(person, rules[k]));
            return first;
          }};
}

struct Rules {
  ep::WorseningOptions worsening;
  ep::PiraOptions pira;
};

Rules rules_of(const Options& options) {
  Rules rules{ep::find_worsening_preset(options.preset)->options,
              ep::find_pira_preset(options.pira)->options};
  if (options.confirmation_days >= 0) {
    rules.worsening = ep::with_confirmation(rules.worsening, options.confirmation_days);
    rules.pira.worsening = ep::with_confirmation(rules.pira.worsening, options.confirmation_days);
  }
  return rules;
}

/// In what two rules of worsening differ, so that the events of one need not be among those of the other.
std::string differences(const ep::WorseningOptions& a, const ep::WorseningOptions& b) {
  std::string text;
  const auto add = [&text](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  for (double edss = 0.0; edss <= 9.5; edss += 0.5) {
    if (a.step.threshold(edss) == b.step.threshold(edss)) continue;
    add(fmt::format("the rise asked (from EDSS {:.1f}: {:.1f} against {:.1f})", edss, a.step.threshold(edss),
                    b.step.threshold(edss)));
    break;
  }
  if (a.confirmation_days != b.confirmation_days)
    add(fmt::format("days to the confirmation ({:g} against {:g})", a.confirmation_days,
                    b.confirmation_days));
  if (a.tolerance_before_days != b.tolerance_before_days ||
      a.tolerance_after_days != b.tolerance_after_days || a.intermediate != b.intermediate ||
      a.confirming_visit != b.confirming_visit)
    add("which visits confirm");
  if (a.sustained_days != b.sustained_days) add("how long it must last");
  if (a.baseline != b.baseline || a.baseline_visit != b.baseline_visit ||
      a.moved_baseline != b.moved_baseline || a.after_relapse != b.after_relapse)
    add("the baseline");
  if (a.relapse_to_baseline_days != b.relapse_to_baseline_days ||
      a.relapse_to_event_days != b.relapse_to_event_days ||
      a.relapse_to_confirmation_days != b.relapse_to_confirmation_days)
    add("days from relapses");
  return text.empty() ? "when it counts" : text;
}

std::vector<Endpoint> endpoints_for(const ep::Observed& observed, const Options& options) {
  const Rules rules = rules_of(options);
  const ep::WorseningOptions& worsening = rules.worsening;
  const ep::PiraOptions& pira = rules.pira;
  const auto improvement = ep::as_improvement(worsening);
  std::vector<Endpoint> list;
  list.push_back({"worsening", options.preset, ep::definition(worsening), [worsening](const auto& person) {
                    return ep::time_to_confirmed_change(person, worsening);
                  }});
  list.push_back(
      {"improvement", options.preset, ep::definition(improvement),
       [improvement](const auto& person) { return ep::time_to_confirmed_change(person, improvement); }});
  list.push_back({"pira", options.pira, ep::definition(pira),
                  [pira](const auto& person) { return ep::pira_and_raw(person, pira).first_pira; }});
  list.push_back({"raw", options.pira, "RAW as in the definition of pira.",
                  [pira](const auto& person) { return ep::pira_and_raw(person, pira).first_raw; }});
  for (const double milestone : {4.0, 6.0}) {
    list.push_back(
        {fmt::format("edss{:g}", milestone), options.preset,
         fmt::format("First EDSS of at least {:.1f}, confirmed and censored as worsening is; who is there at "
                     "baseline is not at risk.",
                     milestone),
         [worsening, milestone](const auto& person) {
           return ep::time_to_milestone(person, milestone, worsening);
         }});
  }
  for (const auto& test : tests()) {
    if (test.step != nullptr && any_value(observed, test.measures))
      list.push_back(worsening_of(test, worsening, options.preset));
  }
  if (any_value(observed, {ep::Measure::t25fw, ep::Measure::nhpt_dominant, ep::Measure::nhpt_non_dominant})) {
    for (const auto& [id, preset, weeks] :
         {std::tuple{"composite_12w", "ccdp12", 12}, {"edss_plus", "edss-plus", 24}}) {
      const auto composite = ep::composite_progression(ep::weeks(weeks));
      list.push_back({id, preset, ep::definition(composite), [composite](const auto& person) {
                        return ep::composite_worsening(person, composite).any;
                      }});
    }
  }
  if (any_visit(observed, [](const ep::Visit& v) { return v.fs[2] != ep::kMissingGrade; })) {
    const ep::SpmsOptions spms;
    list.push_back({"spms", "lorscheider", ep::definition(spms),
                    [spms](const auto& person) { return ep::time_to_spms(person, spms); }});
  }
  if (observed.relapses_given) {
    list.push_back(
        {"relapse", "merged-30d",
         "First relapse; an onset less than 30 days after the onset of a relapse is the same relapse.",
         [](const auto& person) { return ep::time_to_first_relapse(person); }});
  }
  if (observed.scans_given) {
    ep::NedaOptions neda;
    neda.worsening = worsening;
    neda.rebaseline_day = options.rebaseline_day;
    list.push_back({"activity", "neda-3", "First evidence of disease activity. " + ep::definition(neda),
                    [neda](const auto& person) { return ep::time_to_disease_activity(person, neda); }});
  }
  return list;
}

std::string_view name(ep::Censoring censoring) {
  switch (censoring) {
    case ep::Censoring::none:
      return "event";
    case ep::Censoring::end_of_follow_up:
      return "end of follow-up";
    case ep::Censoring::last_visit:
      return "last visit";
    case ep::Censoring::last_confirmable_visit:
      return "last confirmable visit";
    case ep::Censoring::death:
      return "death";
    case ep::Censoring::no_baseline:
      return "not at risk";
  }
  return "";
}

/// `84 (168)`: onset and confirmation; `>336`: no event to that day; `-`: not at risk.
std::string cell_text(const ep::TimeToEvent& time) {
  if (time.censoring == ep::Censoring::no_baseline) return "-";
  if (!time.event) return fmt::format(">{}", time.day);
  return time.confirmed_day == ep::kNever ? fmt::format("{}", time.day)
                                          : fmt::format("{} ({})", time.day, time.confirmed_day);
}

core::Value time_value(const ep::TimeToEvent& time) {
  core::Value value;
  value.set("event", time.event).set("day", time.day);
  if (time.event && time.confirmed_day != ep::kNever) value.set("confirmed_day", time.confirmed_day);
  return value.set("status", name(time.censoring));
}

/// A test at each subject's first and last visit with it, in those who have two.
struct TestSummary {
  const Test* test = nullptr;
  int subjects = 0;
  double first = 0, last = 0;  // means
};

std::vector<TestSummary> summarise_tests(const ep::Observed& observed) {
  std::vector<TestSummary> all;
  for (const auto& test : tests()) {
    TestSummary sum{&test, 0, 0, 0};
    for (const auto& subject : observed.subjects) {
      std::vector<double> values;
      for (const auto& visit : subject.visits) {
        if (const double value = test.value(visit); !ep::is_missing(value)) values.push_back(value);
      }
      if (values.size() < 2) continue;
      ++sum.subjects;
      sum.first += values.front();
      sum.last += values.back();
    }
    if (sum.subjects == 0) continue;
    sum.first /= sum.subjects;
    sum.last /= sum.subjects;
    all.push_back(sum);
  }
  return all;
}

struct Results {
  std::vector<Endpoint> endpoints;
  std::vector<std::vector<ep::TimeToEvent>> times;  // subject by endpoint
  std::vector<Totals> totals;
  ep::RelapseExposure relapses;
  std::vector<TestSummary> tests;
};

Results evaluate(const ep::Observed& observed, const Options& options) {
  Results results;
  results.endpoints = endpoints_for(observed, options);
  results.totals.resize(results.endpoints.size());
  for (const auto& subject : observed.subjects) {
    const auto person = subject.record();
    auto& row = results.times.emplace_back();
    for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
      const auto time = results.endpoints[k].time(person);
      row.push_back(time);
      if (time.censoring == ep::Censoring::no_baseline) continue;
      auto& total = results.totals[k];
      ++total.at_risk;
      total.events += time.event;
      total.years += time.day / ep::kDaysPerYear;
    }
    results.relapses += ep::relapse_exposure(person, 0, ep::kNever);
  }
  results.tests = summarise_tests(observed);
  return results;
}

/// PIRA is a kind of worsening, but has a rule of its own: where somebody has it and no worsening, say why.
void tell_whether_pira_is_worsening(const Results& results, const Options& options) {
  const auto column = [&](std::string_view id) {
    const auto& all = results.endpoints;
    const auto at = std::find_if(all.begin(), all.end(), [&](const Endpoint& e) { return e.id == id; });
    return static_cast<std::size_t>(at - all.begin());
  };
  const std::size_t worsening = column("worsening"), pira = column("pira");
  const auto outside = std::count_if(results.times.begin(), results.times.end(), [&](const auto& row) {
    return row[pira].event && !row[worsening].event;
  });
  if (outside == 0) return;
  const Rules rules = rules_of(options);
  fmt::print(stderr,
             "note: {} with PIRA and no worsening: --preset {} and --pira {} differ in {}; see "
             "docs/endpoints.md\n",
             outside == 1 ? "one person" : fmt::format("{} people", outside), options.preset, options.pira,
             differences(rules.worsening, rules.pira.worsening));
}

void print_table(const ep::Observed& observed, const Results& results) {
  std::vector<std::vector<std::string>> rows;
  auto& header = rows.emplace_back(std::vector<std::string>{"subject", "visits"});
  for (const auto& endpoint : results.endpoints) header.push_back(endpoint.id);
  for (std::size_t i = 0; i < observed.subjects.size(); ++i) {
    auto& row = rows.emplace_back();
    row.push_back(observed.subjects[i].name);
    row.push_back(fmt::format("{}", observed.subjects[i].visits.size()));
    for (const auto& time : results.times[i]) row.push_back(cell_text(time));
  }
  std::vector<std::size_t> width(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], row[k].size());
  }
  fmt::print("Days of onset (of confirmation); >D: no event to day D; -: not at risk.\n\n");
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) line += fmt::format("{:<{}}  ", row[k], width[k]);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
  fmt::print("\nEndpoint       preset            events / at risk  person-years  per 100 years\n");
  for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
    const auto& total = results.totals[k];
    fmt::print(
        "{:<13}  {:<16}  {:>6} / {:<7}  {:>12.1f}  {}\n", results.endpoints[k].id,
        results.endpoints[k].preset, total.events, total.at_risk, total.years,
        total.years > 0 ? fmt::format("{:>13.1f}", 100 * total.events / total.years) : "            -");
  }
  if (observed.relapses_given && results.relapses.years > 0) {
    fmt::print("Annualised relapse rate {:.3f} ({} relapses in {:.1f} years from day 0).\n",
               results.relapses.annualised_rate(), results.relapses.relapses, results.relapses.years);
  }
  if (!results.tests.empty()) {
    fmt::print("\nTest                                      subjects  first visit  last visit     change\n");
    for (const auto& sum : results.tests)
      fmt::print("{:<40}  {:>8}  {:>11.2f}  {:>10.2f}  {:>+9.2f}\n", sum.test->name, sum.subjects, sum.first,
                 sum.last, sum.last - sum.first);
    fmt::print("Means over subjects with two visits or more that have the test.\n");
  }
  fmt::print("\nDefinitions\n");
  for (const auto& endpoint : results.endpoints) {
    fmt::print("  {} [{}]: {}\n", endpoint.id, endpoint.preset, endpoint.definition);
  }
}

void print_json(const ep::Observed& observed, const Results& results) {
  core::Value::Array definitions;
  for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
    const auto& total = results.totals[k];
    core::Value value;
    value.set("id", results.endpoints[k].id).set("preset", results.endpoints[k].preset);
    value.set("definition", results.endpoints[k].definition);
    value.set("at_risk", total.at_risk).set("events", total.events).set("person_years", total.years);
    definitions.push_back(std::move(value));
  }
  core::Value::Array subjects;
  for (std::size_t i = 0; i < observed.subjects.size(); ++i) {
    core::Value value;
    value.set("subject", observed.subjects[i].name).set("visits", observed.subjects[i].visits.size());
    for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
      value.set(results.endpoints[k].id, time_value(results.times[i][k]));
    }
    subjects.push_back(std::move(value));
  }
  core::Value root;
  root.set("endpoints", std::move(definitions));
  if (observed.relapses_given) {
    core::Value relapses;
    relapses.set("relapses", results.relapses.relapses).set("person_years", results.relapses.years);
    if (results.relapses.years > 0) relapses.set("annualised_rate", results.relapses.annualised_rate());
    root.set("relapse_rate", std::move(relapses));
  }
  if (!results.tests.empty()) {
    core::Value::Array tests;
    for (const auto& sum : results.tests) {
      core::Value value;
      value.set("id", sum.test->id).set("name", sum.test->name).set("subjects", sum.subjects);
      value.set("mean_first", sum.first).set("mean_last", sum.last);
      tests.push_back(value.set("mean_change", sum.last - sum.first));
    }
    root.set("tests", std::move(tests));
  }
  root.set("subjects", std::move(subjects));
  fmt::print("{}", core::to_json(root));
}

/// Refuses a preset that nobody published, with the nearest that somebody did.
template <class Presets>
void check_preset(const std::string& option, const std::string& name, const Presets& presets,
                  core::Problems& problems) {
  std::vector<std::string> names;
  for (const auto& info : presets) names.emplace_back(info.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  problems.add({{},
                option,
                fmt::format("unknown preset '{}'", name),
                "allowed: " + core::quoted_list(names),
                core::nearest_spelling(name, names)});
}

/// "msprog, msbase, ..."
template <class Presets>
std::string names_of(const Presets& presets) {
  std::string text;
  for (const auto& info : presets) text += (text.empty() ? "" : ", ") + std::string(info.name);
  return text;
}

void run(const Options& options) {
  core::Problems problems;
  check_preset("--preset", options.preset, ep::worsening_presets(), problems);
  check_preset("--pira", options.pira, ep::pira_presets(), problems);
  problems.throw_if_any();
  const auto observed = ep::read_observed_files(options.visits, options.relapses, options.mri);
  for (const auto& column : observed.ignored_columns)
    fmt::print(stderr, "note: column not used: {}\n", column);
  if (!observed.relapses_given)
    fmt::print(stderr, "note: no relapses were given; every definition takes it that none happened\n");
  const auto results = evaluate(observed, options);
  tell_whether_pira_is_worsening(results, options);
  if (options.json) {
    print_json(observed, results);
  } else {
    print_table(observed, results);
  }
}

}  // namespace

void add_endpoints(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("endpoints", "Apply published endpoint definitions to a table of visits");
  command
      ->add_option("visits", options->visits,
                   "CSV: subject, day (or date), edss or grades, tests; see docs/endpoints.md")
      ->required();
  command->add_option("--relapses", options->relapses,
                      "CSV: subject, onset_day (or date), end_day, severity, steroid");
  command->add_option("--mri", options->mri,
                      "CSV: subject, day (or date), gd_count, new_t2, enl_t2, t2_vol_ml, pbvc_pct");
  command
      ->add_option("--preset", options->preset,
                   "Definition of worsening: " + names_of(ep::worsening_presets()))
      ->capture_default_str();
  command->add_option("--pira", options->pira, "Definition of PIRA: " + names_of(ep::pira_presets()))
      ->capture_default_str();
  command
      ->add_option("--confirmation-days", options->confirmation_days,
                   "Another confirmation length for both (0: unconfirmed)")
      ->check(CLI::Range(0.0, 3650.0));
  command
      ->add_option("--rebaseline-day", options->rebaseline_day,
                   "Day of the MRI that NEDA compares with (HSCT: 180)")
      ->check(CLI::Range(0, 3650))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print everything as JSON on stdout");
  command->footer(
      "Example:\n  hortega endpoints tests/endpoints/data/visits.csv --relapses "
      "tests/endpoints/data/relapses.csv\n"
      "Columns as msprog and MSoutcomes name them are understood.");
  command->callback([options] { run(*options); });
}

}  // namespace hortega::apps
