// SPDX-License-Identifier: Apache-2.0
//
// What is recorded of a therapy: adverse events and milestones. Observations, not causes: therapy/ makes
// them, trial/ keeps them, output/ prints them.
#pragma once

#include <cstdint>
#include <string>

namespace hortega::endpoints {

enum class Milestone : std::uint8_t {
  mobilisation,
  mobilisation_failure,
  apheresis,
  conditioning,
  graft,
  anc_engraftment,
  platelet_engraftment,
  graft_failure,
  discharge,
  infusion,
  stopped,
  anc_not_below,  // never below the threshold by day 30 after the graft: no day of engraftment
  platelet_not_below,
  conception,
  birth,
  pregnancy_loss,
  donor_chimerism,  // share of T cells that are a donor's, percent
  product_ready,    // days from harvest to release
  product_failure,  // no batch passed; days spent
  product_cost,     // EUR, of making
  cells_given,      // into the nervous system, millions
};

/// An adverse event as a trial records it.
struct Harm {
  std::string term;  // plain CTCAE-like words, e.g. "febrile neutropenia"
  int grade = 1;     // CTCAE 1-5
  int start_day = 0;
  int end_day = 0;
  bool serious = false;
};

}  // namespace hortega::endpoints
