// SPDX-License-Identifier: Apache-2.0
// The populations from which a run's replicates come: one at the passports' values, or one for each draw of
// the posterior.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hortega/evidence/posterior.hpp"
#include "inputs.hpp"

namespace hortega::apps {

/// Draws that a run spreads over where nobody asks for another number.
inline constexpr int k_usual_draws = 100;

/// The posterior of the data folder (posterior.csv, posterior.toml), if there is one.
std::optional<evidence::Posterior> posterior_of_data();

/// What to tell of each parameter that was edited in the data folder and that draws of its posterior take the
/// place of, but for those set by hand. `over`: what goes over the draws ("a run"). `settable`: whether it
/// takes --set parameter.NAME.
std::vector<std::string> edits_without_effect(const core::ParameterSet& parameters,
                                              const std::vector<std::string>& set_by_hand,
                                              const evidence::Posterior& posterior, const std::string& over,
                                              bool settable);

/// Draws of a run with so many replicates: what is asked; else none without a posterior, k_usual_draws or
/// half the replicates with one, so that chance can be told from parameters. Throws core::InputError if draws
/// are asked for and there is no posterior, or fewer.
int draws_of_run(const std::optional<evidence::Posterior>& posterior, std::optional<int> asked,
                 int replicates);

/// Systematic resampling: n of the draws, each about as often as its weight says.
std::vector<std::size_t> chosen_draws(const evidence::Posterior& posterior, int n);

/// Of each of these draws whether mesenchymal cells do nothing in it: every strength is none (the lever it
/// moves stays neutral whatever else was drawn). What was set by hand holds in every draw.
std::vector<bool> draws_without_effect_of_cells(const evidence::Posterior& posterior,
                                                const std::vector<std::size_t>& which,
                                                const core::ParameterSet& parameters,
                                                const std::vector<std::string>& set_by_hand);

/// Lives with which the pool of one draw begins, and the pools of a run with so many (0: none).
int lives_of_draw(const trial::Protocol& protocol);
int lives_of_run(const trial::Protocol& protocol, int draws);

class Draws {
 public:
  /// Recruits. Without draws as trial::recruit; with them each draw has a pool of a tenth of the protocol's
  /// lives (lives_of_draw), which grows to the protocol's while it is thin, and it is the mean
  /// effective share that must not be thin then. A parameter set on the command line keeps its value in every
  /// draw. `only_replicate`: nothing but what this one needs. Throws core::InputError.
  Draws(const RunInputs& inputs, trial::ThinPool thin, const std::optional<evidence::Posterior>& posterior,
        int draws, std::optional<int> only_replicate = std::nullopt);

  /// Replicate i belongs to draw i mod draws.
  trial::Replicate simulate(int replicate, trial::ConductSwitch conduct,
                            const trial::Watch* watch = nullptr) const;
  /// Over all draws together; of rows of baselines the fewest effective lives that any draw has.
  trial::PopulationReport report(int replicates) const;

 private:
  struct Draw {
    core::ParameterSet parameters;
    therapy::Parameters therapy;
    trial::Environment environment;
    trial::Recruitment recruitment;
  };
  const Draw& of(int replicate) const { return *draws_[static_cast<std::size_t>(replicate) % draws_.size()]; }

  trial::Protocol protocol_;
  std::vector<std::unique_ptr<Draw>> draws_;
};

/// SHA-256 of the draws' values; empty for none.
std::string digest_of(const std::optional<evidence::Posterior>& posterior, int draws);

}  // namespace hortega::apps
