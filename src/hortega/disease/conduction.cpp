// SPDX-License-Identifier: Apache-2.0
#include "hortega/disease/conduction.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "hortega/axon/conduction_file.hpp"
#include "hortega/axon/conduction_table.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/disease/parameters.hpp"

namespace hortega::disease {

namespace {

constexpr std::size_t k_lengths = 100;  // lesions, equally likely, that stand for their distribution

using Knots = std::array<double, k_heat_knots>;

OfHeat lines_through(const Knots& y) {
  OfHeat f;
  f.coldest = y[0];
  for (std::size_t i = 0; i < k_heat_steps; ++i) f.step[i] = y[i + 1] - y[i];
  return f;
}

/// Stretches without myelin, in mm: log-normal over lesions.
std::array<double, k_lengths> stretches_mm(const core::Parameter& length) {
  std::array<double, k_lengths> mm{};
  for (std::size_t i = 0; i < k_lengths; ++i) {
    const double z = math::normal_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(k_lengths));
    mm[i] = length.value * math::exp(length.spread * z);
  }
  return mm;
}

struct Losses {
  OfHeat bare, remyelinated;
};

/// Shares of a mix's fibres that fail. Of the bare ones a part has channels along the axon.
Losses losses_of(const Parameters& p, const axon::ConductionTable& table, std::string_view mix) {
  const std::array<double, k_lengths> lengths = stretches_mm(p.bare_length);
  const double adapted = p.bare_adapted_share.value;
  Knots bare{}, remyelinated{};
  for (std::size_t t = 0; t < k_heat_knots; ++t) {
    double passed = 0.0, passed_repaired = 0.0;
    for (const double mm : lengths) {
      const auto through = [&](axon::Lesion state, double wraps) {
        return table.at(mix, state, wraps, table.axes.celsius[t], mm).transmitted_fraction;
      };
      passed +=
          adapted * through(axon::Lesion::adapted, 0.0) + (1.0 - adapted) * through(axon::Lesion::fresh, 0.0);
      passed_repaired += through(axon::Lesion::fresh, p.remyelinated_wraps.value);
    }
    bare[t] = 1.0 - passed / static_cast<double>(k_lengths);
    remyelinated[t] = 1.0 - passed_repaired / static_cast<double>(k_lengths);
  }
  return {lines_through(bare), lines_through(remyelinated)};
}

/// Delays along a whole lesion. Bare fibres that conduct are taken to be adapted: through a lesion this long
/// hardly a fresh one does.
Delays delays_of(const Parameters& p, const axon::ConductionTable& table, std::string_view mix) {
  Knots bare{}, remyelinated{};
  for (std::size_t t = 0; t < k_heat_knots; ++t) {
    const auto delay = [&](axon::Lesion state, double wraps) {
      return table.at(mix, state, wraps, table.axes.celsius[t], p.optic_lesion_length.value).delay_ms;
    };
    bare[t] = delay(axon::Lesion::adapted, 0.0);
    remyelinated[t] = delay(axon::Lesion::fresh, p.remyelinated_wraps.value);
  }
  return {lines_through(bare), lines_through(remyelinated)};
}

}  // namespace

std::string conduction_table_path() { return (core::data_folder() / "tables" / "conduction.nc").string(); }

axon::ConductionTable read_person_conduction(const std::string& path) {
  const auto refuse = [&path](std::string message) {
    throw core::InputError(core::Problem{
        {path, 0, 0, {}}, {}, std::move(message), "the table that `hortega axon tables` writes", {}});
  };
  axon::ConductionTable table;
  try {
    table = axon::read_conduction_table(path);
  } catch (const core::RunError& error) {
    refuse(std::string("no table of conduction: ") + error.what());
  }
  const std::vector<double>& celsius = table.axes.celsius;
  if (celsius.size() != k_heat_knots || !std::is_sorted(celsius.begin(), celsius.end(), std::less_equal<>()))
    refuse("its temperatures are not " + std::to_string(k_heat_knots) + " rising ones");
  for (const std::string_view mix : k_system_mixes) {
    if (std::find(table.mix.begin(), table.mix.end(), mix) == table.mix.end())
      refuse("it has no mix of diameters '" + std::string(mix) + "'");
  }
  for (const double share : table.transmitted_fraction) {
    if (!(share >= 0.0 && share <= 1.0))
      refuse("a transmitted_fraction is no share: " + std::to_string(share));
  }
  return table;
}

const axon::ConductionTable& conduction_table() {
  static const axon::ConductionTable table = read_person_conduction(conduction_table_path());
  return table;
}

Conduction conduction_of(const Parameters& p) {
  const axon::ConductionTable& table = *p.conduction;
  Conduction c;
  std::copy(table.axes.celsius.begin(), table.axes.celsius.end(), c.celsius);
  for (std::size_t i = 0; i < k_heat_steps; ++i) c.per_step[i] = 1.0 / (c.celsius[i + 1] - c.celsius[i]);
  for (std::size_t k = 0; k < k_systems; ++k) {
    // Systems of one mix share what is read.
    const auto first = std::find(k_system_mixes.begin(), k_system_mixes.end(), k_system_mixes[k]);
    const auto same = static_cast<std::size_t>(first - k_system_mixes.begin());
    if (same < k) {
      c.bare_loss[k] = c.bare_loss[same];
      c.remyelinated_loss[k] = c.remyelinated_loss[same];
      continue;
    }
    const Losses losses = losses_of(p, table, k_system_mixes[k]);
    c.bare_loss[k] = losses.bare;
    c.remyelinated_loss[k] = losses.remyelinated;
  }
  c.optic_nerve = delays_of(p, table, k_system_mixes[index(System::visual)]);
  c.optic_radiation = delays_of(p, table, k_system_mixes[index(System::cerebral)]);
  return c;
}

}  // namespace hortega::disease
