// SPDX-License-Identifier: Apache-2.0
//
// A regimen: what is given, how much, by which route and when, as read from data/regimens/*.toml; and the
// library of all of them. What a regimen does to a person is a Course (courses.hpp).
#pragma once

#include "hortega/core/schema.hpp"
#include "hortega/therapy/dose.hpp"
#include "hortega/therapy/product.hpp"
#include "hortega/therapy/progenitor_plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hortega::therapy {

/// Mechanism by which a regimen acts: which process runs.
enum class RegimenKind {
  none,
  placebo,
  steroid,
  autologous_transplant,
  allogeneic_transplant,
  graft_protection,
  progenitors,
  mesenchymal,
  of_own_file,  // the first of those that name themselves (registry.hpp); the others follow
};

/// One line of a prescription: a dose at listed days of the regimen, then every so many days after the last
/// of them, at most `times` in all.
struct Dosing {
  std::string drug;
  Dose dose;
  std::string route;
  std::vector<double> at_day = {0.0};
  std::optional<double> every_day;
  std::optional<int> times;
};

struct Mobilisation {
  std::optional<Dose> cyclophosphamide;
  Dose g_csf;
  bool steroid = false;
  double apheresis_day =
      10.0;                    // not biology: default of the prescription;  // from the start of mobilisation
  double target_per_kg = 0.0;  // cells; further sessions until this is reached
  double minimum_per_kg = 0.0;  // cells; less is a failure
  int sessions = 3;
  int attempts = 2;
};

enum class ConditioningDrug {
  cyclophosphamide,
  carmustine,
  etoposide,
  cytarabine,
  melphalan,
  busulfan,
  atg,
  rituximab,
  alemtuzumab,
  fludarabine,
};

/// The same dose on each of some days, counted from the graft (day 0).
struct Conditioning {
  ConditioningDrug drug = ConditioningDrug::cyclophosphamide;
  Dose dose;
  std::vector<int> days;
};

struct Graft {
  double day = 0.0;  // from the start of the regimen
  bool cd34_selected = false;
  bool frozen = true;
  int g_csf_from_day = 5;   // after the graft
  bool outpatient = false;  // seen every day in place of a bed
};

enum class DonorKind { matched_sibling, matched_unrelated, haploidentical, cord_blood };
enum class GraftSource { blood, marrow, cord };

/// Whose stem cells an allogeneic transplant gives.
struct Donor {
  DonorKind kind = DonorKind::matched_sibling;
  GraftSource source = GraftSource::blood;
};

enum class ProphylaxisDrug { calcineurin_inhibitor, mycophenolate, methotrexate };

/// A drug against graft-versus-host disease: taken from one day to another, falling from a third, or single
/// doses (methotrexate). Days count from the graft.
struct Prophylaxis {
  ProphylaxisDrug drug = ProphylaxisDrug::calcineurin_inhibitor;
  int from_day = -1;
  int taper_from_day = 0;
  int to_day = 0;
  std::optional<Dose> dose;
  std::vector<int> days;
};

struct Regimen {
  std::string id;
  std::string label;
  RegimenKind kind = RegimenKind::none;
  std::string source;
  bool autologous = false;
  std::string origin;  // where cells come from, for filters on provenance
  std::vector<Dosing> doses;
  std::optional<Mobilisation> mobilisation;
  std::vector<Conditioning> conditioning;
  std::optional<Graft> graft;
  std::optional<Donor> donor;
  std::vector<Prophylaxis> prophylaxis;
  std::optional<ProgenitorPlan> progenitors;
  std::optional<ProductPlan> product;
};

/// The table of a regimen file: reader, JSON Schema and reference in one.
core::Schema<Regimen> regimen_schema();

class RegimenLibrary {
 public:
  /// Reads every *.toml of a directory, by name order. Throws InputError listing all problems.
  static RegimenLibrary read_directory(const std::string& directory);
  static RegimenLibrary of(std::vector<Regimen> regimens);

  /// Throws InputError that names the nearest id.
  const Regimen& find(std::string_view id) const;
  bool contains(std::string_view id) const;
  std::vector<std::string> ids() const;
  const std::vector<Regimen>& all() const { return regimens_; }

 private:
  std::vector<Regimen> regimens_;
};

/// First day of the regimen (counted from its start) at or after `from` on which a dose is due; k_never if
/// none.
int next_dose_day(const Dosing& dosing, int from);

}  // namespace hortega::therapy
