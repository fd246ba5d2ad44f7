// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Khonsari & Calvez 2007 (doi:10.1371/journal.pone.0000150), as in
// Lombardo et al. 2017 (J. Math. Biol. 75:373-417) from memory
#include "hortega/lesion/chemotaxis.hpp"

#include "hortega/core/math.hpp"
#include "hortega/lesion/tasks.hpp"

namespace hortega::lesion {

double critical_chi(const ChemotaxisConstants& k) {
  const double one_plus_root = 1.0 + core::square_root(k.eps);
  return 2.0 / k.beta * one_plus_root * one_plus_root;
}

double critical_wavelength(const ChemotaxisConstants& k) {
  constexpr double k_two_pi = 6.283185307179586;
  return k_two_pi * core::square_root(core::square_root(k.eps));
}

ChemotaxisModel::ChemotaxisModel(const ChemotaxisConstants& constants, std::size_t nx, std::size_t ny,
                                 double voxel, double step)
    : k_(constants),
      step_(step),
      voxel_(voxel),
      fields_(Grid{nx, ny, 1, voxel, 1.0}, {{1.0, 0.0}, {constants.eps / constants.tau, 1.0 / constants.tau}},
              step),
      destroyed_(nx * ny, 0.0) {}

void ChemotaxisModel::step() {
  const std::size_t columns = nx();
  const std::size_t rows = ny();
  const double per_length = k_.chi / (voxel_ * voxel_);
  // Into a voxel through the side towards a neighbour. What leaves is limited by what a step can take.
  const auto inflow = [&](const double* m_here, const double* c_here, const double* m_there,
                          const double* c_there, std::size_t here, std::size_t there) {
    const double middle = 0.5 * (m_here[here] + m_there[there]);
    const double slope = c_here[here] - c_there[there];
    double flux = per_length * middle / (1.0 + middle) * slope;
    const double most = (slope > 0.0 ? m_there[there] : m_here[here]) / (4.0 * step_);
    if (flux > most) flux = most;
    if (flux < -most) flux = -most;
    return flux;
  };
  for_tasks(rows, k_work_per_ring_voxel * rows * columns, [&](std::size_t y) {
    const double* m = fields_.row(0, y);
    const double* c = fields_.row(1, y);
    double* m_source = fields_.source_row(0, y);
    double* c_source = fields_.source_row(1, y);
    double* d = destroyed_.data() + y * columns;
    for (std::size_t x = 0; x < columns; ++x) {
      double gain = m[x] * (1.0 - m[x]);
      if (x > 0) gain += inflow(m, c, m, c, x, x - 1);
      if (x + 1 < columns) gain += inflow(m, c, m, c, x, x + 1);
      if (y > 0) gain += inflow(m, c, fields_.row(0, y - 1), fields_.row(1, y - 1), x, x);
      if (y + 1 < rows) gain += inflow(m, c, fields_.row(0, y + 1), fields_.row(1, y + 1), x, x);
      m_source[x] = gain;
      const double rate = k_.r * m[x] * m[x] / (1.0 + m[x]);
      d[x] = 1.0 - (1.0 - d[x]) * math::exp(-rate * step_);
      c_source[x] = (k_.delta * d[x] + k_.beta * m[x]) / k_.tau;
    }
  });
  fields_.step();
}

}  // namespace hortega::lesion
