// SPDX-License-Identifier: Apache-2.0
// Finished replicates on disk.
#include "hortega/evidence/checkpoint.hpp"

#include <cstdint>
#include <stdexcept>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/evidence/byte_stream.hpp"

namespace hortega::evidence {
namespace {

constexpr std::string_view k_magic = "HORTEGA replicates 4\n";
constexpr std::size_t k_digest_size = 64;

// The members of a replicate in the order of the file; `A` writes them or reads them.
template <class A, class Result>
void members(A& a, Result& r) {
  a.number(r.number);
  a.list(r.outcomes, [&a](auto& o) {
    a.number(o.value);
    a.number(o.p);
    a.number(o.n);
  });
  a.list(r.survival);
  a.list(r.at_risk);
  a.list(r.bands.cells, [&a](auto& c) {
    a.number(c.index);
    a.number(c.count);
  });
  a.list(r.bands.sum);
  a.list(r.bands.count);
  a.list(r.harms, [&a](auto& h) {
    a.text(h.term);
    a.number(h.arm);
    a.number(h.any);
    a.number(h.grade3);
    a.number(h.serious);
    a.number(h.death);
  });
  a.list(r.resources.cells, [&a](auto& c) {
    a.number(c.index);
    a.number(c.count);
  });
  a.list(r.resources.sum);
  a.list(r.resources.count);
  a.list(r.resources.not_priced, [&a](auto& drug) { a.text(drug); });
  a.list(r.cells.days, [&a](auto& c) {
    a.number(c.index);
    a.number(c.count);
  });
  a.list(r.cells.sum);
  a.list(r.model.sum);
  a.list(r.model.states);
  a.list(r.people);
  a.list(r.flow);
}

}  // namespace

std::string checkpoint_bytes(std::span<const ReplicateResult* const> results, std::string_view digest) {
  if (digest.size() != k_digest_size) throw std::invalid_argument("a digest has 64 characters");
  ByteWriter writer;
  writer.raw(k_magic);
  writer.raw(digest);
  writer.number(static_cast<std::uint64_t>(results.size()));
  for (const ReplicateResult* result : results) members(writer, *result);
  writer.raw(core::sha256_hex(writer.bytes()));
  return writer.take();
}

Checkpoint parse_checkpoint(std::string_view bytes, std::string_view digest) {
  Checkpoint out;
  const std::size_t head = k_magic.size() + k_digest_size;
  if (bytes.size() < head + k_digest_size || bytes.substr(0, k_magic.size()) != k_magic) {
    out.rejected = "it is cut short or no file of replicates";
    return out;
  }
  const std::string_view body = bytes.substr(0, bytes.size() - k_digest_size);
  if (core::sha256_hex(body) != bytes.substr(body.size())) {
    out.rejected = "it is cut short or damaged";
    return out;
  }
  if (body.substr(k_magic.size(), k_digest_size) != digest) {
    out.rejected = "it belongs to another protocol, other parameters or another version";
    return out;
  }
  try {
    ByteReader reader(body.substr(head));
    std::uint64_t count = 0;
    reader.number(count);
    for (std::uint64_t i = 0; i < count; ++i) members(reader, out.results.emplace_back());
    if (!reader.at_end()) throw CutShort();
  } catch (const CutShort&) {
    out.results.clear();
    out.rejected = "its lengths do not add up";
  }
  return out;
}

void write_checkpoint(const std::filesystem::path& path, std::span<const ReplicateResult* const> results,
                      std::string_view digest) {
  core::write_file_atomically(path, checkpoint_bytes(results, digest));
}

Checkpoint read_checkpoint(const std::filesystem::path& path, std::string_view digest) {
  try {
    return parse_checkpoint(core::read_file(path), digest);
  } catch (const core::RunError& error) {
    return {{}, error.what()};
  }
}

}  // namespace hortega::evidence
