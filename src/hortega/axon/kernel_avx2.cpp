// SPDX-License-Identifier: Apache-2.0
//
// The kernel for AVX2 (four values side by side). Nothing but this instantiation may stand here
// (docs/numerics.md).
#include "hortega/axon/kernel_impl.hpp"

namespace hortega::axon::kernel {

using Four = core::Lanes<xsimd::avx2>;
void advance_block_avx2(Block& block) { advance_block<Four>(block); }

}  // namespace hortega::axon::kernel
