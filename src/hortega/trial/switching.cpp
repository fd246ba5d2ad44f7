// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/switching.hpp"

#include "hortega/core/problems.hpp"
#include "hortega/endpoints/relapses.hpp"

#include <algorithm>
#include <cmath>

namespace hortega::trial {

endpoints::WorseningOptions worsening_options(const EndpointSpec& endpoint) {
  const std::string name = endpoint.preset.empty() ? "msbase" : endpoint.preset;
  const endpoints::WorseningPresetInfo* preset = endpoints::find_worsening_preset(name);
  if (preset == nullptr) {
    std::vector<std::string> names;
    for (const auto& p : endpoints::worsening_presets()) names.emplace_back(p.name);
    throw core::InputError(core::Problem{{"protocol", 0, 0, {}},
                                         "endpoint." + endpoint.id + ".preset",
                                         "no preset '" + name + "'",
                                         "presets: " + core::quoted_list(names),
                                         core::nearest_spelling(name, names)});
  }
  endpoints::WorseningOptions options = preset->options;
  if (endpoint.confirmation_day) options = endpoints::with_confirmation(options, *endpoint.confirmation_day);
  if (endpoint.not_before_day) options.onset_not_before_day = static_cast<int>(*endpoint.not_before_day);
  if (endpoint.kind == EndpointKind::cdi) options = endpoints::as_improvement(options);
  return options;
}

namespace {

int day_of(double day) { return static_cast<int>(std::lround(day)); }

bool relapsed(const Participant& who, const SequenceStep& step, int since, int today) {
  std::vector<endpoints::Relapse> merged;
  endpoints::merge_relapses(who.relapses, merged);
  const auto seen = std::count_if(merged.begin(), merged.end(), [&](const endpoints::Relapse& r) {
    return r.confirmed && r.onset_day >= since && r.onset_day <= today;
  });
  return seen >= step.at_least;
}

bool worsened(const Participant& who, const endpoints::WorseningOptions& options, int reference_day,
              int today) {
  endpoints::PersonRecord record = who.record();
  record.end_of_follow_up_day = today;
  std::vector<endpoints::Visit> visits;
  std::vector<endpoints::Relapse> relapses;
  if (reference_day > 0) {
    // As if the trial had begun with what is taken now: days count from the last visit before it.
    const auto first = std::find_if(who.visits.rbegin(), who.visits.rend(),
                                    [&](const endpoints::Visit& v) { return v.day <= reference_day; });
    const int origin = first == who.visits.rend() ? 0 : first->day;
    for (endpoints::Visit v : who.visits) {
      if (v.day < origin) continue;
      v.day -= origin;
      visits.push_back(v);
    }
    for (endpoints::Relapse r : who.relapses) {
      r.onset_day -= origin;
      if (r.end_day != endpoints::kNever) r.end_day -= origin;
      relapses.push_back(r);
    }
    record.visits = visits;
    record.relapses = relapses;
    record.end_of_follow_up_day = today - origin;
    for (int* day : {&record.mobilisation_day, &record.transplant_day}) {
      if (*day != endpoints::kNever) *day -= origin;
    }
  }
  const endpoints::TimeToEvent t = endpoints::time_to_confirmed_change(record, options);
  return t.event && t.confirmed_day <= record.end_of_follow_up_day;
}

bool has_lesions(const Participant& who, const SequenceStep& step, int since) {
  if (who.scans.empty()) return false;
  const endpoints::Scan& scan = who.scans.back();
  if (step.on == StepOn::gd) return scan.day > since && scan.gd_count >= step.at_least;
  // New lesions count against a scan made on what is taken.
  return who.scans.size() > 1 && who.scans[who.scans.size() - 2].day >= since &&
         scan.new_or_enlarging_t2 >= step.at_least;
}

bool harmed(const Participant& who, const SequenceStep& step, int since, int today) {
  return std::any_of(who.harms.begin(), who.harms.end(), [&](const endpoints::Harm& h) {
    return h.start_day >= since && h.start_day <= today && h.grade >= step.grade_at_least &&
           (step.term.empty() || h.term == step.term);
  });
}

}  // namespace

SwitchRules::SwitchRules(const Protocol& protocol) {
  for (const Arm& arm : protocol.arms) {
    steps_.push_back(steps_of(protocol, arm));
    auto& options = worsening_.emplace_back(steps_.back().size());
    for (std::size_t i = 0; i < steps_.back().size(); ++i) {
      const SequenceStep& step = steps_.back()[i];
      if (step.on != StepOn::worsening) continue;
      for (const EndpointSpec& e : protocol.endpoints) {
        if (e.id == step.trigger) options[i] = worsening_options(e);
      }
    }
  }
}

bool SwitchRules::failed(const Participant& participant, std::size_t step, const SequenceState& state,
                         int today, Look look) const {
  const SequenceStep& s = steps_[participant.arm][step];
  const int since = state.taken_since;
  if (since == endpoints::kNever || today < since + day_of(s.earliest_day)) return false;
  switch (s.on) {
    case StepOn::day:
      return false;
    case StepOn::relapse:
      return look != Look::scan && relapsed(participant, s, since, today);
    case StepOn::worsening:
      return look == Look::scheduled_visit &&
             worsened(participant, worsening_[participant.arm][step], state.reference_day, today);
    case StepOn::new_t2:
    case StepOn::gd:
      return look == Look::scan && has_lesions(participant, s, since);
    case StepOn::harm:
      return look != Look::scan && harmed(participant, s, since, today);
  }
  return false;
}

std::optional<std::size_t> SwitchRules::planned(std::size_t arm, const SequenceState& state,
                                                int today) const {
  for (std::size_t i = state.next; i < steps_[arm].size(); ++i) {
    const SequenceStep& s = steps_[arm][i];
    if (s.on == StepOn::day && s.start_day && day_of(*s.start_day) <= today) return i;
  }
  return std::nullopt;
}

int SwitchRules::planned_day(std::size_t arm, const SequenceState& state) const {
  for (std::size_t i = state.next; i < steps_[arm].size(); ++i) {
    const SequenceStep& s = steps_[arm][i];
    if (s.on == StepOn::day && s.start_day) return day_of(*s.start_day);
  }
  return endpoints::kNever;
}

}  // namespace hortega::trial
