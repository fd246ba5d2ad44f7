// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/doubts.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace hortega::trial {

namespace {

using Doubts = std::vector<core::Problem>;

void add_late_visits(const core::Read<Protocol>& read, const Schedule& schedule, const std::string& key,
                     Doubts& all) {
  const double follow_up = read.value.accrual.follow_up_day;
  for (std::size_t i = 0; i < schedule.at_day.size(); ++i) {
    const double day = schedule.at_day[i];
    if (std::round(day) <= std::round(follow_up)) continue;
    all.push_back(read.places.problem(
        core::join_path(key, i),
        fmt::format("day {:.0f} falls after the follow-up of {:.0f} days, and is left out", day, follow_up),
        "up to accrual.follow_up", ""));
  }
}

void add_primaries(const core::Read<Protocol>& read, Doubts& all) {
  std::vector<std::size_t> primary;
  const auto& endpoints = read.value.endpoints;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].primary) primary.push_back(i);
  }
  if (primary.size() < 2) return;
  all.push_back(
      read.places.problem(core::join_path(core::join_path("endpoint", primary[1]), "primary"),
                          fmt::format("{} endpoints are primary: the answer of a run is of the first, '{}'",
                                      primary.size(), endpoints[primary[0]].id),
                          "", ""));
}

template <class Part>
bool has(const std::vector<Part>& parts, const std::string& id) {
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.id == id; });
}

// The key of a mark is arm.ID..., endpoint.ID... or subgroup.ID..., or the path of another key.
void add_marks(const core::Read<Protocol>& read, Doubts& all) {
  const Protocol& p = read.value;
  for (const auto& [mark, words] : p.marks) {
    const auto dot = mark.find('.');
    if (dot == std::string::npos) continue;
    const std::string part = mark.substr(0, dot);
    const std::string id = mark.substr(dot + 1, mark.find('.', dot + 1) - dot - 1);
    const bool missing = (part == "arm" && !has(p.arms, id)) ||
                         (part == "endpoint" && !has(p.endpoints, id)) ||
                         (part == "subgroup" && !has(p.subgroups, id));
    if (missing)
      all.push_back(read.places.problem(core::join_path("marks", mark),
                                        fmt::format("the protocol has no {} '{}'", part, id), "", ""));
  }
}

}  // namespace

std::vector<core::Problem> doubts(const core::Read<Protocol>& read) {
  Doubts all;
  add_late_visits(read, read.value.visits.edss, "visits.edss", all);
  add_late_visits(read, read.value.visits.mri, "visits.mri", all);
  add_primaries(read, all);
  add_marks(read, all);
  return all;
}

}  // namespace hortega::trial
