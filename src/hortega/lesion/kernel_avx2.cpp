// SPDX-License-Identifier: Apache-2.0
//
// The kernel for AVX2. Nothing but these instantiations may stand here (docs/numerics.md).
#include "hortega/lesion/kernel_impl.hpp"

namespace hortega::lesion::kernel {

using Four = core::Lanes<xsimd::avx2>;
void solve_rows_avx2(const LineFactors& f, const RowTask& task, double* scratch) {
  solve_rows_as<Four>(f, task, scratch);
}
void solve_columns_avx2(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns) {
  solve_columns_as<Four>(f, u, line_stride, columns);
}
void explicit_step_avx2(const StencilTask& task) { explicit_step_as<Four>(task); }

}  // namespace hortega::lesion::kernel
