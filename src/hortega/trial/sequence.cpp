// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/sequence.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hortega::trial {

namespace {

using core::Kind;
using core::Report;
using core::Schema;

constexpr std::array<std::string_view, 6> k_step_words = {"day",    "relapse", "worsening",
                                                          "new-t2", "gd",      "harm"};

// Keys that only some conditions have.
void check_step(const SequenceStep& s, const Report& report) {
  const std::string on(k_step_words[static_cast<std::size_t>(s.on)]);
  if (s.on == StepOn::day) {
    if (!s.start_day)
      report.problem("", "a step needs `start` or a failure to wait for",
                     "start = \"24 months\", or on = \"relapse\", \"worsening\", ...");
    if (s.earliest_day > 0.0) report.problem("earliest", "a planned step has `start`, not `earliest`", "");
    if (s.share < 1.0) report.problem("share", "a planned step is taken by all", "leave `share` out");
    if (s.censor) report.problem("censor", "a planned step belongs to the allocated treatment", "");
  } else if (s.start_day) {
    report.problem("start", "a step on failure starts when the failure is seen",
                   "leave `start` out, or `on`");
  }
  if (s.on == StepOn::worsening && s.trigger.empty())
    report.problem("", "a step on worsening needs `trigger`", "the id of an endpoint of kind cdw");
  if (s.on != StepOn::worsening && !s.trigger.empty())
    report.problem("trigger", "`trigger` defines worsening; this step waits for " + on, "on = \"worsening\"");
  if (s.on != StepOn::harm && !s.term.empty())
    report.problem("term", "`term` names a harm; this step waits for " + on, "on = \"harm\"");
  if (s.allocated && s.censor)
    report.problem("censor", "a step of the allocated treatment does not end observation",
                   "`allocated` or `censor`");
}

const EndpointSpec* find_endpoint(const Protocol& p, const std::string& id) {
  const auto found =
      std::find_if(p.endpoints.begin(), p.endpoints.end(), [&](const EndpointSpec& e) { return e.id == id; });
  return found == p.endpoints.end() ? nullptr : &*found;
}

// The failure that an endpoint shows; none for kinds that show none.
std::optional<StepOn> step_of_kind(EndpointKind kind) {
  switch (kind) {
    case EndpointKind::cdw:
      return StepOn::worsening;
    case EndpointKind::relapse:
      return StepOn::relapse;
    case EndpointKind::new_t2:
      return StepOn::new_t2;
    case EndpointKind::gd:
      return StepOn::gd;
    case EndpointKind::adverse_event:
      return StepOn::harm;
    default:
      return std::nullopt;
  }
}

}  // namespace

Schema<SequenceStep> sequence_step_schema() {
  std::vector<std::pair<std::string, StepOn>> words;
  for (std::size_t i = 0; i < k_step_words.size(); ++i)
    words.emplace_back(k_step_words[i], static_cast<StepOn>(i));
  Schema<SequenceStep> s(
      "A change of regimen; one to what is taken anyway is passed over. People go forward only, to the first "
      "step after the last one taken whose "
      "condition "
      "holds.");
  s.choice("on", &SequenceStep::on, words)
      .doc("What begins it: its day (`start`), or failure of what is taken as visits and scans showed it.");
  s.text("regimen", &SequenceStep::regimen).required().doc("Id of a regimen (data/regimens).");
  s.quantity("start", &SequenceStep::start_day, Kind::time)
      .at_least(0)
      .doc("on = day: what was taken stops so long after randomisation.");
  s.quantity("stop", &SequenceStep::stop_day, Kind::time).above(0).doc("Taken for so long.");
  s.quantity("washout", &SequenceStep::washout_day, Kind::time)
      .at_least(0)
      .doc("From the stop of what was taken to the start of this.");
  s.quantity("earliest", &SequenceStep::earliest_day, Kind::time)
      .at_least(0)
      .doc("No switch so soon after the start of what is taken.");
  s.integer("at_least", &SequenceStep::at_least)
      .range(1, 100)
      .doc("Confirmed relapses since the start of what is taken, or lesions on one scan.");
  s.text("trigger", &SequenceStep::trigger)
      .may_be_empty()
      .doc("on = worsening: id of the endpoint (cdw) that defines it.");
  s.text("term", &SequenceStep::term).may_be_empty().doc("on = harm: this adverse event; none: any.");
  s.integer("grade_at_least", &SequenceStep::grade_at_least)
      .range(1, 5)
      .doc("on = harm: lowest CTCAE grade.");
  s.number("share", &SequenceStep::share).range(0, 1).doc("Share of those who qualify that switches.");
  s.boolean("allocated", &SequenceStep::allocated)
      .doc(
          "A switch on failure that belongs to the allocated treatment: no estimand ends observation there.");
  s.boolean("censor", &SequenceStep::censor).doc("Observation ends at the switch whatever the estimand.");
  s.check(check_step);
  return s;
}

void check_sequences(const Protocol& p, const Report& report) {
  std::vector<std::string> endpoints;
  for (const EndpointSpec& e : p.endpoints) endpoints.push_back(e.id);
  const auto bad_endpoint = [&](const std::string& key, const std::string& id) {
    report.problem(key, "no endpoint '" + id + "'", "endpoints: " + core::quoted_list(endpoints),
                   core::nearest_spelling(id, endpoints));
  };
  if (p.rescue) {
    const EndpointSpec* trigger = find_endpoint(p, p.rescue->trigger);
    if (trigger == nullptr) {
      bad_endpoint("rescue.trigger", p.rescue->trigger);
    } else if (!step_of_kind(trigger->kind)) {
      report.problem("rescue.trigger", "'" + trigger->id + "' is no failure of a treatment",
                     "an endpoint of kind cdw, relapse, new_t2, gd or adverse_event");
    }
  }
  for (std::size_t a = 0; a < p.arms.size(); ++a) {
    for (std::size_t i = 0; i < p.arms[a].sequence.size(); ++i) {
      const SequenceStep& step = p.arms[a].sequence[i];
      const std::string key = "arm[" + std::to_string(a) + "].sequence[" + std::to_string(i) + "]";
      if (step.on == StepOn::worsening) {
        const EndpointSpec* trigger = find_endpoint(p, step.trigger);
        if (trigger == nullptr) {
          bad_endpoint(key + ".trigger", step.trigger);
        } else if (trigger->kind != EndpointKind::cdw) {
          report.problem(key + ".trigger", "'" + step.trigger + "' does not define worsening",
                         "an endpoint of kind cdw");
        }
      }
      if ((step.on == StepOn::new_t2 || step.on == StepOn::gd) && p.visits.mri.at_day.empty() &&
          !p.visits.mri.every_day)
        report.problem(key + ".on", "waits for lesions, but nobody is scanned", "visits.mri");
      const double last = step.start_day.value_or(0.0) + step.washout_day;
      if (step.on == StepOn::day && last > p.accrual.follow_up_day)
        report.problem(key + ".start", "starts after the end of follow-up", "before accrual.follow_up");
      for (std::size_t k = 0; k < i; ++k) {
        const SequenceStep& before = p.arms[a].sequence[k];
        if (step.on == StepOn::day && before.on == StepOn::day && step.start_day < before.start_day)
          report.problem(key + ".start", "starts before a step that stands before it",
                         "steps in the order of their days");
      }
    }
  }
}

std::vector<SequenceStep> steps_of(const Protocol& protocol, const Arm& arm) {
  std::vector<SequenceStep> steps = arm.sequence;
  for (SequenceStep& step : steps) {
    if (step.on == StepOn::day) step.allocated = true;
  }
  if (!protocol.rescue) return steps;
  const Rescue& rescue = *protocol.rescue;
  const EndpointSpec* trigger = find_endpoint(protocol, rescue.trigger);
  const auto on = trigger == nullptr ? std::nullopt : step_of_kind(trigger->kind);
  if (!on || std::find(rescue.arms.begin(), rescue.arms.end(), arm.id) == rescue.arms.end()) return steps;
  SequenceStep last;
  last.on = *on;
  last.regimen = rescue.regimen;
  last.earliest_day = rescue.earliest_day;
  last.at_least = *on == StepOn::relapse ? trigger->at_least : 1;
  last.trigger = rescue.trigger;
  last.term = trigger->term;
  last.grade_at_least = trigger->grade_at_least.value_or(1);
  last.share = rescue.share;
  last.censor = rescue.censor;
  steps.push_back(std::move(last));
  return steps;
}

}  // namespace hortega::trial
