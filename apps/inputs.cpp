// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "hortega/core/data_path.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::apps {

namespace {

constexpr std::string_view k_parameter_prefix = "parameter.";

void set_parameter(core::ParameterSet& parameters, const std::string& setting) {
  const std::string assignment = setting.substr(k_parameter_prefix.size());
  const std::size_t equals = assignment.find('=');
  char* end = nullptr;
  const std::string text = equals == std::string::npos ? "" : assignment.substr(equals + 1);
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') {
    throw core::InputError(core::Problem{
        {"--set", 0, 0, {}}, {}, "'" + setting + "' sets no number", "parameter.NAME=VALUE", {}});
  }
  parameters.set(assignment.substr(0, equals), value);
}

}  // namespace

trial::Environment RunInputs::environment() const {
  trial::Environment e;
  e.parameters = &parameters;
  e.courses = [this](const std::string& id) { return therapy::make_course(regimens.find(id), therapy); };
  return e;
}

void check_regimens(const core::Read<trial::Protocol>& read, const therapy::RegimenLibrary& regimens) {
  core::Problems problems;
  const auto check = [&](const std::string& path, const std::string& id) {
    if (regimens.contains(id)) return;
    problems.add(read.places.problem(path, "no regimen '" + id + "'",
                                     "one of " + core::quoted_list(regimens.ids()),
                                     core::nearest_spelling(id, regimens.ids())));
  };
  const trial::Protocol& p = read.value;
  check("population.prior_therapy", p.population.prior_therapy);
  for (std::size_t a = 0; a < p.arms.size(); ++a) {
    for (std::size_t i = 0; i < p.arms[a].regimens.size(); ++i) {
      check(fmt::format("arm[{}].regimens[{}].regimen", a, i), p.arms[a].regimens[i].regimen);
    }
  }
  if (p.rescue) check("rescue.regimen", p.rescue->regimen);
  problems.throw_if_any();
}

std::unique_ptr<RunInputs> load_run_inputs(const std::string& protocol,
                                           const std::vector<std::string>& settings) {
  auto in = std::make_unique<RunInputs>();
  const std::filesystem::path data = core::data_folder();
  core::Document document = core::Document::load(protocol);
  in->parameters = core::ParameterSet::read_directory((data / "parameters").string());
  for (const std::string& setting : settings) {
    if (setting.starts_with(k_parameter_prefix)) {
      set_parameter(in->parameters, setting);
    } else {
      document.set(setting);
    }
  }
  core::Read<trial::Protocol> read = trial::read_protocol(document);
  in->regimens = therapy::RegimenLibrary::read_directory((data / "regimens").string());
  check_regimens(read, in->regimens);
  in->protocol = std::move(read.value);
  in->therapy = therapy::load_parameters(in->parameters);
  in->published = evidence::PublishedRows::load((data / "evidence" / "published.csv").string());
  in->map = evidence::read_evidence_map(core::Document::load((data / "evidence" / "map.toml").string()),
                                        in->published);
  in->files.push_back(protocol);
  for (const char* folder : {"parameters", "regimens", "evidence"}) {
    std::vector<std::string> here;
    for (const auto& entry : std::filesystem::directory_iterator(data / folder)) {
      if (entry.path().extension() == ".toml" || entry.path().extension() == ".csv")
        here.push_back(entry.path().string());
    }
    std::sort(here.begin(), here.end());
    in->files.insert(in->files.end(), here.begin(), here.end());
  }
  return in;
}

}  // namespace hortega::apps
