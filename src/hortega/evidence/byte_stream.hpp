// SPDX-License-Identifier: Apache-2.0
// Numbers, texts and lists as bytes, for the files in which unfinished work is kept.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hortega::evidence {

/// Numbers little-endian, lengths before lists and texts.
class ByteWriter {
 public:
  template <std::unsigned_integral U>
  void number(U value) {
    for (std::size_t byte = 0; byte < sizeof(U); ++byte)
      bytes_ += static_cast<char>(static_cast<unsigned char>(value >> (8 * byte)));
  }
  void number(int value) { number(static_cast<std::uint32_t>(value)); }
  void number(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view value) {
    number(static_cast<std::uint64_t>(value.size()));
    bytes_ += value;
  }
  template <class T, class Item>
  void list(const std::vector<T>& values, Item item) {
    number(static_cast<std::uint64_t>(values.size()));
    for (const T& value : values) item(value);
  }
  template <class T>
  void list(const std::vector<T>& values) {
    list(values, [this](const T& value) { number(value); });
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  std::string take() { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Thrown by ByteReader at the end of the bytes; whoever reads turns it into a rejection.
struct CutShort {};

/// What ByteWriter wrote, in the same order.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral U>
  void number(U& value) {
    const std::string_view from = take(sizeof(U));
    value = 0;
    for (std::size_t byte = 0; byte < sizeof(U); ++byte) {
      const auto part = static_cast<U>(static_cast<unsigned char>(from[byte]));
      value = static_cast<U>(value | static_cast<U>(part << (8 * byte)));
    }
  }
  void number(int& value) {
    std::uint32_t word = 0;
    number(word);
    value = static_cast<int>(word);
  }
  void number(double& value) {
    std::uint64_t word = 0;
    number(word);
    value = std::bit_cast<double>(word);
  }
  void text(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    value = std::string(take(size));
  }
  template <class T, class Item>
  void list(std::vector<T>& values, Item item) {
    std::uint64_t size = 0;
    number(size);
    // Every item takes at least one byte: a length beyond the rest is no length.
    if (size > bytes_.size() - at_) throw CutShort();
    values.resize(size);
    for (T& value : values) item(value);
  }
  template <class T>
  void list(std::vector<T>& values) {
    list(values, [this](T& value) { number(value); });
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) throw CutShort();
    const std::string_view taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace hortega::evidence
