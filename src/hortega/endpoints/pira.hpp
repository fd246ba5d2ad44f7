// SPDX-License-Identifier: Apache-2.0
// Progression independent of relapse activity (PIRA), relapse-associated worsening (RAW): docs/endpoints.md.
#pragma once

#include <array>

#include "hortega/endpoints/worsening.hpp"

namespace hortega::endpoints {

/// A change is PIRA, RAW, or neither; it cannot be both (PIRA is asked first).
/// Where the definition re-baselines after relapses, RAW is sought from the baseline kept across them.
enum class WorseningClass : std::uint8_t { pira, raw, neither };

enum class Anchor : std::uint8_t { reference, preceding, event, confirmation };
/// Days from `first` + first_offset to `last` + last_offset, both included, that may hold no relapse onset.
struct RelapseFreeInterval {
  Anchor first = Anchor::event;
  int first_offset_days = 0;
  Anchor last = Anchor::event;
  int last_offset_days = 0;
};

struct PiraOptions {
  WorseningOptions worsening;  ///< baseline scheme included
  std::array<RelapseFreeInterval, 2> relapse_free{};
  std::size_t relapse_free_count = 0;
  int association_days = 90;  ///< RAW: onset at most so long after a relapse onset
};

enum class PiraPreset : std::uint8_t {
  muller2023,
  muller2023_spec,
  kappos2020,
  cagol2022,
  muller2025,
  msoutcomes
};
struct PiraPresetInfo {
  PiraPreset preset;
  std::string_view name;
  std::string_view source;
  PiraOptions options;
};
std::span<const PiraPresetInfo> pira_presets();
const PiraPresetInfo& pira_preset(PiraPreset preset);
const PiraPresetInfo* find_pira_preset(std::string_view name);  ///< nullptr if unknown

WorseningClass classify(const PersonRecord& person, const ConfirmedChange& change,
                        const PiraOptions& options);

struct ClassifiedEvents {
  TimeToEvent first_pira;
  TimeToEvent first_raw;
  int pira = 0, raw = 0, neither = 0;
};
/// First PIRA and first RAW among all confirmed worsenings, and how many of each.
ClassifiedEvents pira_and_raw(const PersonRecord& person, const PiraOptions& options);

std::string definition(const PiraOptions& options);

}  // namespace hortega::endpoints
