// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/sequence.hpp"

#include <algorithm>

namespace hortega::therapy {

Treatment::Running& Treatment::launch(const Regimen& regimen) {
  running_.push_back(
      {&regimen, make_course(regimen, p_), disease::no_levers(), false, std::nullopt, nullptr});
  return running_.back();
}

void Treatment::start(const Regimen& regimen, int day, const Patient& patient, CourseSink& sink) {
  launch(regimen).course->begin(day, patient, sink);
}

void Treatment::resume(const Regimen& regimen, int day, const Patient& patient) {
  launch(regimen).course->resume(day, patient);
}

void Treatment::stop_all(int day) {
  for (Running& r : running_) {
    r.course->stop(day);
    r.stopped = true;
  }
  pending_.clear();
}

void Treatment::switch_to(const Regimen& regimen, int day, int washout_day) {
  stop_all(day);
  pending_.push_back({&regimen, day + washout_day});
}

std::vector<const Regimen*> Treatment::current() const {
  std::vector<const Regimen*> all;
  for (const Running& r : running_) {
    if (!r.stopped && !r.course->finished()) all.push_back(r.regimen);
  }
  return all;
}

void Treatment::update(int day, const Patient& patient, CourseSink& sink, disease::Levers<double>& levers) {
  bool failed = false;
  for (Running& r : running_) {
    if (r.stopped) continue;
    if (r.failed && r.failed(day, patient)) failed = true;
    if (r.stop_day && day >= *r.stop_day) {
      r.course->stop(day);
      r.stopped = true;
    }
  }
  if (failed && next_fallback_ < plan_.fallbacks.size()) {
    switch_to(*plan_.fallbacks[next_fallback_++], day, plan_.washout_day);
  }
  for (; next_step_ < plan_.steps.size() && plan_.steps[next_step_].start_day <= day; ++next_step_) {
    const Step& step = plan_.steps[next_step_];
    Running& r = launch(*step.regimen);
    r.stop_day = step.stop_day;
    r.failed = step.failed;
    r.course->begin(day, patient, sink);
  }
  for (std::size_t i = 0; i < pending_.size();) {
    if (pending_[i].day > day) {
      ++i;
      continue;
    }
    const Regimen* regimen = pending_[i].regimen;
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
    start(*regimen, day, patient, sink);
  }
  levers = disease::no_levers();
  for (Running& r : running_) {
    if (r.course->next_due() <= day) r.course->update(day, patient, sink, r.levers);
    disease::compose(levers, r.levers);
  }
  std::erase_if(running_, [](const Running& r) { return r.course->finished(); });
}

int Treatment::next_due() const {
  int day = k_never;
  for (const Running& r : running_) {
    day = std::min(day, r.course->next_due());
    if (r.stop_day && !r.stopped) day = std::min(day, *r.stop_day);
  }
  for (const Pending& p : pending_) day = std::min(day, p.day);
  if (next_step_ < plan_.steps.size()) day = std::min(day, plan_.steps[next_step_].start_day);
  return day;
}

}  // namespace hortega::therapy
