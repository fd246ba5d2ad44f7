// SPDX-License-Identifier: Apache-2.0
//
// Where mesenchymal cells are after a dose, and for how long: lung, other organs, vessels of the CNS, CSF,
// tissue of the CNS, and the place of an injection. First-order arrest, release and death (the structure of
// Wang 2016, doi:10.1038/srep22293; its rates were not seen, ours have passports). Cells that die leave
// macrophages behind that took them up, for the rival mechanism.
#pragma once

#include "hortega/therapy/parameters.hpp"

#include <cstdint>

namespace hortega::therapy {

enum class CellRoute : std::uint8_t { intravenous, intra_arterial, intrathecal, intralesional };

/// What circulating cells meet today.
struct BodyState {
  double barrier = 0.0;    // opening of the blood-brain barrier (1 in untreated relapsing disease)
  double homing = 1.0;     // of the product
  double clearance = 1.0;  // factor on death: above 1 where the recipient is sensitised to the donor
};

/// Numbers in millions of living cells by place.
struct CellPlaces {
  double lung = 0.0;
  double organs = 0.0;   // liver, spleen, kidney
  double vessels = 0.0;  // arrested in the CNS
  double csf = 0.0;
  double tissue = 0.0;  // of the CNS, spread
  double graft = 0.0;   // where they were injected
  double sum() const { return lung + organs + vessels + csf + tissue + graft; }
};

/// Millions of cells whose remains macrophages carry, outside and inside the CNS.
struct EngulfedPlaces {
  double outside = 0.0;
  double csf = 0.0;
  double tissue = 0.0;
  double sum() const { return outside + csf + tissue; }
};

struct CellExposure {
  CellPlaces living;
  EngulfedPlaces engulfed;
};

class MesenchymalBody {
 public:
  explicit MesenchymalBody(const Parameters& p) : p_(p) {}
  /// Gives `living` and `dead` cells (millions) by a route.
  void give(CellRoute route, double living_e6, double dead_e6, const BodyState& body);
  void elapse(double days, const BodyState& body);
  const CellPlaces& living() const { return now_.living; }
  const EngulfedPlaces& engulfed() const { return now_.engulfed; }
  /// Mean over the coming days (levers are held between updates, and cells in the lung live for hours).
  CellExposure mean_over(double days, const BodyState& body) const;
  /// Do cells still leave the vessels?
  bool in_vessels() const;
  double given_e6() const { return given_; }
  double died_e6() const { return died_; }
  /// Less than `share` of what was given is alive or remembered.
  bool gone(double share) const;

 private:
  void circulate(double cells, double lung_share, const BodyState& body);
  void step(double days, const BodyState& body);
  double next_step(double days) const;

  const Parameters& p_;
  CellExposure now_;
  double given_ = 0.0;
  double died_ = 0.0;
};

}  // namespace hortega::therapy
