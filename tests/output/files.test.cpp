// SPDX-License-Identifier: Apache-2.0
// What write_run leaves: tables, summary, manifest and its hash, trajectories, and nothing when it fails.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "example_run.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/output/manifest.hpp"
#include "hortega/output/tables.hpp"

namespace hortega::output {
namespace {

namespace fs = std::filesystem;

/// A directory that goes when the test ends.
class Folder {
 public:
  Folder() {
    static int number = 0;
    path_ = fs::temp_directory_path() /
            ("hortega_output_" + std::to_string(::getpid()) + "_" + std::to_string(++number));
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Output of a command, without its last line break.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return text;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  ::pclose(pipe);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

TEST(WriteRun, LeavesEveryFileThatTheManifestNames) {
  const Folder folder;
  const auto summary = example::summary();
  const auto run = write_run(summary, example::context(summary), folder.path().string());
  EXPECT_EQ(run.paths.back(), "manifest.json");
  const auto manifest = nlohmann::json::parse(core::read_file(folder.path() / "manifest.json"));
  EXPECT_EQ(manifest["results_sha256"], run.results_sha256);
  EXPECT_EQ(manifest["seed"], 20190115);
  EXPECT_EQ(manifest["threads"], 2);
  EXPECT_EQ(manifest["outputs"].size() + 1, run.paths.size());
  for (const auto& output : manifest["outputs"])
    EXPECT_EQ(core::sha256_of_file(folder.path() / output["path"].get<std::string>()), output["sha256"])
        << output["path"];
  // Nothing temporary stays: files on disk are those that the run names.
  std::size_t on_disk = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
    on_disk += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(on_disk, run.paths.size());
}

TEST(WriteRun, HashIsWhatSha256sumGives) {
  const Folder folder;
  const auto summary = example::summary();
  const auto run = write_run(summary, example::context(summary), folder.path().string());
  const std::string shell = "cd '" + folder.path().string() +
                            "' && LC_ALL=C sha256sum summary.json tables/*.csv | sha256sum | cut -c1-64";
  EXPECT_EQ(output_of(shell), run.results_sha256);
}

TEST(WriteRun, HashDependsOnResultsAloneNotOnThreadsOrTime) {
  const Folder first, second, third;
  auto summary = example::summary();
  auto context = example::context(summary);
  const std::string hash = write_run(summary, context, first.path().string()).results_sha256;
  context.threads = 7, context.wall_s = 1.0, context.isa = "avx512";
  context.started_utc = context.ended_utc = "2031-01-01T00:00:00Z", context.command = "elsewhere";
  // The last bits of a sum are no result: twelfth digit.
  summary.estimates[1].mean *= 1.0 + 1e-12;
  EXPECT_EQ(write_run(summary, context, second.path().string()).results_sha256, hash);
  summary.estimates[1].mean *= 1.0 + 1e-6;
  EXPECT_NE(write_run(summary, context, third.path().string()).results_sha256, hash);
}

TEST(WriteRun, RefusesAPathBelowAFileAndLeavesNothing) {
  const Folder folder;
  fs::create_directories(folder.path());
  core::write_file_atomically(folder.path() / "file", "x");
  const auto summary = example::summary();
  EXPECT_THROW(write_run(summary, example::context(summary), (folder.path() / "file" / "out").string()),
               core::RunError);
  EXPECT_EQ(core::read_file(folder.path() / "file"), "x");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(WriteRun, TrajectoriesThatCannotBeWrittenAreAnErrorWithTheirPath) {
  const Folder folder;
  // A directory stands where the library would write its temporary file.
  fs::create_directories(folder.path() / "trajectories.nc.part" / "x");
  const auto summary = example::summary();
  try {
    write_run(summary, example::context(summary), folder.path().string());
    FAIL() << "no error";
  } catch (const core::RunError& error) {
    EXPECT_NE(std::string(error.what()).find("trajectories.nc"), std::string::npos) << error.what();
  }
  EXPECT_FALSE(fs::exists(folder.path() / "manifest.json"));
}

TEST(Tables, AreSortedRectangularAndHaveMissingAsEmpty) {
  const auto summary = example::summary();
  const auto tables = csv_tables(summary, example::context(summary).parameters);
  EXPECT_TRUE(std::is_sorted(tables.begin(), tables.end(),
                             [](const auto& a, const auto& b) { return a.path < b.path; }));
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [](const auto& t) { return t.path == "tables/comparison.csv"; });
  ASSERT_NE(found, tables.end());
  // E0004 has no published interval and no z.
  EXPECT_NE(
      found->bytes.find("\nE0004,calibration,verified,MIST (Burt),median time to progression,months,24,,,N,"),
      std::string::npos);
}

TEST(Tables, PeopleAndReplicatesCountFromOne) {
  auto summary = example::summary();
  // The first four people of the example have the numbers 0 to 3 and stand in the copy of the first
  // replicate, 1.
  summary.examples[1].copy = 7;                // replicate 7
  summary.examples[2].copy = 7 + (3U << 20U);  // there enrolled for the fourth time (trial/simulate.cpp)
  const auto tables = csv_tables(summary, example::context(summary).parameters);
  const auto found =
      std::find_if(tables.begin(), tables.end(), [](const auto& t) { return t.path == "tables/people.csv"; });
  ASSERT_NE(found, tables.end());
  EXPECT_NE(found->bytes.find("\n1-1,HSCT,ahsct-cy-atg,0,edss,3.5\n"), std::string::npos) << found->bytes;
  EXPECT_NE(found->bytes.find("\n7-2,DMT,"), std::string::npos);
  EXPECT_NE(found->bytes.find("\n7-3,HSCT,"), std::string::npos);
  EXPECT_NE(found->bytes.find("\n1-4,DMT,"), std::string::npos);
  EXPECT_EQ(found->bytes.find("\n0-"), std::string::npos);
}

TEST(Tables, EveryTrialHasItsRows) {
  auto summary = example::summary();
  summary.draws = 2;
  summary.posterior_rows = {17, 104};
  summary.replicate_values = {{3, 0, std::numeric_limits<double>::infinity(), 0.5},
                              {4, 1, 4.0, std::numeric_limits<double>::quiet_NaN()}};
  const auto files = csv_tables(summary, {});
  const auto table = std::find_if(files.begin(), files.end(),
                                  [](const TextFile& file) { return file.path == "tables/replicates.csv"; });
  ASSERT_NE(table, files.end());
  EXPECT_EQ(table->bytes,
            "replicate,draw,posterior_row,endpoint,estimator,arm,reference,subgroup,time_day,value,p\n"
            "4,1,104,progression,hazard_ratio,HSCT,DMT,,0,Inf,0.5\n"
            "5,0,17,progression,km_percent,HSCT,,,730.5,4,\n");
}

TEST(Tables, ForCostUtilityModelsOverTrialsAndOneByOne) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  auto summary = example::summary();
  summary.draws = 2;
  summary.posterior_rows = {17, 104};
  summary.periods = {
      {"qalys", "QALY", "HSCT", "DMT", 1, 0, 365, 55.0, {0.0123456789, -0.5, 0.5, 0.25, none, none}}};
  summary.states = {{"HSCT", 365, "edss 2-3.5", 55.0, {0.4, 0.3, 0.5, 0.01, 0.02, 0.03}}};
  summary.replicate_periods = {{3, "HSCT", 1, 0, 365, 55, 0.96875, 0.625, none}};
  const auto files = csv_tables(summary, {});
  const auto bytes = [&](std::string_view path) {
    const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.path == path; });
    return file == files.end() ? std::string("not written") : file->bytes;
  };
  EXPECT_EQ(bytes("tables/qalys_and_costs.csv"),
            "measure,unit,arm,reference,year,from_day,to_day,people,mean,low,high,mc_error,sd_parameters,sd_"
            "chance\n"
            "qalys,QALY,HSCT,DMT,1,0,365,55,0.0123456789,-0.5,0.5,0.25,,\n");
  EXPECT_EQ(bytes("tables/qalys_and_costs_replicates.csv"),
            "replicate,draw,posterior_row,arm,year,from_day,to_day,people,years,qalys,cost\n"
            "4,1,104,HSCT,1,0,365,55,0.96875,0.625,\n");
  EXPECT_EQ(bytes("tables/edss_states.csv"),
            "arm,day,state,people,mean,low,high,mc_error,sd_parameters,sd_chance\n"
            "HSCT,365,edss 2-3.5,55,0.4,0.3,0.5,0.01,0.02,0.03\n");
}

TEST(Tables, SummaryIsJsonWithoutNan) {
  auto summary = example::summary();
  summary.estimates[0].sd = std::numeric_limits<double>::quiet_NaN();
  const auto json = nlohmann::json::parse(summary_json(summary));
  EXPECT_TRUE(json["estimates"][0]["sd"].is_null());
  EXPECT_EQ(json["estimates"].size(), summary.estimates.size());
  EXPECT_EQ(json["comparisons"][1]["verdict"], "outside");
  EXPECT_EQ(json["population"]["lives"], 20000);
  EXPECT_EQ(json["flow"].size(), 16U);
}

TEST(Trajectories, OpenInXarray) {
  if (std::system("/usr/bin/python3 -c 'import xarray, netCDF4' >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "xarray and netCDF4 are not installed";
  const Folder folder;
  const auto summary = example::summary();
  write_run(summary, example::context(summary), folder.path().string());
  const std::string script =
      "import xarray as x; d=x.open_dataset('trajectories.nc'); e=d.edss_quantile; "
      "print(d.Conventions, dict(e.sizes), float(d.edss_mean.sel(arm='DMT')[0]), "
      "float(e.sel(arm='HSCT', quantile=0.5)[0]), d.edss_day.units, d.person_edss.long_name, "
      "int(d.person_relapse_day.isnull().sum()), str(d.person_arm.values[1]), float(d.person_snfl[0,0])>10, "
      "float(d.person_symptom.sel(symptom='bladder')[0,0]), float(d.eq5d_mean.sel(arm='DMT')[0]), "
      "float(d.person_vep[0,0]), float(d.person_symptom.sel(symptom='cognition')[0,0]), "
      "str(d.person.values[0]), str(d.person.values[3]), d.person.long_name)";
  const std::string said =
      output_of("cd '" + folder.path().string() + "' && /usr/bin/python3 -c \"" + script + "\" 2>&1");
  // 3.31 and 3.38 are the first means of the example.
  EXPECT_EQ(said.substr(0, 80),
            "CF-1.8 {'arm': 2, 'edss_day': 7, 'quantile': 5} 3.31 3.38 day EDSS at the examin")
      << said;
  // Of numbers 0 and 3 in the copy of the first replicate, 1: both count from 1.
  EXPECT_NE(
      said.find(
          "DMT True 3.0 0.56 112.0 5.0 1-1 1-4 sampled person: replicate and number within it, both from 1"),
      std::string::npos)
      << said;
}

TEST(Manifest, SourceDateEpochIsSecondsSince1970) {
  ASSERT_EQ(unsetenv("SOURCE_DATE_EPOCH"), 0);
  EXPECT_EQ(source_date_epoch(), std::nullopt);
  ASSERT_EQ(setenv("SOURCE_DATE_EPOCH", "951782400", 1), 0);
  EXPECT_EQ(source_date_epoch(), 951782400);
  for (const char* const wrong : {"", "yesterday", "-1", "12.5", "951782400 ", "253402300800"}) {
    ASSERT_EQ(setenv("SOURCE_DATE_EPOCH", wrong, 1), 0);
    EXPECT_THROW(source_date_epoch(), core::InputError) << wrong;
  }
  unsetenv("SOURCE_DATE_EPOCH");
}

TEST(Manifest, TimeIsIso8601) {
  EXPECT_EQ(utc_timestamp(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_timestamp(951782400), "2000-02-29T00:00:00Z");  // date -u -d @951782400
}

}  // namespace
}  // namespace hortega::output
