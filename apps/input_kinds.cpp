// SPDX-License-Identifier: Apache-2.0
// The list of all kinds of input, each made by the layer that reads it.
#include <fmt/format.h>

#include <string>

#include "command.hpp"
#include "cost.hpp"
#include "experiment.hpp"
#include "hortega/axon/scenario.hpp"
#include "hortega/cohort/known_person.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/lesion/scenario.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/trial/doubts.hpp"
#include "hortega/trial/protocol.hpp"
#include "inputs.hpp"

namespace hortega::apps {

namespace {

// Beyond the schema: regimens, definitions of endpoints, questions of the evidence map, file of baselines.
// Then what is allowed and probably not meant, and what the run will cost.
std::string judge_protocol(const core::Read<trial::Protocol>& read) {
  core::Read<trial::Protocol> protocol = read;
  trial::resolve_origins(protocol.value);
  const std::unique_ptr<RunInputs> in = load_run_inputs(protocol, {});
  std::string words;
  for (const core::Problem& doubt : trial::doubts(read))
    words += fmt::format("  note: {}:{}: {}: {}{}\n", doubt.place.file, doubt.place.line, doubt.key,
                         doubt.message, doubt.allowed.empty() ? "" : fmt::format(" ({})", doubt.allowed));
  return words + cost_words(estimate_cost(*in), in->protocol);
}

std::string judge_scenario(const core::Read<axon::Scenario>& read) {
  axon::judge(read,
              core::ParameterSet::read_directory((core::data_folder() / "parameters" / "axon").string()));
  return {};
}

// Beyond the schema: memory, a stable step, territories.
std::string judge_lesion(const core::Read<lesion::Scenario>& read) {
  const lesion::TissueParameters parameters = lesion::load_tissue_parameters(
      core::ParameterSet::read_directory((core::data_folder() / "parameters" / "lesion").string()));
  lesion::check_scenario(read, parameters);
  return lesion::territory_words(read.value, parameters);
}

}  // namespace

const std::vector<core::InputKind>& input_kinds() {
  static const std::vector<core::InputKind> kinds = {
      core::make_input_kind<trial::Protocol>("protocol",
                                             "A trial: population, arms, visits, endpoints, analysis.",
                                             trial::protocol_schema(), judge_protocol),
      core::make_input_kind<trial::Experiment>(
          "experiment", "An experiment in mice: groups, cells by group and day, scores.",
          trial::experiment_schema(), judge_experiment),
      core::make_input_kind<therapy::Regimen>("regimen", "A therapy: what is given, how much, when.",
                                              therapy::regimen_schema(), {}),
      core::make_input_kind<cohort::KnownPerson>("person",
                                                 "One person: what was seen of their disease, and when.",
                                                 cohort::known_person_schema(), {}),
      core::make_input_kind<axon::Scenario>("axon", "A fibre, its states and what is asked of it.",
                                            axon::scenario_schema(), judge_scenario),
      core::make_input_kind<lesion::Scenario>("lesion",
                                              "A lesion in tissue: what happens to it, for how long.",
                                              lesion::scenario_schema(), judge_lesion)};
  return kinds;
}

}  // namespace hortega::apps
