// SPDX-License-Identifier: Apache-2.0
//
// One person's state, traits and levers, as templates over the number type, and the block of eight people in
// which they are kept. Cell pools are relative to an untreated person of 30 years; tissue fractions are of a
// system's fibres.
#pragma once

#include "hortega/disease/systems.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hortega::disease {

// clang-format off
// X(name): one number;  X7(name): one number per functional system.
#define HORTEGA_STATE(X, X7) \
  X(age_year)            /* age */ \
  X(naive)               /* naive T cells */ \
  X(naive_reactive)      /* the CNS-reactive part of the naive repertoire */ \
  X(repertoire)          /* share of CNS-reactive clones in new thymic output (1 untreated) */ \
  X(thymic_rebound)      /* extra thymic output after depletion */ \
  X(bulk_memory)         /* memory T cells of any specificity */ \
  X(memory)              /* CNS-reactive memory T cells: the reservoir that relapse returns from */ \
  X(effector)            /* circulating CNS-reactive effector T cells (Th1/Th17) */ \
  X(treg)                /* regulatory T cells */ \
  X(memory_b)            /* memory B cells */ \
  X(naive_b)             /* naive B cells */ \
  X(ebv)                 /* memory B cells that carry Epstein-Barr virus */ \
  X(plasma)              /* long-lived plasma cells; serum IgG follows them */ \
  X(stimulus)            /* bystander help by infections */ \
  X(cytokines)           /* pro- over anti-inflammatory cytokine tone */ \
  X(barrier)             /* opening of the blood-brain barrier to effector cells */ \
  X(fever)               /* body temperature above normal, K */ \
  X(season_cos) X(season_sin) /* phase of the year */ \
  X(resident)            /* tissue-resident memory in the CNS */ \
  X(compartment)         /* compartmentalised inflammation behind a closed barrier */ \
  X(activity)            /* recent focal activity; 1 = the reference number of births a year */ \
  X(microglia)           /* smouldering microglial activation */ \
  X(f_thymus) X(f_compartment) X(f_remyelination) X(f_axon_loss) /* age factors */ \
  X(enhancing)           /* lesions that enhance today */ \
  X(lesions)             /* lesions born since onset */ \
  X(t2_seen)             /* of these, seen as new T2 lesions on a later scan */ \
  X(t2_volume_ml)        /* T2 lesion volume */ \
  X(t1_seen)             /* of the lesions seen, those that stay hypointense on T1 (black holes) */ \
  X(t1_part)             /* part of the T2 volume that is hypointense on T1 */ \
  X(rims)                /* of the lesions seen, those that keep an iron rim today */ \
  X(rim_part)            /* part of the T2 volume that is theirs */ \
  X(brain_loss_percent)  /* brain volume lost since onset, without oedema */ \
  X(toxic_volume)        /* toxic volume loss still to come, percent */ \
  X(nfl)                 /* neurofilament from axon loss, above baseline */ \
  X(death_hazard)        /* per day, set at quarterly reviews from age, sex and EDSS */ \
  X7(blocked) X7(bare) X7(remyelinated) X7(lost) \
  X7(stays_bare)         /* of the blocked fibres, those not remyelinated when the block resolves */ \
  X7(oligodendrocytes)   /* of a healthy system's */ \
  X7(progenitors)        /* oligodendrocyte progenitors, of a healthy system's */ \
  X7(debris)             /* share of the system's fibres among uncleared myelin debris */

#define HORTEGA_TRAITS(X) \
  X(lesion_propensity) X(compartment_propensity) X(axon_vulnerability) X(remyelination_capacity) X(reserve) \
  X(lesion_size) X(silent_share) X(infection_factor) X(clone_threshold)

#define HORTEGA_LEVERS(X, D) \
  X(entry, 1)              /* factor on entry of effector cells into the CNS */ \
  X(egress, 1)             /* factor on effector cells that leave lymph nodes */ \
  X(activation, 1)         /* factor on activation in lymph nodes */ \
  X(lymphocytes_seen, 1)   /* factor on the blood lymphocyte count (sequestration) */ \
  X(kill_t, 0)             /* extra death of all T pools, 1/d */ \
  X(kill_b, 0)             /* extra death of B cells, 1/d */ \
  X(treg_gain, 0)          /* addition to the set point of regulatory cells */ \
  X(microglia, 1)          /* factor on microglial drive */ \
  X(barrier_seal, 1)       /* factor on barrier opening and oedema (steroids) */ \
  X(trophic, 1)            /* factor on slow axon loss */ \
  X(remyelination, 1)      /* factor on late remyelination */ \
  X(recovery, 1)           /* factor on the rate at which blocked fibres recover */ \
  X(toxic_axon, 0)         /* extra axon loss, 1/d */ \
  X(toxic_volume, 0)       /* extra brain volume loss, percent/d */ \
  X(neutrophils, 1)        /* factor on the neutrophil count */ \
  X(platelets, 1)          /* factor on the platelet count */ \
  X(infection, 1)          /* factor on the rate of community infections */ \
  X(death, 0)              /* extra hazard of death, 1/d */ \
  X(grafted, 0)            /* myelinating cells of a graft, of a healthy system's own */
// clang-format on

#define HORTEGA_MEMBER(name) T name;
#define HORTEGA_MEMBER7(name) T name[k_systems];
#define HORTEGA_MEMBER_DEFAULT(name, def) T name;

template <class T>
struct State {
  HORTEGA_STATE(HORTEGA_MEMBER, HORTEGA_MEMBER7)
};

template <class T>
struct Traits {
  HORTEGA_TRAITS(HORTEGA_MEMBER)
};

/// The only door for a therapy (CONTRIBUTING.md, rule 1). Continuous strengths; one-off actions are a Pulse.
template <class T>
struct Levers {
  HORTEGA_LEVERS(HORTEGA_MEMBER_DEFAULT, 0)
};

#undef HORTEGA_MEMBER
#undef HORTEGA_MEMBER7
#undef HORTEGA_MEMBER_DEFAULT

/// One person's state, read where it stands (a block's lane, or a State<double>) instead of copied:
/// view.age_year(), view.bare(k). Valid while what it looks at is.
class StateView {
 public:
  StateView() = default;
  StateView(const double* first, std::size_t stride) : first_(first), stride_(stride) {}
  StateView(const State<double>& state)  // NOLINT(google-explicit-constructor): a state is its own view
      : StateView(reinterpret_cast<const double*>(&state), 1) {}
#define HORTEGA_VIEW(name) \
  double name() const { return first_[stride_ * (offsetof(State<double>, name) / sizeof(double))]; }
#define HORTEGA_VIEW7(name)                                                        \
  double name(std::size_t k) const {                                               \
    return first_[stride_ * (offsetof(State<double>, name) / sizeof(double) + k)]; \
  }
  HORTEGA_STATE(HORTEGA_VIEW, HORTEGA_VIEW7)
#undef HORTEGA_VIEW
#undef HORTEGA_VIEW7

 private:
  const double* first_ = nullptr;
  std::size_t stride_ = 1;
};

inline constexpr std::size_t k_state_size = sizeof(State<double>) / sizeof(double);
inline constexpr std::size_t k_trait_size = sizeof(Traits<double>) / sizeof(double);
inline constexpr std::size_t k_lever_size = sizeof(Levers<double>) / sizeof(double);

/// Levers of somebody who takes nothing.
inline Levers<double> no_levers() {
  Levers<double> levers{};
#define HORTEGA_X(name, def) levers.name = def;
  HORTEGA_LEVERS(HORTEGA_X, 0)
#undef HORTEGA_X
  return levers;
}

/// Sets of levers that act at once compose: factors multiply, rates and gains add (docs/model.md, "How levers
/// compose").
inline void compose(Levers<double>& all, const Levers<double>& one) {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a member's name
#define HORTEGA_X(name, def) all.name = (def == 1) ? all.name * one.name : all.name + one.name;
  HORTEGA_LEVERS(HORTEGA_X, 0)
#undef HORTEGA_X
}

/// A one-off action at the start of a day: what survives of each pool (1 = untouched), and what is set anew.
struct Pulse {
  double naive = 1.0;
  double memory = 1.0;  // CNS-reactive and bulk memory T alike
  double effector = 1.0;
  double treg = 1.0;
  double reactive =
      1.0;  // CNS-reactive T cells alone, naive, memory and effector (clones replaced by others)
  double memory_b = 1.0;
  double naive_b = 1.0;
  double resident = 1.0;  // reached only by drugs that cross the barrier
  double compartment = 1.0;
  double microglia = 1.0;
  double repertoire = -1.0;     // new share of CNS-reactive clones in thymic output; negative = unchanged
  double thymic_rebound = 0.0;  // added to the rebound
  double treg_set = -1.0;       // regulatory cells set to this level; negative = unchanged
  double toxic_volume_percent = 0.0;  // volume loss that follows with the toxic time constant
  double toxic_axon_share = 0.0;      // axons lost at once in every system
};

/// Names of the numbers of State<double> in order ("bare_pyramidal", ...).
const std::array<std::string_view, k_state_size>& state_names();
/// Names of the numbers of Levers<double> in order ("entry", ...).
const std::array<std::string_view, k_lever_size>& lever_names();

/// People per block, on every instruction set: narrower lanes take a block in several goes.
inline constexpr std::size_t k_block = 8;
inline constexpr std::size_t k_enhancement_days = 64;

/// Eight people side by side: number v of lane l stands at [v][l].
struct Block {
  std::uint64_t seed = 0;
  alignas(64) double state[k_state_size][k_block] = {};
  alignas(64) double traits[k_trait_size][k_block] = {};
  alignas(64) double levers[k_lever_size][k_block] = {};
  std::uint32_t person[k_block] = {};
  std::uint32_t copy[k_block] = {};
  std::uint32_t life_day[k_block] = {};  // days since biological onset
  std::uint8_t alive[k_block] = {};      // 0: dead or an empty lane (its numbers still run, unseen)
  std::uint32_t clock = 0;               // days that the block has been advanced
  alignas(8) std::uint8_t enhancement_ends[k_enhancement_days][k_block] = {};  // lesions by clock modulo 64
};

/// One person taken out of a block (or to be put in).
struct Person {
  State<double> state{};
  Traits<double> traits{};
  Levers<double> levers = no_levers();
  std::uint32_t person = 0;
  std::uint32_t copy = 0;
  std::uint32_t life_day = 0;
  std::array<std::uint8_t, k_enhancement_days> enhancement_ends{};  // lesions by day of life modulo 64
  bool female = false;
  double onset_age_year = 0.0;
};

Person take(const Block& block, std::size_t lane);
void put(Block& block, std::size_t lane, const Person& person);
State<double> state_of(const Block& block, std::size_t lane);
/// The same without a copy.
inline StateView view_of(const Block& block, std::size_t lane) { return {&block.state[0][lane], k_block}; }
void set_levers(Block& block, std::size_t lane, const Levers<double>& levers);
/// Sets the daily hazard of death that the day loop draws against.
void set_death_hazard(Block& block, std::size_t lane, double per_day);
/// Applies a pulse to one person. Survival shares must lie in [0, 1].
void apply(Block& block, std::size_t lane, const Pulse& pulse);

}  // namespace hortega::disease
