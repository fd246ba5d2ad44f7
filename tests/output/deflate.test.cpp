// SPDX-License-Identifier: Apache-2.0
// Streams against zlib with its strategy of fixed codes, and that repeats are found as near and as far as
// they may be; that whole pictures unpack again is shown by tests/program/axon_test.py and lesion_test.py.
#include "hortega/output/deflate.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace hortega::output {
namespace {

std::string hex(const std::string& bytes) {
  static constexpr char k_digits[] = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out += k_digits[static_cast<unsigned char>(byte) >> 4];
    out += k_digits[static_cast<unsigned char>(byte) & 15];
  }
  return out;
}

TEST(Deflate, SameBytesAsZlibWhereNothingRepeats) {
  // Python 3.11: c = zlib.compressobj(1, 8, 15, 8, zlib.Z_FIXED); (c.compress(bytes) + c.flush()).hex()
  EXPECT_EQ(hex(zlib_stream("")), "7801030000000001");
  EXPECT_EQ(hex(zlib_stream("a")), "78014b040000620062");
  EXPECT_EQ(hex(zlib_stream(std::string("\xff\x90\x8f\x00", 4))), "7801fb3fa19f010006ce021f");
}

TEST(Deflate, RepeatsAreWrittenOnce) {
  // Each unpacked with zlib.decompress of Python 3.11: ten times "a", four times "abc".
  EXPECT_EQ(hex(zlib_stream("aaaaaaaaaa")), "78014b84030014e103cb");
  EXPECT_EQ(hex(zlib_stream("abcabcabcabc")), "78014b4c4a8623001de00499");
}

TEST(Deflate, RepeatsReachBackAsFarAsTheWindowAndNoFarther) {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 32769; ++i) {
    state = state * 1664525U + 1013904223U;  // Numerical Recipes' generator
    noise += static_cast<char>(state >> 24);
  }
  const std::string window = noise.substr(0, 32768);
  const std::size_t once = zlib_stream(window).size();
  EXPECT_LT(zlib_stream(window + window).size(), once + 600);  // 128 repeats of 258 bytes, each below 32 bits
  EXPECT_GT(zlib_stream(noise + noise).size(), 2 * once - 1000);
}

}  // namespace
}  // namespace hortega::output
