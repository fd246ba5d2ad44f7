// SPDX-License-Identifier: Apache-2.0
// Loading what calibration and validation read.
#include "evidence_world.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "hortega/core/data_path.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/disease/conduction.hpp"
#include "hortega/therapy/courses.hpp"

namespace hortega::apps {
namespace {

// Regimens stay as they are; doses of a course follow the parameters.
struct Therapies {
  core::ParameterSet set;
  therapy::Parameters parameters;
  std::shared_ptr<const therapy::RegimenLibrary> regimens;
};

evidence::World world_at(const core::ParameterSet& parameters,
                         const std::shared_ptr<const therapy::RegimenLibrary>& regimens) {
  auto held = std::make_shared<Therapies>();
  held->set = parameters;
  held->parameters = therapy::load_parameters(held->set);
  held->regimens = regimens;
  const Therapies* at = held.get();
  evidence::World world;
  world.environment.parameters = &held->set;
  world.environment.courses = [at](const std::string& id) {
    return therapy::make_course(at->regimens->find(id), at->parameters);
  };
  world.keeps = std::move(held);
  return world;
}

std::vector<std::string> files_of(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml" || entry.path().extension() == ".csv")
      files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

EvidenceWorld load_evidence_world() {
  const std::filesystem::path data = core::data_folder();
  EvidenceWorld all;
  all.parameters = core::ParameterSet::read_directory((data / "parameters").string());
  all.published = evidence::PublishedRows::load((data / "evidence" / "published.csv").string());
  all.map = evidence::read_evidence_map(core::Document::load((data / "evidence" / "map.toml").string()),
                                        all.published);
  evidence::check_against_protocols(all.map, (data / "protocols").string());
  std::set<std::string> ids;
  for (const evidence::MapEntry& entry : all.map.entries) {
    if (entry.is_mapped()) ids.insert(*entry.protocol);
  }
  for (const std::string& id : ids) {
    const std::string file = (data / "protocols" / (id + ".toml")).string();
    all.protocols.push_back(trial::read_protocol(core::Document::load(file)).value);
    all.files.push_back(file);
  }
  const auto regimens = std::make_shared<const therapy::RegimenLibrary>(
      therapy::RegimenLibrary::read_directory((data / "regimens").string()));
  all.world = [regimens](const core::ParameterSet& parameters) { return world_at(parameters, regimens); };
  for (const char* folder : {"parameters", "regimens", "evidence"}) {
    const std::vector<std::string> here = files_of(data / folder);
    all.files.insert(all.files.end(), here.begin(), here.end());
  }
  (void)disease::conduction_table();  // a missing one is told before anything runs
  all.files.push_back(disease::conduction_table_path());
  all.files.push_back(disease::lesion_table_path());
  return all;
}

evidence::RowSimulator EvidenceWorld::simulator(const std::vector<std::string>& ids,
                                                const evidence::RowChoice& choice,
                                                const std::vector<evidence::AskedNumber>& asked) const {
  std::vector<std::string> known;
  for (const trial::Protocol& protocol : protocols) known.push_back(protocol.id);
  for (const std::string& id : ids) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    throw core::InputError(core::Problem{{"data/evidence/map.toml", 0, 0, {}},
                                         {},
                                         "no row is mapped to a protocol '" + id + "'",
                                         "one of " + core::quoted_list(known),
                                         core::nearest_spelling(id, known)});
  }
  std::vector<trial::Protocol> wanted;
  for (const trial::Protocol& protocol : protocols) {
    if (ids.empty() || std::find(ids.begin(), ids.end(), protocol.id) != ids.end())
      wanted.push_back(protocol);
  }
  return evidence::RowSimulator(std::move(wanted), map, published, world, choice, asked);
}

}  // namespace hortega::apps
