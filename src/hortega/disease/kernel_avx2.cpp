// SPDX-License-Identifier: Apache-2.0
//
// The kernel for AVX2 (four people). Nothing but these instantiations may stand here (docs/numerics.md).
#include "hortega/disease/kernel_impl.hpp"

namespace hortega::disease::kernel {

using Four = core::Lanes<xsimd::avx2>;
void advance_block_avx2(const Rates& r, Block& block, int days, Events& events) {
  advance_block<Four>(r, block, days, events);
}
void observe_block_avx2(const Rates& r, const Block& block, RaterNoise noise, const double* grade_shift,
                        Observation& out) {
  observe_block<Four>(r, block, noise, grade_shift, out);
}
}  // namespace hortega::disease::kernel
