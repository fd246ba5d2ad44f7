// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Pernice 2020, doi:10.1186/s12859-020-03823-9
//
// The reactions of the GreatMod net, stated once for both of its solvers: what each changes, which places its
// rate reads, and the rate itself (source: greatmod.hpp). Included by greatmod.cpp alone.
#pragma once

#include "hortega/disease/greatmod.hpp"

namespace hortega::disease::greatmod::net {

struct Change {
  Place place;
  int by;
};

// A reaction: what it changes, and the places its rate depends on.
struct Reaction {
  std::array<Change, 3> changes;
  std::size_t n_changes;
  std::uint32_t reads;
};

template <class... P>
constexpr std::uint32_t places(P... place) {
  return ((1U << static_cast<unsigned>(place)) | ...);
}

inline constexpr std::uint32_t k_cytokines_out = places(il10_out, il17_out, ifng_out);
inline constexpr std::uint32_t k_cytokines_in = places(il10_in, il17_in, ifng_in);

// Reaction numbers are positions in this list. Frequent reactions come first and reactions that depend on
// the same places sit together, because partial sums are kept for groups of eight.
enum ReactionId : std::uint8_t {
  // group 0
  nk_makes_il10,
  il10_out_consumed,
  nk_makes_ifng,
  ifng_out_consumed,
  nk_divides,
  nk_dies,
  nk_enters,
  nk_kills_teff,
  // group 1: effector cells outside
  teff_activation,
  memory_recall,
  antigen_killing,
  treg_kills_teff_out,
  teff_out_divides,
  memory_formation,
  teff_out_dies,
  teff_crosses,
  // group 2
  teff_out_makes_ifng,
  teff_out_makes_il17,
  treg_activation,
  il17_out_consumed,
  bbb_opens,
  bbb_closes,
  rest_teff_returns,
  rest_treg_returns,
  // group 3: regulatory cells outside, regulatory cells inside
  treg_out_divides,
  treg_out_dies,
  treg_crosses,
  treg_out_makes_il10,
  treg_in_divides,
  treg_in_dies,
  treg_in_makes_il10,
  treg_reactivation_in,
  // group 4: effector cells inside
  teff_in_divides,
  teff_in_dies,
  treg_kills_teff_in,
  teff_in_makes_ifng,
  teff_in_makes_il17,
  il10_in_consumed,
  il17_in_consumed,
  ifng_in_consumed,
  // group 5
  damage_odc5,
  damage_odc4,
  damage_odc3,
  damage_odc2,
  remyelination_odc2,
  remyelination_odc3,
  remyelination_odc4,
  reactivation_odc1,
  // group 6
  reactivation_odc2,
  reactivation_odc3,
  reactivation_odc4,
  reactivation_odc5,
  n_reactions
};

inline constexpr std::size_t k_group = 8;
inline constexpr std::size_t k_groups = (n_reactions + k_group - 1) / k_group;

constexpr Reaction reaction(ReactionId id) {
  const auto one = [](Place a, int by, std::uint32_t reads) {
    return Reaction{{{{a, by}, {a, 0}, {a, 0}}}, 1, reads};
  };
  const auto two = [](Place a, int by_a, Place b, int by_b, std::uint32_t reads) {
    return Reaction{{{{a, by_a}, {b, by_b}, {a, 0}}}, 2, reads};
  };
  const auto three = [](Place a, int by_a, Place b, int by_b, Place c, int by_c, std::uint32_t reads) {
    return Reaction{{{{a, by_a}, {b, by_b}, {c, by_c}}}, 3, reads};
  };
  switch (id) {
    case nk_makes_il10:
      return one(il10_out, 1, places(nk));
    case il10_out_consumed:
      return one(il10_out, -1, places(il10_out));
    case nk_makes_ifng:
      return one(ifng_out, 1, places(nk));
    case ifng_out_consumed:
      return one(ifng_out, -1, places(ifng_out));
    case nk_divides:
      return one(nk, 1, places(nk));
    case nk_dies:
      return one(nk, -1, places(nk));
    case nk_enters:
      return one(nk, 1, places(nk));
    case nk_kills_teff:
      return two(nk, -1, teff_out, -1, places(nk, teff_out));
    case teff_activation:
      return three(rest_teff, -1, teff_out, 1, rest_teff_temp, 1, places(rest_teff, antigen, ifng_out));
    case memory_recall:
      return two(memory, -1, teff_out, 1, places(memory, antigen, ifng_out));
    case antigen_killing:
      return two(antigen, -1, teff_out, -1, places(antigen, teff_out) | k_cytokines_out);
    case treg_kills_teff_out:
      return one(teff_out, -1, places(treg_out, teff_out, il10_out));
    case teff_out_divides:
      return one(teff_out, 1, places(teff_out));
    case memory_formation:
      return two(teff_out, -1, memory, 1, places(teff_out));
    case teff_out_dies:
      return one(teff_out, -1, places(teff_out));
    case teff_crosses:
      return two(teff_out, -1, rest_teff_in, 1, places(teff_out, bbb));
    case teff_out_makes_ifng:
      return one(ifng_out, 1, places(teff_out));
    case teff_out_makes_il17:
      return one(il17_out, 1, places(teff_out));
    case treg_activation:
      return three(rest_treg, -1, treg_out, 1, rest_treg_temp, 1, places(rest_treg, teff_out));
    case il17_out_consumed:
      return one(il17_out, -1, places(il17_out));
    case bbb_opens:
      return two(il17_out, -1, bbb, 1, places(il17_out));
    case bbb_closes:
      return two(il10_out, -1, bbb, -1, places(il10_out, bbb));
    case rest_teff_returns:
      return two(rest_teff_temp, -1, rest_teff, 1, places(rest_teff_temp));
    case rest_treg_returns:
      return two(rest_treg_temp, -1, rest_treg, 1, places(rest_treg_temp));
    case treg_out_divides:
      return one(treg_out, 1, places(treg_out));
    case treg_out_dies:
      return one(treg_out, -1, places(treg_out));
    case treg_crosses:
      return two(treg_out, -1, rest_treg_in, 1, places(treg_out, bbb));
    case treg_out_makes_il10:
      return one(il10_out, 1, places(treg_out));
    case treg_in_divides:
      return one(treg_in, 1, places(treg_in));
    case treg_in_dies:
      return one(treg_in, -1, places(treg_in));
    case treg_in_makes_il10:
      return one(il10_in, 1, places(treg_in));
    case treg_reactivation_in:
      return two(rest_treg_in, -1, treg_in, 1, places(rest_treg_in, teff_in));
    case teff_in_divides:
      return one(teff_in, 1, places(teff_in));
    case teff_in_dies:
      return one(teff_in, -1, places(teff_in));
    case treg_kills_teff_in:
      return one(teff_in, -1, places(treg_in, teff_in, il10_in));
    case teff_in_makes_ifng:
      return one(ifng_in, 1, places(teff_in));
    case teff_in_makes_il17:
      return one(il17_in, 1, places(teff_in));
    case il10_in_consumed:
      return one(il10_in, -1, places(il10_in));
    case il17_in_consumed:
      return one(il17_in, -1, places(il17_in));
    case ifng_in_consumed:
      return one(ifng_in, -1, places(ifng_in));
    case damage_odc5:
      return two(odc5, -1, odc4, 1, places(odc5, teff_in) | k_cytokines_in);
    case damage_odc4:
      return two(odc4, -1, odc3, 1, places(odc4, teff_in) | k_cytokines_in);
    case damage_odc3:
      return two(odc3, -1, odc2, 1, places(odc3, teff_in) | k_cytokines_in);
    case damage_odc2:
      return two(odc2, -1, odc1, 1, places(odc2, teff_in) | k_cytokines_in);
    case remyelination_odc2:
      return two(odc2, -1, odc3, 1, places(odc2));
    case remyelination_odc3:
      return two(odc3, -1, odc4, 1, places(odc3));
    case remyelination_odc4:
      return two(odc4, -1, odc5, 1, places(odc4));
    case reactivation_odc1:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc1, ifng_in));
    case reactivation_odc2:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc2, ifng_in));
    case reactivation_odc3:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc3, ifng_in));
    case reactivation_odc4:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc4, ifng_in));
    case reactivation_odc5:
      return two(rest_teff_in, -1, teff_in, 1, places(rest_teff_in, odc5, ifng_in));
    case n_reactions:
      break;
  }
  return Reaction{};
}

// q of their cpp/transition.cpp: how far pro-inflammatory cytokines outweigh IL-10 in a compartment.
inline double balance(double il10, double il17, double ifng, bool counts) {
  if (!counts) return 0.0;
  return 0.5 * (il17 + ifng - il10) / (il17 + ifng + il10);
}
inline bool balance_counts_out(const State& x) { return x[il17_out] + x[ifng_out] + x[il10_out] > 1.0; }
inline bool balance_counts_in(const State& x) { return x[il17_in] + x[ifng_in] + x[il10_in] >= 1.0; }

// Rate of one reaction per hour. `s` gives the signals (0/1 switches and saturating factors), which the two
// solvers evaluate differently. Inlined so that a constant `id` leaves one expression.
template <class Signals>
[[gnu::always_inline]] inline double rate(ReactionId id, const State& x, const Signals& s,
                                          const Parameters& p) {
  constexpr double third = 1.0 / 3.0;
  switch (id) {
    case nk_makes_il10:
      return p.nk_to_il10 * x[nk];
    case il10_out_consumed:
      return p.il10_consumption * x[il10_out];
    case nk_makes_ifng:
      return p.nk_to_ifng * x[nk];
    case ifng_out_consumed:
      return p.ifng_consumption * x[ifng_out];
    case nk_divides:
      return p.nk_division * x[nk];
    case nk_dies:
      return p.cell_death * x[nk];
    case nk_enters:
      return p.nk_entry * s.nk_deficit(x);
    case nk_kills_teff:
      return p.nk_kills_t * x[nk] * x[teff_out];
    case teff_activation:
      return s.antigen_present(x) * p.te_e * x[rest_teff] * s.ifng_factor_out(x);
    case memory_recall:
      return s.recall() * x[memory] * x[antigen] * s.ifng_factor_out(x);
    case antigen_killing:
      return p.tek_a * x[antigen] * x[teff_out] * (1.0 + s.balance_out(x));
    case treg_kills_teff_out:
      return p.trk_te * x[treg_out] * x[teff_out] * s.il10_factor_out(x);
    case teff_out_divides:
      return 2.0 * third * p.te2 * x[teff_out];
    case memory_formation:
      return third * p.te2 * x[teff_out];
    case teff_out_dies:
      return p.cell_death * x[teff_out];
    case teff_crosses:
      return p.pass_bbb_teff * x[teff_out] * x[bbb];
    case teff_out_makes_ifng:
      return p.teff_to_ifng * x[teff_out];
    case teff_out_makes_il17:
      return p.teff_to_il17 * x[teff_out];
    case treg_activation:
      return p.tr_e * x[rest_treg] * x[teff_out];
    case il17_out_consumed:
      return p.il17_consumption * x[il17_out];
    case bbb_opens:
      return p.il17_opens_bbb * x[il17_out];
    case bbb_closes:
      return p.il10_closes_bbb * x[il10_out] * x[bbb];
    case rest_teff_returns:
      return p.thymic_return_teff * x[rest_teff_temp];
    case rest_treg_returns:
      return p.thymic_return_treg * x[rest_treg_temp];
    case treg_out_divides:
      return p.tr2 * x[treg_out];
    case treg_out_dies:
      return p.cell_death * x[treg_out];
    case treg_crosses:
      return p.pass_bbb_treg * x[treg_out] * x[bbb];
    case treg_out_makes_il10:
      return p.treg_to_il10 * x[treg_out];
    case treg_in_divides:
      return p.tr2 * x[treg_in];
    case treg_in_dies:
      return p.cell_death * x[treg_in];
    case treg_in_makes_il10:
      return p.treg_to_il10 * x[treg_in];
    case treg_reactivation_in:
      return p.tr_e * x[rest_treg_in] * x[teff_in];
    case teff_in_divides:
      return 2.0 * third * p.te2 * x[teff_in];
    case teff_in_dies:
      return p.cell_death * x[teff_in];
    case treg_kills_teff_in:
      return p.trk_te * x[treg_in] * x[teff_in] * s.il10_factor_in(x);
    case teff_in_makes_ifng:
      return p.teff_to_ifng * x[teff_in];
    case teff_in_makes_il17:
      return p.teff_to_il17 * x[teff_in];
    case il10_in_consumed:
      return p.il10_consumption * x[il10_in];
    case il17_in_consumed:
      return p.il17_consumption * x[il17_in];
    case ifng_in_consumed:
      return p.ifng_consumption * x[ifng_in];
    case damage_odc5:
      return p.tek_odc * x[odc5] * x[teff_in] * (1.0 + s.balance_in(x));
    case damage_odc4:
      return p.tek_odc * x[odc4] * x[teff_in] * (1.0 + s.balance_in(x));
    case damage_odc3:
      return p.tek_odc * x[odc3] * x[teff_in] * (1.0 + s.balance_in(x));
    case damage_odc2:
      return p.tek_odc * x[odc2] * x[teff_in] * (1.0 + s.balance_in(x));
    case remyelination_odc2:
      return p.remyelination * x[odc2];
    case remyelination_odc3:
      return p.remyelination * x[odc3];
    case remyelination_odc4:
      return p.remyelination * x[odc4];
    case reactivation_odc1:
      return s.odc_present(x, odc1) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc2:
      return s.odc_present(x, odc2) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc3:
      return s.odc_present(x, odc3) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc4:
      return s.odc_present(x, odc4) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case reactivation_odc5:
      return s.odc_present(x, odc5) * p.te_e * x[rest_teff_in] * s.ifng_factor_in(x);
    case n_reactions:
      break;
  }
  return 0.0;
}

}  // namespace hortega::disease::greatmod::net
