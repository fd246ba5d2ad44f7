// SPDX-License-Identifier: Apache-2.0
// Deflate (RFC 1951) with fixed codes and hash chains: films of a hundred frames keep a report small enough
// to mail.
#include "hortega/output/deflate.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hortega::output {
namespace {

constexpr std::size_t k_shortest = 3;
constexpr std::size_t k_longest = 258;
constexpr std::size_t k_window = 32768;
constexpr int k_tries = 64;  // of earlier places with the same three bytes; more hardly shrinks a picture

// RFC 1951, 3.2.5: smallest length (codes 257 on) and distance (codes 0 on) of each code; the bits that
// follow a code tell how far above it.
constexpr std::array<std::uint16_t, 29> k_length_base = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                         15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                         67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<std::uint8_t, 29> k_length_bits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                        2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<std::uint16_t, 30> k_distance_base = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<std::uint8_t, 30> k_distance_bits = {
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

class Bits {
 public:
  explicit Bits(std::string& out) : out_(out) {}
  /// Lowest bit first.
  void put(std::uint32_t value, unsigned count) {
    held_ |= static_cast<std::uint64_t>(value) << filled_;
    for (filled_ += count; filled_ >= 8; filled_ -= 8, held_ >>= 8) out_ += static_cast<char>(held_ & 0xFFU);
  }
  /// Highest bit first, as codes are written.
  void put_code(std::uint32_t code, unsigned count) {
    for (unsigned k = count; k-- > 0;) put((code >> k) & 1U, 1);
  }
  void finish() {
    if (filled_ > 0) put(0, 8 - filled_);
  }

 private:
  std::string& out_;
  std::uint64_t held_ = 0;
  unsigned filled_ = 0;
};

/// RFC 1951, 3.2.6.
void put_symbol(Bits& bits, std::uint32_t symbol) {
  if (symbol < 144) {
    bits.put_code(0x30U + symbol, 8);
  } else if (symbol < 256) {
    bits.put_code(0x190U + symbol - 144U, 9);
  } else if (symbol < 280) {
    bits.put_code(symbol - 256U, 7);
  } else {
    bits.put_code(0xC0U + symbol - 280U, 8);
  }
}

template <std::size_t N>
std::size_t code_of(const std::array<std::uint16_t, N>& base, std::size_t value) {
  return static_cast<std::size_t>(std::upper_bound(base.begin(), base.end(), value) - base.begin()) - 1;
}

void put_repeat(Bits& bits, std::size_t length, std::size_t distance) {
  const std::size_t l = code_of(k_length_base, length);
  put_symbol(bits, static_cast<std::uint32_t>(257 + l));
  bits.put(static_cast<std::uint32_t>(length - k_length_base[l]), k_length_bits[l]);
  const std::size_t d = code_of(k_distance_base, distance);
  bits.put_code(static_cast<std::uint32_t>(d), 5);
  bits.put(static_cast<std::uint32_t>(distance - k_distance_base[d]), k_distance_bits[d]);
}

/// Earlier places by the three bytes that begin there.
class Places {
 public:
  explicit Places(std::string_view bytes)
      : bytes_(bytes), last_(k_buckets, k_none), before_(bytes.size(), k_none) {}

  void note(std::size_t at) {
    if (at + k_shortest > bytes_.size()) return;
    std::size_t& last = last_[bucket(at)];
    before_[at] = last;
    last = at;
  }

  struct Repeat {
    std::size_t length = 0;
    std::size_t distance = 0;
  };
  Repeat longest(std::size_t at) const {
    Repeat best;
    const std::size_t most = std::min(k_longest, bytes_.size() - at);
    if (most < k_shortest) return best;
    std::size_t from = last_[bucket(at)];
    for (int k = 0; k < k_tries && from != k_none && at - from <= k_window; ++k, from = before_[from]) {
      std::size_t n = 0;
      while (n < most && bytes_[from + n] == bytes_[at + n]) ++n;
      if (n > best.length) best = {n, at - from};
      if (n == most) break;
    }
    return best.length < k_shortest ? Repeat{} : best;
  }

 private:
  static constexpr std::size_t k_buckets = std::size_t{1} << 15;
  static constexpr std::size_t k_none = ~std::size_t{0};
  std::size_t bucket(std::size_t at) const {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < k_shortest; ++k)
      three = (three << 8) | static_cast<unsigned char>(bytes_[at + k]);
    return (three * 2654435761U) >> 17;  // Knuth's multiplicative hash
  }
  std::string_view bytes_;
  std::vector<std::size_t> last_;
  std::vector<std::size_t> before_;
};

std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t a = 1, b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<unsigned char>(byte)) % 65521U;
    b = (b + a) % 65521U;
  }
  return (b << 16) | a;
}

}  // namespace

std::string zlib_stream(std::string_view bytes) {
  std::string out("\x78\x01", 2);
  Bits bits(out);
  bits.put(1, 1);  // the last block
  bits.put(1, 2);  // fixed codes
  Places places(bytes);
  for (std::size_t at = 0; at < bytes.size();) {
    const Places::Repeat repeat = places.longest(at);
    const std::size_t n = std::max<std::size_t>(1, repeat.length);
    if (repeat.length == 0) {
      put_symbol(bits, static_cast<unsigned char>(bytes[at]));
    } else {
      put_repeat(bits, repeat.length, repeat.distance);
    }
    for (std::size_t k = 0; k < n; ++k) places.note(at + k);
    at += n;
  }
  constexpr std::uint32_t k_end = 256;
  put_symbol(bits, k_end);
  bits.finish();
  const std::uint32_t sum = adler32(bytes);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((sum >> shift) & 0xFFU);
  return out;
}

}  // namespace hortega::output
