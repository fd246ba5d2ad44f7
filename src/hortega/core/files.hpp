// SPDX-License-Identifier: Apache-2.0
// Reading and writing files so that a failure leaves nothing half-written and says what the system said.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hortega::core {

/// The bytes of a file. Throws RunError with path and reason.
std::string read_file(const std::filesystem::path& path);

/// Writes `bytes` under a temporary name beside `path`, syncs and renames it: readers see the old file or the
/// new one. A device such as /dev/stdout or /dev/full is written directly. Throws RunError with path and
/// reason, and removes the temporary file.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Call once at start of a program: a write beyond `ulimit -f` or to a closed pipe then fails with an error
/// that write_file_atomically reports, where the system would otherwise kill the process (SIGXFSZ, SIGPIPE).
void ignore_write_signals();

/// A directory for outputs.
class OutputDirectory {
 public:
  /// Creates the directory and its parents. Throws RunError if a component is a regular file, or on any
  /// failure.
  explicit OutputDirectory(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  /// Writes DIR/relative atomically, creating folders below DIR. Throws RunError.
  void write(const std::filesystem::path& relative, std::string_view bytes) const;
  /// Full path of DIR/relative, its folder created: for libraries that write by themselves.
  std::filesystem::path prepare(const std::filesystem::path& relative) const;

 private:
  std::filesystem::path path_;
};

/// Rows of a CSV file (RFC 4180: quotes doubled, fields with comma, quote or line break quoted, CRLF avoided:
/// lines end with \n, which every reader takes). Call cell() for each column, then end_row().
class CsvWriter {
 public:
  explicit CsvWriter(const std::vector<std::string>& columns);

  CsvWriter& cell(std::string_view text);
  CsvWriter& cell(const char* text) { return cell(std::string_view(text)); }
  CsvWriter& cell(const std::string& text) { return cell(std::string_view(text)); }
  /// %.{digits}g; nan is written as an empty cell, infinities as Inf and -Inf.
  CsvWriter& cell(double value, int digits = 10);
  CsvWriter& cell(std::int64_t value);
  CsvWriter& cell(int value) { return cell(static_cast<std::int64_t>(value)); }
  CsvWriter& cell(std::size_t value) { return cell(static_cast<std::int64_t>(value)); }
  CsvWriter& empty() { return cell(std::string_view()); }
  /// Ends the row. Throws std::logic_error if the number of cells is not that of the columns.
  void end_row();

  const std::string& text() const { return text_; }

 private:
  void separate();

  std::size_t columns_;
  std::size_t cells_ = 0;
  std::string text_;
};

/// SHA-256 (FIPS 180-4), fed in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  void update(const void* data, std::size_t size);
  /// The digest of all bytes so far as 64 lower-case hexadecimal digits; more may be fed afterwards.
  std::string hex() const;

 private:
  void compress(const unsigned char* block);

  std::array<std::uint32_t, 8> state_;
  std::array<unsigned char, 64> buffer_{};
  std::uint64_t length_ = 0;
};

/// Digest of a byte string as 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// Digest of a file, read in pieces. Throws RunError.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace hortega::core
