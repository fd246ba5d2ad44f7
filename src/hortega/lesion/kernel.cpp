// SPDX-License-Identifier: Apache-2.0
//
// Baseline loops of the field solver, and the choice between instruction sets at run time.
#include "hortega/lesion/kernel.hpp"

#include <atomic>
#include <string>

#include "hortega/core/problems.hpp"
#include "hortega/lesion/kernel_impl.hpp"

namespace hortega::lesion::kernel {

// Defined in the files of their instruction sets.
void solve_rows_avx2(const LineFactors& f, const RowTask& task, double* scratch);
void solve_columns_avx2(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns);
void explicit_step_avx2(const StencilTask& task);
void solve_rows_avx512(const LineFactors& f, const RowTask& task, double* scratch);
void solve_columns_avx512(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns);
void explicit_step_avx512(const StencilTask& task);

namespace {

using Two = core::Lanes<xsimd::sse2>;

struct Functions {
  void (*rows)(const LineFactors&, const RowTask&, double*);
  void (*columns)(const LineFactors&, double*, std::size_t, std::size_t);
  void (*explicit_step)(const StencilTask&);
};

constexpr Functions k_functions[] = {
    {&solve_rows_as<double>, &solve_columns_as<double>, &explicit_step_as<double>},
    {&solve_rows_as<Two>, &solve_columns_as<Two>, &explicit_step_as<Two>},
    {&solve_rows_avx2, &solve_columns_avx2, &explicit_step_avx2},
    {&solve_rows_avx512, &solve_columns_avx512, &explicit_step_avx512}};

bool has(Isa isa) {
  switch (isa) {
    case Isa::one:
    case Isa::sse2:
      return true;
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") != 0;
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
             __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  }
  return false;
}

std::atomic<int> chosen{-1};

const Functions& functions() { return k_functions[static_cast<std::size_t>(current_isa())]; }

}  // namespace

std::string_view name_of(Isa isa) {
  constexpr std::string_view names[] = {"one", "sse2", "avx2", "avx512"};
  return names[static_cast<std::size_t>(isa)];
}

std::vector<Isa> available_isas() {
  std::vector<Isa> all;
  for (const Isa isa : {Isa::one, Isa::sse2, Isa::avx2, Isa::avx512}) {
    if (has(isa)) all.push_back(isa);
  }
  return all;
}

Isa current_isa() {
  if (chosen < 0) chosen = static_cast<int>(available_isas().back());
  return static_cast<Isa>(chosen.load());
}

void choose_isa(Isa isa) {
  if (!has(isa)) {
    throw core::RunError("this processor has no " + std::string(name_of(isa)) + " instructions");
  }
  chosen = static_cast<int>(isa);
}

LineFactors factorise(std::size_t points, double a) {
  LineFactors f;
  f.a = a;
  f.pivot.resize(points);
  f.back.resize(points);
  double before = 0.0;  // back[i - 1]
  for (std::size_t i = 0; i < points; ++i) {
    const double ends = (i == 0 ? 1.0 : 0.0) + (i + 1 == points ? 1.0 : 0.0);
    const double diagonal = 1.0 + (2.0 - ends) * a;
    f.pivot[i] = 1.0 / (diagonal - a * before);
    f.back[i] = i + 1 == points ? 0.0 : a * f.pivot[i];
    before = f.back[i];
  }
  return f;
}

void solve_rows(const LineFactors& f, const RowTask& task, double* scratch) {
  functions().rows(f, task, scratch);
}
void solve_columns(const LineFactors& f, double* u, std::size_t line_stride, std::size_t columns) {
  functions().columns(f, u, line_stride, columns);
}
void explicit_step(const StencilTask& task) { functions().explicit_step(task); }

}  // namespace hortega::lesion::kernel
