// SPDX-License-Identifier: Apache-2.0
//
// The kernel for AVX512. Nothing but these instantiations may stand here (docs/numerics.md).
#include "hortega/lesion/kernel_impl.hpp"

namespace hortega::lesion::kernel {

using Eight = core::Lanes<xsimd::avx512bw>;
void solve_rows_avx512(const LineFactors& f, const RowTask& task, double* scratch) {
  solve_rows_as<Eight>(f, task, scratch);
}
void solve_columns_avx512(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns) {
  solve_columns_as<Eight>(f, u, line_stride, columns);
}
void explicit_step_avx512(const StencilTask& task) { explicit_step_as<Eight>(task); }

}  // namespace hortega::lesion::kernel
