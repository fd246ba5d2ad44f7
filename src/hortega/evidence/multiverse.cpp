// SPDX-License-Identifier: Apache-2.0
// The endpoint multiverse of a protocol.
#include "hortega/evidence/multiverse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace hortega::evidence {
namespace {

namespace ep = endpoints;
using Kind = trial::EndpointKind;

struct Length {
  double days = 0.0;
  std::string suffix;  // 12w, 3m, unconfirmed
};

/// 12, 24 and 48 weeks, or 3, 6 and 12 months as long as those of the preset.
std::vector<Length> lengths_of(double own_days) {
  if (own_days <= 0.0) return {{0.0, "unconfirmed"}};
  std::vector<Length> lengths;
  if (std::fmod(own_days, 7.0) == 0.0) {
    for (const int n : {12, 24, 48}) lengths.push_back({ep::weeks(n), fmt::format("{}w", n)});
    return lengths;
  }
  const auto month =
      std::fmod(own_days, 30.25) == 0.0 ? ep::MonthLength::msbase_30_25 : ep::MonthLength::julian_30_4375;
  for (const int n : {3, 6, 12}) lengths.push_back({ep::months(n, month), fmt::format("{}m", n)});
  return lengths;
}

bool is_of_multiverse(const trial::EndpointSpec& spec) {
  switch (spec.kind) {
    case Kind::cdw:
    case Kind::pira:
    case Kind::raw:
    case Kind::edss_plus:
      return true;
    case Kind::composite:
      return spec.components.empty();
    default:
      return false;
  }
}

std::string_view family_of(Kind kind) {
  switch (kind) {
    case Kind::pira:
      return "pira";
    case Kind::raw:
      return "raw";
    case Kind::cdw:
      return "worsening";
    default:
      return "composite";
  }
}

/// The protocol's own worsening, whose origin and last day all definitions share; none: all of follow-up.
const trial::EndpointSpec* frame_of(const trial::Protocol& protocol) {
  const trial::EndpointSpec* found = nullptr;
  for (const auto& spec : protocol.endpoints) {
    if (!is_of_multiverse(spec)) continue;
    if (found == nullptr || (spec.primary && !found->primary)) found = &spec;
  }
  return found;
}

class Builder {
 public:
  explicit Builder(const trial::Protocol& protocol) : protocol_(protocol), frame_(frame_of(protocol)) {}

  void add(Kind kind, std::string_view preset, const Length& length, bool published, std::string id) {
    trial::EndpointSpec spec;
    spec.id = id;
    spec.kind = kind;
    if (kind == Kind::cdw || kind == Kind::pira || kind == Kind::raw) spec.preset = preset;
    spec.confirmation_day = length.days;
    if (frame_ != nullptr) {
      spec.origin = frame_->origin;
      spec.origin_name = frame_->origin_name;
      spec.origin_endpoint = frame_->origin_endpoint;
      spec.within_day = frame_->within_day;
    }
    auto extended = protocol_;
    extended.endpoints.push_back(spec);
    EndpointPlan plan = plan_endpoint(extended, extended.endpoints.size() - 1);
    MultiverseDefinition definition;
    definition.id = std::move(id);
    definition.family = family_of(kind);
    definition.preset = preset;
    definition.confirmation_day = length.days;
    definition.published = published;
    definition.sentence = plan.definition;
    if (auto* same = known(definition)) {
      same->same_as.push_back(definition.id);
      same->published = same->published || published;
      return;
    }
    entries_.push_back({std::move(definition), std::move(plan)});
  }

  void add_own(std::size_t index) {
    const auto& spec = protocol_.endpoints[index];
    EndpointPlan plan = plan_endpoint(protocol_, index);
    MultiverseDefinition definition;
    definition.id = "own:" + spec.id;  // presets have no colon
    definition.family = family_of(spec.kind);
    definition.confirmation_day = confirmation_of(plan);
    definition.sentence = plan.definition;
    definition.own = {spec.id};
    if (auto* same = known(definition)) {
      same->own.push_back(spec.id);
      return;
    }
    entries_.push_back({std::move(definition), std::move(plan)});
  }

  std::vector<MultiversePlan> take() { return std::move(entries_); }

 private:
  static double confirmation_of(const EndpointPlan& plan) {
    if (!plan.pira.empty()) return plan.pira.front().worsening.confirmation_days;
    return plan.spec.kind == Kind::cdw ? plan.worsening.confirmation_days
                                       : plan.composite.edss.confirmation_days;
  }

  /// The sentence is made of every option, so equal sentences of a family are equal definitions. (PIRA and
  /// RAW share theirs.)
  MultiverseDefinition* known(const MultiverseDefinition& wanted) {
    for (auto& entry : entries_) {
      if (entry.definition.family == wanted.family && entry.definition.sentence == wanted.sentence)
        return &entry.definition;
    }
    return nullptr;
  }

  const trial::Protocol& protocol_;
  const trial::EndpointSpec* frame_;
  std::vector<MultiversePlan> entries_;
};

}  // namespace

std::vector<MultiversePlan> multiverse_of(const trial::Protocol& protocol) {
  Builder builder(protocol);
  for (const auto& info : ep::worsening_presets()) {
    const double own = info.options.confirmation_days;
    for (const auto& length : lengths_of(own))
      builder.add(Kind::cdw, info.name, length, length.days == own,
                  fmt::format("{}-{}", info.name, length.suffix));
  }
  // Cadavid 2017 asks 24 weeks, the composite of the ocrelizumab trials 12 (docs/endpoints.md).
  for (const auto& length : lengths_of(ep::weeks(12)))
    builder.add(Kind::edss_plus, "edss-plus", length, length.days < ep::weeks(48),
                "edss-plus-" + length.suffix);
  for (const auto kind : {Kind::pira, Kind::raw}) {
    for (const auto& info : ep::pira_presets()) {
      const double own = info.options.worsening.confirmation_days;
      for (const auto& length : lengths_of(own))
        builder.add(kind, info.name, length, length.days == own,
                    fmt::format("{}-{}-{}", kind == Kind::pira ? "pira" : "raw", info.name, length.suffix));
    }
  }
  for (std::size_t e = 0; e < protocol.endpoints.size(); ++e) {
    if (is_of_multiverse(protocol.endpoints[e])) builder.add_own(e);
  }
  return builder.take();
}

}  // namespace hortega::evidence
