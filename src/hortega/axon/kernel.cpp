// SPDX-License-Identifier: Apache-2.0
//
// Baseline kernels (plain double; two values by SSE2) and the choice between instruction sets at run time.
#include "hortega/axon/kernel.hpp"

#include <string>

#include "hortega/axon/kernel_impl.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::axon {

namespace kernel {
template void advance_block<double>(Block&);
template void advance_block<core::Lanes<xsimd::sse2>>(Block&);
// Defined in the files of their instruction sets.
void advance_block_avx2(Block&);
void advance_block_avx512(Block&);
}  // namespace kernel

namespace {

bool has(Isa isa) {
  switch (isa) {
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") != 0;
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
             __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0;
    default:
      return true;
  }
}

}  // namespace

std::string_view name_of(Isa isa) {
  constexpr std::string_view names[] = {"best", "one", "sse2", "avx2", "avx512"};
  return names[static_cast<std::size_t>(isa)];
}

std::vector<Isa> available_isas() {
  std::vector<Isa> all;
  for (const Isa isa : {Isa::one, Isa::sse2, Isa::avx2, Isa::avx512})
    if (has(isa)) all.push_back(isa);
  return all;
}

Isa resolve(Isa isa) {
  if (isa == Isa::best) return available_isas().back();
  if (!has(isa)) throw core::RunError("this processor has no " + std::string(name_of(isa)) + " instructions");
  return isa;
}

std::size_t lanes_of(Isa isa) {
  switch (resolve(isa)) {
    case Isa::sse2:
      return 2;
    case Isa::avx2:
      return 4;
    case Isa::avx512:
      return 8;
    default:
      return 1;
  }
}

void advance(kernel::Block& block, Isa isa) {
  switch (resolve(isa)) {
    case Isa::sse2:
      kernel::advance_block<core::Lanes<xsimd::sse2>>(block);
      return;
    case Isa::avx2:
      kernel::advance_block_avx2(block);
      return;
    case Isa::avx512:
      kernel::advance_block_avx512(block);
      return;
    default:
      kernel::advance_block<double>(block);
  }
}

}  // namespace hortega::axon
