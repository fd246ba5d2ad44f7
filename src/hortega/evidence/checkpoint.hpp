// SPDX-License-Identifier: Apache-2.0
// Finished replicates on disk, so that a run that was cut off can go on where it stopped.
//
// A file holds some replicates of one run: a magic word, the digest of everything that decides their results,
// the replicates (little-endian, lengths before lists), and the SHA-256 of all bytes before it. A file that
// is cut short, damaged or of another run is told apart from a good one; it is never taken in part.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/evidence/estimates.hpp"

namespace hortega::evidence {

/// The bytes of a file with these replicates. `digest` has 64 characters (core::sha256_hex).
std::string checkpoint_bytes(std::span<const ReplicateResult* const> results, std::string_view digest);

/// What a file gave: its replicates, or why it cannot be used.
struct Checkpoint {
  std::vector<ReplicateResult> results;
  std::string rejected;  ///< empty: the replicates can be used
};

/// Reads what checkpoint_bytes wrote.
Checkpoint parse_checkpoint(std::string_view bytes, std::string_view digest);

/// Writes a file under a temporary name and renames it. Throws core::RunError.
void write_checkpoint(const std::filesystem::path& path, std::span<const ReplicateResult* const> results,
                      std::string_view digest);

/// Reads a file; one that cannot be read is rejected like a damaged one.
Checkpoint read_checkpoint(const std::filesystem::path& path, std::string_view digest);

}  // namespace hortega::evidence
