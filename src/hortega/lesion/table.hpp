// SPDX-License-Identifier: Apache-2.0
// What becomes of a lesion, as a table over what it is and what is done to it: data/tables/lesion.nc. Made
// from many runs through an emulator (apps/lesion_tables.cpp); read by whoever needs a lesion's outcome
// quickly.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
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

/// The runs that a table was made from, so that anyone can repeat one or fit them anew.
struct TableRuns {
  std::string digest;                ///< of the parameters, the axes and the design's seed
  std::vector<std::string> columns;  ///< inputs, then what came out
  std::vector<double> values;        ///< run after run; NaN where a run was not made

  std::size_t size() const { return columns.empty() ? 0 : values.size() / columns.size(); }
  std::span<const double> row(std::size_t run) const {
    return std::span(values).subspan(run * columns.size(), columns.size());
  }
};

class LesionTable {
 public:
  /// Throws std::invalid_argument if sizes do not fit, or an axis does not increase.
  LesionTable(std::vector<TableAxis> axes, std::vector<TableOutput> outputs, std::string comment,
              TableRuns runs = {});

  const std::vector<TableAxis>& axes() const { return axes_; }
  const std::vector<TableOutput>& outputs() const { return outputs_; }
  const std::string& comment() const { return comment_; }
  const TableRuns& runs() const { return runs_; }
  /// Place of an output by name. Throws std::invalid_argument.
  std::size_t output(const std::string& name) const;

  /// Place of an axis by name. Throws std::invalid_argument.
  std::size_t axis(const std::string& name) const;

  /// Multilinear between the points of the axes; beyond an end, the end. One input for each axis, in their
  /// order. Throws std::invalid_argument for a wrong number of inputs or one that is no number.
  double at(std::size_t output, std::span<const double> inputs) const;

  /// The table over the axes that `fixed` leaves open, at the values that it gives for the others: what is
  /// asked millions of times should be cut first. Agrees with at() wherever both are asked. Throws
  /// std::invalid_argument unless there is an entry for each axis and one axis at least stays open.
  LesionTable cut(std::span<const std::optional<double>> fixed) const;

  /// NetCDF-4. Throw RunError with path and reason.
  static LesionTable read(const std::filesystem::path& path);
  void write(const std::filesystem::path& path) const;

 private:
  std::vector<TableAxis> axes_;
  std::vector<TableOutput> outputs_;
  std::string comment_;
  TableRuns runs_;
  std::vector<std::vector<double>> along_;  // the axes' points as they are interpolated
};

}  // namespace hortega::lesion
