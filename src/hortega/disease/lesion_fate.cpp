// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/lesion_fate.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include "hortega/core/data_path.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/disease/equations.hpp"
#include "hortega/disease/parameters.hpp"

namespace hortega::disease {

namespace {

// not biology from here: the lesion that stands for the one of median volume, a choice of scale. Its T cells
// lie in the middle of the table; the others are those of a lesion that nothing was done to.
constexpr double k_reference_t_cells_per_mm = 100000.0;
constexpr double k_reference_attack_day = 14.0;
constexpr double k_reference_progenitors = 1.0;
constexpr double k_cells_day = 1.0;  // of cells that are not given
// not biology to here

constexpr std::array<const char*, 3> k_open = {"t_cells_per_mm", "age_years", "iron_uptake"};
constexpr std::array<std::size_t, 3> k_points = {k_fate_sections, k_fate_ages, k_fate_irons};

constexpr std::size_t k_quantiles = 40;  // of size and of iron: as many equally likely lesions squared

template <std::size_t N>
void put_points(FateAxis<N>& axis, const std::array<double, N>& points) {
  for (std::size_t i = 0; i < N; ++i) axis.point[i] = points[i];
  for (std::size_t i = 0; i + 1 < N; ++i) axis.per_step[i] = 1.0 / (points[i + 1] - points[i]);
}

double quantile(std::size_t i) {
  return math::normal_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(k_quantiles));
}

}  // namespace

std::string lesion_table_path() { return (core::data_folder() / "tables" / "lesion.nc").string(); }

lesion::LesionTable read_person_lesions(const std::string& path) {
  const auto refused = [&path](const std::string& message) {
    return core::InputError(
        core::Problem{{path, 0, 0, {}}, {}, message, "the table that `hortega lesion tables` writes", {}});
  };
  try {
    const lesion::LesionTable whole = lesion::LesionTable::read(path);
    std::vector<std::optional<double>> fixed(whole.axes().size(), 0.0);
    for (const char* axis : k_open) fixed[whole.axis(axis)].reset();
    fixed[whole.axis("attack_day")] = k_reference_attack_day;
    fixed[whole.axis("progenitor_density")] = k_reference_progenitors;
    fixed[whole.axis("mesenchymal_per_mm")] = 0.0;
    fixed[whole.axis("grafted_per_mm")] = 0.0;
    fixed[whole.axis("cells_day")] = k_cells_day;
    lesion::LesionTable table = whole.cut(fixed);
    for (std::size_t a = 0; a < k_open.size(); ++a) {
      if (table.axes()[a].name != k_open[a] || table.axes()[a].values.size() != k_points[a])
        throw refused("its axis " + std::to_string(a + 1) + " of those that a person asks for is not " +
                      k_open[a] + " with " + std::to_string(k_points[a]) + " points");
    }
    for (const char* share : {"repaired_fraction", "transected_fraction", "chronic_active_probability"}) {
      for (const double x : table.outputs()[table.output(share)].values) {
        if (!(x >= 0.0 && x <= 1.0))
          throw refused(std::string("a ") + share + " is no share: " + std::to_string(x));
      }
    }
    static_cast<void>(table.output("size"));
    return table;
  } catch (const core::RunError& error) {
    throw refused(std::string("no table of lesions: ") + error.what());
  } catch (const std::invalid_argument& error) {
    throw refused(error.what());
  }
}

const lesion::LesionTable& lesion_table() {
  static const lesion::LesionTable table = read_person_lesions(lesion_table_path());
  return table;
}

LesionFates fates_of(const Parameters& p) {
  const lesion::LesionTable& table = *p.lesions;
  const core::Parameter& iron = p.lesion_iron_uptake;
  const auto at = [&table](const char* output, double t_cells, double age_year, double uptake) {
    const double inputs[] = {t_cells, age_year, uptake};
    return table.at(table.output(output), inputs);
  };
  const auto& t_cells = table.axes()[0].values;
  const auto& ages = table.axes()[1].values;
  const auto& irons = table.axes()[2].values;
  LesionFates f;
  // The table's lesions are told by their T cells, a person's by their volume: a section goes with its power
  // of two thirds, and the table says which T cells make a section so large at the reference.
  std::array<double, k_fate_sections> section{};
  for (std::size_t i = 0; i < k_fate_sections; ++i) {
    section[i] = at("size", t_cells[i], k_reference_age_lesion, iron.value) /
                 at("size", k_reference_t_cells_per_mm, k_reference_age_lesion, iron.value);
    if (i > 0 && !(section[i] > section[i - 1]))
      throw core::InputError(core::Problem{{lesion_table_path(), 0, 0, {}},
                                           {},
                                           "more T cells do not make larger lesions in it",
                                           "the table that `hortega lesion tables` writes",
                                           {}});
  }
  put_points(f.section, section);
  std::array<double, k_fate_ages> age{};
  for (std::size_t j = 0; j < k_fate_ages; ++j) age[j] = ages[j];
  put_points(f.age_year, age);
  std::array<double, k_fate_irons> log_iron{};
  for (std::size_t k = 0; k < k_fate_irons; ++k) log_iron[k] = math::log(irons[k]);
  put_points(f.log_iron, log_iron);
  for (std::size_t i = 0; i < k_fate_sections; ++i) {
    for (std::size_t j = 0; j < k_fate_ages; ++j) {
      for (std::size_t k = 0; k < k_fate_irons; ++k) {
        f.at[i][j][k] = {1.0 - at("repaired_fraction", t_cells[i], ages[j], irons[k]),
                         at("transected_fraction", t_cells[i], ages[j], irons[k]),
                         at("chronic_active_probability", t_cells[i], ages[j], irons[k])};
      }
    }
  }
  // The mean lesion of people of the reference age: demyelinated_share, transection_share and t1_share were
  // measured, or fitted, over lesions as they come, so that is what ratios are to.
  FatePoint mean;
  const double volume_sd = core::square_root(p.lesion_volume.spread * p.lesion_volume.spread +
                                             p.lesion_size.spread * p.lesion_size.spread);
  for (std::size_t v = 0; v < k_quantiles; ++v) {
    const double relative = relative_section(volume_sd * quantile(v));
    for (std::size_t i = 0; i < k_quantiles; ++i) {
      const double lesion_log_iron = math::log(iron.value) + iron.spread * quantile(i);
      const Fate<double> fate = fate_of<double>(f, true, relative, k_reference_age_lesion, lesion_log_iron);
      mean.stays_bare += fate.stays_bare / (k_quantiles * k_quantiles);
      mean.transected += fate.transected / (k_quantiles * k_quantiles);
    }
  }
  for (auto& of_section : f.at) {
    for (auto& of_age : of_section) {
      for (FatePoint& point : of_age) {
        point.stays_bare /= mean.stays_bare;
        point.transected /= mean.transected;
      }
    }
  }
  return f;
}

}  // namespace hortega::disease
