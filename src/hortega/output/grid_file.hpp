// SPDX-License-Identifier: Apache-2.0
// Fields on a regular grid over time as NetCDF-4 with CF axes, one time after the other: ParaView and xarray
// open it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace hortega::output {

struct GridVariable {
  std::string name;
  std::string long_name;
  std::string units;
};

class GridFile {
 public:
  /// Axes are voxel centres in mm; nz = 1 makes a file without a z axis. Throws RunError with path and
  /// reason.
  GridFile(const std::filesystem::path& path, std::size_t nx, std::size_t ny, std::size_t nz, double voxel_mm,
           const std::string& time_units, const std::string& title,
           const std::vector<GridVariable>& variables);
  ~GridFile();
  GridFile(const GridFile&) = delete;
  GridFile& operator=(const GridFile&) = delete;

  /// Begins the next time.
  void begin(double time);
  /// Values of a variable (by its place in the list) at that time, x fastest.
  void put(std::size_t variable, const std::vector<float>& values);
  /// Writes what is still in memory; a destructor could not tell of a full disk.
  void close();

 private:
  void check(int status) const;

  std::string path_;
  int file_ = 0;
  bool open_ = false;
  int time_ = 0;
  std::vector<int> variables_;
  std::size_t nx_, ny_, nz_;
  std::size_t frame_ = 0;
};

}  // namespace hortega::output
