// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/regimen.hpp"

#include "hortega/therapy/course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace hortega::therapy {

namespace {

using core::Kind;
using core::Schema;

Schema<Dosing> dosing_schema() {
  Schema<Dosing> s("One line of the prescription.");
  s.text("drug", &Dosing::drug).required().doc("International non-proprietary name.");
  s.add("dose", &Dosing::dose, DoseCodec()).required().doc("Amount of one dose.");
  s.text("route", &Dosing::route).required().doc("intravenous, oral, subcutaneous, ...");
  s.quantities("at", &Dosing::at_day, Kind::time).def({0.0}).doc("Days from the start of the regimen.");
  s.quantity("every", &Dosing::every_day, Kind::time).doc("Repeats after the last of `at`.");
  s.integer("times", &Dosing::times).doc("At most so many doses in all.");
  s.check([](const Dosing& d, const core::Report& r) {
    if (d.at_day.empty()) r.problem("at", "no day of a dose", "at least one");
    if (!std::is_sorted(d.at_day.begin(), d.at_day.end())) r.problem("at", "days out of order", "increasing");
    if (!d.at_day.empty() && d.at_day.front() < 0.0) r.problem("at", "a dose before the start", "0 or later");
    if (d.every_day && !(*d.every_day > 0.0)) r.problem("every", "no interval", "above 0");
    if (d.times && *d.times < 1) r.problem("times", "no dose at all", "at least 1");
  });
  return s;
}

Schema<Mobilisation> mobilisation_schema() {
  Schema<Mobilisation> s("How stem cells are brought into the blood and collected.");
  s.add("cyclophosphamide", &Mobilisation::cyclophosphamide, DoseCodec()).doc("Absent: G-CSF alone.");
  s.add("g_csf", &Mobilisation::g_csf, DoseCodec()).required().doc("Daily dose.");
  s.boolean("steroid", &Mobilisation::steroid).doc("Given against the flare that G-CSF alone can cause.");
  s.quantity("apheresis_day", &Mobilisation::apheresis_day, Kind::time).doc("First session, from the start.");
  s.quantity("target", &Mobilisation::target_per_kg, Kind::cells_per_body_weight)
      .required()
      .doc("CD34+ cells aimed at.");
  s.quantity("minimum", &Mobilisation::minimum_per_kg, Kind::cells_per_body_weight)
      .required()
      .doc("Less is a failure.");
  s.integer("sessions", &Mobilisation::sessions).doc("Aphereses at most, in one attempt.");
  s.integer("attempts", &Mobilisation::attempts).doc("Mobilisations at most.");
  s.check([](const Mobilisation& m, const core::Report& r) {
    if (!(m.minimum_per_kg > 0.0) || m.target_per_kg < m.minimum_per_kg) {
      r.problem("target", "target below the minimum", "minimum above 0, target at least the minimum");
    }
    if (m.sessions < 1 || m.attempts < 1)
      r.problem("sessions", "no session", "sessions and attempts at least 1");
    if (m.apheresis_day < 1.0) r.problem("apheresis_day", "apheresis before mobilisation", "1 day or later");
  });
  return s;
}

Schema<Conditioning> conditioning_schema() {
  Schema<Conditioning> s("One drug of the conditioning.");
  s.choice("drug", &Conditioning::drug,
           {{"cyclophosphamide", ConditioningDrug::cyclophosphamide},
            {"carmustine", ConditioningDrug::carmustine},
            {"etoposide", ConditioningDrug::etoposide},
            {"cytarabine", ConditioningDrug::cytarabine},
            {"melphalan", ConditioningDrug::melphalan},
            {"busulfan", ConditioningDrug::busulfan},
            {"atg", ConditioningDrug::atg},
            {"rituximab", ConditioningDrug::rituximab},
            {"alemtuzumab", ConditioningDrug::alemtuzumab}})
      .required()
      .doc("atg is rabbit antithymocyte globulin.");
  s.add("dose", &Conditioning::dose, DoseCodec()).required().doc("On each of the days.");
  s.integers("days", &Conditioning::days).required().doc("Counted from the graft: -5 is five days before.");
  s.check([](const Conditioning& c, const core::Report& r) {
    if (c.days.empty()) r.problem("days", "no day", "at least one");
    for (const int day : c.days) {
      if (day < -30 || day > 30) r.problem("days", fmt::format("day {}", day), "-30 to 30");
    }
  });
  return s;
}

Schema<Graft> graft_schema() {
  Schema<Graft> s("The product and its infusion.");
  s.quantity("day", &Graft::day, Kind::time).required().doc("From the start of mobilisation.");
  s.boolean("cd34_selected", &Graft::cd34_selected).doc("T cells removed from the product.");
  s.boolean("frozen", &Graft::frozen).doc("Frozen and thawed, or infused fresh.");
  s.integer("g_csf_from_day", &Graft::g_csf_from_day).doc("Day after the graft from which G-CSF is given.");
  return s;
}

void check_regimen(const Regimen& g, const core::Report& r) {
  const bool transplant = g.kind == RegimenKind::autologous_transplant;
  if (transplant) {
    if (!g.mobilisation) r.problem("mobilisation", "a transplant without mobilisation", "a table");
    if (!g.graft) r.problem("graft", "a transplant without a graft", "a table");
    if (g.conditioning.empty())
      r.problem("conditioning", "a transplant without conditioning", "at least one drug");
    if (g.mobilisation && g.graft) {
      int first = 0;
      for (const Conditioning& c : g.conditioning) {
        for (const int day : c.days) first = std::min(first, day);
      }
      if (g.graft->day + first < g.mobilisation->apheresis_day + g.mobilisation->sessions) {
        r.problem("graft.day", "conditioning begins before the graft is collected",
                  "later than the last apheresis by the length of the conditioning");
      }
    }
    return;
  }
  if (g.mobilisation || g.graft || !g.conditioning.empty()) {
    r.problem("kind", "mobilisation, conditioning or graft in a regimen that is no transplant",
              "kind = \"autologous_transplant\"");
  }
  if (g.doses.empty() && g.kind != RegimenKind::none && g.kind != RegimenKind::placebo) {
    r.problem("dose", "a drug without a dose", "at least one [[dose]]");
  }
}

}  // namespace

Schema<Regimen> regimen_schema() {
  Schema<Regimen> s("A therapy as prescribed.");
  s.format("hortega-regimen", 1);
  s.text("id", &Regimen::id).required().doc("The name by which protocols call it.");
  s.text("label", &Regimen::label).required().doc("As reports print it.");
  s.choice("kind", &Regimen::kind,
           {{"none", RegimenKind::none},
            {"placebo", RegimenKind::placebo},
            {"interferon", RegimenKind::interferon},
            {"glatiramer", RegimenKind::glatiramer},
            {"dimethyl_fumarate", RegimenKind::dimethyl_fumarate},
            {"fingolimod", RegimenKind::fingolimod},
            {"siponimod", RegimenKind::siponimod},
            {"natalizumab", RegimenKind::natalizumab},
            {"anti_cd20", RegimenKind::anti_cd20},
            {"alemtuzumab", RegimenKind::alemtuzumab},
            {"mitoxantrone", RegimenKind::mitoxantrone},
            {"steroid", RegimenKind::steroid},
            {"autologous_transplant", RegimenKind::autologous_transplant}})
      .required()
      .doc("The mechanism that runs.");
  s.text("source", &Regimen::source).required().doc("Where the prescription was read.");
  s.boolean("autologous", &Regimen::autologous).doc("Cells come from the person.");
  s.text("origin", &Regimen::origin).def("no cells").doc("Provenance of the product, for filters.");
  s.tables("dose", &Regimen::doses, dosing_schema()).doc("The prescription of a drug.");
  s.table("mobilisation", &Regimen::mobilisation, mobilisation_schema()).doc("Transplants only.");
  s.tables("conditioning", &Regimen::conditioning, conditioning_schema()).doc("Transplants only.");
  s.table("graft", &Regimen::graft, graft_schema()).doc("Transplants only.");
  s.check(check_regimen);
  return s;
}

RegimenLibrary RegimenLibrary::read_directory(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  }
  if (error || files.empty()) {
    throw core::InputError(
        core::Problem{{directory, 0, 0, {}}, {}, "no regimen files", "a directory with *.toml", {}});
  }
  std::sort(files.begin(), files.end());
  const Schema<Regimen> schema = regimen_schema();
  RegimenLibrary library;
  core::Problems problems;
  for (const std::string& file : files) {
    const core::Document document = core::Document::load(file);
    core::Locations places(document);
    Regimen regimen;
    if (!schema.read(document, problems, places, regimen)) continue;
    if (library.contains(regimen.id)) {
      problems.add(places.problem("id", "regimen '" + regimen.id + "' stands twice", "each id once"));
    }
    library.regimens_.push_back(std::move(regimen));
  }
  problems.throw_if_any();
  return library;
}

RegimenLibrary RegimenLibrary::of(std::vector<Regimen> regimens) {
  RegimenLibrary library;
  library.regimens_ = std::move(regimens);
  return library;
}

bool RegimenLibrary::contains(std::string_view id) const {
  return std::any_of(regimens_.begin(), regimens_.end(), [&](const Regimen& r) { return r.id == id; });
}

std::vector<std::string> RegimenLibrary::ids() const {
  std::vector<std::string> ids;
  for (const Regimen& r : regimens_) ids.push_back(r.id);
  return ids;
}

const Regimen& RegimenLibrary::find(std::string_view id) const {
  for (const Regimen& r : regimens_) {
    if (r.id == id) return r;
  }
  throw core::InputError(core::Problem{{"data/regimens", 0, 0, {}},
                                       "regimen",
                                       fmt::format("no regimen '{}'", id),
                                       core::quoted_list(ids()),
                                       core::nearest_spelling(id, ids())});
}

int next_dose_day(const Dosing& dosing, int from) {
  const int limit = dosing.times.value_or(k_never);
  int given = 0;
  for (const double at : dosing.at_day) {
    if (given++ >= limit) return k_never;
    const int day = static_cast<int>(std::floor(at + 0.5));
    if (day >= from) return day;
  }
  if (!dosing.every_day) return k_never;
  const double last = dosing.at_day.back();
  const double every = *dosing.every_day;
  int repeat = std::max(1, static_cast<int>((from - last) / every));
  for (;; ++repeat) {
    if (given + repeat > limit) return k_never;
    const int day = static_cast<int>(std::floor(last + every * repeat + 0.5));
    if (day >= from) return day;
  }
}

}  // namespace hortega::therapy
