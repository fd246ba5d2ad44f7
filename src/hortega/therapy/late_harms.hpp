// SPDX-License-Identifier: Apache-2.0
//
// Harms that a therapy has set in motion and that show on a later day.
#pragma once

#include "hortega/therapy/course.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace hortega::therapy {

class LateHarms {
 public:
  void add(Harm harm) { waiting_.push_back(std::move(harm)); }
  /// First day on which one shows; k_never if none.
  int due() const {
    int day = k_never;
    for (const Harm& harm : waiting_) day = std::min(day, harm.start_day);
    return day;
  }
  /// Tells the sink those of today and before, in the order in which they were added.
  void tell(int day, CourseSink& sink) {
    for (const Harm& harm : waiting_) {
      if (harm.start_day <= day) sink.harm(harm);
    }
    std::erase_if(waiting_, [day](const Harm& harm) { return harm.start_day <= day; });
  }
  bool empty() const { return waiting_.empty(); }

 private:
  std::vector<Harm> waiting_;
};

}  // namespace hortega::therapy
