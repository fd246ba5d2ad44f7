// SPDX-License-Identifier: Apache-2.0
// Domains, and keys of rows that are alike.
#include "hortega/evidence/row_facts.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace hortega::evidence {

Domain domain_of(trial::EndpointKind kind) {
  using K = trial::EndpointKind;
  switch (kind) {
    case K::relapse:
    case K::relapse_free_survival:
      return Domain::relapses;
    case K::gd:
    case K::new_t2:
    case K::t2_volume:
    case K::new_t1:
    case K::t1_volume:
      return Domain::lesions;
    case K::edss:
    case K::cdi:
    case K::neda3:
    case K::neda4:
    case K::t25fw:
    case K::nhpt:
    case K::sdmt:
    case K::low_contrast:
    case K::vep:
    case K::eq5d:
      return Domain::disability;
    case K::cdw:
    case K::pira:
    case K::raw:
    case K::edss_milestone:
    case K::spms_conversion:
    case K::composite:
    case K::edss_plus:
      return Domain::progression;
    case K::brain_volume:
      return Domain::brain_volume;
    case K::death:
    case K::trm:
    case K::adverse_event:
      return Domain::harms;
    case K::anc_engraftment:
    case K::platelet_engraftment:
    case K::snfl:
      return Domain::immune;
  }
  return Domain::other;
}

std::string arm_class(const trial::Protocol& protocol, const std::string& arm) {
  if (arm == "all") return "all";
  const auto found = std::find_if(protocol.arms.begin(), protocol.arms.end(),
                                  [&](const trial::Arm& a) { return a.id == arm; });
  if (found == protocol.arms.end()) return {};
  double transplant = 0.0, untreated = 0.0, all = 0.0;
  for (const trial::RegimenChoice& choice : found->regimens) {
    all += choice.weight;
    if (choice.regimen.rfind("ahsct", 0) == 0) transplant += choice.weight;
    if (choice.regimen == "none" || choice.regimen == "placebo") untreated += choice.weight;
  }
  if (transplant > 0.5 * all) return "transplant";
  if (all <= 0.0 || untreated > 0.5 * all) return "untreated";
  return "drug";
}

RowFacts row_facts(const Target& target, const trial::Protocol& protocol) {
  const auto found = std::find_if(protocol.endpoints.begin(), protocol.endpoints.end(),
                                  [&](const trial::EndpointSpec& e) { return e.id == target.endpoint; });
  if (found == protocol.endpoints.end())
    throw std::invalid_argument("protocol " + protocol.id + " has no endpoint " + target.endpoint);
  RowFacts facts;
  facts.domain = domain_of(found->kind);
  facts.endpoint_words =
      found->label.empty() ? target.endpoint : found->label.substr(0, found->label.find_first_of(":,"));
  std::string statistic = target.estimator;
  for (const char* share : {"events", "percent", "km_percent"})
    if (statistic == share) statistic = "share";
  if (statistic == "free_percent" || statistic == "km_free_percent") statistic = "share free";
  if (found->improvement) statistic += " improved";
  const std::size_t bracket = std::min(target.arms.find(" ("), target.arms.size());
  const std::string arms = target.arms.substr(0, bracket), subgroup = target.arms.substr(bracket);
  const std::size_t slash = arms.find(" / ");
  std::string classes;
  if (slash == std::string::npos) {
    classes = arm_class(protocol, arms);
  } else {
    const std::string first = arm_class(protocol, arms.substr(0, slash));
    const std::string second = arm_class(protocol, arms.substr(slash + 3));
    if (!first.empty() && !second.empty()) classes = first + " / " + second;
  }
  if (classes.empty()) return facts;
  facts.key = fmt::format("{} {} {} {} {}{}", static_cast<int>(found->kind), found->term,
                          found->edss.value_or(0.0), statistic, classes, subgroup);
  return facts;
}

}  // namespace hortega::evidence
