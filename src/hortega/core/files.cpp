// SPDX-License-Identifier: Apache-2.0
// Files by POSIX calls, so that every failure keeps the system's reason.
#include "hortega/core/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <utility>

#include "hortega/core/problems.hpp"

namespace hortega::core {
namespace {

RunError file_error(const std::filesystem::path& path, std::string_view what, int reason) {
  return RunError(fmt::format("{}: {}: {}", path.string(), what, std::strerror(reason)));
}

/// An open file descriptor.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, mode_t mode = 0) {
    do {
      fd_ = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    } while (fd_ < 0 && errno == EINTR);
  }
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }
  /// 0, or the reason: some file systems tell a full disk only here.
  int close() {
    if (fd_ < 0) return 0;
    const int result = ::close(std::exchange(fd_, -1));
    return result == 0 || errno == EINTR ? 0 : errno;
  }

 private:
  int fd_ = -1;
};

/// Feeds the bytes of a file to `take` in pieces.
void read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take) {
  const Descriptor file(path, O_RDONLY);
  if (!file.ok()) throw file_error(path, "cannot be read", errno);
  std::string buffer(1 << 16, '\0');
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw file_error(path, "cannot be read", errno);
    if (got == 0) return;
    take(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
  }
}

/// 0, or the reason.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

/// A name beside `path` that no other process or thread uses.
std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> count{0};
  auto name = path;
  name.replace_filename(
      fmt::format(".{}.{}-{}.tmp", path.filename().string(), ::getpid(), count.fetch_add(1)));
  return name;
}

void sync_directory(const std::filesystem::path& directory) {
  // The rename survives a crash only once the directory is synced; a file system that cannot do it is no
  // error.
  const Descriptor folder(directory.empty() ? std::filesystem::path(".") : directory, O_RDONLY | O_DIRECTORY);
  if (folder.ok()) ::fsync(folder.get());
}

void make_directories(const std::filesystem::path& path) {
  std::filesystem::path sofar;
  for (const auto& part : path) {
    sofar /= part;
    struct stat status {};
    if (::stat(sofar.c_str(), &status) == 0) {
      if (S_ISDIR(status.st_mode)) continue;
      throw RunError(
          fmt::format("{}: cannot be created: {} is a file, not a directory", path.string(), sofar.string()));
    }
    if (::mkdir(sofar.c_str(), 0777) != 0 && errno != EEXIST)
      throw file_error(sofar, "cannot be created", errno);
  }
}

constexpr std::uint32_t rotate_right(std::uint32_t x, unsigned n) { return (x >> n) | (x << (32 - n)); }

// FIPS 180-4, 4.2.2: fractional parts of the cube roots of the first 64 primes.
constexpr std::array<std::uint32_t, 64> k_sha256_round{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::string bytes;
  read_pieces(path, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw file_error(path, "cannot be written", EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    // A device or pipe can't be renamed over.
    Descriptor device(path, O_WRONLY);
    if (!device.ok()) throw file_error(path, "cannot be written", errno);
    int reason = write_all(device.get(), bytes);
    if (const int closing = device.close(); reason == 0) reason = closing;
    if (reason != 0) throw file_error(path, "cannot be written", reason);
    return;
  }
  const auto temporary = temporary_beside(path);
  Descriptor file(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (!file.ok()) throw file_error(path, "cannot be written", errno);
  int reason = write_all(file.get(), bytes);
  if (reason == 0 && ::fsync(file.get()) != 0) reason = errno;
  if (const int closing = file.close(); reason == 0) reason = closing;
  if (reason == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) reason = errno;
  if (reason != 0) {
    ::unlink(temporary.c_str());
    throw file_error(path, "cannot be written", reason);
  }
  sync_directory(path.parent_path());
}

void ignore_write_signals() {
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

OutputDirectory::OutputDirectory(std::filesystem::path path) : path_(std::move(path)) {
  if (path_.empty()) throw RunError("the output directory has no name");
  make_directories(path_);
}

std::filesystem::path OutputDirectory::prepare(const std::filesystem::path& relative) const {
  auto full = path_ / relative;
  make_directories(full.parent_path());
  return full;
}

void OutputDirectory::write(const std::filesystem::path& relative, std::string_view bytes) const {
  write_file_atomically(prepare(relative), bytes);
}

CsvWriter::CsvWriter(const std::vector<std::string>& columns) : columns_(columns.size()) {
  for (const auto& column : columns) cell(column);
  end_row();
}

void CsvWriter::separate() {
  if (cells_++ > 0) text_ += ',';
}

CsvWriter& CsvWriter::cell(std::string_view text) {
  separate();
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    text_ += text;
    return *this;
  }
  text_ += '"';
  for (const char c : text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

CsvWriter& CsvWriter::cell(double value, int digits) {
  if (std::isnan(value)) return empty();
  if (std::isinf(value)) return cell(std::string_view(value > 0 ? "Inf" : "-Inf"));
  separate();
  text_ += fmt::format("{:.{}g}", value, digits);
  return *this;
}

CsvWriter& CsvWriter::cell(std::int64_t value) {
  separate();
  text_ += fmt::format("{}", value);
  return *this;
}

void CsvWriter::end_row() {
  if (cells_ != columns_) {
    throw std::logic_error(fmt::format("a CSV row of {} cells under {} columns", cells_, columns_));
  }
  cells_ = 0;
  text_ += '\n';
}

// FIPS 180-4, 5.3.3: fractional parts of the square roots of the first 8 primes.
Sha256::Sha256()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {
}

void Sha256::compress(const unsigned char* block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t t = 0; t < 16; ++t) {
    w[t] = static_cast<std::uint32_t>(block[4 * t]) << 24 |
           static_cast<std::uint32_t>(block[4 * t + 1]) << 16 |
           static_cast<std::uint32_t>(block[4 * t + 2]) << 8 | static_cast<std::uint32_t>(block[4 * t + 3]);
  }
  for (std::size_t t = 16; t < 64; ++t) {
    const std::uint32_t s0 = rotate_right(w[t - 15], 7) ^ rotate_right(w[t - 15], 18) ^ (w[t - 15] >> 3);
    const std::uint32_t s1 = rotate_right(w[t - 2], 17) ^ rotate_right(w[t - 2], 19) ^ (w[t - 2] >> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t t = 0; t < 64; ++t) {
    const std::uint32_t s1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
    const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + k_sha256_round[t] + w[t];
    const std::uint32_t s0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
    const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state_[i] += added[i];
}

void Sha256::update(std::string_view bytes) {
  auto used = static_cast<std::size_t>(length_ % buffer_.size());
  length_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t take = std::min(bytes.size(), buffer_.size() - used);
    std::memcpy(buffer_.data() + used, bytes.data(), take);
    bytes.remove_prefix(take);
    used += take;
    if (used == buffer_.size()) {
      compress(buffer_.data());
      used = 0;
    }
  }
}

void Sha256::update(const void* data, std::size_t size) {
  update(std::string_view(static_cast<const char*>(data), size));
}

std::string Sha256::hex() const {
  Sha256 last = *this;
  std::string padding(1, '\x80');
  padding.append((119 - length_ % 64) % 64, '\0');
  const std::uint64_t bits = length_ * 8;
  for (int shift = 56; shift >= 0; shift -= 8) padding += static_cast<char>(bits >> shift & 0xFF);
  last.update(padding);
  std::string text;
  for (const std::uint32_t word : last.state_) text += fmt::format("{:08x}", word);
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 sha;
  sha.update(bytes);
  return sha.hex();
}

std::string sha256_of_file(const std::filesystem::path& path) {
  Sha256 sha;
  read_pieces(path, [&](std::string_view piece) { sha.update(piece); });
  return sha.hex();
}

}  // namespace hortega::core
