// SPDX-License-Identifier: Apache-2.0
//
// The courses that one person of these tests is on, their levers composed (in a trial cohort/bedside does
// this, on a block of people).
#pragma once

#include "hortega/therapy/courses.hpp"
#include "hortega/therapy/graft_protection.hpp"
#include "hortega/therapy/infections.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace hortega::therapy {

class Treatment {
 public:
  explicit Treatment(const Parameters& parameters) : p_(parameters) {}

  void start(const Regimen& regimen, int day, const Patient& patient, CourseSink& sink) {
    launch(regimen).begin(day, patient, sink);
  }
  void resume(const Regimen& regimen, int day, const Patient& patient) {
    launch(regimen).resume(day, patient);
  }
  void stop_all(int day) {
    for (Running& r : running_) r.course->stop(day);
  }
  void update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) {
    levers = disease::no_levers();
    std::vector<double> protections;
    Defence defence;
    for (Running& r : running_) protections.push_back(r.course->graft_protection());
    for (std::size_t i = 0; i < running_.size(); ++i) {
      Running& r = running_[i];
      Patient who = patient;
      who.graft_protection = protection_of_others(protections, i);
      if (r.course->next_due() <= day) r.course->update(day, who, sink, r.levers);
      disease::compose(levers, r.levers);
      defence.add(*r.course);
    }
    infections_.update(defence, day, patient, sink, levers);
    std::erase_if(running_, [](const Running& r) { return r.course->finished(); });
  }
  int next_due() const {
    int day = infections_.due();
    for (const Running& r : running_) day = std::min(day, r.course->next_due());
    return day;
  }
  bool empty() const { return running_.empty(); }

 private:
  struct Running {
    std::unique_ptr<Course> course;
    disease::Levers<double> levers;
  };
  Course& launch(const Regimen& regimen) {
    running_.push_back({make_course(regimen, p_), disease::no_levers()});
    return *running_.back().course;
  }

  const Parameters& p_;
  std::vector<Running> running_;
  Infections infections_;
};

}  // namespace hortega::therapy
