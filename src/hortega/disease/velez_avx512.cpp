// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Velez de Mendizabal 2011, doi:10.1186/1752-0509-5-114
//
// The solver of the Velez model for AVX-512. Compiled for that instruction set: nothing but the template.
// GCC 12 takes the deliberately undefined register of its own intrinsics (_mm512_undefined_pd) for a mistake.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include "hortega/disease/velez_kernel.hpp"

namespace hortega::disease::velez {

template void simulate_block<core::Lanes<xsimd::avx512bw>>(Block&);

}  // namespace hortega::disease::velez
