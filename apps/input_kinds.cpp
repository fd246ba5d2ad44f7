// SPDX-License-Identifier: Apache-2.0
// The list of all kinds of input, each made by the layer that reads it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "cost.hpp"
#include "experiment.hpp"
#include "hortega/axon/scenario.hpp"
#include "hortega/axon/study.hpp"
#include "hortega/cohort/known_person.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/lesion/scenario.hpp"
#include "hortega/lesion/weatherley.hpp"
#include "hortega/therapy/regimen.hpp"
#include "hortega/trial/doubts.hpp"
#include "hortega/trial/protocol.hpp"
#include "inputs.hpp"
#include "lesion_run.hpp"

namespace hortega::apps {

namespace {

// Of each kind: what a file of it is, and what takes it.
struct Reader {
  std::string_view kind, words, command;
};
constexpr std::array<Reader, 6> k_readers = {
    {{"protocol", "a protocol", "hortega run FILE"},
     {"experiment", "an experiment", "hortega run FILE"},
     {"regimen", "a regimen", "hortega compare PERSON --therapy FILE"},
     {"person", "a person", "hortega compare FILE"},
     {"axon", "a fibre", "hortega axon FILE"},
     {"lesion", "a lesion", "hortega lesion FILE"}}};

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

// Beyond the schema: a making of cells that can be.
std::string judge_regimen(const core::Read<therapy::Regimen>& read) {
  core::Problems problems;
  check_making(read, core::ParameterSet::read_directory((core::data_folder() / "parameters").string()),
               problems);
  problems.throw_if_any();
  return {};
}

// Drugs of the past that no shipped regimen is: allowed, as a --therapy may bring its own.
std::string judge_person(const core::Read<cohort::KnownPerson>& read) {
  const std::vector<std::string> ids =
      therapy::RegimenLibrary::read_directory((core::data_folder() / "regimens").string()).ids();
  std::string words;
  for (std::size_t i = 0; i < read.value.drugs.size(); ++i) {
    const std::string& id = read.value.drugs[i].regimen;
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
    const std::string key = fmt::format("drug[{}].regimen", i);
    const core::Place place = read.places.place(key);
    const std::string meant = core::nearest_spelling(id, ids);
    words += fmt::format(
        "  note: {}:{}: {}: no regimen '{}' in data/regimens{}: compare refuses it unless a --therapy has "
        "that id\n",
        place.file, place.line, key, id, meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant));
  }
  return words;
}

// Beyond the schema: fibres that can be built. Then what the run will cost.
std::string judge_scenario(const core::Read<axon::Scenario>& read) {
  const auto parameters =
      core::ParameterSet::read_directory((core::data_folder() / "parameters" / "axon").string());
  axon::judge(read, parameters);
  return axon::cost_words(axon::study_cost(read.value, parameters));
}

// Beyond the schema: memory, a stable step, territories. Then what the run will cost.
std::string judge_lesion(const core::Read<lesion::Scenario>& read) {
  const lesion::TissueParameters parameters = lesion::load_tissue_parameters(
      core::ParameterSet::read_directory((core::data_folder() / "parameters" / "lesion").string()));
  lesion::check_scenario(read, parameters);
  if (read.value.model == lesion::Model::weatherley) {
    return fmt::format("  {} sites of myelin in {} steps",
                       lesion::WeatherleyModel::k_width * lesion::WeatherleyModel::k_height,
                       read.value.weatherley.days * k_weatherley_steps_per_day);
  }
  const std::string territories = lesion::territory_words(read.value, parameters);
  return territories + (territories.empty() ? "" : "\n") + lesion::cost_words(read.value, parameters);
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
                                              therapy::regimen_schema(), judge_regimen),
      core::make_input_kind<cohort::KnownPerson>("person",
                                                 "One person: what was seen of their disease, and when.",
                                                 cohort::known_person_schema(), judge_person),
      core::make_input_kind<axon::Scenario>("axon", "A fibre, its states and what is asked of it.",
                                            axon::scenario_schema(), judge_scenario),
      core::make_input_kind<lesion::Scenario>("lesion",
                                              "A lesion in tissue: what happens to it, for how long.",
                                              lesion::scenario_schema(), judge_lesion)};
  return kinds;
}

core::Document load_input(const std::string& file, const std::vector<std::string>& kinds) {
  core::Document document = core::Document::load(file);
  const core::Value* format = document.root().find("format");
  if (format == nullptr || format->text() == nullptr) return document;  // the reader tells it
  const auto is_it = [&](const core::InputKind& kind) { return kind.format == *format->text(); };
  const auto found = std::find_if(input_kinds().begin(), input_kinds().end(), is_it);
  if (found == input_kinds().end() || std::find(kinds.begin(), kinds.end(), found->name) != kinds.end())
    return document;
  const auto reader = std::find_if(k_readers.begin(), k_readers.end(),
                                   [&](const Reader& r) { return found->name == r.kind; });
  throw core::InputError(core::Problem{document.place(format->position),
                                       "format",
                                       fmt::format("this is {}", reader->words),
                                       fmt::format("{} reads it", reader->command),
                                       {}});
}

}  // namespace hortega::apps
