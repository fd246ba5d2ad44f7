// SPDX-License-Identifier: Apache-2.0
// hortega replay DIR --replicate N [--person I [--states FILE]]: one simulated trial or person of a run,
// simulated again and retold.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "draws.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/value.hpp"
#include "hortega/disease/state.hpp"
#include "run_settings.hpp"
#include "timeline.hpp"

namespace hortega::apps {

namespace {

using core::Value;
using trial::Participant;
using trial::Replicate;

struct Options {
  std::string directory;
  int replicate = 1;
  std::optional<int> person;
  std::string states;
  int threads = 0;
  bool json = false;
};

void check_range(const std::string& option, int value, int most, const std::string& what) {
  if (value >= 1 && value <= most) return;
  throw core::InputError(core::Problem{{option, 0, 0, {}},
                                       {},
                                       fmt::format("there is no {} {}", what, value),
                                       fmt::format("1 to {}", most),
                                       {}});
}

int relapses_after_entry(const Participant& p) {
  return static_cast<int>(
      std::count_if(p.relapses.begin(), p.relapses.end(),
                    [](const endpoints::Relapse& r) { return !r.pseudo && r.onset_day > 0 && r.confirmed; }));
}

double last_edss(const Participant& p) {
  for (auto v = p.visits.rbegin(); v != p.visits.rend(); ++v) {
    if (!endpoints::is_missing(v->edss)) return v->edss;
  }
  return p.baseline.edss;
}

int worst_harm(const Participant& p) {
  int grade = 0;
  for (const endpoints::Harm& h : p.harms) grade = std::max(grade, h.grade);
  return grade;
}

// ---- one person ----

void tell_person(const trial::Protocol& protocol, const Participant& p, int replicate) {
  fmt::print("Person {} of replicate {} of '{}' (simulated)\n{}\n", p.number + 1, replicate, protocol.title,
             baseline_words(p.baseline));
  const std::string& label = protocol.arms[p.arm].label;
  fmt::print("arm {}{}: {}\n\n", protocol.arms[p.arm].id, label.empty() ? "" : " (" + label + ")", p.regimen);
  fmt::print("{:>6}  {:<10} {}\n", "day", "", "what");
  for (const TimelineEntry& e : timeline_of(protocol, p))
    fmt::print("{:>6}  {:<10} {}\n", e.day, e.kind, e.text);
}

Value as_value(const trial::BaselineRecord& b) {
  Value v;
  v.set("age_year", b.age_year).set("sex", b.female ? "female" : "male").set("weight_kg", b.weight_kg);
  v.set("phenotype", phenotype_words(b.phenotype)).set("duration_years", b.duration_years);
  v.set("edss", b.edss).set("relapses_1y", b.relapses_1y).set("relapses_2y", b.relapses_2y);
  return v.set("gd_count", b.gd_count).set("t2_volume_ml", b.t2_volume_ml);
}

Value as_value(const trial::Protocol& protocol, const Participant& p, bool with_timeline) {
  Value v;
  v.set("person", static_cast<int>(p.number) + 1)
      .set("arm", protocol.arms[p.arm].id)
      .set("regimen", p.regimen);
  v.set("enrolment_day", p.enrolment_day).set("baseline", as_value(p.baseline));
  v.set("relapses", relapses_after_entry(p)).set("last_edss", last_edss(p)).set("worst_harm", worst_harm(p));
  if (p.transplant_day != endpoints::kNever) v.set("transplant_day", p.transplant_day);
  if (p.rescue_day != endpoints::kNever) v.set("rescue_day", p.rescue_day);
  if (!p.switches.empty()) {
    Value::Array switches;
    for (const trial::RegimenSwitch& s : p.switches) {
      Value one;
      one.set("day", s.day).set("regimen", s.regimen).set("allocated", s.allocated);
      if (s.start_day != endpoints::kNever) one.set("start_day", s.start_day);
      switches.push_back(std::move(one));
    }
    v.set("switches", std::move(switches));
  }
  v.set("end_day", p.end_of_follow_up_day).set("end", end_words(p));
  if (!with_timeline) return v;
  Value::Array timeline;
  for (const TimelineEntry& e : timeline_of(protocol, p)) {
    Value entry;
    timeline.push_back(entry.set("day", e.day).set("kind", e.kind).set("text", e.text));
  }
  return v.set("timeline", std::move(timeline));
}

// What the model hides of one person over time, as a table.
class StateTable {
 public:
  StateTable() : csv_(columns()) {}

  void add(int day, const disease::Person& person) {
    csv_.cell(day);
    // Rows of doubles (state.hpp), in the order of their names.
    const auto* state = reinterpret_cast<const double*>(&person.state);
    const auto* levers = reinterpret_cast<const double*>(&person.levers);
    for (std::size_t i = 0; i < disease::k_state_size; ++i) csv_.cell(state[i]);
    for (std::size_t i = 0; i < disease::k_lever_size; ++i) csv_.cell(levers[i]);
    csv_.end_row();
  }
  const std::string& text() const { return csv_.text(); }

 private:
  static std::vector<std::string> columns() {
    std::vector<std::string> names = {"day"};
    for (const std::string_view name : disease::state_names()) names.emplace_back(name);
    for (const std::string_view name : disease::lever_names()) names.push_back(fmt::format("lever_{}", name));
    return names;
  }

  core::CsvWriter csv_;
};

// ---- a whole replicate ----

struct ArmNumbers {
  int people = 0;
  int women = 0;
  double age = 0.0, edss = 0.0, edss_change = 0.0, years = 0.0;
  int relapses = 0, with_relapse = 0, grade_3 = 0;
};

ArmNumbers numbers_of(const Replicate& replicate, std::size_t arm) {
  ArmNumbers n;
  for (const Participant& p : replicate.participants) {
    if (p.arm != arm) continue;
    ++n.people;
    if (p.baseline.female) ++n.women;
    n.age += p.baseline.age_year;
    n.edss += p.baseline.edss;
    n.edss_change += last_edss(p) - p.baseline.edss;
    n.years += static_cast<double>(p.end_of_follow_up_day) / endpoints::kDaysPerYear;
    n.relapses += relapses_after_entry(p);
    if (relapses_after_entry(p) > 0) ++n.with_relapse;
    if (worst_harm(p) >= 3) ++n.grade_3;
  }
  const double people = std::max(1, n.people);
  n.age /= people;
  n.edss /= people;
  n.edss_change /= people;
  return n;
}

void tell_flow(const trial::Protocol& protocol, const trial::Consort& c) {
  fmt::print("Flow\n  {} lives assessed; excluded: phenotype {}, age {}, EDSS {}, activity {}, other {}\n",
             c.assessed, c.excluded_phenotype, c.excluded_age, c.excluded_edss, c.excluded_activity,
             c.excluded_other);
  for (std::size_t a = 0; a < c.arms.size(); ++a) {
    const trial::Consort::ArmFlow& f = c.arms[a];
    fmt::print(
        "  {}: {} allocated, {} treated ({} not), {} completed, {} to the data cut, {} lost, {} died, {} "
        "switched within the arm, {} left for another therapy\n",
        protocol.arms[a].id, f.allocated, f.received, f.not_received, f.completed, f.data_cut, f.dropped_out,
        f.died, f.switched, f.rescued);
  }
}

void tell_arms(const trial::Protocol& protocol, const Replicate& replicate) {
  fmt::print("\nArms\n  {:<16} {:>6} {:>6} {:>6} {:>6} {:>9} {:>9} {:>9} {:>12} {:>9}\n", "", "people",
             "women", "age", "EDSS", "years", "relapses", "relapsed", "EDSS change", "grade 3+");
  for (std::size_t a = 0; a < protocol.arms.size(); ++a) {
    const ArmNumbers n = numbers_of(replicate, a);
    fmt::print("  {:<16} {:>6} {:>6} {:>6.1f} {:>6.2f} {:>9.1f} {:>9} {:>9} {:>+12.2f} {:>9}\n",
               protocol.arms[a].id, n.people, n.women, n.age, n.edss, n.years, n.relapses, n.with_relapse,
               n.edss_change, n.grade_3);
  }
  fmt::print(
      "  (EDSS change: from baseline to the last visit of each person; relapses confirmed by examination)\n");
}

void tell_people(const trial::Protocol& protocol, const Replicate& replicate) {
  fmt::print("\nPeople\n");
  for (const Participant& p : replicate.participants) {
    std::string text = fmt::format("EDSS {:.1f} to {:.1f}", p.baseline.edss, last_edss(p));
    const int relapses = relapses_after_entry(p);
    if (relapses > 0) text += fmt::format(", {} relapse{}", relapses, relapses == 1 ? "" : "s");
    if (p.transplant_day != endpoints::kNever) text += ", transplanted " + day_words(p.transplant_day);
    for (const trial::RegimenSwitch& s : p.switches)
      text += fmt::format(", to {} {}", s.regimen, day_words(s.day));
    if (worst_harm(p) >= 3) text += fmt::format(", harm of grade {}", worst_harm(p));
    fmt::print("{:>5}  {:<12} {:<20} {} {:>3.0f}  {}; {} ({})\n", p.number + 1, protocol.arms[p.arm].id,
               p.regimen, p.baseline.female ? 'F' : 'M', std::floor(p.baseline.age_year), text, end_words(p),
               day_words(p.end_of_follow_up_day));
  }
}

Value as_value(const trial::Protocol& protocol, const Replicate& replicate) {
  const trial::Consort& c = replicate.consort;
  Value flow;
  flow.set("assessed", c.assessed).set("excluded_phenotype", c.excluded_phenotype);
  flow.set("excluded_age", c.excluded_age).set("excluded_edss", c.excluded_edss);
  flow.set("excluded_activity", c.excluded_activity).set("excluded_other", c.excluded_other);
  Value::Array arms;
  for (std::size_t a = 0; a < protocol.arms.size(); ++a) {
    const trial::Consort::ArmFlow& f = c.arms[a];
    const ArmNumbers n = numbers_of(replicate, a);
    Value arm;
    arm.set("arm", protocol.arms[a].id).set("allocated", f.allocated).set("received", f.received);
    arm.set("not_received", f.not_received).set("completed", f.completed).set("data_cut", f.data_cut);
    arm.set("dropped_out", f.dropped_out)
        .set("died", f.died)
        .set("rescued", f.rescued)
        .set("switched", f.switched);
    arm.set("women", n.women).set("mean_age_year", n.age).set("mean_edss", n.edss);
    arm.set("person_years", n.years).set("relapses", n.relapses).set("people_with_relapse", n.with_relapse);
    arms.push_back(arm.set("mean_edss_change", n.edss_change).set("people_with_grade_3", n.grade_3));
  }
  Value::Array people;
  for (const Participant& p : replicate.participants) people.push_back(as_value(protocol, p, false));
  Value v;
  v.set("replicate", replicate.number + 1).set("flow", std::move(flow)).set("arms", std::move(arms));
  return v.set("people", std::move(people));
}

void replay(const Options& options) {
  core::set_threads(options.threads);
  const KeptRun kept = read_kept_run(options.directory);
  const trial::Protocol& protocol = kept.inputs->protocol;
  check_range("--replicate", options.replicate, protocol.replicates, "replicate");
  if (options.person) check_range("--person", *options.person, protocol.population.n, "person");
  if (!options.states.empty() && !options.person)
    throw core::InputError(core::Problem{
        {"--states", 0, 0, {}}, {}, "nobody is named whose states are to be written", "--person I", {}});
  if (!kept.same_model) {
    fmt::print(stderr,
               "the program, its parameters or its regimens are not those of the run: what is retold may "
               "differ from "
               "what the report counted\n");
  }
  core::watch_for_interrupts();
  const auto thin = kept.settings.allow_thin ? trial::ThinPool::allow : trial::ThinPool::refuse;
  const Draws draws(*kept.inputs, thin, kept.posterior, kept.settings.draws, options.replicate - 1);
  StateTable states;
  trial::Watch watch;
  watch.number = static_cast<std::uint32_t>(options.person.value_or(1) - 1);
  watch.see = [&](int day, const disease::Person& person) { states.add(day, person); };
  const Replicate replicate = draws.simulate(options.replicate - 1, trial::ConductSwitch::as_protocol,
                                             options.states.empty() ? nullptr : &watch);
  if (!options.states.empty()) core::write_file_atomically(options.states, states.text());
  if (options.person) {
    const Participant& person = replicate.participants[static_cast<std::size_t>(*options.person - 1)];
    if (options.json) {
      Value v = as_value(protocol, person, true);
      fmt::print("{}", core::to_json(v.set("replicate", options.replicate)));
    } else {
      tell_person(protocol, person, options.replicate);
    }
    return;
  }
  if (options.json) {
    fmt::print("{}", core::to_json(as_value(protocol, replicate)));
    return;
  }
  fmt::print("Replicate {} of {} of '{}' (simulated)\n\n", options.replicate, protocol.replicates,
             protocol.title);
  tell_flow(protocol, replicate.consort);
  tell_arms(protocol, replicate);
  tell_people(protocol, replicate);
}

}  // namespace

void add_replay(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay", "Retell one simulated trial of a run, or one of its people, as a timeline");
  command->add_option("directory", options->directory, "Directory of a run (its --out)")->required();
  command->add_option("--replicate", options->replicate, "Which simulated trial, from 1")->required();
  command->add_option("--person", options->person, "Which of its people, from 1 (default: all, in short)");
  command->add_option(
      "--states", options->states,
      "With --person: write what the model hides of them, every fourth day, to this CSV file");
  command->add_option("--threads", options->threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_flag("--json", options->json, "Print as JSON on stdout");
  command->footer(
      "Example, after `hortega run data/protocols/mist.toml --out out/mist --replicates 20`:\n"
      "  hortega replay out/mist --replicate 3 --person 7\n"
      "  hortega replay out/mist --replicate 3 --person 7 --states states.csv");
  command->callback([options] { replay(*options); });
}

}  // namespace hortega::apps
