// SPDX-License-Identifier: Apache-2.0
// Which simulated statistic stands beside which published row.
#include "hortega/evidence/map.hpp"

#include "hortega/evidence/holdout.hpp"
#include "hortega/trial/experiment.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace hortega::evidence {
namespace {

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string row_path(std::size_t index, std::string_view key = {}) {
  const std::string row = core::join_path("row", index);
  return key.empty() ? row : core::join_path(row, key);
}

std::vector<std::pair<std::string, Estimator>> estimator_words() {
  std::vector<std::pair<std::string, Estimator>> words;
  for (const EstimatorInfo& e : estimators()) words.emplace_back(std::string(e.name), e.estimator);
  return words;
}

// Which keys belong together in one entry.
void check_entry(const MapEntry& e, const core::Report& report) {
  if (e.none) {
    if (e.protocol || e.arm || !e.contrast.empty() || e.endpoint || e.estimator)
      report.problem("none", "an entry with `none` names a statistic too", "either the one or the other");
    return;
  }
  if (!e.protocol) report.problem("", "the entry has neither `protocol` nor `none`", "one of them");
  if (!e.endpoint) report.problem("", "the entry has no `endpoint`");
  if (!e.estimator) {
    report.problem("", "the entry has no `estimator`");
    return;
  }
  const EstimatorInfo& estimator = info(*e.estimator);
  if (e.arm && !e.contrast.empty())
    report.problem("arm", "both `arm` and `contrast` are given", "one of them");
  if (estimator.applies == Applies::arm && !e.arm)
    report.problem("", "'" + std::string(estimator.name) + "' needs `arm`");
  if (estimator.applies == Applies::contrast && e.contrast.size() != 2)
    report.problem(e.contrast.empty() ? "" : "contrast",
                   "'" + std::string(estimator.name) + "' needs `contrast` of two arms");
}

core::Schema<MapEntry> entry_schema() {
  using M = MapEntry;
  core::Schema<M> s("One published row, or one of its numbers.");
  s.text("id", &M::id).required().doc("Id of the row in published.csv.");
  s.integer("part", &M::part)
      .at_least(1)
      .doc("Which number of the value cell, where each has its own entry.");
  s.text("protocol", &M::protocol).doc("Id of the protocol.");
  s.boolean("planned", &M::planned).doc("The protocol is not written yet.");
  s.boolean("experiment", &M::experiment)
      .doc("The protocol is an experiment in animals, which sets the row beside itself.");
  s.text("arm", &M::arm).doc("Id of the arm, or `all`.");
  s.texts("contrast", &M::contrast).doc("Ids of two arms: the first against the second.");
  s.text("subgroup", &M::subgroup).doc("Id of the protocol's subgroup.");
  s.text("endpoint", &M::endpoint).doc("Id of the protocol's endpoint.");
  s.choice("estimator", &M::estimator, estimator_words()).doc("How the number is made from the endpoint.");
  s.quantity("time", &M::time_day, core::Kind::time).above(0).doc("Horizon or visit; absent: all follow-up.");
  s.number("denominator", &M::denominator).above(0).doc("People behind the number, if not the row's n.");
  s.number("exposure", &M::exposure).above(0).doc("Person-years or scans behind a rate.");
  s.number("sd", &M::sd).above(0).doc("Standard deviation that the row's note gives.");
  s.number("se", &M::se).above(0).doc("Standard error that the row's note gives.");
  s.boolean("range", &M::range).doc("The value cell holds the limits of several published values.");
  s.boolean("ignore_interval", &M::ignore_interval).doc("The row's interval belongs to another number.");
  s.text("none", &M::none).doc("Why no protocol gives the row.");
  s.text("note", &M::note).doc("What a reader should know.");
  s.text("remark", &M::remark).doc("Why the simulated number differs, where it does; printed beside it.");
  s.check(check_entry);
  return s;
}

core::Schema<StudyBias> bias_schema() {
  core::Schema<StudyBias> s("A study whose numbers may be off by more than those of others.");
  s.text("study", &StudyBias::study).required().doc("First word of the study's name in published.csv.");
  s.number("sd", &StudyBias::sd)
      .required()
      .above(0)
      .doc("Standard deviation of the bias: log odds or logarithms of ratios.");
  s.text("reason", &StudyBias::reason).required().doc("Why a bias is suspected.");
  return s;
}

// A bias that names no study would do nothing.
void check_biases(const EvidenceMap& map, const PublishedRows& published, core::Problems& problems) {
  std::vector<std::string> families;
  for (const PublishedRow& row : published.rows())
    if (row.is_outcome()) families.push_back(study_family(row.study));
  for (std::size_t i = 0; i < map.biases.size(); ++i) {
    const std::string& study = map.biases[i].study;
    if (contains(families, study)) continue;
    problems.add(map.places.problem(core::join_path(core::join_path("bias", i), "study"),
                                    "no published outcome is of a study '" + study + "'",
                                    "the first word of a study's name in published.csv",
                                    core::nearest_spelling(study, families)));
  }
}

core::Schema<StudyLookedAt> looked_at_schema() {
  core::Schema<StudyLookedAt> s("A study that is set aside and was looked at all the same.");
  s.text("study", &StudyLookedAt::study).required().doc("First word of the study's name in published.csv.");
  s.text("reason", &StudyLookedAt::reason).required().doc("Where its rows were read.");
  return s;
}

// Of a study that is not set aside there is nothing to disclose: it counts as used.
void check_looked_at(const EvidenceMap& map, const PublishedRows& published, core::Problems& problems) {
  const std::set<std::string> aside = families_set_aside(published);
  const std::vector<std::string> families(aside.begin(), aside.end());
  for (std::size_t i = 0; i < map.looked_at.size(); ++i) {
    const std::string& study = map.looked_at[i].study;
    if (contains(families, study)) continue;
    problems.add(map.places.problem(core::join_path(core::join_path("looked_at", i), "study"),
                                    "no study '" + study + "' is set aside", core::quoted_list(families),
                                    core::nearest_spelling(study, families)));
  }
}

// Every outcome row once, no other row, parts complete and within the cell.
void check_rows(const EvidenceMap& map, const std::string& file, const PublishedRows& published,
                core::Problems& problems) {
  std::vector<std::string> outcome_ids;
  for (const PublishedRow& row : published.rows())
    if (row.is_outcome()) outcome_ids.push_back(row.id);

  std::map<std::string, std::vector<std::size_t>> entries_of;
  for (std::size_t i = 0; i < map.entries.size(); ++i) entries_of[map.entries[i].id].push_back(i);

  for (const auto& [id, indices] : entries_of) {
    const PublishedRow* row = published.find(id);
    if (row == nullptr || !row->is_outcome()) {
      const std::string why = row == nullptr ? "'" + id + "' is no published row"
                                             : "'" + id + "' has role " + std::string(name(row->role)) +
                                                   ", which is never scored";
      for (std::size_t i : indices)
        problems.add(map.places.problem(row_path(i, "id"), why, "ids of role calibration or validation",
                                        row == nullptr ? core::nearest_spelling(id, outcome_ids) : ""));
      continue;
    }
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const MapEntry& e = map.entries[indices[k]];
      const int wanted = static_cast<int>(k) + 1;
      if (indices.size() == 1 && !e.part) continue;
      if (!e.part) {
        problems.add(map.places.problem(row_path(indices[k], "id"), "'" + id + "' is mapped more than once",
                                        "one entry, or one with its own `part` for each number"));
      } else if (*e.part != wanted || indices.size() == 1) {
        problems.add(map.places.problem(row_path(indices[k], "part"),
                                        "the parts of '" + id + "' are not 1, 2, ...",
                                        "one entry for each part, in order"));
      } else if (e.part && row->values.size() < indices.size()) {
        problems.add(map.places.problem(row_path(indices[k], "part"),
                                        "'" + id + "' is split in " + std::to_string(indices.size()) +
                                            " parts, but its value is '" + row->value_text + "'"));
      }
    }
  }
  for (const std::string& id : outcome_ids) {
    if (entries_of.count(id) > 0) continue;
    const PublishedRow& row = *published.find(id);
    core::Problem problem;
    problem.place.file = file;
    problem.key = "row";
    problem.message =
        "the published row '" + id + "' is not mapped (" + row.study + ": " + row.endpoint + ")";
    problem.allowed = "a statistic, or `none` with the reason";
    problems.add(std::move(problem));
  }
}

void collect_ids(const core::Value& root, std::string_view key, std::vector<std::string>& out) {
  const core::Value* tables = root.find(key);
  if (tables == nullptr || tables->array() == nullptr) return;
  for (const core::Value& table : *tables->array()) {
    const core::Value* id = table.find("id");
    if (id != nullptr && id->text() != nullptr) out.push_back(*id->text());
  }
}

// One mapped entry against its protocol.
void check_names(const MapEntry& e, std::size_t index, const ProtocolNames& names,
                 const core::Locations& places, core::Problems& problems) {
  const auto unknown = [&](std::string_view key, const std::string& what, const std::string& word,
                           const std::vector<std::string>& known) {
    problems.add(places.problem(row_path(index, key), *e.protocol + " has no " + what + " '" + word + "'",
                                known.empty() ? "none is defined" : core::quoted_list(known),
                                core::nearest_spelling(word, known)));
  };
  std::vector<std::string> arms = names.arms;
  if (e.arm) arms.emplace_back("all");
  if (e.arm && !contains(arms, *e.arm)) unknown("arm", "arm", *e.arm, arms);
  for (const std::string& arm : e.contrast)
    if (!contains(arms, arm)) unknown("contrast", "arm", arm, arms);
  if (e.subgroup && !contains(names.subgroups, *e.subgroup))
    unknown("subgroup", "subgroup", *e.subgroup, names.subgroups);

  const auto endpoint = names.endpoints.find(*e.endpoint);
  if (endpoint == names.endpoints.end()) {
    std::vector<std::string> known;
    for (const auto& [id, kind] : names.endpoints) known.push_back(id);
    unknown("endpoint", "endpoint", *e.endpoint, known);
  } else if (!fits(*e.estimator, endpoint->second)) {
    problems.add(places.problem(row_path(index, "estimator"),
                                "'" + std::string(info(*e.estimator).name) +
                                    "' cannot be made from an endpoint of kind '" + endpoint->second + "'"));
  }
}

}  // namespace

core::Schema<EvidenceMap> evidence_map_schema() {
  core::Schema<EvidenceMap> s("What stands beside each published row.");
  s.format("hortega-evidence-map", 1);
  s.tables("row", &EvidenceMap::entries, entry_schema())
      .doc("One entry for each row of role calibration or validation.");
  s.tables("bias", &EvidenceMap::biases, bias_schema())
      .doc("Studies whose numbers may be off by more than tau.");
  s.tables("looked_at", &EvidenceMap::looked_at, looked_at_schema())
      .doc("Studies set aside whose rows were read while the model was mended.");
  return s;
}

ProtocolNames protocol_names(const core::Document& protocol) {
  ProtocolNames names;
  collect_ids(protocol.root(), "arm", names.arms);
  collect_ids(protocol.root(), "subgroup", names.subgroups);
  std::vector<std::string> ids;
  const core::Value* format = protocol.root().find("format");
  names.experiment = format != nullptr && format->text() != nullptr &&
                     *format->text() == trial::experiment_schema().format_name();
  const core::Value* endpoints = protocol.root().find("endpoint");
  if (endpoints == nullptr || endpoints->array() == nullptr) return names;
  for (const core::Value& endpoint : *endpoints->array()) {
    const core::Value* id = endpoint.find("id");
    const core::Value* kind = endpoint.find("kind");
    if (id != nullptr && id->text() != nullptr && kind != nullptr && kind->text() != nullptr)
      names.endpoints[*id->text()] = *kind->text();
  }
  return names;
}

EvidenceMap read_evidence_map(const core::Document& document, const PublishedRows& published) {
  auto [map, places] = evidence_map_schema().read(document);
  map.places = std::move(places);
  core::Problems problems;
  check_rows(map, document.name(), published, problems);
  check_biases(map, published, problems);
  check_looked_at(map, published, problems);
  problems.throw_if_any();
  return std::move(map);
}

void check_against_protocols(const EvidenceMap& map, const std::string& directory) {
  core::Problems problems;
  std::map<std::string, std::optional<ProtocolNames>> protocols;  // empty: there is no such file
  const auto names_of = [&](const std::string& id) -> const std::optional<ProtocolNames>& {
    const auto [entry, is_new] = protocols.try_emplace(id);
    const std::filesystem::path path = std::filesystem::path(directory) / (id + ".toml");
    if (is_new && std::filesystem::exists(path))
      entry->second = protocol_names(core::Document::load(path.string()));
    return entry->second;
  };
  for (std::size_t i = 0; i < map.entries.size(); ++i) {
    const MapEntry& e = map.entries[i];
    if (e.none) continue;
    const auto& names = names_of(*e.protocol);
    if (e.planned && names) {
      problems.add(map.places.problem(row_path(i, "planned"), "the protocol '" + *e.protocol + "' is written",
                                      "`planned` only while it is not"));
    } else if (!e.planned && !names) {
      problems.add(map.places.problem(row_path(i, "protocol"), "there is no protocol '" + *e.protocol + "'",
                                      "a file " + *e.protocol + ".toml, or `planned = true`"));
    } else if (names && names->experiment != e.experiment) {
      problems.add(
          map.places.problem(row_path(i, "experiment"),
                             "the protocol '" + *e.protocol +
                                 (names->experiment ? "' is an experiment" : "' is a trial of people"),
                             "`experiment = true` for experiments alone"));
    } else if (names) {
      check_names(e, i, *names, map.places, problems);
    }
  }
  problems.throw_if_any();
}

MapCounts count(const EvidenceMap& map) {
  std::map<std::string, std::vector<const MapEntry*>> rows;
  for (const MapEntry& e : map.entries) rows[e.id].push_back(&e);
  MapCounts counts;
  std::map<std::string, int> reasons;
  for (const auto& [id, entries] : rows) {
    if (std::any_of(entries.begin(), entries.end(),
                    [](const MapEntry* e) { return e->is_mapped() || e->experiment; })) {
      ++counts.mapped;
    } else if (std::any_of(entries.begin(), entries.end(), [](const MapEntry* e) { return e->planned; })) {
      ++counts.planned;
    } else {
      ++counts.none;
      ++reasons[*entries.front()->none];
    }
  }
  counts.reasons.assign(reasons.begin(), reasons.end());
  std::stable_sort(counts.reasons.begin(), counts.reasons.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return counts;
}

}  // namespace hortega::evidence
