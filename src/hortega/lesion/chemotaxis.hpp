// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Khonsari & Calvez 2007 (doi:10.1371/journal.pone.0000150), as in
// Lombardo et al. 2017 (J. Math. Biol. 75:373-417) from memory
//
// Rings by chemotaxis of macrophages, without dimensions, on a closed square (or a line, one voxel high):
//
//   m_t     = lap m + m (1 - m) - div( chi m / (1 + m) grad c )
//   tau c_t = eps lap c + delta d - c + beta m
//   d_t     = r m^2 / (1 + m) (1 - d)
//
// m macrophages, c chemoattractant, d destroyed oligodendrocytes. The form is from memory: neither paper's
// equations were read, and that of 2017 could not be opened. What is tested is these equations, against their
// own linear analysis: the diseased state (1, beta + delta, 1) is unstable when chi > (2 / beta) (1 +
// sqrt(eps))^2, first at the wavenumber eps^(-1/4) (docs/lesion.md). Diffusion, and the decay of
// c, by the implicit solver of fields.hpp; chemotaxis by centred fluxes and growth by forward Euler between;
// d exactly for the m of the step. Values keep positive: a flux takes no more than what is there.
#pragma once

#include <cstddef>
#include <vector>

#include "hortega/lesion/fields.hpp"

namespace hortega::lesion {

struct ChemotaxisConstants {
  double chi = 10.0;
  double beta = 1.0;
  double delta = 1.0;
  double eps = 0.5;
  double tau = 1.0;
  double r = 1.0;
};

/// chi beyond which the diseased state breaks into rings.
double critical_chi(const ChemotaxisConstants& constants);
/// 2 pi eps^(1/4).
double critical_wavelength(const ChemotaxisConstants& constants);

class ChemotaxisModel {
 public:
  /// Healthy tissue: everything 0. `voxel` is the side of a voxel.
  ChemotaxisModel(const ChemotaxisConstants& constants, std::size_t nx, std::size_t ny, double voxel,
                  double step);

  std::size_t nx() const { return fields_.grid().nx; }
  std::size_t ny() const { return fields_.grid().ny; }
  double* macrophages(std::size_t y) { return fields_.row(0, y); }
  const double* macrophages(std::size_t y) const { return fields_.row(0, y); }
  double* attractant(std::size_t y) { return fields_.row(1, y); }
  const double* attractant(std::size_t y) const { return fields_.row(1, y); }
  double* destroyed(std::size_t y) { return destroyed_.data() + y * nx(); }
  const double* destroyed(std::size_t y) const { return destroyed_.data() + y * nx(); }

  void step();

 private:
  ChemotaxisConstants k_;
  double step_;
  double voxel_;
  Fields fields_;
  std::vector<double> destroyed_;
};

}  // namespace hortega::lesion
