// SPDX-License-Identifier: Apache-2.0
// What becomes of a lesion, as a table over what it is and what is done to it: data/tables/lesion.nc. Made
// from many runs through an emulator (apps/lesion_tables.cpp); read by whoever needs a lesion's outcome
// quickly.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace hortega::lesion {

struct TableAxis {
  std::string name;
  std::string long_name;
  std::string units;
  std::vector<double> values;  ///< increasing, at least two
  bool logarithmic = false;    ///< interpolate in the logarithm
};

struct TableOutput {
  std::string name;
  std::string long_name;
  std::string units;
  std::vector<double> values;  ///< the last axis fastest
  double held_out_q2 = 0.0;    ///< 1 - error / variance on runs that the emulator did not see
  double held_out_rmse = 0.0;
  double noise_ceiling = 0.0;  ///< what Q2 could be at most, given the scatter between seeds
};

class LesionTable {
 public:
  LesionTable(std::vector<TableAxis> axes, std::vector<TableOutput> outputs, std::string comment);

  const std::vector<TableAxis>& axes() const { return axes_; }
  const std::vector<TableOutput>& outputs() const { return outputs_; }
  const std::string& comment() const { return comment_; }
  /// Place of an output by name. Throws std::invalid_argument.
  std::size_t output(const std::string& name) const;

  /// Multilinear between the points of the axes; beyond an end, the end. One input for each axis, in their
  /// order.
  double at(std::size_t output, std::span<const double> inputs) const;

  /// NetCDF-4. Throw RunError with path and reason.
  static LesionTable read(const std::filesystem::path& path);
  void write(const std::filesystem::path& path) const;

 private:
  std::vector<TableAxis> axes_;
  std::vector<TableOutput> outputs_;
  std::string comment_;
};

}  // namespace hortega::lesion
