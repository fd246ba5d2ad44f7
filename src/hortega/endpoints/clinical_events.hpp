// SPDX-License-Identifier: Apache-2.0
//
// What is recorded of a therapy: adverse events, milestones and what it used up. Observations, not causes:
// therapy/ makes them, trial/ keeps them, economics/ prices them, output/ prints them.
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
  // What making cells took and gave, on the day of product_ready or product_failure; of the batch that
  // passed, or of the last.
  product_batches,    // begun, all attempts
  product_passages,   // after the primary culture
  product_cells,      // millions, before freezing
  product_potency,    // against T cells, of a young donor's cells early in culture
  product_senescent,  // share of the cells
  batch_too_few,      // batches that did not pass, by why
  batch_senescent,
  batch_karyotype,
  batch_contaminated,
  batch_weak,
};

/// What a therapy uses up, in the unit behind it.
enum class Resource : std::uint8_t {
  drug,              // mg of `item`; days where the prescription states no dose
  cell_product,      // EUR, as made, failed batches included
  failed_batch,      // batches
  wait_for_cells,    // days, for cells that were made before the regimen began
  infusion,          // a place in day care
  visit,             // an outpatient visit with its blood tests
  harvest,           // a visit that is paid with the product
  apheresis,         // sessions
  ward_day,          // days in hospital
  transplant_day,    // days in a transplant unit, with tests, blood products and antibiotics
  graft_storage,     // grafts frozen
  graft_selection,   // grafts from which T cells were removed
  related_donor,     // tested and collected
  unrelated_donor,   // found, tested and collected
  cord_unit,         // units of cord blood
  lumbar_injection,  // in day care
  catheter,          // an artery of the brain reached
  neurosurgery,      // operations
  mri,               // scans for the therapy's sake, not the trial's
  steroid_course,    // courses, by their drug; its doses and infusions are told as such besides
};

/// Something used on one day or, `each_day`, on every day from from_day up to, not including, to_day
/// (INT_MAX: nobody knows yet). Told again with the same what, item and from_day it takes the place of the
/// former.
struct Use {
  Resource what = Resource::drug;
  std::string item;  // of drugs, as the regimen spells it; else what tells two uses apart
  int from_day = 0;
  int to_day = 0;
  double amount = 0.0;  // in all, or a day
  bool each_day = false;
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
