// SPDX-License-Identifier: Apache-2.0
//
// Counter-based random numbers (Philox4x32-10; Salmon et al., SC11, doi:10.1145/2063384.2063405). A draw is a
// pure function of (seed, person, copy, purpose, day, index): a person meets the same luck under every
// therapy, and results depend on neither threads nor lanes nor order (docs/numerics.md).
//
//   key     = seed (64 bit)
//   counter = person, copy, purpose << 24 | day, index        (32 bit each; day below 2^24)
#pragma once

#include "hortega/core/lanes.hpp"
#include "hortega/core/math.hpp"

#include <array>
#include <cstdint>

namespace hortega::core {

/// What a draw is for. Values are part of the results: append, never renumber.
enum class Purpose : std::uint8_t {
  traits = 0,       // who the person is (drawn once, day 0)
  daily = 1,        // infection, lesion births, death, fading rims of one day
  infection = 2,    // size of an infection's stimulus and fever
  lesion = 3,       // attributes of a lesion; index = 4 * number within the day
  rater = 4,        // white noise of one visit
  fluctuation = 5,  // slow fluctuation of functional systems
  reporting = 6,    // is a subtle relapse noticed, does a person attend
  mri = 7,          // reading of one scan
  enrolment = 8,    // arm, accrual time, regimen drawn by weight
  dropout = 9,
  missed_visit = 10,
  response = 11,  // a person's response to a drug or a conditioning
  mobilisation = 12,
  aplasia = 13,  // daily course of a transplant
  harm = 14,
  selection = 15,     // which life of the pool, which moment of it
  conduct = 16,       // rater expectation and the like
  performance = 17,   // timed tests
  verification = 18,  // published models re-implemented
  test = 19,
  pregnancy = 20,
  rescue = 21,
  tissue = 22,              // cells and territories of a lesion; the step in place of the day
  product = 24,             // making of a cell product; number 23 is free
  allo_traits = 27,         // how a person takes a donor's cells
  allo_course = 28,         // what graft-versus-host disease does on a day
  progenitor_product = 29,  // making of progenitors; 24 to 26 are kept for other cell therapies
};

/// Identifies whose draws these are. `copy` is 0 for a life in the pool and 1 + replicate for a participant.
struct StreamKey {
  std::uint64_t seed = 0;
  std::uint32_t person = 0;
  std::uint32_t copy = 0;
};

/// Four words of Philox4x32-10.
using Words = std::array<std::uint32_t, 4>;

inline constexpr std::uint32_t k_philox_m0 = 0xD2511F53U;
inline constexpr std::uint32_t k_philox_m1 = 0xCD9E8D57U;
inline constexpr std::uint32_t k_philox_w0 = 0x9E3779B9U;
inline constexpr std::uint32_t k_philox_w1 = 0xBB67AE85U;

inline constexpr std::uint32_t purpose_and_day(Purpose purpose, std::uint32_t day) {
  return (static_cast<std::uint32_t>(purpose) << 24) | (day & 0x00FFFFFFU);
}

/// The generator itself: counter and key in, four words out.
inline Words philox(Words counter, std::uint64_t key) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = static_cast<std::uint64_t>(k_philox_m0) * counter[0];
    const std::uint64_t p1 = static_cast<std::uint64_t>(k_philox_m1) * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ k0, static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += k_philox_w0;
    k1 += k_philox_w1;
  }
  return counter;
}

inline Words draw(const StreamKey& key, Purpose purpose, std::uint32_t day, std::uint32_t index) {
  return philox({key.person, key.copy, purpose_and_day(purpose, day), index}, key.seed);
}

/// A word as a uniform in the open interval (0, 1); resolution 2^-32.
inline double to_uniform(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

/// Two words as a uniform in (0, 1) with 52 bits, for tails that matter.
inline double to_uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 20) | (low >> 12);
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

/// A short sequence of draws for one purpose of one person on one day. Each call of a sampler consumes one
/// word, so that adding a sampler at the end of a process shifts none before it.
class Draws {
 public:
  Draws(const StreamKey& key, Purpose purpose, std::uint32_t day, std::uint32_t first_index = 0)
      : key_(key), purpose_(purpose), day_(day), index_(first_index) {}

  double uniform() {
    if (used_ == 4) {
      words_ = draw(key_, purpose_, day_, index_++);
      used_ = 0;
    }
    return to_uniform(words_[used_++]);
  }
  double normal() { return math::normal_quantile(uniform()); }
  double exponential() { return -math::log(uniform()); }
  /// True with the probability given (never for 0, always for 1).
  bool happens(double probability) { return uniform() < probability; }

 private:
  StreamKey key_;
  Purpose purpose_;
  std::uint32_t day_;
  std::uint32_t index_;
  Words words_{};
  std::uint32_t used_ = 4;
};

/// Philox for the lanes of T at once: out[w][lane] are uniforms in (0, 1). Plain loops: the compiler
/// vectorises them. A template on T only so that each instruction set keeps its own copy (docs/numerics.md).
template <class T>
inline void draw_lanes(std::uint64_t seed, const std::uint32_t* person, const std::uint32_t* copy,
                       const std::uint32_t* purpose_day, std::uint32_t index, double (*out)[lane_width<T>]) {
  constexpr std::size_t width = lane_width<T>;
  std::uint32_t c0[width];
  std::uint32_t c1[width];
  std::uint32_t c2[width];
  std::uint32_t c3[width];
  for (std::size_t i = 0; i < width; ++i) {
    c0[i] = person[i];
    c1[i] = copy[i];
    c2[i] = purpose_day[i];
    c3[i] = index;
  }
  auto k0 = static_cast<std::uint32_t>(seed);
  auto k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < width; ++i) {
      const std::uint64_t p0 = static_cast<std::uint64_t>(k_philox_m0) * c0[i];
      const std::uint64_t p1 = static_cast<std::uint64_t>(k_philox_m1) * c2[i];
      c0[i] = static_cast<std::uint32_t>(p1 >> 32) ^ c1[i] ^ k0;
      c1[i] = static_cast<std::uint32_t>(p1);
      c2[i] = static_cast<std::uint32_t>(p0 >> 32) ^ c3[i] ^ k1;
      c3[i] = static_cast<std::uint32_t>(p0);
    }
    k0 += k_philox_w0;
    k1 += k_philox_w1;
  }
  // Through a signed conversion, which vectorises on every instruction set: w = (int)(w ^ 2^31) + 2^31.
  for (std::size_t i = 0; i < width; ++i) {
    out[0][i] =
        (static_cast<double>(static_cast<std::int32_t>(c0[i] ^ 0x80000000U)) + 2147483648.5) * 0x1p-32;
    out[1][i] =
        (static_cast<double>(static_cast<std::int32_t>(c1[i] ^ 0x80000000U)) + 2147483648.5) * 0x1p-32;
    out[2][i] =
        (static_cast<double>(static_cast<std::int32_t>(c2[i] ^ 0x80000000U)) + 2147483648.5) * 0x1p-32;
    out[3][i] =
        (static_cast<double>(static_cast<std::int32_t>(c3[i] ^ 0x80000000U)) + 2147483648.5) * 0x1p-32;
  }
}

namespace detail {

// Product of the low 32 bits of each 64-bit lane: one instruction everywhere, but none that xsimd offers.
inline xsimd::batch<std::uint64_t, xsimd::sse2> multiply_words(
    const xsimd::batch<std::uint64_t, xsimd::sse2>& a, const xsimd::batch<std::uint64_t, xsimd::sse2>& b) {
  return _mm_mul_epu32(a, b);
}
#ifdef __AVX2__
inline xsimd::batch<std::uint64_t, xsimd::avx2> multiply_words(
    const xsimd::batch<std::uint64_t, xsimd::avx2>& a, const xsimd::batch<std::uint64_t, xsimd::avx2>& b) {
  return _mm256_mul_epu32(a, b);
}
#endif
#ifdef __AVX512F__
inline xsimd::batch<std::uint64_t, xsimd::avx512bw> multiply_words(
    const xsimd::batch<std::uint64_t, xsimd::avx512bw>& a,
    const xsimd::batch<std::uint64_t, xsimd::avx512bw>& b) {
  return _mm512_mul_epu32(a, b);
}
#endif

}  // namespace detail

/// The same draws as numbers of type T (double or Lanes): u[word] holds each lane's uniform. In registers
/// throughout, so four times as fast as draw_lanes for the day loop.
template <class T>
inline void draw_uniforms(std::uint64_t seed, const std::uint32_t* person, const std::uint32_t* copy,
                          const std::uint32_t* purpose_day, std::uint32_t index, T (&u)[4]) {
  constexpr std::size_t width = lane_width<T>;
  if constexpr (width == 1) {
    const Words words = philox({*person, *copy, *purpose_day, index}, seed);
    for (std::size_t word = 0; word < 4; ++word) u[word] = to_uniform(words[word]);
  } else {
    // Words live in the low half of 64-bit lanes; what the upper half holds is ignored until the end.
    using Wide = xsimd::batch<std::uint64_t, typename T::arch_type>;
    std::uint64_t widened[3][width];
    for (std::size_t i = 0; i < width; ++i) widened[0][i] = person[i];
    for (std::size_t i = 0; i < width; ++i) widened[1][i] = copy[i];
    for (std::size_t i = 0; i < width; ++i) widened[2][i] = purpose_day[i];
    Wide c0 = Wide::load_unaligned(widened[0]);
    Wide c1 = Wide::load_unaligned(widened[1]);
    Wide c2 = Wide::load_unaligned(widened[2]);
    Wide c3(static_cast<std::uint64_t>(index));
    const Wide m0(static_cast<std::uint64_t>(k_philox_m0));
    const Wide m1(static_cast<std::uint64_t>(k_philox_m1));
    auto k0 = static_cast<std::uint32_t>(seed);
    auto k1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const Wide p0 = detail::multiply_words(m0, c0);
      const Wide p1 = detail::multiply_words(m1, c2);
      c0 = (p1 >> 32) ^ c1 ^ Wide(static_cast<std::uint64_t>(k0));
      c1 = p1;
      c2 = (p0 >> 32) ^ c3 ^ Wide(static_cast<std::uint64_t>(k1));
      c3 = p0;
      k0 += k_philox_w0;
      k1 += k_philox_w1;
    }
    // The word as the low bits of a double in [2^52, 2^53); subtracting 2^52 is exact.
    const auto uniform = [](const Wide& word) {
      const Wide bits = (word & Wide(0xFFFFFFFFULL)) | Wide(0x4330000000000000ULL);
      return (xsimd::bitwise_cast<T>(bits) - T(4503599627370496.0) + T(0.5)) * T(0x1p-32);
    };
    u[0] = uniform(c0);
    u[1] = uniform(c1);
    u[2] = uniform(c2);
    u[3] = uniform(c3);
  }
}

}  // namespace hortega::core
