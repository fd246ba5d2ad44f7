// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/grid_file.hpp"

#include <netcdf.h>

#include "hortega/core/problems.hpp"
#include "hortega/core/version.hpp"

namespace hortega::output {

void GridFile::check(int status) const {
  if (status != NC_NOERR) throw core::RunError(path_ + ": " + nc_strerror(status));
}

GridFile::GridFile(const std::filesystem::path& path, std::size_t nx, std::size_t ny, std::size_t nz,
                   double voxel_mm, const std::string& time_units, const std::string& title,
                   const std::vector<GridVariable>& variables)
    : path_(path.string()), nx_(nx), ny_(ny), nz_(nz) {
  check(nc_create(path_.c_str(), NC_NETCDF4 | NC_CLOBBER, &file_));
  open_ = true;
  const auto text = [this](int variable, const char* name, const std::string& value) {
    check(nc_put_att_text(file_, variable, name, value.size(), value.c_str()));
  };
  text(NC_GLOBAL, "Conventions", "CF-1.8");
  text(NC_GLOBAL, "title", title);
  text(NC_GLOBAL, "source", "Hortega " + std::string(core::version()));
  std::vector<int> dims(1);
  check(nc_def_dim(file_, "time", NC_UNLIMITED, &dims[0]));
  check(nc_def_var(file_, "time", NC_DOUBLE, 1, dims.data(), &time_));
  text(time_, "units", time_units);
  text(time_, "axis", "T");
  struct Axis {
    const char* name;
    const char* letter;
    std::size_t count;
    int variable;
  };
  std::vector<Axis> axes = {{"y", "Y", ny, 0}, {"x", "X", nx, 0}};
  if (nz > 1) axes.insert(axes.begin(), {"z", "Z", nz, 0});
  for (Axis& axis : axes) {
    int dim = 0;
    check(nc_def_dim(file_, axis.name, axis.count, &dim));
    check(nc_def_var(file_, axis.name, NC_DOUBLE, 1, &dim, &axis.variable));
    text(axis.variable, "units", "mm");
    text(axis.variable, "axis", axis.letter);
    dims.push_back(dim);
  }
  for (const GridVariable& v : variables) {
    int variable = 0;
    check(nc_def_var(file_, v.name.c_str(), NC_FLOAT, static_cast<int>(dims.size()), dims.data(), &variable));
    std::vector<std::size_t> chunk = {1, ny, nx};
    if (nz > 1) chunk = {1, nz, ny, nx};
    check(nc_def_var_chunking(file_, variable, NC_CHUNKED, chunk.data()));
    check(nc_def_var_deflate(file_, variable, 1, 1, 1));
    text(variable, "long_name", v.long_name);
    text(variable, "units", v.units);
    variables_.push_back(variable);
  }
  check(nc_enddef(file_));
  for (const Axis& axis : axes) {
    std::vector<double> centre(axis.count);
    for (std::size_t i = 0; i < axis.count; ++i) centre[i] = (static_cast<double>(i) + 0.5) * voxel_mm;
    check(nc_put_var_double(file_, axis.variable, centre.data()));
  }
}

GridFile::~GridFile() {
  if (open_) nc_close(file_);
}

void GridFile::begin(double time) {
  const std::size_t at = frame_++;
  check(nc_put_var1_double(file_, time_, &at, &time));
}

void GridFile::put(std::size_t variable, const std::vector<float>& values) {
  std::vector<std::size_t> start(3, 0);
  std::vector<std::size_t> count = {1, ny_, nx_};
  if (nz_ > 1) {
    start.push_back(0);
    count = {1, nz_, ny_, nx_};
  }
  start[0] = frame_ - 1;
  check(nc_put_vara_float(file_, variables_[variable], start.data(), count.data(), values.data()));
}

void GridFile::close() {
  open_ = false;
  check(nc_close(file_));
}

}  // namespace hortega::output
