// SPDX-License-Identifier: Apache-2.0
// What a tract conducts through a lesion: share of fibres that a spike comes through, and its delay, against
// the lesion's length along the fibre, wraps after repair, mix of diameters and temperature. The person's
// scale reads it.
//
// Fibres of a few diameters are simulated; what a tract of many does is taken from them. A lesion is bare
// (its fresh axons passive, its adapted ones with channels along them) or repaired by short sheaths of fewer
// wraps.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/axon/halter_clark.hpp"

namespace hortega::axon {

/// Fibres of a tract: axon diameters are lognormal.
struct DiameterMix {
  std::string name;
  double median_um = 0.0;
  double log_sd = 0.0;
};

/// What all fibres of the table share; parameters `conduction_*`.
struct TableModel {
  HalterClark fibre;
  double g_ratio = 0.0;
  double internode_per_diameter = 0.0;
  double node_per_diameter = 0.0;
  double node_length_um = 0.0;
  double periaxonal_width_nm = 0.0;
  double seal_length_um = 0.0;
  double seal_width_nm = 0.0;
  int repair_split = 1;
  double adapted_channel_share = 0.0;
  std::vector<DiameterMix> mixes;
};

TableModel load_table_model(const core::ParameterSet& parameters);

/// State of the axon within the lesion.
enum class Lesion : std::size_t { fresh, adapted };
inline constexpr std::array<std::string_view, 2> k_lesion_names = {"fresh", "adapted"};

struct TableAxes {
  std::vector<double> diameter_um;
  std::vector<double> celsius;
  std::vector<double> wrap_share;  ///< of the intact wraps; 0 first: bare
  std::vector<double> length_mm;   ///< of the lesion along the fibre; 0 first
};
TableAxes table_axes();

/// One fibre in one state at one temperature. A lesion longer than `critical_um` blocks it (infinity: none
/// does). Extra delays over the intact fibre at the same temperature are given at some lengths, and grow with
/// length as straight lines between and beyond.
struct FibreResponse {
  double critical_um = 0.0;
  std::vector<double> length_um;
  std::vector<double> delay_ms;

  [[nodiscard]] double delay_at(double length_um) const;
};

struct FibreResponses {
  double velocity_m_per_s = 0.0;  ///< intact
  /// Bare and fresh, bare and adapted, then each share of wraps above 0.
  std::vector<FibreResponse> state;
};

/// Simulates a fibre of this diameter at this temperature in all states.
FibreResponses fibre_responses(const TableModel& model, const TableAxes& axes, double diameter_um,
                               double celsius);

/// Share of a tract's fibres that conduct through the lesion, and the mean extra delay of those (0 where none
/// does).
struct Conduction {
  double transmitted_fraction = 0.0;
  double delay_ms = 0.0;
};

class ConductionTable {
 public:
  TableAxes axes;
  std::vector<std::string> mix;
  std::string parameters_sha256;             ///< of what made it
  std::vector<FibreResponses> fibres;        ///< [diameter][temperature]
  std::vector<double> transmitted_fraction;  ///< [mix][lesion][wrap share][temperature][length]
  std::vector<double> delay_ms;              ///< the same

  [[nodiscard]] std::size_t index(std::size_t mix, Lesion lesion, std::size_t share, std::size_t celsius,
                                  std::size_t length) const;

  /// Between the grid's points by straight lines in every axis. Temperature and wraps outside the grid count
  /// as its ends; beyond the longest lesion the fraction stays and the delay grows on. Throws
  /// std::invalid_argument for a mix that the table has not, or a value that is no number.
  [[nodiscard]] Conduction at(std::string_view mix, Lesion lesion, double wrap_share, double celsius,
                              double length_mm) const;
};

/// Fills the tracts' part from the fibres'.
void mix_fibres(const TableModel& model, ConductionTable& table);

/// The whole table. `progress` is called with the number of fibres done.
ConductionTable build_conduction_table(const core::ParameterSet& parameters,
                                       const std::function<void()>& progress = {});

/// Identifies what the table is made of: parameters and axes.
std::string table_digest(const core::ParameterSet& parameters, const TableAxes& axes);

}  // namespace hortega::axon
