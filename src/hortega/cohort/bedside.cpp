// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/bedside.hpp"

#include "hortega/therapy/graft_protection.hpp"

#include <algorithm>

namespace hortega::cohort {

namespace {

// Pulses act on the block at once, so that a later course of the same day sees what is left.
class Sink final : public therapy::CourseSink {
 public:
  Sink(disease::Block& block, std::size_t lane, BedsideListener& listener)
      : block_(block), lane_(lane), listener_(listener) {}
  void pulse(const disease::Pulse& pulse) override { disease::apply(block_, lane_, pulse); }
  void harm(therapy::Harm harm) override { listener_.harm(std::move(harm)); }
  void milestone(therapy::Milestone what, int day, double value) override {
    listener_.milestone(what, day, value);
  }
  void death(const std::string& cause) override { listener_.death(cause); }
  void use(therapy::Use use) override { listener_.use(std::move(use)); }

 private:
  disease::Block& block_;
  std::size_t lane_;
  BedsideListener& listener_;
};

}  // namespace

void Bedside::begin(std::unique_ptr<therapy::Course> course, disease::Block& block, std::size_t lane,
                    const therapy::Patient& patient, BedsideListener& listener) {
  Sink sink(block, lane, listener);
  course->begin(static_cast<int>(block.life_day[lane]), patient, sink);
  courses_.push_back(std::move(course));
}

void Bedside::resume(std::unique_ptr<therapy::Course> course, int life_day, const therapy::Patient& patient) {
  course->resume(life_day, patient);
  courses_.push_back(std::move(course));
}

void Bedside::stop_all(int life_day) {
  for (auto& course : courses_) course->stop(life_day);
}

int Bedside::next_due() const {
  int due = infections_.due();
  for (const auto& course : courses_) due = std::min(due, course->next_due());
  return due;
}

void Bedside::update(disease::Block& block, std::size_t lane, const therapy::Patient& patient,
                     BedsideListener& listener) {
  Sink sink(block, lane, listener);
  const int today = static_cast<int>(block.life_day[lane]);
  disease::Levers<double> all = disease::no_levers();
  therapy::Defence defence;
  if (courses_.size() == 1) {  // composing with nothing changes nothing
    courses_.front()->update(today, patient, sink, all);
    defence.add(*courses_.front());
    if (courses_.front()->finished()) courses_.clear();
    infections_.update(defence, today, patient, sink, all);
    disease::set_levers(block, lane, all);
    return;
  }
  // What protects a graft protects that of another course too. As it stands before anybody's update, so that
  // the order of courses does not matter.
  std::vector<double> protections;
  for (auto& course : courses_) {
    const double protection = course->graft_protection();
    if (protection > 0.0 && protections.empty()) protections.resize(courses_.size());
    if (protection > 0.0) protections[static_cast<std::size_t>(&course - courses_.data())] = protection;
  }
  for (std::size_t i = 0; i < courses_.size(); ++i) {
    disease::Levers<double> one = disease::no_levers();
    if (protections.empty()) {
      courses_[i]->update(today, patient, sink, one);
    } else {
      therapy::Patient who = patient;
      who.graft_protection = therapy::protection_of_others(protections, i);
      courses_[i]->update(today, who, sink, one);
    }
    disease::compose(all, one);
    defence.add(*courses_[i]);
  }
  std::erase_if(courses_, [](const auto& course) { return course->finished(); });
  infections_.update(defence, today, patient, sink, all);
  disease::set_levers(block, lane, all);
}

}  // namespace hortega::cohort
