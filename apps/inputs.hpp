// SPDX-License-Identifier: Apache-2.0
//
// Everything that a run reads, loaded and held against each other before anything runs.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/evidence/map.hpp"
#include "hortega/evidence/published.hpp"
#include "hortega/therapy/courses.hpp"
#include "hortega/trial/simulate.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hortega::apps {

struct RunInputs {
  trial::Protocol protocol;
  core::ParameterSet parameters;
  therapy::Parameters therapy;
  therapy::RegimenLibrary regimens;
  evidence::PublishedRows published;
  evidence::EvidenceMap map;
  std::vector<std::string> files;  // for the manifest

  /// Parameters and regimens must stay where they are while courses live: the environment points at this
  /// object.
  trial::Environment environment() const;
};

/// Reads protocol, parameters, regimens and evidence. `settings` are --set KEY=VALUE: parameter.NAME for a
/// parameter, else a key of the protocol. Throws InputError with all problems of the first file that has any.
std::unique_ptr<RunInputs> load_run_inputs(const std::string& protocol,
                                           const std::vector<std::string>& settings);

/// Checks what the schema cannot know: regimens exist. Throws InputError.
void check_regimens(const core::Read<trial::Protocol>& protocol, const therapy::RegimenLibrary& regimens);

}  // namespace hortega::apps
