// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/regimen.hpp"

#include "hortega/therapy/course.hpp"
#include "hortega/therapy/graft_protection.hpp"
#include "hortega/therapy/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>

namespace hortega::therapy {

namespace {

using core::Kind;
using core::Schema;

// Beyond these a dose is a slip of the exponent, not a prescription.
constexpr double k_most_cells = 1e10;        // not biology: check of the input
constexpr double k_most_cells_per_kg = 1e9;  // not biology: check of the input
constexpr int k_most_tracts = 100;           // not biology: check of the input

std::string most_cells() { return fmt::format("at most {:g}", k_most_cells); }
std::string most_cells_per_kg() { return fmt::format("at most {:g} per kg", k_most_cells_per_kg); }

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
    const auto days = static_cast<int>(d.at_day.size());
    if (d.times && *d.times >= 1 && !d.every_day && days > 0 && *d.times != days)
      r.problem(
          "times",
          fmt::format("{} dose{} on {} day{}", *d.times, *d.times == 1 ? "" : "s", days,
                      days == 1 ? "" : "s"),
          fmt::format("`every` beside `times`, or `at` with {} day{}", *d.times, *d.times == 1 ? "" : "s"));
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
            {"alemtuzumab", ConditioningDrug::alemtuzumab},
            {"fludarabine", ConditioningDrug::fludarabine}})
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
  s.quantity("day", &Graft::day, Kind::time).required().doc("From the start of the regimen.");
  s.boolean("cd34_selected", &Graft::cd34_selected).doc("T cells removed from the product.");
  s.boolean("frozen", &Graft::frozen).doc("Frozen and thawed, or infused fresh.");
  s.integer("g_csf_from_day", &Graft::g_csf_from_day).doc("Day after the graft from which G-CSF is given.");
  s.boolean("outpatient", &Graft::outpatient)
      .doc("Conditioned and seen every day in day care, in place of a bed; admitted for a serious event.");
  return s;
}

Schema<Donor> donor_schema() {
  Schema<Donor> s("Whose cells an allogeneic transplant gives.");
  s.choice("kind", &Donor::kind,
           {{"matched-sibling", DonorKind::matched_sibling},
            {"matched-unrelated", DonorKind::matched_unrelated},
            {"haploidentical", DonorKind::haploidentical},
            {"cord-blood", DonorKind::cord_blood}})
      .required()
      .doc("matched: ten of ten HLA alleles; cord-blood: one unit, some alleles mismatched.");
  s.choice("source", &Donor::source,
           {{"blood", GraftSource::blood}, {"marrow", GraftSource::marrow}, {"cord", GraftSource::cord}})
      .required()
      .doc("blood is mobilised with G-CSF.");
  s.check([](const Donor& d, const core::Report& r) {
    if ((d.kind == DonorKind::cord_blood) != (d.source == GraftSource::cord))
      r.problem("source", "cord blood comes from a cord, and nothing else does",
                "source = \"cord\" with kind = \"cord-blood\"");
  });
  return s;
}

Schema<ProductPlan> product_schema() {
  Schema<ProductPlan> s("How a cell product is made.");
  s.choice("source", &ProductPlan::source,
           {{"marrow", CellSource::marrow},
            {"fat", CellSource::fat},
            {"cord", CellSource::cord},
            {"placenta", CellSource::placenta}})
      .required()
      .doc("Tissue of origin.");
  s.choice("donor", &ProductPlan::donor, {{"self", CellDonor::self}, {"other", CellDonor::other}})
      .required()
      .doc("The person's own cells, or another's.");
  s.quantity("donor_age", &ProductPlan::donor_age_day, Kind::time)
      .doc("Of another donor of marrow or fat; 30 years if absent.");
  s.boolean("hla_matched", &ProductPlan::hla_matched).doc("Another's cells that share the person's HLA.");
  s.number("tissue", &ProductPlan::tissue)
      .required()
      .doc("Harvest: marrow in mL, fat and placenta in g, cord in cm.");
  s.integer("passages", &ProductPlan::passages).doc("After the primary culture, at most.");
  s.number("seeding_per_cm2", &ProductPlan::seeding_per_cm2).def(1000.0).doc("Cells seeded at each passage.");
  constexpr double k_confluency = 0.8;  // not biology: default of the prescription
  s.number("confluency", &ProductPlan::confluency)
      .def(k_confluency)
      .doc("Share of a full layer at which a passage is harvested.");
  s.boolean("frozen", &ProductPlan::frozen).doc("Given thawed, or fresh.");
  s.boolean("induced", &ProductPlan::induced).doc("Induced to secrete more trophic factors.");
  s.choice("ready", &ProductPlan::ready,
           {{"before_start", CellReady::before_start},
            {"after_harvest", CellReady::after_harvest},
            {"supplied", CellReady::supplied}})
      .def(CellReady::before_start)
      .doc("Whether doses wait for the cells to be made; supplied: their making is not simulated.");
  s.check([](const ProductPlan& m, const core::Report& r) {
    if (!(m.tissue > 0.0)) r.problem("tissue", "no tissue", "above 0");
    if (m.passages < 0 || m.passages > 30) r.problem("passages", "no number of passages", "0 to 30");
    if (!(m.seeding_per_cm2 > 0.0)) r.problem("seeding_per_cm2", "no cells", "above 0");
    if (!(m.confluency > 0.0 && m.confluency < 1.0))
      r.problem("confluency", "no share of a layer", "above 0, below 1");
    const bool born = m.source == CellSource::cord || m.source == CellSource::placenta;
    if (born && m.donor == CellDonor::self) r.problem("donor", "own cord or placenta", "donor = \"other\"");
    if (m.ready == CellReady::supplied && (m.donor == CellDonor::self || m.frozen))
      r.problem("ready", "supplied cells are another's and fresh", "donor = \"other\", frozen = false");
    if (m.donor_age_day && (born || m.donor == CellDonor::self))
      r.problem("donor_age", "age of a donor who has none to state", "another donor's marrow or fat");
  });
  return s;
}

Schema<ProgenitorPlan> progenitor_schema() {
  Schema<ProgenitorPlan> s("Progenitors put into the nervous system: whose, how many, where.");
  s.choice("line", &ProgenitorPlan::line,
           {{"own_induced", ProgenitorLine::own_induced},
            {"banked_induced", ProgenitorLine::banked_induced},
            {"embryonic", ProgenitorLine::embryonic},
            {"fetal", ProgenitorLine::fetal}})
      .required()
      .doc(
          "Induced pluripotent cells of the person or of an HLA-matched bank, an embryonic line, fetal "
          "tissue.");
  s.quantity("cells", &ProgenitorPlan::cells, Kind::cells).doc("Given at once; or `cells_per_kg`.");
  s.quantity("cells_per_kg", &ProgenitorPlan::cells_per_kg, Kind::cells_per_body_weight)
      .doc("Given at once; or `cells`.");
  s.choice("route", &ProgenitorPlan::route,
           {{"intracerebral", ProgenitorRoute::intracerebral},
            {"ventricular", ProgenitorRoute::ventricular},
            {"intrathecal", ProgenitorRoute::intrathecal}})
      .required()
      .doc("Along needle tracts in white matter, into a lateral ventricle, by lumbar puncture.");
  s.integer("tracts", &ProgenitorPlan::tracts).doc("Needle tracts; intracerebral only.");
  s.boolean("ready", &ProgenitorPlan::ready).doc("The cells are made before the regimen begins.");
  s.quantity("residual_pluripotent", &ProgenitorPlan::residual_pluripotent, Kind::fraction)
      .doc(
          "Pluripotent cells left in the product, where its release test says; otherwise as cultures leave "
          "them.");
  s.quantity("surveillance_every", &ProgenitorPlan::surveillance_every_day, Kind::time)
      .doc("Scans that look for tumours; absent: none.");
  s.check([](const ProgenitorPlan& plan, const core::Report& r) {
    if (plan.cells.has_value() == plan.cells_per_kg.has_value())
      r.problem("cells", "the number of cells stands twice or nowhere", "one of `cells` and `cells_per_kg`");
    if (plan.cells.value_or(1.0) <= 0.0 || plan.cells_per_kg.value_or(1.0) <= 0.0)
      r.problem("cells", "no cells", "above 0");
    if (plan.cells.value_or(1.0) > k_most_cells)
      r.problem("cells", fmt::format("{:g} cells", *plan.cells), most_cells());
    if (plan.cells_per_kg.value_or(1.0) > k_most_cells_per_kg)
      r.problem("cells_per_kg", fmt::format("{:g} cells/kg", *plan.cells_per_kg), most_cells_per_kg());
    if (plan.tracts < 1) r.problem("tracts", "no tract", "at least 1");
    if (plan.tracts > k_most_tracts)
      r.problem("tracts", fmt::format("{} tracts", plan.tracts), fmt::format("at most {}", k_most_tracts));
    if (plan.residual_pluripotent && (*plan.residual_pluripotent < 0.0 || *plan.residual_pluripotent > 1.0))
      r.problem("residual_pluripotent", "no share", "0 to 1");
    if (plan.residual_pluripotent && plan.line == ProgenitorLine::fetal)
      r.problem("residual_pluripotent", "fetal cells never were pluripotent in culture", "absent");
    if (plan.surveillance_every_day && !(*plan.surveillance_every_day > 0.0))
      r.problem("surveillance_every", "no interval", "above 0");
  });
  return s;
}

Schema<Prophylaxis> prophylaxis_schema() {
  Schema<Prophylaxis> s("A drug against graft-versus-host disease.");
  s.choice("drug", &Prophylaxis::drug,
           {{"calcineurin-inhibitor", ProphylaxisDrug::calcineurin_inhibitor},
            {"mycophenolate", ProphylaxisDrug::mycophenolate},
            {"methotrexate", ProphylaxisDrug::methotrexate}})
      .required()
      .doc("Antithymocyte globulin, and cyclophosphamide after the graft, stand among the conditioning.");
  s.integer("from", &Prophylaxis::from_day).range(-10, 100).doc("First day, counted from the graft.");
  s.integer("taper_from", &Prophylaxis::taper_from_day)
      .range(0, 1000)
      .doc("Full until this day, then falling to nothing.");
  s.integer("to", &Prophylaxis::to_day).range(0, 1000).doc("The first day without it.");
  s.add("dose", &Prophylaxis::dose, DoseCodec()).doc("methotrexate: on each of the days.");
  s.integers("days", &Prophylaxis::days).doc("methotrexate: days of the doses.");
  s.check([](const Prophylaxis& d, const core::Report& r) {
    const bool doses = d.drug == ProphylaxisDrug::methotrexate;
    if (doses && (!d.dose || d.days.empty()))
      r.problem("dose", "methotrexate without doses", "`dose` and `days`");
    if (!doses && (d.dose || !d.days.empty()))
      r.problem("dose", "a drug taken to a blood level has no single doses", "`from`, `taper_from`, `to`");
    if (!doses && (d.from_day >= d.to_day || d.taper_from_day < d.from_day || d.taper_from_day >= d.to_day))
      r.problem("to", "days out of order", "from, then taper_from, then to");
  });
  return s;
}

void check_allogeneic(const Regimen& g, const core::Report& r) {
  if (!g.donor) r.problem("donor", "an allogeneic transplant without a donor", "a table");
  if (!g.graft) r.problem("graft", "a transplant without a graft", "a table");
  if (g.mobilisation) r.problem("mobilisation", "the donor's cells are collected, not the person's", "none");
  if (g.graft && g.graft->cd34_selected)
    r.problem("graft.cd34_selected", "not modelled for a donor's graft", "antithymocyte globulin");
  if (g.conditioning.empty())
    r.problem("conditioning", "a transplant without conditioning", "at least one drug");
  int first = 0;
  for (const Conditioning& c : g.conditioning) {
    for (const int day : c.days) first = std::min(first, day);
  }
  if (g.graft && g.graft->day + first < 0)
    r.problem("graft.day", "conditioning begins before the regimen",
              "later by the length of the conditioning");
}

void check_progenitors(const Regimen& g, const core::Report& r) {
  if (!g.progenitors) {
    r.problem("progenitors", "cells of which nothing is said", "a table");
    return;
  }
  const bool own = g.progenitors->line == ProgenitorLine::own_induced;
  if (g.autologous != own) {
    r.problem("autologous", "says otherwise than the line", own ? "true" : "false");
  }
  check_graft_protection(g.doses, r);  // the drugs beside the cells
}

void check_cells(const Regimen& g, const core::Report& r) {
  static const char* const routes[] = {"intravenous", "intrathecal", "intra-arterial", "intralesional"};
  if (!g.product) r.problem("product", "cells that nobody makes", "a table");
  const bool own = g.product && g.product->donor == CellDonor::self;
  if (g.product && g.autologous != own)
    r.problem("autologous", "says otherwise than product.donor", own ? "true" : "false");
  for (std::size_t i = 0; i < g.doses.size(); ++i) {
    const Dosing& line = g.doses[i];
    const std::string here = fmt::format("dose[{}]", i);
    if (!is_cells(line.dose)) {
      r.problem(here + ".dose", "a dose of cells in mg", "e.g. \"1e6 cells/kg\"");
    } else if (line.dose.basis == DoseBasis::cells_per_body_weight) {
      if (line.dose.amount > k_most_cells_per_kg)
        r.problem(here + ".dose", fmt::format("{:g} cells/kg", line.dose.amount), most_cells_per_kg());
    } else if (line.dose.amount > k_most_cells) {
      r.problem(here + ".dose", fmt::format("{:g} cells", line.dose.amount), most_cells());
    }
    if (line.every_day && !line.times)
      r.problem(here + ".every", "cells without an end", "`times` beside `every`: so many have to be made");
    if (std::none_of(std::begin(routes), std::end(routes), [&](const char* x) { return line.route == x; }))
      r.problem(here + ".route", "route \"" + line.route + "\"",
                "intravenous, intrathecal, intra-arterial, intralesional");
  }
}

void check_regimen(const Regimen& g, const core::Report& r) {
  if (g.kind == RegimenKind::allogeneic_transplant) {
    check_allogeneic(g, r);
    return;
  }
  if (g.donor || !g.prophylaxis.empty()) {
    r.problem("kind", "a donor or prophylaxis in a regimen that is no allogeneic transplant",
              "kind = \"allogeneic_transplant\"");
  }
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
  const bool cells = g.kind == RegimenKind::mesenchymal;
  if (cells) {
    check_cells(g, r);
  } else if (g.product) {
    r.problem("product", "a cell product in a regimen without cells", "kind = \"mesenchymal\"");
  } else {
    for (std::size_t i = 0; i < g.doses.size(); ++i) {
      if (is_cells(g.doses[i].dose))
        r.problem(fmt::format("dose[{}].dose", i), "a dose of cells", "mg, mg/kg or mg/m2");
    }
  }
  if (g.kind == RegimenKind::progenitors) {
    check_progenitors(g, r);
    return;
  }
  if (g.progenitors) {
    r.problem("progenitors", "cells in a regimen without them", "kind = \"progenitors\"");
  }
  if (g.kind == RegimenKind::graft_protection) check_graft_protection(g.doses, r);
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
  std::vector<std::pair<std::string, RegimenKind>> kinds = {
      {"none", RegimenKind::none},
      {"placebo", RegimenKind::placebo},
      {"steroid", RegimenKind::steroid},
      {"autologous_transplant", RegimenKind::autologous_transplant},
      {"allogeneic_transplant", RegimenKind::allogeneic_transplant},
      {"graft_protection", RegimenKind::graft_protection},
      {"progenitors", RegimenKind::progenitors},
      {"mesenchymal", RegimenKind::mesenchymal}};
  for (std::size_t i = 0; i < therapies().size(); ++i)
    kinds.emplace_back(therapies()[i].kind, kind_of_own_file(i));
  s.choice("kind", &Regimen::kind, std::move(kinds)).required().doc("The mechanism that runs.");
  s.text("source", &Regimen::source).required().doc("Where the prescription was read.");
  s.boolean("autologous", &Regimen::autologous).doc("Cells come from the person.");
  s.text("origin", &Regimen::origin).def("no cells").doc("Provenance of the product, for filters.");
  s.tables("dose", &Regimen::doses, dosing_schema()).doc("The prescription of a drug.");
  s.table("mobilisation", &Regimen::mobilisation, mobilisation_schema()).doc("Transplants only.");
  s.tables("conditioning", &Regimen::conditioning, conditioning_schema()).doc("Transplants only.");
  s.table("graft", &Regimen::graft, graft_schema()).doc("Transplants only.");
  s.table("donor", &Regimen::donor, donor_schema()).doc("Allogeneic transplants only.");
  s.tables("prophylaxis", &Regimen::prophylaxis, prophylaxis_schema()).doc("Allogeneic transplants only.");
  s.table("progenitors", &Regimen::progenitors, progenitor_schema())
      .doc("Progenitors only. Their `dose`s are of the drugs that protect them, in days from the graft.");
  s.table("product", &Regimen::product, product_schema()).doc("Cell products only.");
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
  throw core::InputError(core::Problem{
      {"data/regimens", 0, 0, {}},
      "regimen",
      fmt::format("no regimen '{}'", id),
      "nearest: " + core::quoted_list(core::nearest_words(id, ids(), 3)) + "; all: data/regimens",
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
