// SPDX-License-Identifier: Apache-2.0
// trajectories.nc by the NetCDF-4 C API.
#include "hortega/output/trajectories.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <netcdf.h>

#include "hortega/core/problems.hpp"
#include "hortega/core/version.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

/// An open file; closed when it leaves the scope. Every failure is a RunError that names the file.
class NetcdfFile {
 public:
  explicit NetcdfFile(std::string path) : path_(std::move(path)) {
    check(nc_create(path_.c_str(), NC_NETCDF4 | NC_CLOBBER, &id_));
    open_ = true;
  }
  ~NetcdfFile() {
    if (open_) nc_close(id_);
  }
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  void check(int status) const {
    if (status != NC_NOERR) throw core::RunError(path_ + ": " + nc_strerror(status));
  }
  int dimension(const std::string& name, std::size_t length) {
    int dim = 0;
    check(nc_def_dim(id_, name.c_str(), length, &dim));
    return dim;
  }
  void attribute(int variable, const char* name, const std::string& text) const {
    check(nc_put_att_text(id_, variable, name, text.size(), text.c_str()));
  }
  int real(const std::string& name, const std::vector<int>& dims, const std::string& long_name,
           const std::string& units) {
    const int variable = define(name, NC_DOUBLE, dims, long_name, units);
    const double fill = NC_FILL_DOUBLE;
    check(nc_put_att_double(id_, variable, "_FillValue", NC_DOUBLE, 1, &fill));
    return variable;
  }
  int whole(const std::string& name, const std::vector<int>& dims, const std::string& long_name,
            const std::string& units) {
    const int variable = define(name, NC_INT, dims, long_name, units);
    const int fill = NC_FILL_INT;
    check(nc_put_att_int(id_, variable, "_FillValue", NC_INT, 1, &fill));
    return variable;
  }
  int text(const std::string& name, const std::vector<int>& dims, const std::string& long_name) {
    int variable = 0;
    check(nc_def_var(id_, name.c_str(), NC_STRING, static_cast<int>(dims.size()), dims.data(), &variable));
    attribute(variable, "long_name", long_name);
    return variable;
  }
  void end_definitions() { check(nc_enddef(id_)); }
  /// NaN becomes the fill value.
  void put(int variable, std::vector<double> values) {
    for (double& value : values)
      if (value != value) value = NC_FILL_DOUBLE;
    if (!values.empty()) check(nc_put_var_double(id_, variable, values.data()));
  }
  void put(int variable, const std::vector<int>& values) {
    if (!values.empty()) check(nc_put_var_int(id_, variable, values.data()));
  }
  void put(int variable, const std::vector<std::string>& values) {
    std::vector<const char*> pointers;
    pointers.reserve(values.size());
    for (const auto& value : values) pointers.push_back(value.c_str());
    if (!pointers.empty()) check(nc_put_var_string(id_, variable, pointers.data()));
  }
  /// Closing writes what is still in memory: it can fail where a destructor must not throw.
  void close() {
    open_ = false;
    check(nc_close(id_));
  }

 private:
  int define(const std::string& name, nc_type type, const std::vector<int>& dims,
             const std::string& long_name, const std::string& units) {
    int variable = 0;
    check(nc_def_var(id_, name.c_str(), type, static_cast<int>(dims.size()), dims.data(), &variable));
    // Shuffle and deflate 4; a variable without dimensions cannot be compressed.
    if (!dims.empty()) check(nc_def_var_deflate(id_, variable, 1, 1, 4));
    attribute(variable, "long_name", long_name);
    if (!units.empty()) attribute(variable, "units", units);
    return variable;
  }

  std::string path_;
  int id_ = 0;
  bool open_ = false;
};

struct MeasureText {
  std::string_view measure, long_name, units;
};
constexpr std::array<MeasureText, 21> k_measures = {
    {{"edss", "Expanded Disability Status Scale", "1"},
     {"snfl", "neurofilament light chain in serum", "pg mL-1"},
     {"lymphocytes", "lymphocytes in blood", "1e9 L-1"},
     {"brain_volume", "change of brain volume since the baseline scan", "percent"},
     {"t2_volume", "T2 lesion volume", "mL"},
     {"t1_volume", "T1-hypointense lesion volume", "mL"},
     {"eq5d", "EQ-5D utility", "1"},
     {"low_contrast", "letters read at 2.5 % contrast with both eyes", "1"},
     {"vep", "latency of the P100 of visual evoked potentials", "ms"},
     {"fatigue", "severity of fatigue, 0-10", "1"},
     {"pain", "severity of pain, 0-10", "1"},
     {"numbness", "severity of numbness, 0-10", "1"},
     {"walking", "severity of trouble walking, 0-10", "1"},
     {"vision", "severity of trouble seeing, 0-10", "1"},
     {"coordination", "severity of trouble with coordination, 0-10", "1"},
     {"bladder", "severity of bladder trouble, 0-10", "1"},
     {"mood", "severity of low mood, 0-10", "1"},
     {"cognition", "severity of trouble with memory and thinking, 0-10", "1"},
     {"cumulative_relapses", "relapses since randomisation", "1"},
     {"gd", "gadolinium-enhancing lesions on a scan", "1"},
     {"rims", "paramagnetic rim lesions on a scan", "1"}}};

MeasureText text_of(const std::string& measure) {
  for (const auto& known : k_measures)
    if (known.measure == measure) return known;
  return {measure, measure, "1"};
}

constexpr std::array<double, 5> k_quantiles = {0.10, 0.25, 0.50, 0.75, 0.90};

/// Values of all arms on the days of one measure; days that an arm does not have stay missing.
struct Grid {
  std::vector<double> day;
  std::vector<const evidence::Band*> by_arm;

  template <class Get>
  std::vector<double> values(std::size_t depth, Get get) const {
    std::vector<double> out(by_arm.size() * day.size() * depth, endpoints::kMissing);
    for (std::size_t a = 0; a < by_arm.size(); ++a) {
      if (!by_arm[a]) continue;
      const auto& band = *by_arm[a];
      for (std::size_t i = 0; i < band.day.size(); ++i) {
        const auto at = std::lower_bound(day.begin(), day.end(), band.day[i]) - day.begin();
        for (std::size_t k = 0; k < depth; ++k)
          out[(a * day.size() + static_cast<std::size_t>(at)) * depth + k] = get(band, i, k);
      }
    }
    return out;
  }
};

std::map<std::string, Grid> grids_of(const evidence::RunSummary& summary) {
  std::map<std::string, Grid> grids;
  const auto& arms = summary.protocol.arms;
  for (const auto& band : summary.bands) {
    const auto arm = std::find_if(arms.begin(), arms.end(), [&](const auto& a) { return a.id == band.arm; });
    if (arm == arms.end()) continue;
    Grid& grid = grids[band.measure];
    grid.by_arm.resize(arms.size(), nullptr);
    grid.by_arm[static_cast<std::size_t>(arm - arms.begin())] = &band;
    grid.day.insert(grid.day.end(), band.day.begin(), band.day.end());
  }
  for (auto& [measure, grid] : grids) {
    std::sort(grid.day.begin(), grid.day.end());
    grid.day.erase(std::unique(grid.day.begin(), grid.day.end()), grid.day.end());
  }
  return grids;
}

/// The sampled people as rectangles: rows are people, columns their visits, relapses or scans.
class People {
 public:
  People(NetcdfFile& file, const evidence::RunSummary& summary) : summary_(summary) {
    const auto& people = summary.examples;
    std::size_t visits = 0, relapses = 0, scans = 0;
    for (const auto& p : people) {
      visits = std::max(visits, p.visits.size());
      relapses = std::max(relapses, p.relapses.size());
      scans = std::max(scans, p.scans.size());
    }
    if (people.empty()) return;
    const int person = file.dimension("person", people.size());
    id_ = file.text("person", {person}, "sampled person: replicate and number within it, both from 1");
    arm_ = file.text("person_arm", {person}, "arm");
    regimen_ = file.text("person_regimen", {person}, "allocated regimen");
    end_ = file.whole("person_end_day", {person}, "end of follow-up, from randomisation", "day");
    if (visits > 0) {
      const int visit = visit_dimension_ = file.dimension("visit", visits);
      visits_ = visits;
      visit_day_ = file.whole("person_visit_day", {person, visit}, "day of the examination", "day");
      edss_ = file.real("person_edss", {person, visit}, "EDSS at the examination", "1");
      snfl_ = file.real("person_snfl", {person, visit}, "neurofilament light chain in serum", "pg mL-1");
      lymphocytes_ = file.real("person_lymphocytes", {person, visit}, "lymphocytes in blood", "1e9 L-1");
      so_far_ = file.whole("person_relapses_so_far", {person, visit},
                           "relapses from randomisation to the examination", "1");
    }
    if (visits > 0) {
      eq5d_ = file.real("person_eq5d", {person, visit_dimension_}, "EQ-5D utility", "1");
      letters_ = file.real("person_low_contrast", {person, visit_dimension_},
                           "letters read at 2.5 % contrast with both eyes", "1");
      vep_ = file.real("person_vep", {person, visit_dimension_},
                       "latency of the P100 of visual evoked potentials", "ms");
      const int symptom = file.dimension("symptom", endpoints::kSymptoms);
      symptom_ = file.text("symptom", {symptom}, "symptom");
      severity_ = file.real("person_symptom", {person, visit_dimension_, symptom},
                            "severity of the symptom, 0-10", "1");
    }
    if (relapses > 0) {
      const int relapse = file.dimension("relapse", relapses);
      relapses_ = relapses;
      relapse_day_ =
          file.whole("person_relapse_day", {person, relapse}, "onset of the relapse (reported ones)", "day");
    }
    if (scans > 0) {
      const int scan = file.dimension("scan", scans);
      scans_ = scans;
      scan_day_ = file.whole("person_scan_day", {person, scan}, "day of the scan", "day");
      gd_ = file.whole("person_gd", {person, scan}, "gadolinium-enhancing lesions", "1");
      t2_ = file.real("person_t2_volume", {person, scan}, "T2 lesion volume", "mL");
      t1_ = file.real("person_t1_volume", {person, scan}, "T1-hypointense lesion volume", "mL");
      rims_ = file.whole("person_rims", {person, scan}, "paramagnetic rim lesions", "1");
      brain_ = file.real("person_brain_volume", {person, scan},
                         "change of brain volume since the baseline scan", "percent");
    }
  }

  void write(NetcdfFile& file) const {
    const auto& people = summary_.examples;
    if (people.empty()) return;
    const std::size_t n = people.size();
    std::vector<std::string> id, arm, regimen;
    std::vector<int> end, visit_day(n * visits_, NC_FILL_INT), so_far(n * visits_, NC_FILL_INT),
        relapse_day(n * relapses_, NC_FILL_INT), scan_day(n * scans_, NC_FILL_INT),
        gd(n * scans_, NC_FILL_INT), rims(n * scans_, NC_FILL_INT);
    std::vector<double> edss(n * visits_, endpoints::kMissing),
        snfl = edss, lymphocytes = edss, eq5d = edss, letters = edss, vep = edss,
        t2(n * scans_, endpoints::kMissing), t1 = t2, brain = t2,
        severity(n * visits_ * endpoints::kSymptoms, endpoints::kMissing);
    for (std::size_t i = 0; i < n; ++i) {
      const auto& p = people[i];
      id.push_back(person_id(p));
      arm.push_back(p.arm < summary_.protocol.arms.size() ? summary_.protocol.arms[p.arm].id : "");
      regimen.push_back(p.regimen);
      end.push_back(p.end_of_follow_up_day);
      for (std::size_t v = 0; v < p.visits.size(); ++v) {
        const std::size_t at = i * visits_ + v;
        visit_day[at] = p.visits[v].day;
        edss[at] = p.visits[v].edss;
        eq5d[at] = static_cast<double>(p.visits[v].eq5d);
        letters[at] = static_cast<double>(p.visits[v].low_contrast_letters);
        vep[at] = static_cast<double>(p.visits[v].vep_ms);
        for (std::size_t k = 0; k < endpoints::kSymptoms; ++k)
          severity[at * endpoints::kSymptoms + k] = static_cast<double>(p.visits[v].symptoms[k]);
        if (v < p.snfl_pg_per_ml.size()) snfl[at] = p.snfl_pg_per_ml[v];
        if (v < p.lymphocytes_1e9_per_l.size()) lymphocytes[at] = p.lymphocytes_1e9_per_l[v];
        so_far[at] = static_cast<int>(
            std::count_if(p.relapses.begin(), p.relapses.end(), [&](const endpoints::Relapse& relapse) {
              return !relapse.pseudo && relapse.onset_day > 0 && relapse.onset_day <= p.visits[v].day;
            }));
      }
      std::size_t column = 0;
      for (const auto& relapse : p.relapses)
        if (!relapse.pseudo) relapse_day[i * relapses_ + column++] = relapse.onset_day;
      for (std::size_t s = 0; s < p.scans.size(); ++s) {
        const std::size_t at = i * scans_ + s;
        scan_day[at] = p.scans[s].day;
        if (p.scans[s].gd_count != endpoints::kMissingCount) gd[at] = p.scans[s].gd_count;
        if (p.scans[s].rims != endpoints::kMissingCount) rims[at] = p.scans[s].rims;
        t2[at] = p.scans[s].t2_volume_ml;
        t1[at] = p.scans[s].t1_volume_ml;
        brain[at] = p.scans[s].brain_volume_change_percent;
      }
    }
    file.put(id_, id), file.put(arm_, arm), file.put(regimen_, regimen), file.put(end_, end);
    if (visits_ > 0) {
      file.put(visit_day_, visit_day), file.put(edss_, edss), file.put(snfl_, snfl);
      file.put(lymphocytes_, lymphocytes), file.put(so_far_, so_far);
      file.put(eq5d_, eq5d), file.put(letters_, letters), file.put(vep_, vep), file.put(severity_, severity);
      file.put(symptom_,
               std::vector<std::string>(endpoints::kSymptomNames.begin(), endpoints::kSymptomNames.end()));
    }
    if (relapses_ > 0) file.put(relapse_day_, relapse_day);
    if (scans_ > 0) {
      file.put(scan_day_, scan_day), file.put(gd_, gd), file.put(t2_, t2), file.put(brain_, brain);
      file.put(t1_, t1), file.put(rims_, rims);
    }
  }

 private:
  const evidence::RunSummary& summary_;
  std::size_t visits_ = 0, relapses_ = 0, scans_ = 0;
  int id_ = 0, arm_ = 0, regimen_ = 0, end_ = 0, visit_day_ = 0, edss_ = 0, snfl_ = 0, lymphocytes_ = 0,
      so_far_ = 0, relapse_day_ = 0, scan_day_ = 0, gd_ = 0, t2_ = 0, brain_ = 0, t1_ = 0, rims_ = 0,
      eq5d_ = 0, letters_ = 0, vep_ = 0, symptom_ = 0, severity_ = 0, visit_dimension_ = 0;
};

}  // namespace

void write_trajectories(const evidence::RunSummary& summary, const std::filesystem::path& path) {
  NetcdfFile file(path.string());
  file.attribute(NC_GLOBAL, "Conventions", "CF-1.8");
  file.attribute(NC_GLOBAL, "title", summary.protocol.title);
  file.attribute(NC_GLOBAL, "source", "hortega " + std::string(core::version()) + ": simulated data");
  file.attribute(
      NC_GLOBAL, "comment",
      "Simulated data for research; not medical advice. Days count from randomisation; quantiles are "
      "over all participants of all replicates.");

  const auto grids = grids_of(summary);
  const int arm = file.dimension("arm", summary.protocol.arms.size());
  const int quantile = file.dimension("quantile", k_quantiles.size());
  const int arm_variable = file.text("arm", {arm}, "arm of the trial");
  const int quantile_variable = file.real("quantile", {quantile}, "probability of the quantile", "1");
  struct Variables {
    int day = 0, mean = 0, quantile = 0, n = 0;
  };
  std::map<std::string, Variables> variables;
  for (const auto& [measure, grid] : grids) {
    const MeasureText text = text_of(measure);
    const std::string name = slug(measure), units(text.units), what(text.long_name);
    const int day = file.dimension(name + "_day", grid.day.size());
    Variables v;
    v.day = file.real(name + "_day", {day}, "time since randomisation", "day");
    v.mean = file.real(name + "_mean", {arm, day}, what + ", mean over people", units);
    v.quantile = file.real(name + "_quantile", {arm, day, quantile}, what + ", quantiles over people", units);
    v.n = file.real(name + "_n", {arm, day}, "people with a value, all replicates", "1");
    variables[measure] = v;
  }
  const People people(file, summary);
  file.end_definitions();

  std::vector<std::string> arms;
  for (const auto& a : summary.protocol.arms) arms.push_back(a.id);
  file.put(arm_variable, arms);
  file.put(quantile_variable, std::vector<double>(k_quantiles.begin(), k_quantiles.end()));
  for (const auto& [measure, grid] : grids) {
    const Variables& v = variables[measure];
    using evidence::Band;
    file.put(v.day, grid.day);
    file.put(v.mean, grid.values(1, [](const Band& b, std::size_t i, std::size_t) { return b.mean[i]; }));
    file.put(v.n, grid.values(1, [](const Band& b, std::size_t i, std::size_t) { return b.n[i]; }));
    file.put(v.quantile, grid.values(k_quantiles.size(), [](const Band& b, std::size_t i, std::size_t k) {
      const std::array<double, 5> q = {b.q10[i], b.q25[i], b.q50[i], b.q75[i], b.q90[i]};
      return q[k];
    }));
  }
  people.write(file);
  file.close();
}

}  // namespace hortega::output
