// SPDX-License-Identifier: Apache-2.0
// Reading a run's inputs and holding them against each other.
#include "inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "hortega/core/data_path.hpp"
#include "hortega/core/document.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/version.hpp"
#include "hortega/disease/conduction.hpp"
#include "hortega/endpoints/pira.hpp"
#include "hortega/evidence/comparison.hpp"
#include "hortega/evidence/endpoint_plan.hpp"
#include "parameter_setting.hpp"

namespace hortega::apps {

namespace {

// Numbers that `hortega params` lists and no trial of people reads, by their folder in data/parameters.
struct OtherNumbers {
  const char* folder;
  const char* what;
  const char* instead;
};
constexpr std::array<OtherNumbers, 4> k_others = {
    {{"axon", "a number of the fibre, and a trial reads the table that was made of it (data/tables)",
      "`hortega axon SCENARIO --set` changes it, `hortega axon tables` makes the table"},
     {"lesion", "a number of the tissue, and a trial reads the table that was made of it (data/tables)",
      "`hortega lesion tables` makes the table of data/parameters/lesion"},
     {"mouse", "a number of mice, and this is a trial of people", "a name of data/parameters"},
     {"person", "a number of a person's record, which `hortega compare` reads",
      "a name of data/parameters"}}};

// A parameter of people: a name of others is told apart from a misspelling.
ParameterSetting set_by_hand(core::ParameterSet& parameters, const std::string& text) {
  ParameterSetting setting = read_parameter_setting(text);
  if (!parameters.contains(setting.passport())) {
    for (const OtherNumbers& other : k_others) {
      const std::filesystem::path folder = core::data_folder() / "parameters" / other.folder;
      std::error_code error;
      if (!std::filesystem::is_directory(folder, error)) continue;
      if (!core::ParameterSet::read_directory(folder.string()).contains(setting.passport())) continue;
      throw core::InputError(core::Problem{{"--set", 0, 0, {}},
                                           {},
                                           fmt::format("'{}' is {}", setting.passport(), other.what),
                                           other.instead,
                                           {}});
    }
  }
  set_parameter(parameters, setting, "a name that `hortega params` lists");
  return setting;
}

// Regimens that only mice are given: named apart from misspellings.
std::vector<std::string> mouse_regimens() {
  std::vector<std::string> ids;
  const std::filesystem::path folder = core::data_folder() / "regimens" / "mouse";
  if (std::filesystem::is_directory(folder))
    ids = therapy::RegimenLibrary::read_directory(folder.string()).ids();
  return ids;
}

constexpr const char* k_own_regimens = "regimens";

// Files of regimens in a folder beside the protocol, by name; none if there is no such folder.
std::vector<std::string> regimens_beside(const std::string& protocol) {
  std::vector<std::string> files;
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(protocol).parent_path() / k_own_regimens;
  if (std::filesystem::equivalent(folder, core::data_folder() / "regimens", error)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A file of a regimen beside the protocol.
struct OwnRegimen {
  std::filesystem::path file;
  std::string id;
};

// Adds them to those of the data folder, none of which they may replace: a report that says natalizumab means
// the regimen that was compared with the published trials.
std::vector<OwnRegimen> add_own_regimens(const std::vector<std::string>& files,
                                         const core::ParameterSet& parameters,
                                         therapy::RegimenLibrary& library) {
  std::vector<OwnRegimen> own;
  if (files.empty()) return own;
  std::vector<therapy::Regimen> all = library.all();
  core::Problems problems;
  for (const std::string& file : files) {
    core::Read<therapy::Regimen> read = therapy::regimen_schema().read(core::Document::load(file));
    check_making(read, parameters, problems);
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const therapy::Regimen& r) { return r.id == read.value.id; });
    if (same != all.end()) {
      problems.add(read.places.problem("id", "a regimen '" + read.value.id + "' exists already",
                                       "an id that no other file here and none of data/regimens has"));
      continue;
    }
    own.push_back({file, read.value.id});
    all.push_back(std::move(read.value));
  }
  problems.throw_if_any();
  library = therapy::RegimenLibrary::of(std::move(all));
  return own;
}

// What may stand in place of a name that no regimen has: a file beside the protocol of that name has another
// id, else the nearest names.
std::string regimens_allowed(const std::string& id, const std::vector<OwnRegimen>& own,
                             const therapy::RegimenLibrary& regimens) {
  for (const OwnRegimen& one : own) {
    if (one.file.stem() == id)
      return fmt::format("{}/{} has the id '{}'", k_own_regimens, one.file.filename().string(), one.id);
  }
  constexpr std::size_t k_nearest = 3;
  std::string text = "nearest: " + core::quoted_list(core::nearest_words(id, regimens.ids(), k_nearest)) +
                     "; all: data/regimens";
  std::vector<std::string> ids;
  ids.reserve(own.size());
  for (const OwnRegimen& one : own) ids.push_back(one.id);
  if (ids.empty()) return text + ", or one of your own in a folder regimens/ beside the protocol";
  return text + ", or of your own in regimens/ " + core::quoted_list(ids);
}

void check_regimens(const core::Read<trial::Protocol>& read, const therapy::RegimenLibrary& regimens,
                    const std::vector<OwnRegimen>& own, core::Problems& problems) {
  const auto check = [&](const std::string& path, const std::string& id) {
    if (regimens.contains(id)) return;
    const std::vector<std::string> of_mice = mouse_regimens();
    if (std::find(of_mice.begin(), of_mice.end(), id) != of_mice.end()) {
      problems.add(read.places.problem(path, "the regimen '" + id + "' is for mice",
                                       "those of people: data/regimens"));
      return;
    }
    problems.add(read.places.problem(path, "no regimen '" + id + "'", regimens_allowed(id, own, regimens),
                                     core::nearest_spelling(id, regimens.ids())));
  };
  const trial::Protocol& p = read.value;
  check("population.prior_therapy", p.population.prior_therapy);
  for (std::size_t a = 0; a < p.arms.size(); ++a) {
    for (std::size_t i = 0; i < p.arms[a].regimens.size(); ++i) {
      check(fmt::format("arm[{}].regimens[{}].regimen", a, i), p.arms[a].regimens[i].regimen);
      for (std::size_t k = 0; k < p.arms[a].regimens[i].with.size(); ++k)
        check(fmt::format("arm[{}].regimens[{}].with[{}].regimen", a, i, k),
              p.arms[a].regimens[i].with[k].regimen);
    }
    for (std::size_t i = 0; i < p.arms[a].sequence.size(); ++i) {
      check(fmt::format("arm[{}].sequence[{}].regimen", a, i), p.arms[a].sequence[i].regimen);
    }
  }
  if (p.rescue) check("rescue.regimen", p.rescue->regimen);
}

// Definitions that an endpoint can name, whatever its kind.
std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& preset : endpoints::worsening_presets()) names.emplace_back(preset.name);
  for (const auto& preset : endpoints::pira_presets()) names.emplace_back(preset.name);
  return names;
}

void check_endpoints(const core::Read<trial::Protocol>& read, core::Problems& problems) {
  const std::vector<std::string> presets = preset_names();
  const std::vector<trial::EndpointSpec>& all = read.value.endpoints;
  const auto path = [](std::size_t e) { return fmt::format("endpoint[{}]", e); };
  bool unknown = false;
  for (std::size_t e = 0; e < all.size(); ++e) {
    const std::string& preset = all[e].preset;
    if (preset.empty() || std::find(presets.begin(), presets.end(), preset) != presets.end()) continue;
    unknown = true;
    problems.add(read.places.problem(path(e) + ".preset", "no definition is called '" + preset + "'",
                                     "one of " + core::quoted_list(presets),
                                     core::nearest_spelling(preset, presets)));
  }
  if (unknown) return;  // endpoints that build on these would tell the same again
  for (std::size_t e = 0; e < all.size(); ++e) {
    try {
      evidence::plan_endpoint(read.value, e);
    } catch (const std::invalid_argument& error) {
      problems.add(read.places.problem(all[e].preset.empty() ? path(e) : path(e) + ".preset", error.what()));
    }
  }
}

// The questions of the evidence map: an edited copy of a protocol may lack what the map asks of its name.
void check_questions(const core::Read<trial::Protocol>& read, const RunInputs& in, core::Problems& problems) {
  try {
    static_cast<void>(in.estimation());
  } catch (const std::invalid_argument& error) {
    problems.add(read.places.problem(
        "id", error.what(),
        fmt::format("data/evidence/map.toml asks this of the protocol '{}'; a trial of another design needs "
                    "another id",
                    in.protocol.id)));
  }
}

void check_baselines(const core::Read<trial::Protocol>& read, const RunInputs& in) {
  if (in.protocol.population.source != "csv") return;
  const std::string& path = in.protocol.population.csv;
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw core::InputError(read.places.problem("population.csv", "there is no file '" + path + "'",
                                               "a path relative to the protocol file"));
  static_cast<void>(cohort::load_baselines(path));
}

std::string toml_of(const therapy::RegimenLibrary& regimens) {
  const core::Schema<therapy::Regimen> schema = therapy::regimen_schema();
  std::string text;
  for (const therapy::Regimen& regimen : regimens.all()) text += core::to_toml(schema.write(regimen));
  return text;
}

}  // namespace

void check_making(const core::Read<therapy::Regimen>& read, const core::ParameterSet& parameters,
                  core::Problems& problems) {
  const std::optional<therapy::ProductPlan>& plan = read.value.product;
  if (!plan || plan->ready == therapy::CellReady::supplied) return;
  const double harvested = plan->confluency * parameters.get("msc_full_layer").value;
  if (plan->seeding_per_cm2 < harvested) return;
  problems.add(read.places.problem(
      "product.seeding_per_cm2",
      fmt::format("{:g} cells/cm2 are seeded and {:g} harvested", plan->seeding_per_cm2, harvested),
      fmt::format("below {:g}: confluency times msc_full_layer", harvested)));
}

trial::Environment RunInputs::environment() const {
  trial::Environment e;
  e.parameters = &parameters;
  e.courses = [this](const std::string& id) { return therapy::make_course(regimens.find(id), therapy); };
  return e;
}

evidence::Estimation RunInputs::estimation(evidence::Scope scope) const {
  const std::vector<evidence::Quantity> asked = evidence::quantities_of(map, protocol);
  return evidence::Estimation(protocol, asked, scope, economics::Prices::load(parameters));
}

std::unique_ptr<RunInputs> load_run_inputs(const std::string& protocol,
                                           const std::vector<std::string>& settings) {
  core::Document document = core::Document::load(protocol);
  std::vector<std::string> parameter_settings;
  const core::ParameterSet parameters =
      core::ParameterSet::read_directory((core::data_folder() / "parameters").string());
  for (const std::string& setting : settings) {
    if (is_parameter_setting(setting)) {
      parameter_settings.push_back(setting);
    } else {
      refuse_bare_parameter(parameters, setting);
      document.set(setting);
    }
  }
  return load_run_inputs(trial::read_protocol(document), parameter_settings);
}

std::unique_ptr<RunInputs> load_run_inputs(const core::Read<trial::Protocol>& read,
                                           const std::vector<std::string>& parameter_settings) {
  return load_run_inputs(read, parameter_settings, regimens_beside(read.places.place("").file));
}

std::unique_ptr<RunInputs> load_run_inputs(const core::Read<trial::Protocol>& read,
                                           const std::vector<std::string>& parameter_settings,
                                           const std::vector<std::string>& own_regimens) {
  auto in = std::make_unique<RunInputs>();
  const std::filesystem::path data = core::data_folder();
  in->parameters = core::ParameterSet::read_directory((data / "parameters").string());
  for (const std::string& setting : parameter_settings)
    in->set_by_hand.push_back(set_by_hand(in->parameters, setting).name);
  in->regimens = therapy::RegimenLibrary::read_directory((data / "regimens").string());
  in->own_regimens = own_regimens;
  const std::vector<OwnRegimen> own = add_own_regimens(own_regimens, in->parameters, in->regimens);
  in->protocol = read.value;
  const std::string file = read.places.place("").file;
  if (!in->protocol.population.csv.empty()) {
    in->protocol.population.csv =
        (std::filesystem::path(file).parent_path() / in->protocol.population.csv).lexically_normal().string();
  }
  in->therapy = therapy::load_parameters(in->parameters);
  in->published = evidence::PublishedRows::load((data / "evidence" / "published.csv").string());
  in->map = evidence::read_evidence_map(core::Document::load((data / "evidence" / "map.toml").string()),
                                        in->published);
  core::Problems problems;
  check_regimens(read, in->regimens, own, problems);
  check_endpoints(read, problems);
  if (problems.empty()) check_questions(read, *in, problems);
  problems.throw_if_any();
  check_baselines(read, *in);
  in->files.push_back(file);
  if (in->protocol.population.source == "csv") in->files.push_back(in->protocol.population.csv);
  in->files.insert(in->files.end(), own_regimens.begin(), own_regimens.end());
  for (const char* folder : {"parameters", "regimens", "evidence"}) {
    std::vector<std::string> here;
    for (const auto& entry : std::filesystem::directory_iterator(data / folder)) {
      if (entry.path().extension() == ".toml" || entry.path().extension() == ".csv")
        here.push_back(entry.path().string());
    }
    std::sort(here.begin(), here.end());
    in->files.insert(in->files.end(), here.begin(), here.end());
  }
  (void)disease::conduction_table();  // a missing one is told before anything runs
  in->files.push_back(disease::conduction_table_path());
  in->files.push_back(disease::lesion_table_path());
  return in;
}

std::string digest_of(const RunInputs& in, trial::ThinPool thin) {
  core::Sha256 sha;
  const auto add = [&sha](std::string_view name, const std::string& text) {
    sha.update(fmt::format("{} {}\n", name, text.size()));
    sha.update(text);
  };
  add("version", std::string(core::version()));
  trial::Protocol protocol = in.protocol;
  protocol.replicates = 1;  // more of them are more of the same
  std::string baselines;
  if (protocol.population.source == "csv") baselines = core::read_file(protocol.population.csv);
  protocol.population.csv.clear();  // where the file lies decides nothing
  protocol.marks.clear();           // and neither does what is said of the facts
  add("protocol", core::to_toml(trial::protocol_schema().write(protocol)));
  add("baselines", baselines);
  std::string parameters;
  for (const core::Passport& p : in.parameters.all())
    parameters += fmt::format("{} {:a} {:a}\n", p.name, p.value, p.spread);
  add("parameters", parameters);
  add("conduction", core::sha256_of_file(disease::conduction_table_path()));
  add("lesions", core::sha256_of_file(disease::lesion_table_path()));
  // What is set by hand holds in every draw of the posterior, also where it is the passport's value.
  add("by hand", fmt::format("{}", fmt::join(in.set_by_hand, " ")));
  add("regimens", toml_of(in.regimens));
  std::string asked;
  for (const evidence::Quantity& q : evidence::quantities_of(in.map, in.protocol))
    asked += fmt::format("{}|{}|{}|{}|{:a}|{}\n", q.endpoint, q.estimator, q.arm, q.reference, q.time_day,
                         q.subgroup);
  add("asked", asked);
  add("thin", thin == trial::ThinPool::allow ? "allow" : "refuse");
  return sha.hex();
}

std::string digest_of_program() { return core::sha256_of_file("/proc/self/exe"); }

}  // namespace hortega::apps
