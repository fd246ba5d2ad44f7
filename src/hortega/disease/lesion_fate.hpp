// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a lesion of a person, from the table that the tissue's scale made (docs/lesion.md): how
// much of its myelin stays away, how many of its axons are cut, whether it keeps an iron rim, given its size,
// the person's age and the iron that its microglia take up. The table is read once a process and cut to these
// three; making the rates turns its levels into ratios, so that a look-up between eight points is all that
// the birth of a lesion meets.
#pragma once

#include "hortega/core/lanes.hpp"
#include "hortega/lesion/table.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace hortega::disease {

struct Parameters;

// Points of the table along the axes that vary between lesions.
inline constexpr std::size_t k_fate_sections = 5;
inline constexpr std::size_t k_fate_ages = 3;
inline constexpr std::size_t k_fate_irons = 6;

/// Increasing points of an axis; beyond an end, the end.
template <std::size_t N>
struct FateAxis {
  double point[N] = {};
  double per_step[N - 1] = {};  // 1 / distance of each point to the next
};

/// Ratios to the mean lesion of a person of the reference age, and a chance.
struct FatePoint {
  double stays_bare = 0.0;  // of the share of myelin that does not come back
  double transected = 0.0;  // of the share of axons cut
  double rim = 0.0;         // chance of an iron rim a year later
};

struct LesionFates {
  FateAxis<k_fate_sections> section;  // area of a section, relative to that of the lesion of median volume
  FateAxis<k_fate_ages> age_year;
  FateAxis<k_fate_irons>
      log_iron;  // natural logarithm of the chance that a dying oligodendrocyte leaves iron
  FatePoint at[k_fate_sections][k_fate_ages][k_fate_irons] = {};
};

/// The table of the data folder (tables/lesion.nc), cut to T cells, age and iron, read at the first call.
/// Throws core::InputError that names the file if it is missing or no such table.
const lesion::LesionTable& lesion_table();
/// Where lesion_table() looks.
std::string lesion_table_path();
/// Reads a table, checks that it has what a person asks of it, and cuts it. Throws core::InputError.
lesion::LesionTable read_person_lesions(const std::string& path);

/// The table at these parameters: how large lesions are and how much iron they keep.
LesionFates fates_of(const Parameters& p);

/// Place along an axis, counted in its points: 1.25 is a quarter of the way from the second to the third.
template <class T, std::size_t N>
T place_along(const FateAxis<N>& axis, const T& x) {
  T place(0.0);
  for (std::size_t i = 0; i + 1 < N; ++i) {
    place = place + core::min(T(1.0), core::max(T(0.0), (x - T(axis.point[i])) * T(axis.per_step[i])));
  }
  return place;
}

template <class T>
struct Fate {
  T stays_bare, transected, rim;
};

/// Multilinear between the points of the table, in the lanes of `born`; nought in the others. Lane by lane,
/// because hardly ever is more than one lesion born among the people of a block on one day.
template <class T>
Fate<T> fate_of(const LesionFates& fates, const core::Mask<T>& born, const T& section, const T& age_year,
                const T& log_iron) {
  constexpr std::size_t w = core::lane_width<T>;
  double place[3][w];
  core::store(place[0], place_along(fates.section, section));
  core::store(place[1], place_along(fates.age_year, age_year));
  core::store(place[2], place_along(fates.log_iron, log_iron));
  double stays_bare[w] = {};
  double transected[w] = {};
  double rim[w] = {};
  const std::uint32_t bits = core::mask_bits(born);
  constexpr std::size_t points[3] = {k_fate_sections, k_fate_ages, k_fate_irons};
  for (std::size_t lane = 0; lane < w; ++lane) {
    if (((bits >> lane) & 1U) == 0) continue;
    std::size_t low[3];
    double up[3];
    for (std::size_t a = 0; a < 3; ++a) {
      const auto floor = static_cast<std::size_t>(place[a][lane]);
      low[a] = floor + 2 > points[a] ? points[a] - 2 : floor;
      up[a] = place[a][lane] - static_cast<double>(low[a]);
    }
    for (std::size_t corner = 0; corner < 8; ++corner) {
      const std::size_t i = corner & 1U;
      const std::size_t j = corner >> 1U & 1U;
      const std::size_t k = corner >> 2U;
      const double weight =
          (i == 1 ? up[0] : 1.0 - up[0]) * (j == 1 ? up[1] : 1.0 - up[1]) * (k == 1 ? up[2] : 1.0 - up[2]);
      const FatePoint& point = fates.at[low[0] + i][low[1] + j][low[2] + k];
      stays_bare[lane] += weight * point.stays_bare;
      transected[lane] += weight * point.transected;
      rim[lane] += weight * point.rim;
    }
  }
  return {core::load<T>(stays_bare), core::load<T>(transected), core::load<T>(rim)};
}

}  // namespace hortega::disease
