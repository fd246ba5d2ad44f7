// SPDX-License-Identifier: Apache-2.0
//
// One lesion in white matter around a venule. Signals and leaked plasma are fields (fields.hpp); T cells,
// macrophages, progenitors and added cells are agents (cells.hpp); oligodendrocytes and iron-laden microglia
// are counted in territories of some 60 um; myelin, its debris and axons are held in each voxel.
//
//   An attack lets T cells cross the venule. Reactivated in the tissue they release cytokine, which opens the
//   barrier, kills oligodendrocytes and progenitors, and, through chemokine, calls monocytes. Macrophages
//   take up debris and, where there is cytokine, strip myelin; filled, they turn to resolution and release
//   regulator and trophic factor. A dying oligodendrocyte leaves, now and then, an iron-laden microglial
//   cell, which lives for months and harms its neighbours: a contact process, which dies out in most lesions
//   and keeps a slowly moving rim in some. Progenitors fill gaps of their own density and become
//   oligodendrocytes where some are missing, unless cytokine, debris, plasma or laden microglia hold them
//   back, or the bare fibres have waited too long.
//
// Every random number is a function of seed, cell or territory, and step: the same bytes with any number of
// threads. Equations: docs/lesion.md; constants: data/parameters/lesion/lesion.toml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "hortega/lesion/cells.hpp"
#include "hortega/lesion/fields.hpp"
#include "hortega/lesion/levers.hpp"
#include "hortega/lesion/parameters.hpp"

namespace hortega::lesion {

enum class Field : std::uint8_t { cytokine, chemokine, regulator, trophic, plasma };
inline constexpr std::size_t k_fields = 5;

/// T cells that cross, evenly over a time.
struct Attack {
  double start_day = 0.0;
  double duration_day = 1.0;
  double t_cells_per_mm = 0.0;  ///< in all, for each mm of venule
};

/// Oligodendrocytes that die at once, everywhere, without inflammation (a toxin).
struct Injury {
  double day = 0.0;
  double fraction = 0.0;
};

enum class Solver { implicit, explicit_steps };

struct TissueSettings {
  Grid grid;
  double step_day = 0.1;
  Solver solver = Solver::implicit;
  double age_years = 0.0;
  double progenitor_density = 1.0;    ///< relative to normal white matter
  std::optional<double> iron_uptake;  ///< of this lesion; drawn with the seed if not given
  std::vector<Attack> attacks;
  std::vector<Injury> injuries;
  std::vector<LeverPeriod> levers;
  std::vector<Addition> additions;
  std::uint64_t seed = 1;
};

/// What can be measured on a day. Sizes are mm2 of a section, mm3 of a block.
struct Measures {
  double day = 0.0;
  double lesion = 0.0;        ///< ever less than half of its myelin
  double demyelinated = 0.0;  ///< now
  double enhancing = 0.0;
  double repaired_fraction = 0.0;      ///< of the myelin lost in the lesion
  double transected_fraction = 0.0;    ///< of the axons of the lesion
  double rim_fraction = 0.0;           ///< of the lesion's edge, with iron-laden microglia
  double edge_laden_share = 0.0;       ///< iron-laden among the microglia of the lesion's edge
  double core_laden_share = 0.0;       ///< the same of what lies within the edge; 0 if nothing does
  double oligodendrocytes = 0.0;       ///< share alive, whole tissue
  double oligodendrocytes_made = 0.0;  ///< share of the original number, so far
  double oligodendrocytes_lost = 0.0;
  double cells[k_cell_kinds] = {};  ///< by CellKind
  double laden = 0.0;               ///< iron-laden microglia
};

/// What a voxel shows.
enum class Label : std::uint8_t { normal = 0, demyelinated = 1, repaired = 2, rim = 3 };

/// Voxels along the side of a territory: as many as come nearest to its length, and one at least.
std::size_t voxels_of_territory(double territory_mm, double voxel_mm);

class Tissue {
 public:
  Tissue(const TissueSettings& settings, const TissueParameters& parameters);

  void step();
  double day() const { return static_cast<double>(steps_) * settings_.step_day; }
  Measures measure() const;

  const Grid& grid() const { return settings_.grid; }
  const Fields& fields() const { return fields_; }
  const Cells& cells() const { return cells_; }
  double myelin(std::size_t voxel) const { return myelin_[voxel]; }
  double debris(std::size_t voxel) const { return debris_[voxel]; }
  double axons(std::size_t voxel) const { return axons_[voxel]; }
  /// The least myelin that the voxel ever had.
  double lowest_myelin(std::size_t voxel) const { return lowest_[voxel]; }
  bool enhances(std::size_t x, std::size_t y, std::size_t z) const;
  Label label(std::size_t x, std::size_t y, std::size_t z) const;
  /// Share of the original oligodendrocytes of a voxel's territory.
  double coverage(std::size_t x, std::size_t y, std::size_t z) const;
  /// Iron-laden microglia of a voxel's territory.
  std::size_t laden(std::size_t x, std::size_t y, std::size_t z) const;
  /// Side of a territory: the parameter's as nearly as whole voxels can.
  double territory_mm() const { return static_cast<double>(side_) * settings_.grid.voxel_mm; }
  /// Distance from the venule of the first voxel that lost half of its myelin; negative while there is none.
  double onset_mm() const { return onset_mm_; }
  double iron_uptake() const { return iron_uptake_; }

 private:
  struct Rates;
  struct Local;
  std::size_t territory_of(std::size_t x, std::size_t y, std::size_t z) const;
  double venule_distance(double x_mm, double y_mm) const;
  void place_tissue();
  void let_in(const Levers& levers);
  void add_at_venule(CellKind kind, double cells, std::uint32_t stream);
  void count_territories();
  void do_territory(const Rates& rates, std::size_t px, std::size_t py, std::size_t pz);
  void do_voxel(const Rates& rates, Local& local, std::size_t x, std::size_t y, std::size_t z);
  void do_cell(const Rates& rates, Local& local, Cell& cell, std::size_t x, std::size_t y, std::size_t z);
  void end_faded_signals();
  bool is_hit(std::size_t px, std::size_t py, std::size_t pz) const;
  bool is_edge(std::size_t territory) const;

  TissueSettings settings_;
  TissueParameters p_;
  Fields fields_;
  Cells cells_;
  std::uint32_t steps_ = 0;
  double iron_uptake_ = 0.0;
  double onset_mm_ = -1.0;
  std::size_t side_ = 1;  // voxels of a territory
  std::size_t tx_ = 1, ty_ = 1, tz_ = 1;
  // By voxel.
  std::vector<double> myelin_, lowest_, debris_, axons_, window_;
  // By territory.
  std::vector<std::uint16_t> whole_, alive_, laden_, laden_before_;
  std::vector<std::uint32_t> host_progenitors_, progenitors_, made_, lost_;
  std::vector<std::uint8_t> faded_;  // a bit for each field that has died away there in this step
  std::vector<double> barrier_;
};

}  // namespace hortega::lesion
