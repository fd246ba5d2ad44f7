// SPDX-License-Identifier: Apache-2.0
// A small trial file with one key of every sort, for the tests of documents and schemas.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hortega/core/schema.hpp"

namespace hortega::core::sample {

enum class Origin { randomisation, transplant };

struct Arm {
  std::string id;
  std::int64_t allocation = 1;
  std::optional<double> dose_mg_per_kg;
};

struct Moment {
  double mean = 0.0;
  double sd = 1.0;
};

struct DropOut {
  double all_per_year = 0.0;
  std::map<std::string, double> by_arm;
};

struct Every {
  double every_day = 0.0;
  double until_day = 0.0;
};

struct Trial {
  std::string id;
  std::uint64_t seed = 1;
  std::optional<int> replicates;
  double alpha = 0.05;
  double follow_up_day = 0.0;
  double missed_share = 0.0;
  bool conduct = true;
  Origin origin = Origin::randomisation;
  std::string phenotype = "relapsing";
  std::vector<double> age_day;
  std::vector<double> visits_day;
  std::vector<std::string> contrast;
  std::optional<Moment> edss;
  DropOut dropout;
  std::map<std::string, std::string> marks;
  std::vector<Arm> arms;
};

inline Schema<Trial> trial_schema() {
  Schema<Arm> arm("An arm of the trial.");
  arm.text("id", &Arm::id).required().identifier().doc("Name of the arm.");
  arm.integer("allocation", &Arm::allocation).at_least(1).doc("Share in the allocation.");
  arm.quantity("dose", &Arm::dose_mg_per_kg, Kind::dose_per_body_weight).above(0).doc("Dose | if any.");

  Schema<Moment> moment("A mean and its spread.");
  moment.number("mean", &Moment::mean).required().range(0, 10).doc("Mean.");
  moment.number("sd", &Moment::sd).above(0).doc("Standard deviation.");

  Schema<Every> every("Visits at equal distances.");
  every.quantity("every", &Every::every_day, Kind::time).required().above(0).doc("Distance.");
  every.quantity("until", &Every::until_day, Kind::time).required().above(0).doc("Last visit at most here.");
  auto visits_list = as_list(as_quantity(Kind::time).at_least(0)).increasing().not_empty();
  auto visits_every = converted<std::vector<double>>(
      TableCodec<Every>(every),
      [](const Every& e) {
        std::vector<double> days;
        for (int i = 0; i * e.every_day <= e.until_day; ++i) days.push_back(i * e.every_day);
        return days;
      },
      [](const std::vector<double>&) { return std::optional<Every>(); });

  auto rate_of_all = converted<DropOut>(
      as_number().range(0, 1),
      [](const double& rate) {
        return DropOut{rate, {}};
      },
      [](const DropOut& d) {
        return d.by_arm.empty() ? std::optional<double>(d.all_per_year) : std::nullopt;
      });
  auto rate_by_arm = converted<DropOut>(
      as_map(as_number().range(0, 1)),
      [](const std::map<std::string, double>& m) {
        return DropOut{0.0, m};
      },
      [](const DropOut& d) { return std::optional<std::map<std::string, double>>(d.by_arm); });

  Schema<Trial> trial("A trial.");
  trial.format("sample-trial", 1);
  trial.text("id", &Trial::id).required().identifier().doc("Name of the trial.");
  trial.integer("seed", &Trial::seed).doc("Seed of all random streams.");
  trial.integer("replicates", &Trial::replicates).range(1, 100000).doc("How often it is simulated.");
  trial.number("alpha", &Trial::alpha).above(0).below(0.5).doc("Two-sided significance level.");
  trial.quantity("follow_up", &Trial::follow_up_day, Kind::time)
      .required()
      .above(0)
      .doc("Length of follow-up.");
  trial.quantity("missed_share", &Trial::missed_share, Kind::fraction).range(0, 1).doc("Visits missed.");
  trial.boolean("conduct", &Trial::conduct).def(false).doc("Whether conduct is simulated.");
  trial
      .choice("origin", &Trial::origin,
              {{"randomisation", Origin::randomisation}, {"transplant", Origin::transplant}})
      .doc("Where time begins.");
  trial.choice("phenotype", &Trial::phenotype, {"relapsing", "secondary-progressive", "primary-progressive"})
      .doc("Who is enrolled.");
  trial.quantities("age", &Trial::age_day, Kind::time).size(2, 2).increasing().doc("Youngest and oldest.");
  trial.add("visits", &Trial::visits_day, either(visits_list, visits_every)).doc("Days of visits.");
  trial.texts("contrast", &Trial::contrast).distinct().size(0, 2).doc("Arm and reference.");
  trial.table("edss", &Trial::edss, moment).doc("EDSS at entry.");
  trial.add("dropout", &Trial::dropout, either(rate_of_all, rate_by_arm)).doc("Rate of leaving [1/year].");
  trial.map("marks", &Trial::marks, as_text()).doc("Source of each fact.");
  trial.tables("arm", &Trial::arms, arm).distinct("id").not_empty().required().doc("The arms.");
  trial.check([](const Trial& t, const Report& report) {
    for (std::size_t i = 0; i < t.contrast.size(); ++i) {
      std::vector<std::string> ids;
      for (const auto& a : t.arms) ids.push_back(a.id);
      if (std::find(ids.begin(), ids.end(), t.contrast[i]) != ids.end()) continue;
      report.problem(join_path("contrast", i), "'" + t.contrast[i] + "' is no arm",
                     "arms: " + quoted_list(ids), nearest_spelling(t.contrast[i], ids));
    }
  });
  return trial;
}

/// A good file; tests break it.
inline std::string good_text() {
  return R"(format = "sample-trial"
version = 1
id = "mist"
follow_up = "60 months"
visits = ["0 months", "6 months", "12 months"]
[[arm]]
id = "HSCT"
dose = "6 mg/kg"
[[arm]]
id = "DMT"
)";
}

}  // namespace hortega::core::sample
