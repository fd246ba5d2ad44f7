// SPDX-License-Identifier: Apache-2.0
// hortega endpoints VISITS.csv: published definitions applied to visits, real or simulated.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

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

bool any_visit(const ep::Observed& observed, const std::function<bool(const ep::Visit&)>& has) {
  return std::any_of(observed.subjects.begin(), observed.subjects.end(), [&](const ep::Subject& subject) {
    return std::any_of(subject.visits.begin(), subject.visits.end(), has);
  });
}

std::vector<Endpoint> endpoints_for(const ep::Observed& observed, const Options& options) {
  auto worsening = ep::find_worsening_preset(options.preset)->options;
  auto pira = ep::find_pira_preset(options.pira)->options;
  if (options.confirmation_days >= 0) {
    worsening = ep::with_confirmation(worsening, options.confirmation_days);
    pira.worsening = ep::with_confirmation(pira.worsening, options.confirmation_days);
  }
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
  if (any_visit(observed, [](const ep::Visit& v) {
        return !ep::is_missing(static_cast<double>(v.t25fw_s)) ||
               !ep::is_missing(static_cast<double>(v.nhpt_dominant_s)) ||
               !ep::is_missing(static_cast<double>(v.nhpt_non_dominant_s));
      })) {
    const auto composite = ep::edss_plus();
    list.push_back({"edss_plus", "edss-plus", ep::definition(composite), [composite](const auto& person) {
                      return ep::composite_worsening(person, composite).any;
                    }});
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

struct Results {
  std::vector<Endpoint> endpoints;
  std::vector<std::vector<ep::TimeToEvent>> times;  // subject by endpoint
  std::vector<Totals> totals;
  ep::RelapseExposure relapses;
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
  return results;
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
  fmt::print("\nEndpoint      preset            events / at risk  person-years  per 100 years\n");
  for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
    const auto& total = results.totals[k];
    fmt::print(
        "{:<12}  {:<16}  {:>6} / {:<7}  {:>12.1f}  {}\n", results.endpoints[k].id,
        results.endpoints[k].preset, total.events, total.at_risk, total.years,
        total.years > 0 ? fmt::format("{:>13.1f}", 100 * total.events / total.years) : "            -");
  }
  if (observed.relapses_given && results.relapses.years > 0) {
    fmt::print("Annualised relapse rate {:.3f} ({} relapses in {:.1f} years from day 0).\n",
               results.relapses.annualised_rate(), results.relapses.relapses, results.relapses.years);
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
                   "CSV: subject, day (or date), edss or grades; see docs/endpoints.md")
      ->required();
  command->add_option("--relapses", options->relapses,
                      "CSV: subject, onset_day (or date), end_day, severity, steroid");
  command->add_option("--mri", options->mri,
                      "CSV: subject, day (or date), gd_count, new_t2, enl_t2, t2_vol_ml, pbvc_pct");
  command
      ->add_option("--preset", options->preset,
                   "Definition of worsening: msprog, msbase, opera, oratorio, mist, ...")
      ->capture_default_str();
  command->add_option("--pira", options->pira, "Definition of PIRA: muller2023, kappos2020, ...")
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
      "tests/endpoints/data/relapses.csv");
  command->callback([options] { run(*options); });
}

}  // namespace hortega::apps
