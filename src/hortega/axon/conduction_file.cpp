// SPDX-License-Identifier: Apache-2.0
// The table of conduction by the NetCDF-4 C API.
#include "hortega/axon/conduction_file.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include <netcdf.h>

#include "hortega/core/problems.hpp"
#include "hortega/core/version.hpp"

namespace hortega::axon {
namespace {

class File {
 public:
  File(const std::string& path, bool write) : path_(path) {
    check(write ? nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &id_)
                : nc_open(path.c_str(), NC_NOWRITE, &id_));
    open_ = true;
  }
  ~File() {
    if (open_) nc_close(id_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void check(int status) const {
    if (status != NC_NOERR) throw core::RunError(path_ + ": " + nc_strerror(status));
  }
  int dimension(const char* name, std::size_t n) const {
    int d = 0;
    check(nc_def_dim(id_, name, n, &d));
    return d;
  }
  int variable(const char* name, const std::vector<int>& dimensions, const char* long_name,
               const char* units) const {
    int v = 0;
    check(nc_def_var(id_, name, NC_DOUBLE, static_cast<int>(dimensions.size()), dimensions.data(), &v));
    attribute(v, "long_name", long_name);
    attribute(v, "units", units);
    return v;
  }
  void attribute(int variable, const char* name, const std::string& text) const {
    check(nc_put_att_text(id_, variable, name, text.size(), text.data()));
  }
  void put(int variable, const std::vector<double>& values) const {
    check(nc_put_var_double(id_, variable, values.data()));
  }
  std::size_t size(const char* name) const {
    int d = 0;
    std::size_t n = 0;
    check(nc_inq_dimid(id_, name, &d));
    check(nc_inq_dimlen(id_, d, &n));
    return n;
  }
  std::vector<double> get(const char* name, std::size_t expected) const {
    int v = 0, rank = 0;
    int dimension[NC_MAX_VAR_DIMS];
    check(nc_inq_varid(id_, name, &v));
    check(nc_inq_varndims(id_, v, &rank));
    check(nc_inq_vardimid(id_, v, dimension));
    std::size_t n = 1;
    for (int k = 0; k < rank; ++k) {
      std::size_t length = 0;
      check(nc_inq_dimlen(id_, dimension[k], &length));
      n *= length;
    }
    if (n != expected) throw core::RunError(path_ + ": '" + name + "' has another size than its axes");
    std::vector<double> values(n);
    check(nc_get_var_double(id_, v, values.data()));
    return values;
  }
  std::string text(const char* name) const {
    std::size_t n = 0;
    check(nc_inq_attlen(id_, NC_GLOBAL, name, &n));
    std::string value(n, '\0');
    check(nc_get_att_text(id_, NC_GLOBAL, name, value.data()));
    return value;
  }
  int id() const { return id_; }
  void close() {
    open_ = false;
    check(nc_close(id_));
  }

 private:
  std::string path_;
  int id_ = 0;
  bool open_ = false;
};

constexpr std::size_t k_most_points = 8;  // of a fibre's delay curve

}  // namespace

void write_conduction_table(const ConductionTable& table, const std::string& path) {
  const std::string temporary = path + ".part";
  const TableAxes& axes = table.axes;
  {
    File file(temporary, true);
    file.attribute(NC_GLOBAL, "title", "Conduction through a lesion of a tract");
    file.attribute(NC_GLOBAL, "source", "hortega axon tables");
    file.attribute(
        NC_GLOBAL, "comment",
        "Simulated fibres (docs/axon.md). transmitted_fraction and delay are of tracts; the fibre_ variables "
        "are what they are made of. Lesion 'fresh': bare axon is passive; 'adapted': with channels along it; "
        "the two differ only where wrap_share is 0.");
    file.attribute(NC_GLOBAL, "parameters_sha256", table.parameters_sha256);
    std::string names;
    for (const std::string& name : table.mix) names += (names.empty() ? "" : " ") + name;
    file.attribute(NC_GLOBAL, "mix_names", names);
    file.attribute(NC_GLOBAL, "lesion_names", "fresh adapted");
    const int mix = file.dimension("mix", table.mix.size());
    const int lesion = file.dimension("lesion", k_lesion_names.size());
    const int share = file.dimension("wrap_share", axes.wrap_share.size());
    const int celsius = file.dimension("temperature", axes.celsius.size());
    const int length = file.dimension("length", axes.length_mm.size());
    const int diameter = file.dimension("diameter", axes.diameter_um.size());
    const int state = file.dimension("state", axes.wrap_share.size() + 1);
    const int point = file.dimension("point", k_most_points);
    const int v_share =
        file.variable("wrap_share", {share}, "wraps after repair over intact wraps; 0: bare", "1");
    const int v_celsius = file.variable("temperature", {celsius}, "temperature", "degC");
    const int v_length = file.variable("length", {length}, "length of the lesion along the fibre", "mm");
    const int v_diameter =
        file.variable("diameter", {diameter}, "axon diameter of the simulated fibres", "um");
    const std::vector<int> all = {mix, lesion, share, celsius, length};
    const int v_fraction =
        file.variable("transmitted_fraction", all, "share of fibres that a single spike comes through", "1");
    const int v_delay = file.variable(
        "delay", all, "mean delay of those beyond that of intact fibres at the same temperature", "ms");
    const int v_velocity =
        file.variable("fibre_velocity", {diameter, celsius}, "velocity of the intact fibre", "m s-1");
    const int v_critical =
        file.variable("fibre_critical_length", {diameter, celsius, state},
                      "lesion beyond which a spike does not come through; infinite: none. States: "
                      "fresh, adapted, then wrap shares above 0",
                      "um");
    const int v_point = file.variable("fibre_delay_length", {diameter, celsius, state, point},
                                      "lesion lengths at which delays were simulated; NaN: no more", "um");
    const int v_point_delay =
        file.variable("fibre_delay", {diameter, celsius, state, point}, "extra delay at these lengths", "ms");
    file.check(nc_enddef(file.id()));
    file.put(v_share, axes.wrap_share), file.put(v_celsius, axes.celsius), file.put(v_length, axes.length_mm);
    file.put(v_diameter, axes.diameter_um);
    file.put(v_fraction, table.transmitted_fraction), file.put(v_delay, table.delay_ms);
    std::vector<double> velocity, critical, lengths, delays;
    const auto pad = [](std::vector<double>& out, const std::vector<double>& values) {
      for (std::size_t k = 0; k < k_most_points; ++k)
        out.push_back(k < values.size() ? values[k] : std::numeric_limits<double>::quiet_NaN());
    };
    for (const FibreResponses& f : table.fibres) {
      velocity.push_back(f.velocity_m_per_s);
      for (const FibreResponse& r : f.state) {
        critical.push_back(r.critical_um);
        pad(lengths, r.length_um);
        pad(delays, r.delay_ms);
      }
    }
    file.put(v_velocity, velocity), file.put(v_critical, critical);
    file.put(v_point, lengths), file.put(v_point_delay, delays);
    file.close();
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) throw core::RunError(path + ": " + error.message());
}

ConductionTable read_conduction_table(const std::string& path) {
  File file(path, false);
  ConductionTable t;
  t.axes.wrap_share = file.get("wrap_share", file.size("wrap_share"));
  t.axes.celsius = file.get("temperature", file.size("temperature"));
  t.axes.length_mm = file.get("length", file.size("length"));
  t.axes.diameter_um = file.get("diameter", file.size("diameter"));
  t.parameters_sha256 = file.text("parameters_sha256");
  std::string names = file.text("mix_names") + " ";
  for (std::size_t at = 0, end = 0; (end = names.find(' ', at)) != std::string::npos; at = end + 1)
    t.mix.push_back(names.substr(at, end - at));
  const std::size_t n = t.mix.size() * k_lesion_names.size() * t.axes.wrap_share.size() *
                        t.axes.celsius.size() * t.axes.length_mm.size();
  t.transmitted_fraction = file.get("transmitted_fraction", n);
  t.delay_ms = file.get("delay", n);
  const std::size_t fibres = t.axes.diameter_um.size() * t.axes.celsius.size(),
                    states = t.axes.wrap_share.size() + 1;
  const auto velocity = file.get("fibre_velocity", fibres);
  const auto critical = file.get("fibre_critical_length", fibres * states);
  const auto lengths = file.get("fibre_delay_length", fibres * states * k_most_points);
  const auto delays = file.get("fibre_delay", fibres * states * k_most_points);
  for (std::size_t f = 0; f < fibres; ++f) {
    FibreResponses& fibre = t.fibres.emplace_back();
    fibre.velocity_m_per_s = velocity[f];
    for (std::size_t s = 0; s < states; ++s) {
      FibreResponse& r = fibre.state.emplace_back();
      r.critical_um = critical[f * states + s];
      for (std::size_t k = 0; k < k_most_points; ++k) {
        const std::size_t at = (f * states + s) * k_most_points + k;
        if (std::isnan(lengths[at])) break;
        r.length_um.push_back(lengths[at]);
        r.delay_ms.push_back(delays[at]);
      }
    }
  }
  return t;
}

}  // namespace hortega::axon
