// SPDX-License-Identifier: Apache-2.0
#include "hortega/evidence/standing.hpp"

#include "hortega/core/csv.hpp"
#include "hortega/core/document.hpp"
#include "hortega/evidence/map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hortega::evidence {

namespace {

constexpr double k_day_a_year = 365.25;

bool gives(const trial::Arm& arm, const std::string& regimen) {
  return std::any_of(arm.regimens.begin(), arm.regimens.end(), [&](const trial::RegimenChoice& c) {
    return c.regimen == regimen || (is_no_therapy(regimen) && is_no_therapy(c.regimen));
  });
}

std::string_view words(trial::Phenotype p) {
  switch (p) {
    case trial::Phenotype::relapsing:
      return "relapsing";
    case trial::Phenotype::secondary_progressive:
      return "secondary progressive";
    case trial::Phenotype::primary_progressive:
      break;
  }
  return "primary progressive";
}

struct Limits {
  double low = 0.0, high = 0.0;
  bool stated = false;
};
std::optional<Limits> limits_of(const std::optional<std::vector<double>>& stated,
                                const trial::Moment& baseline, double scale) {
  if (stated && stated->size() == 2) return Limits{stated->front() / scale, stated->back() / scale, true};
  if (!baseline.mean || !baseline.sd) return std::nullopt;
  return Limits{std::max(0.0, *baseline.mean - 2.0 * *baseline.sd), *baseline.mean + 2.0 * *baseline.sd,
                false};
}

void hold(std::vector<std::string>& reasons, const char* what, double value, const char* unit,
          const std::optional<Limits>& limits) {
  if (!limits || (value >= limits->low && value <= limits->high)) return;
  reasons.push_back(fmt::format("{} {:.3g}{}, {} {:.3g} to {:.3g}", what, value, unit,
                                limits->stated ? "studied" : "two standard deviations about its mean are",
                                limits->low, limits->high));
}

// The courses that a protocol enrols, if the person's is none of them.
std::string other_course(const trial::Protocol& protocol, const PersonFacts& person) {
  const std::vector<trial::Phenotype>& of = protocol.population.phenotypes;
  std::string studied;
  if (of.empty() || std::find(of.begin(), of.end(), person.phenotype) != of.end()) return studied;
  for (const trial::Phenotype phenotype : of)
    studied += fmt::format("{}{}", studied.empty() ? "" : ", ", words(phenotype));
  return studied;
}

// Does a row's arm label name an arm that gives the regimen?
bool concerns(const ValidatedRow& row, const trial::Protocol& protocol, const std::string& regimen) {
  for (const trial::Arm& arm : protocol.arms) {
    if (!gives(arm, regimen)) continue;
    if (row.arms == "all" || row.arms.starts_with("all ")) return true;  // "allo-HSCT" is an arm
    std::size_t at = 0;
    while ((at = row.arms.find(arm.id, at)) != std::string::npos) {
      const std::size_t end = at + arm.id.size();
      const bool begins = at == 0 || row.arms[at - 1] == ' ';
      const bool ends = end == row.arms.size() || row.arms[end] == ' ';
      if (begins && ends) return true;
      at = end;
    }
  }
  return false;
}

}  // namespace

std::vector<ValidatedRow> read_validated_rows(const std::string& path) {
  const core::CsvTable table = core::parse_csv(core::load_text(path, core::Document::k_max_bytes), path);
  const auto column = [&](const std::string& name) {
    const auto at = std::find(table.columns.begin(), table.columns.end(), name);
    if (at == table.columns.end())
      throw core::InputError(core::Problem{{path, 1, 0, {}}, {}, "no column '" + name + "'", {}, {}});
    return static_cast<std::size_t>(at - table.columns.begin());
  };
  const std::size_t row = column("row"), group = column("group"), protocol = column("protocol"),
                    arms = column("arms"), outcome = column("outcome"), inside = column("inside_90");
  std::vector<ValidatedRow> rows;
  for (const core::CsvRecord& r : table.records)
    rows.push_back({r.fields[row], r.fields[group], r.fields[protocol], r.fields[arms], r.fields[outcome],
                    r.fields[inside] == "1"});
  return rows;
}

bool is_no_therapy(const std::string& regimen) { return regimen == "none" || regimen == "placebo"; }

int Standing::rows_scored() const {
  int scored = 0;
  for (const StudyStanding& s : studies) scored += s.rows;
  return scored;
}

std::string Standing::other_people() const {
  std::vector<std::string> whom;
  for (const StudyStanding& s : studies) {
    if (s.rows == 0) continue;
    if (s.outside.empty()) return {};
    const std::string one = s.other_course.empty() ? s.outside.front() : s.other_course + " MS";
    if (std::find(whom.begin(), whom.end(), one) == whom.end()) whom.push_back(one);
  }
  std::string all;
  for (const std::string& one : whom) all += (all.empty() ? "" : "; ") + one;
  return all;
}

double Standing::longest_follow_up_year() const {
  double longest = 0.0;
  for (const StudyStanding& s : studies) {
    if (s.outside.empty() && s.rows > 0) longest = std::max(longest, s.follow_up_year);
  }
  return longest;
}

std::vector<std::string> reasons_outside(const trial::Protocol& protocol, const PersonFacts& person) {
  std::vector<std::string> reasons;
  const trial::Population& p = protocol.population;
  if (const std::string studied = other_course(protocol, person); !studied.empty())
    reasons.push_back(fmt::format("course {}, studied {}", words(person.phenotype), studied));
  hold(reasons, "age", person.age_year, " years",
       limits_of(p.eligibility.age_day, p.baseline.age, k_day_a_year));
  hold(reasons, "EDSS", person.edss, "", limits_of(p.eligibility.edss, p.baseline.edss, 1.0));
  hold(reasons, "duration", person.duration_year, " years",
       limits_of(p.eligibility.duration_day, p.baseline.duration_years, k_day_a_year));
  return reasons;
}

Standing standing_of(const std::string& regimen, const std::vector<trial::Protocol>& protocols,
                     const std::vector<ValidatedRow>& rows, const PersonFacts& person) {
  Standing standing;
  standing.regimen = regimen;
  for (const trial::Protocol& protocol : protocols) {
    if (std::none_of(protocol.arms.begin(), protocol.arms.end(),
                     [&](const trial::Arm& arm) { return gives(arm, regimen); }))
      continue;
    StudyStanding study;
    study.protocol = protocol.id;
    study.title = protocol.title;
    study.outside = reasons_outside(protocol, person);
    study.other_course = other_course(protocol, person);
    study.follow_up_year = protocol.accrual.follow_up_day / k_day_a_year;
    for (const ValidatedRow& row : rows) {
      if (row.protocol != protocol.id || !concerns(row, protocol, regimen)) continue;
      ++study.rows;
      if (row.inside_90) ++study.rows_inside;
      if (row.group != "set_aside") continue;
      ++study.set_aside;
      if (row.inside_90) ++study.set_aside_inside;
    }
    standing.studies.push_back(std::move(study));
  }
  std::stable_sort(
      standing.studies.begin(), standing.studies.end(),
      [](const StudyStanding& a, const StudyStanding& b) { return a.outside.size() < b.outside.size(); });
  return standing;
}

std::vector<trial::Protocol> read_protocols(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<trial::Protocol> all;
  all.reserve(files.size());
  for (const std::string& file : files) {
    const core::Document document = core::Document::load(file);
    if (protocol_names(document).experiment) continue;  // of animals
    all.push_back(trial::read_protocol(document).value);
  }
  return all;
}

}  // namespace hortega::evidence
