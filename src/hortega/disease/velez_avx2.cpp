// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Velez de Mendizabal 2011, doi:10.1186/1752-0509-5-114
//
// The solver of the Velez model for AVX2. Compiled for that instruction set: nothing but the template.
#include "hortega/disease/velez_kernel.hpp"

namespace hortega::disease::velez {

template void simulate_block<core::Lanes<xsimd::avx2>>(Block&);

}  // namespace hortega::disease::velez
