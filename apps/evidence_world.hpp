// SPDX-License-Identifier: Apache-2.0
// Everything that calibration and validation read: parameters, therapies, evidence and the protocols that
// give its rows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hortega/core/parameters.hpp"
#include "hortega/evidence/row_simulator.hpp"

namespace hortega::apps {

struct EvidenceWorld {
  core::ParameterSet parameters;
  evidence::PublishedRows published;
  evidence::EvidenceMap map;
  std::vector<trial::Protocol> protocols;  ///< those of the data folder that the map points at, by id
  evidence::WorldOf world;                 ///< therapies at any parameters
  std::vector<std::string> files;          ///< what was read, for a manifest

  /// The rows of the protocols with these ids; of all of them where none is given. Throws core::InputError on
  /// an id that gives no row. What is `asked` is asked of those among these protocols.
  evidence::RowSimulator simulator(const std::vector<std::string>& ids = {},
                                   const evidence::RowChoice& choice = {},
                                   const std::vector<evidence::AskedNumber>& asked = {}) const;
};

/// Reads the data folder. Throws core::InputError with all problems of the first file that has any.
EvidenceWorld load_evidence_world();

}  // namespace hortega::apps
