// SPDX-License-Identifier: Apache-2.0
// Small people for the tests of endpoints.
#pragma once

#include <vector>

#include "hortega/endpoints/record.hpp"

namespace hortega::endpoints::testing {

/// A person who owns the tables that a PersonRecord looks at.
struct Person {
  std::vector<Visit> visits;
  std::vector<Relapse> relapses;
  std::vector<Scan> scans;
  PersonRecord record;

  /// Visits every `interval` days from day 0 with these EDSS values; follow-up ends at the last.
  explicit Person(std::initializer_list<double> edss, int interval = 84) {
    int day = 0;
    for (const double value : edss) {
      visit(day, value);
      day += interval;
    }
  }
  Person& visit(int day, double edss) {
    Visit seen;
    seen.day = day;
    seen.edss = edss;
    visits.push_back(seen);
    record.end_of_follow_up_day = day;
    return *this;
  }
  Person& relapse(int onset_day) {
    Relapse event;
    event.onset_day = onset_day;
    relapses.push_back(event);
    return *this;
  }
  Person& scan(int day, int gd, int new_t2, double pbvc = kMissing) {
    Scan seen;
    seen.day = day;
    seen.gd_count = gd;
    seen.new_or_enlarging_t2 = new_t2;
    seen.brain_volume_change_percent = pbvc;
    scans.push_back(seen);
    return *this;
  }
  const PersonRecord& view() {
    record.visits = visits;
    record.relapses = relapses;
    record.scans = scans;
    return record;
  }
};

}  // namespace hortega::endpoints::testing
