// SPDX-License-Identifier: Apache-2.0
//
// The kernel for AVX-512 (eight values side by side). Nothing but this instantiation may stand here
// (docs/numerics.md).
#include "hortega/axon/kernel_impl.hpp"

namespace hortega::axon::kernel {

using Eight = core::Lanes<xsimd::avx512bw>;
void advance_block_avx512(Block& block) { advance_block<Eight>(block); }

}  // namespace hortega::axon::kernel
