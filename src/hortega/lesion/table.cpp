// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/table.hpp"

#include <netcdf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::lesion {

namespace {

constexpr std::size_t k_most_axes = 16;
constexpr const char* k_runs = "runs";

/// An open file; closed when it leaves the scope.
class File {
 public:
  File(const std::filesystem::path& path, bool create) : path_(path.string()) {
    check(create ? nc_create(path_.c_str(), NC_NETCDF4 | NC_CLOBBER, &id_)
                 : nc_open(path_.c_str(), NC_NOWRITE, &id_));
  }
  ~File() {
    if (id_ >= 0) nc_close(id_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int id() const { return id_; }
  void check(int status) const {
    if (status != NC_NOERR) throw core::RunError(path_ + ": " + nc_strerror(status));
  }
  void close() {
    const int id = id_;
    id_ = -1;
    check(nc_close(id));
  }
  void text(int variable, const char* name, const std::string& value) const {
    check(nc_put_att_text(id_, variable, name, value.size(), value.c_str()));
  }
  void number(int variable, const char* name, double value) const {
    check(nc_put_att_double(id_, variable, name, NC_DOUBLE, 1, &value));
  }
  std::string text(int variable, const char* name) const {
    std::size_t size = 0;
    check(nc_inq_attlen(id_, variable, name, &size));
    std::string value(size, '\0');
    check(nc_get_att_text(id_, variable, name, value.data()));
    return value;
  }
  double number(int variable, const char* name) const {
    double value = 0.0;
    check(nc_get_att_double(id_, variable, name, &value));
    return value;
  }

 private:
  std::string path_;
  int id_ = -1;
};

}  // namespace

LesionTable::LesionTable(std::vector<TableAxis> axes, std::vector<TableOutput> outputs, std::string comment,
                         TableRuns runs)
    : axes_(std::move(axes)),
      outputs_(std::move(outputs)),
      comment_(std::move(comment)),
      runs_(std::move(runs)) {
  if (axes_.empty() || axes_.size() > k_most_axes)
    throw std::invalid_argument("a lesion table has between one and 16 axes");
  std::size_t size = 1;
  for (const TableAxis& axis : axes_) {
    const auto& v = axis.values;
    if (v.size() < 2 || std::adjacent_find(v.begin(), v.end(), std::greater_equal<>()) != v.end())
      throw std::invalid_argument("an axis of a lesion table needs two increasing values");
    if (axis.logarithmic && v.front() <= 0.0)
      throw std::invalid_argument("a logarithmic axis of a lesion table needs values above 0");
    size *= v.size();
    along_.push_back(v);
    if (!axis.logarithmic) continue;
    for (double& x : along_.back()) x = math::log(x);
  }
  for (const TableOutput& output : outputs_) {
    if (output.values.size() != size)
      throw std::invalid_argument("a lesion table needs a value for each point");
  }
  if (runs_.size() * runs_.columns.size() != runs_.values.size())
    throw std::invalid_argument("the runs of a lesion table need a value in each column");
}

std::size_t LesionTable::output(const std::string& name) const {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].name == name) return i;
  }
  throw std::invalid_argument("the lesion table has no output '" + name + "'");
}

std::size_t LesionTable::axis(const std::string& name) const {
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    if (axes_[i].name == name) return i;
  }
  throw std::invalid_argument("the lesion table has no axis '" + name + "'");
}

double LesionTable::at(std::size_t output, std::span<const double> inputs) const {
  if (inputs.size() != axes_.size())
    throw std::invalid_argument("one input for each axis of the lesion table");
  std::array<std::size_t, k_most_axes> low{};
  std::array<double, k_most_axes> share{};
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (std::isnan(inputs[a]))
      throw std::invalid_argument("the lesion table is asked for at a value that is no number");
    const auto& v = along_[a];
    const double inside = std::clamp(inputs[a], axes_[a].values.front(), axes_[a].values.back());
    const double x = axes_[a].logarithmic ? math::log(inside) : inside;
    const auto above = std::upper_bound(v.begin() + 1, v.end() - 1, x);
    low[a] = static_cast<std::size_t>(above - v.begin()) - 1;
    share[a] = (x - v[low[a]]) / (v[low[a] + 1] - v[low[a]]);
  }
  const auto& values = outputs_.at(output).values;
  double sum = 0.0;
  for (std::size_t corner = 0; corner < (std::size_t{1} << axes_.size()); ++corner) {
    double weight = 1.0;
    std::size_t place = 0;
    for (std::size_t a = 0; a < axes_.size() && weight > 0.0; ++a) {
      const std::size_t up = corner >> a & 1U;
      weight *= up == 1 ? share[a] : 1.0 - share[a];
      place = place * along_[a].size() + low[a] + up;
    }
    if (weight > 0.0) sum += weight * values[place];
  }
  return sum;
}

LesionTable LesionTable::cut(std::span<const std::optional<double>> fixed) const {
  if (fixed.size() != axes_.size())
    throw std::invalid_argument("one value or none for each axis of the lesion table");
  std::vector<TableAxis> open;
  std::vector<std::size_t> which;
  std::size_t points = 1;
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (fixed[a]) continue;
    which.push_back(a);
    open.push_back(axes_[a]);
    points *= axes_[a].values.size();
  }
  std::vector<TableOutput> outputs = outputs_;
  for (TableOutput& output : outputs) output.values.resize(points);
  std::vector<double> inputs(axes_.size());
  for (std::size_t a = 0; a < axes_.size(); ++a) inputs[a] = fixed[a].value_or(0.0);
  for (std::size_t point = 0; point < points; ++point) {
    std::size_t rest = point;
    for (std::size_t k = which.size(); k-- > 0;) {
      const auto& values = open[k].values;
      inputs[which[k]] = values[rest % values.size()];
      rest /= values.size();
    }
    for (std::size_t o = 0; o < outputs.size(); ++o) outputs[o].values[point] = at(o, inputs);
  }
  return {std::move(open), std::move(outputs), comment_};
}

void LesionTable::write(const std::filesystem::path& path) const {
  File file(path, true);
  file.text(NC_GLOBAL, "Conventions", "CF-1.8");
  file.text(NC_GLOBAL, "title", "What becomes of a lesion");
  file.text(NC_GLOBAL, "comment", comment_);
  std::vector<int> dims;
  std::vector<int> axis_ids;
  std::string order;
  for (const TableAxis& axis : axes_) {
    int dim = 0;
    int variable = 0;
    file.check(nc_def_dim(file.id(), axis.name.c_str(), axis.values.size(), &dim));
    file.check(nc_def_var(file.id(), axis.name.c_str(), NC_DOUBLE, 1, &dim, &variable));
    file.text(variable, "long_name", axis.long_name);
    file.text(variable, "units", axis.units);
    file.text(variable, "interpolate_in", axis.logarithmic ? "logarithm" : "value");
    dims.push_back(dim);
    axis_ids.push_back(variable);
  }
  std::vector<int> output_ids;
  for (const TableOutput& output : outputs_) {
    int variable = 0;
    file.check(nc_def_var(file.id(), output.name.c_str(), NC_FLOAT, static_cast<int>(dims.size()),
                          dims.data(), &variable));
    constexpr int k_deflate = 6;
    file.check(nc_def_var_deflate(file.id(), variable, 1, 1, k_deflate));
    file.text(variable, "long_name", output.long_name);
    file.text(variable, "units", output.units);
    file.number(variable, "held_out_q2", output.held_out_q2);
    file.number(variable, "held_out_rmse", output.held_out_rmse);
    file.number(variable, "noise_ceiling_of_q2", output.noise_ceiling);
    output_ids.push_back(variable);
  }
  int runs_id = 0;
  if (runs_.size() > 0) {
    int run_dims[2];
    file.check(nc_def_dim(file.id(), "run", runs_.size(), &run_dims[0]));
    file.check(nc_def_dim(file.id(), "column", runs_.columns.size(), &run_dims[1]));
    file.check(nc_def_var(file.id(), k_runs, NC_DOUBLE, 2, run_dims, &runs_id));
    std::string columns;
    for (const std::string& column : runs_.columns) columns += (columns.empty() ? "" : " ") + column;
    file.text(runs_id, "long_name", "the runs behind the table; columns are named by the attribute");
    file.text(runs_id, "columns", columns);
    file.text(runs_id, "digest", runs_.digest);
  }
  file.check(nc_enddef(file.id()));
  for (std::size_t a = 0; a < axes_.size(); ++a)
    file.check(nc_put_var_double(file.id(), axis_ids[a], axes_[a].values.data()));
  for (std::size_t o = 0; o < outputs_.size(); ++o)
    file.check(nc_put_var_double(file.id(), output_ids[o], outputs_[o].values.data()));
  if (runs_.size() > 0) file.check(nc_put_var_double(file.id(), runs_id, runs_.values.data()));
  file.close();
}

LesionTable LesionTable::read(const std::filesystem::path& path) {
  const File file(path, false);
  int variables = 0;
  file.check(nc_inq_nvars(file.id(), &variables));
  std::vector<TableAxis> axes;
  std::vector<TableOutput> outputs;
  TableRuns runs;
  for (int v = 0; v < variables; ++v) {
    char name[NC_MAX_NAME + 1];
    int count = 0;
    int dims[NC_MAX_VAR_DIMS];
    file.check(nc_inq_var(file.id(), v, name, nullptr, &count, dims, nullptr));
    std::size_t size = 1;
    for (int d = 0; d < count; ++d) {
      std::size_t length = 0;
      file.check(nc_inq_dimlen(file.id(), dims[d], &length));
      size *= length;
    }
    std::vector<double> values(size);
    file.check(nc_get_var_double(file.id(), v, values.data()));
    if (name == std::string(k_runs)) {
      std::istringstream columns(file.text(v, "columns"));
      for (std::string column; columns >> column;) runs.columns.push_back(column);
      runs.digest = file.text(v, "digest");
      runs.values = std::move(values);
    } else if (count == 1) {
      axes.push_back({name, file.text(v, "long_name"), file.text(v, "units"), std::move(values),
                      file.text(v, "interpolate_in") == "logarithm"});
    } else {
      outputs.push_back({name, file.text(v, "long_name"), file.text(v, "units"), std::move(values),
                         file.number(v, "held_out_q2"), file.number(v, "held_out_rmse"),
                         file.number(v, "noise_ceiling_of_q2")});
    }
  }
  return {std::move(axes), std::move(outputs), file.text(NC_GLOBAL, "comment"), std::move(runs)};
}

}  // namespace hortega::lesion
