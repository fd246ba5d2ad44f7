// SPDX-License-Identifier: Apache-2.0
//
// The melphalan autograft and docetaxel models against values that another program gave and against an
// independent solution by SciPy (published_models.py and its committed output).
#include "hortega/therapy/melphalan_autograft.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "hortega/therapy/stiehl_engraftment.hpp"

namespace hortega::therapy {
namespace {

constexpr double k_bsa_m2 = 1.9;

// Hours and values that clinicians read off a neutrophil curve.
struct Course {
  double nadir = 1e9;
  double nadir_h = 0.0;
  double below_from_h = 0.0;
  double below_to_h = 0.0;
  double peak_before_nadir = 0.0;
  double peak_h = 0.0;
};

constexpr double k_step_h = 0.1;
constexpr int k_steps_an_hour = 10;

MarrowInputs<double> melphalan_inputs(double t_h, double dose_mg, GcsfStart start) {
  MarrowInputs<double> in;
  if (t_h < k_melphalan_infusion_h - 1e-9) in.infusion_mg_per_h = dose_mg / k_melphalan_infusion_h;
  if (t_h >= gcsf_start_h(start) - 1e-9) in.gcsf_on = 1.0;
  return in;
}

Course melphalan_course(double dose_mg_per_m2, GcsfStart start) {
  MelphalanAutograft<double> model(melphalan_typical(start));
  Course course;
  double before = model.neutrophils_e9_per_l();
  for (int i = 0; i < 720 * k_steps_an_hour; ++i) {
    const double t = i * k_step_h;
    model.advance(k_step_h, 4, melphalan_inputs(t, dose_mg_per_m2 * k_bsa_m2, start));
    const double now = model.neutrophils_e9_per_l();
    const double crossing = t + k_step_h * (before - 0.5) / (before - now);
    if (before >= 0.5 && now < 0.5) course.below_from_h = crossing;
    if (before < 0.5 && now >= 0.5) course.below_to_h = crossing;
    if (now < course.nadir) {
      course.nadir = now;
      course.nadir_h = t + k_step_h;
    }
    if (t < 200.0 && now > course.peak_before_nadir) {
      course.peak_before_nadir = now;
      course.peak_h = t + k_step_h;
    }
    before = now;
  }
  return course;
}

// Of one other program, not reviewed; its nadirs differ from ours and SciPy's, which agree
// with each other to 1e-6, by up to 0.2 %, so that is the tolerance of this comparison.
TEST(MelphalanAutograft, ValuesOfTheTypicalPatient) {
  const Course full = melphalan_course(200.0, GcsfStart::day_1);
  EXPECT_NEAR(full.nadir, 0.1669, 0.002 * 0.1669);
  EXPECT_NEAR(full.nadir_h, 220.2, 0.15);
  EXPECT_NEAR(full.below_from_h, 174.4, 0.1);
  EXPECT_NEAR(full.below_to_h, 263.7, 0.1);
  EXPECT_NEAR(full.below_to_h - full.below_from_h, 89.3, 0.15);
  EXPECT_NEAR(full.peak_before_nadir, 35.0, 0.5);
  EXPECT_NEAR(full.peak_h, 84.0, 0.5);

  const Course reduced = melphalan_course(140.0, GcsfStart::day_1);
  EXPECT_NEAR(reduced.nadir, 0.3835, 0.002 * 0.3835);
  EXPECT_NEAR(reduced.nadir_h, 212.1, 0.15);
  EXPECT_NEAR(reduced.below_to_h - reduced.below_from_h, 51.0, 0.15);

  const Course late = melphalan_course(200.0, GcsfStart::day_7);
  EXPECT_NEAR(late.nadir, 0.2075, 0.002 * 0.2075);
  EXPECT_NEAR(late.nadir_h, 235.3, 0.15);
  EXPECT_NEAR(late.below_to_h - late.below_from_h, 115.3, 0.15);
}

TEST(MelphalanAutograft, StaysAtSteadyStateWithoutDrugs) {
  MelphalanAutograft<double> model(melphalan_typical(GcsfStart::day_1));
  model.advance(720.0, 1440, {});
  EXPECT_NEAR(model.neutrophils_e9_per_l(), 5.66, 1e-11);
}

TEST(MelphalanAutograft, ExtraKillDeepensAndGraftShortensAplasia) {
  const auto hours_below = [](double extra_kill, double graft) {
    MelphalanAutograft<double> model(melphalan_typical(GcsfStart::day_7));
    model.bolus(380.0);
    int below = 0;
    for (int hour = 0; hour < 720; ++hour) {
      MarrowInputs<double> in;
      in.extra_kill = hour < 48 ? extra_kill : 0.0;
      model.advance(1.0, hour < 48 ? 20 : 4, in);
      if (hour == 72) model.infuse_graft(graft);
      if (model.neutrophils_e9_per_l() < 0.5) ++below;
    }
    return below;
  };
  const int alone = hours_below(0.0, 0.0);
  EXPECT_GT(hours_below(2.0, 0.0), alone);
  EXPECT_LT(hours_below(0.0, 2.0), alone);
}

TEST(FribergDocetaxel, NadirAndRebound) {
  MelphalanAutograft<double> model(friberg_docetaxel());
  model.bolus(180.0);
  double nadir = 1e9;
  double nadir_day = 0.0;
  double rebound = 0.0;
  double rebound_day = 0.0;
  for (int i = 0; i < 40 * 240; ++i) {
    model.advance(k_step_h, 4, {});
    const double now = model.neutrophils_e9_per_l();
    const double day = (i + 1) * k_step_h / 24.0;
    if (now < nadir) {
      nadir = now;
      nadir_day = day;
    }
    if (day > 10.0 && now > rebound) {
      rebound = now;
      rebound_day = day;
    }
  }
  // Of the same program. The day of a flat minimum on a grid of 0.1 h.
  EXPECT_NEAR(nadir, 0.8962, 6e-5);
  EXPECT_NEAR(nadir_day, 7.552, 0.005);
  EXPECT_NEAR(rebound, 6.280, 6e-4);
  EXPECT_NEAR(rebound_day, 19.78, 0.01);
}

using Reference = std::map<std::pair<std::string, double>, double>;

Reference read_reference(std::istream& in) {
  Reference reference;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string name;
    std::string hour;
    std::string value;
    std::getline(fields, name, ',');
    std::getline(fields, hour, ',');
    std::getline(fields, value, ',');
    reference[{name, std::stod(hour)}] = std::stod(value);
  }
  return reference;
}

Reference committed_reference() {
  std::ifstream file(std::string(HORTEGA_SOURCE_DIR) + "/tests/therapy/published_models.csv");
  return read_reference(file);
}

double our_value(const std::string& name, double hour) {
  if (name == "stiehl_5e6") {
    StiehlEngraftment<double> model{StiehlParameters{}};
    model.infuse(5e6, 0.0);
    model.advance(hour, static_cast<int>(10.0 * hour));
    return model.mature_per_kg();
  }
  if (name == "docetaxel_180") {
    MelphalanAutograft<double> model(friberg_docetaxel());
    model.bolus(180.0);
    model.advance(hour, static_cast<int>(300.0 * hour), {});
    return model.neutrophils_e9_per_l();
  }
  const GcsfStart start = name.ends_with("day_7") ? GcsfStart::day_7 : GcsfStart::day_1;
  const double dose = name.find("140") != std::string::npos ? 140.0 : 200.0;
  MelphalanAutograft<double> model(melphalan_typical(start));
  for (int i = 0; i < static_cast<int>(2.0 * hour); ++i)
    model.advance(0.5, 50, melphalan_inputs(0.5 * i, dose * k_bsa_m2, start));
  return model.neutrophils_e9_per_l();
}

TEST(PublishedHaematology, AgreesWithSciPy) {
  const Reference reference = committed_reference();
  ASSERT_EQ(reference.size(), 75U);
  for (const auto& [where, expected] : reference)
    EXPECT_NEAR(our_value(where.first, where.second), expected, 1e-7 * expected)
        << where.first << ' ' << where.second;
}

TEST(PublishedHaematology, StepsOfTheDailyDriverAreAccurate) {
  // As a transplant process drives it: 20 steps an hour in the first day, two later.
  const Reference reference = committed_reference();
  MelphalanAutograft<double> model(melphalan_typical(GcsfStart::day_1));
  double checked = 0.0;
  for (int half = 0; half < 1440; ++half) {
    const double t = 0.5 * half;
    model.advance(0.5, t < 24.0 ? 10 : 1, melphalan_inputs(t, 200.0 * k_bsa_m2, GcsfStart::day_1));
    const auto found = reference.find({"melphalan_200_day_1", t + 0.5});
    if (found == reference.end()) continue;
    ++checked;
    EXPECT_NEAR(model.neutrophils_e9_per_l(), found->second, 2e-3 * found->second) << t;
  }
  EXPECT_GT(checked, 10.0);
}

TEST(PublishedHaematology, CommittedReferenceIsWhatSciPyGives) {
  if (std::system("/usr/bin/python3 -c 'import scipy' 2>/dev/null") != 0) GTEST_SKIP() << "no SciPy";
  const std::string command =
      "/usr/bin/python3 '" + std::string(HORTEGA_SOURCE_DIR) + "/tests/therapy/published_models.py'";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string text;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
  ASSERT_EQ(pclose(pipe), 0);
  std::istringstream stream(text);
  const Reference fresh = read_reference(stream);
  const Reference committed = committed_reference();
  ASSERT_EQ(fresh.size(), committed.size());
  for (const auto& [where, value] : committed) EXPECT_NEAR(fresh.at(where), value, 1e-9 * value);
}

}  // namespace
}  // namespace hortega::therapy
