// SPDX-License-Identifier: Apache-2.0
//
// Small helpers that every course uses: a person's own response, blood levels, and clocks for harms with a
// hazard.
#pragma once

#include "hortega/core/math.hpp"
#include "hortega/core/parameters.hpp"
#include "hortega/therapy/course.hpp"
#include "hortega/therapy/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace hortega::therapy {

/// Which draws of a purpose are whose: numbers are part of the results, append only.
enum class Slot : std::uint32_t {
  natalizumab = 1,
  interferon = 2,
  glatiramer = 3,
  dimethyl_fumarate = 4,
  fingolimod = 5,
  siponimod = 6,
  anti_cd20 = 7,
  alemtuzumab = 8,
  mitoxantrone = 9,
  steroid = 10,
  transplant = 11,
  none = 12,
  allogeneic_transplant = 27,
  teriflunomide = 30,
  cladribine = 31,
  ofatumumab = 32,
  rituximab = 33,
  cyclophosphamide = 34,
  clemastine = 35,
  graft_protection = 36,
  progenitors = 40,
  mesenchymal = 20,
};
/// Of a therapy that comes with a file of its own (registry.hpp): from its kind, beyond those above.
constexpr Slot slot_of(std::string_view kind) {
  std::uint32_t hash = 2166136261U;                                                     // not biology: FNV-1a
  for (const char c : kind) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;  // not biology: FNV-1a
  return static_cast<Slot>(256U + hash % 65521U);  // not biology: far beyond the list, a prime's range
}
inline constexpr std::uint32_t k_slot_width = 64;  // draw indices per slot
inline std::uint32_t slot_index(Slot slot, std::uint32_t number = 0) {
  return static_cast<std::uint32_t>(slot) * k_slot_width + number;
}

/// A person's own response to a kind of therapy, standard normal: the same each time that they meet it.
inline double response_of(const Patient& patient, Slot slot, std::uint32_t number = 0) {
  return core::Draws(patient.key, core::Purpose::response, 0, slot_index(slot, number)).normal();
}

/// value * exp(spread * z), kept in [low, high].
inline double personal(const core::Parameter& p, double z, double low, double high) {
  return std::clamp(p.value * math::exp(p.spread * z), low, high);
}

/// T cells in the body relative to an untreated person of 30 (the disease's own weights).
inline double t_level(const Patient& patient) {
  const double naive = patient.parameters->naive_count_share.value;
  return naive * patient.state.naive() + (1.0 - naive) * patient.state.bulk_memory();
}
inline double b_level(const Patient& patient) {
  return 0.5 * (patient.state.naive_b() + patient.state.memory_b());
}

/// Infections of somebody whose plasma cells, and serum IgG with them, have fallen, over those of somebody
/// with all of them.
inline double antibody_factor(const Patient& patient) {
  return 1.0 +
         patient.parameters->infection_by_antibody_loss.value * std::max(0.0, 1.0 - patient.state.plasma());
}

/// Lymphocytes missing from the blood, 0 (none) to 1 (all).
inline double lymphopenia(const Patient& patient, double lymphocytes_seen) {
  return std::clamp(1.0 - t_level(patient) * lymphocytes_seen, 0.0, 1.0);
}

/// Lymphocytes that a drug keeps from being activated count as missing ones (nothing blocked: the same
/// number).
inline double functional_lymphopenia(double missing, double blocked) {
  return blocked > 0.0 ? 1.0 - (1.0 - missing) * (1.0 - blocked) : missing;
}

/// Lymphopenia raises community infections (therapy.toml, community_by_lymphopenia).
inline double community_factor(const Parameters& p, double missing) {
  return 1.0 + p.community_by_lymphopenia.value * missing;
}

/// Hazard of serious infection per year: a base rate raised by missing lymphocytes and missing B cells.
inline double serious_infection_per_year(const Parameters& p, double missing, double b) {
  return p.serious_infection_rate.value *
         math::exp(p.infection_by_lymphopenia.value * missing +
                   p.infection_by_b_depletion.value * std::clamp(1.0 - b, 0.0, 1.0));
}

/// Candidate days of a harm whose hazard never exceeds a maximum; at a candidate the harm happens with the
/// share that the hazard of the day has of the maximum (thinning). So nothing needs to be asked between
/// candidates.
class HarmClock {
 public:
  HarmClock() = default;
  explicit HarmClock(std::uint32_t index) : index_(index) {}
  void start(int day, double maximum_per_year, const core::StreamKey& key) {
    maximum_ = maximum_per_year;
    draw_next(day, key);
  }
  void stop() { due_ = k_never; }
  int due() const { return due_; }
  /// Call on due(): true if the harm happens today. Draws the next candidate.
  bool happens(int day, double hazard_per_year, const core::StreamKey& key) {
    core::Draws d(key, core::Purpose::harm, static_cast<std::uint32_t>(day), index_);
    d.uniform();  // the first word is the gap's
    const bool yes = d.happens(hazard_per_year / maximum_);
    draw_next(day, key);
    return yes;
  }

 private:
  void draw_next(int day, const core::StreamKey& key) {
    core::Draws d(key, core::Purpose::harm, static_cast<std::uint32_t>(day), index_);
    const double gap = maximum_ > 0.0 ? d.exponential() * 365.25 / maximum_ : 1e9;
    due_ = gap > 1e6 ? k_never : day + 1 + static_cast<int>(gap);
  }
  std::uint32_t index_ = 0;
  double maximum_ = 0.0;
  int due_ = k_never;
};

/// True with the probability given, drawn for a day and number of a slot.
inline bool harm_happens(const Patient& patient, int day, Slot slot, std::uint32_t number,
                         double probability) {
  return core::Draws(patient.key, core::Purpose::harm, static_cast<std::uint32_t>(day),
                     slot_index(slot, number))
      .happens(probability);
}

}  // namespace hortega::therapy
