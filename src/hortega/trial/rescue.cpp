// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/rescue.hpp"

#include "hortega/core/problems.hpp"

#include <algorithm>

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

RescueRule::RescueRule(const Protocol& protocol) {
  if (!protocol.rescue) return;
  rescue_ = &*protocol.rescue;
  for (const EndpointSpec& e : protocol.endpoints) {
    if (e.id != rescue_->trigger) continue;
    kind_ = e.kind;
    if (e.kind == EndpointKind::cdw) worsening_ = worsening_options(e);
  }
}

bool RescueRule::applies(const std::string& arm) const {
  return rescue_ != nullptr &&
         std::find(rescue_->arms.begin(), rescue_->arms.end(), arm) != rescue_->arms.end();
}

bool RescueRule::triggered(const Participant& participant, int today) const {
  if (static_cast<double>(today) < rescue_->earliest_day) return false;
  endpoints::PersonRecord record = participant.record();
  record.end_of_follow_up_day = today;
  if (kind_ == EndpointKind::relapse) return endpoints::time_to_first_relapse(record).event;
  const endpoints::TimeToEvent t = endpoints::time_to_confirmed_change(record, worsening_);
  return t.event && t.confirmed_day <= today;
}

}  // namespace hortega::trial
