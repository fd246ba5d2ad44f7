// SPDX-License-Identifier: Apache-2.0
//
// Mobilisation and apheresis: how many CD34+ cells a person yields.
#pragma once

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"
#include "hortega/therapy/regimen.hpp"

namespace hortega::therapy {

struct Collection {
  double cd34_e6_per_kg = 0.0;
  int sessions = 0;
};

/// The cells of one attempt (from 0). Log-normal between people, falling with age; a later session of the
/// same attempt brings less; without chemotherapy fewer cells come.
Collection collect(const Parameters& p, const Mobilisation& plan, const Patient& patient, int attempt);

}  // namespace hortega::therapy
