// SPDX-License-Identifier: Apache-2.0
//
// Everything that a run reads, loaded and held against each other before anything runs.
#pragma once

#include "hortega/core/parameters.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/map.hpp"
#include "hortega/evidence/published.hpp"
#include "hortega/therapy/courses.hpp"
#include "hortega/trial/simulate.hpp"

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
  std::vector<std::string> files;         // for the manifest
  std::vector<std::string> own_regimens;  // files of them beside the protocol
  std::vector<std::string> set_by_hand;   // variables, NAME or NAME.spread, that settings changed

  /// Parameters and regimens must stay where they are while courses live: the environment points at this
  /// object.
  trial::Environment environment() const;
  /// The analysis, with what the evidence map asks for.
  evidence::Estimation estimation(evidence::Scope scope = evidence::Scope::report) const;
};

/// Reads protocol, parameters, regimens and evidence. `settings` are --set KEY=VALUE: parameter.NAME for a
/// parameter, parameter.NAME.spread for its spread, else a key of the protocol. population.csv becomes a path
/// as seen from here. A protocol may name the regimens of the data folder and those of a folder `regimens`
/// beside it. Throws InputError with all problems of the first file that has any.
std::unique_ptr<RunInputs> load_run_inputs(const std::string& protocol,
                                           const std::vector<std::string>& settings);

/// The same for a protocol that was read before (trial::read_protocol's value and places).
std::unique_ptr<RunInputs> load_run_inputs(const core::Read<trial::Protocol>& protocol,
                                           const std::vector<std::string>& parameter_settings);

/// The same, with these files of regimens in place of those beside the protocol.
std::unique_ptr<RunInputs> load_run_inputs(const core::Read<trial::Protocol>& protocol,
                                           const std::vector<std::string>& parameter_settings,
                                           const std::vector<std::string>& own_regimens);

/// What a regimen says of making cells and only the parameters can refuse: more seeded than is harvested.
void check_making(const core::Read<therapy::Regimen>& read, const core::ParameterSet& parameters,
                  core::Problems& problems);

/// SHA-256 of everything that decides a run's replicates, whatever their number: version, resolved protocol,
/// values of all parameters, regimens, evidence map, file of baselines.
std::string digest_of(const RunInputs& inputs, trial::ThinPool thin);

/// SHA-256 of the running program: what is kept between runs is of no use to a program of other code.
std::string digest_of_program();

}  // namespace hortega::apps
