// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: OSU 11055 melphalan model (Wojciechowski app 2016), Friberg 2002
//
// Published estimates of the melphalan and docetaxel models (see melphalan_autograft.hpp). They are part of
// the published models, repeated here for verification.
#include "hortega/therapy/melphalan_autograft.hpp"

namespace hortega::therapy {

template class MelphalanAutograft<double>;

MyelosuppressionParameters<double> melphalan_typical(GcsfStart start) {
  // Typical person of their model.R: CL 28.9 L/h, V1 19.5 L, Q 28.5 L/h, V2 20.9 L.
  constexpr double clearance_l_per_h = 28.9;
  constexpr double v1_l = 19.5;
  constexpr double q_l_per_h = 28.5;
  constexpr double v2_l = 20.9;
  constexpr double ln2 = 0.69314718055994530942;
  const bool late = start == GcsfStart::day_7;
  return {.elimination_per_h = clearance_l_per_h / v1_l,
          .k12_per_h = q_l_per_h / v1_l,
          .k21_per_h = q_l_per_h / v2_l,
          .k13_per_h = 0.0,
          .k31_per_h = 0.0,
          .mg_per_unit = v1_l,  // unit: mg/L
          .slope_per_unit = late ? 7.41 * 1.421 : 7.41,
          .mean_transit_h = late ? 96.0 * 1.157 : 96.0,
          .neutrophil_loss_per_h = ln2 / 7.0,
          .baseline_e9_per_l = 5.66,
          .feedback = 0.188,
          .feedback_gain_gcsf = 0.0313,
          .release_store_e9_per_l = late ? 0.0564 : 109.0,
          .release_h = 14.7};
}

MyelosuppressionParameters<double> friberg_docetaxel() {
  // R package myelo (GitHub radivot/myelo). Neutrophils leave the blood at the transit rate 4/MTT.
  constexpr double mean_transit_h = 88.7;
  constexpr double v1_l = 7.4;
  constexpr double mg_per_umol = 0.808;
  return {.elimination_per_h = 5.2,
          .k12_per_h = 1.06,
          .k21_per_h = 1.51,
          .k13_per_h = 1.26,
          .k31_per_h = 0.084,
          .mg_per_unit = v1_l * mg_per_umol,
          .slope_per_unit = 8.58,
          .mean_transit_h = mean_transit_h,
          .neutrophil_loss_per_h = 4.0 / mean_transit_h,
          .baseline_e9_per_l = 5.05,
          .feedback = 0.161,
          .feedback_gain_gcsf = 0.0,
          .release_store_e9_per_l = 0.0,
          .release_h = 1.0};
}

}  // namespace hortega::therapy
