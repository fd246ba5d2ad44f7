// SPDX-License-Identifier: Apache-2.0
//
// Without infections and lesion births the day loop solves ordinary differential equations. They are held
// against an independent solver (deterministic_limit.py: SciPy, written from docs/model.md), and the error of
// the daily step is shown to fall in proportion to the step.
#include "people.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace hortega::disease {
namespace {

const std::string k_folder = std::string(HORTEGA_SOURCE_DIR) + "/tests/disease/";
constexpr int k_parameters = -3;
constexpr int k_traits = -2;
constexpr int k_levers = -1;

using Values = std::map<std::string, double>;
using Scenario = std::map<int, Values>;  // by day
using Reference = std::map<std::string, Scenario>;

Reference parse(std::istream& in) {
  Reference reference;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream row(line);
    std::string scenario;
    std::string day;
    std::string name;
    std::string value;
    std::getline(row, scenario, ',');
    std::getline(row, day, ',');
    std::getline(row, name, ',');
    std::getline(row, value, ',');
    reference[scenario][std::stoi(day)][name] = std::stod(value);
  }
  return reference;
}

const Reference& reference() {
  static const Reference r = [] {
    std::ifstream file(k_folder + "deterministic_limit.csv");
    return parse(file);
  }();
  return r;
}

// The parameters that the reference was made with, no infections, no births.
Rates rates_of(int substeps) {
  Parameters p = testing::parameters();
  const Values& given = reference().at("all").at(k_parameters);
#define HORTEGA_X(name) \
  if (given.count(#name) != 0) p.name.value = given.at(#name);
  HORTEGA_DISEASE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  Rates r = make_rates(p, substeps);
  r.infection_rate_day = 0.0;
  r.lesion_rate_day = 0.0;
  r.rim_end_day = 0.0;
  return r;
}

Person person_of(const Scenario& scenario) {
  Parameters p = testing::parameters();
  const Values& given = reference().at("all").at(k_parameters);
  Person who = make_person(p, 1, 0);
  const Values& traits = scenario.at(k_traits);
#define HORTEGA_X(name) who.traits.name = traits.at(#name);
  HORTEGA_TRAITS(HORTEGA_X)
#undef HORTEGA_X
  const Values& levers = scenario.at(k_levers);
#define HORTEGA_X(name, def) \
  if (levers.count(#name) != 0) who.levers.name = levers.at(#name);
  HORTEGA_LEVERS(HORTEGA_X, 0)
#undef HORTEGA_X
  double* state = reinterpret_cast<double*>(&who.state);
  for (const auto& [name, value] : scenario.at(0)) state[testing::state_index(name)] = value;
  const double age = who.state.age_year;
  who.state.f_thymus = std::exp(-given.at("thymic_decline") * (age - 30.0));
  who.state.f_compartment = std::exp(given.at("compartment_age_slope") * (age - 40.0));
  who.state.f_remyelination = std::exp(-given.at("remyelination_age_slope") * (age - 35.0));
  who.state.f_axon_loss = std::exp(given.at("axon_loss_age_slope") * (age - 45.0));
  return who;
}

State<double> state_after(const Scenario& scenario, int days, int substeps) {
  const Rates r = rates_of(substeps);
  Block block;
  for (std::size_t lane = 0; lane < k_block; ++lane) put(block, lane, person_of(scenario));
  Events events;
  for (int gone = 0; gone < days; gone += k_longest_stretch)
    advance(r, block, std::min(k_longest_stretch, days - gone), events);
  return state_of(block, 0);
}

double value_of(const State<double>& s, std::size_t i) { return reinterpret_cast<const double*>(&s)[i]; }

// Largest error against the reference over all numbers and days of a scenario; relative, but absolute below
// 0.02 (fractions of tissue that small move no grade).
double worst_error(const Scenario& scenario, int substeps, std::string& where) {
  double worst = 0.0;
  for (const auto& [day, values] : scenario) {
    if (day <= 0) continue;
    const State<double> s = state_after(scenario, day, substeps);
    for (const auto& [name, value] : values) {
      const double error =
          std::fabs(value_of(s, testing::state_index(name)) - value) / std::max(0.02, std::fabs(value));
      if (error > worst) {
        worst = error;
        where = name + " on day " + std::to_string(day);
      }
    }
  }
  return worst;
}

TEST(DeterministicLimit, AgreesWithAnIndependentSolver) {
  ASSERT_EQ(reference().size(), 5U);  // four scenarios and the parameters
  for (const auto& [name, scenario] : reference()) {
    if (name == "all") continue;
    for (const auto& [number, value] : scenario.at(0)) {
      ASSERT_LT(testing::state_index(number), k_state_size) << number;
      static_cast<void>(value);
    }
    std::string where;
    const double fine = worst_error(scenario, 64, where);
    EXPECT_LT(fine, 1e-3) << name << ": " << where << " at 64 steps a day";
    std::printf("%-10s 64 steps a day: %.2g (%s)\n", name.c_str(), fine, where.c_str());
    const double daily = worst_error(scenario, 1, where);
    EXPECT_LT(daily, 0.03) << name << ": " << where << " at one step a day";
    std::printf("%-10s one step a day: %.2g (%s)\n", name.c_str(), daily, where.c_str());
  }
}

TEST(DeterministicLimit, TheComparisonSeesAWrongEquation) {
  // A turnover 5 % off must not pass for agreement.
  Scenario scenario = reference().at("drug");
  scenario[k_levers]["kill_b"] *= 1.05;
  std::string where;
  EXPECT_GT(worst_error(scenario, 64, where), 1e-3);
}

TEST(DeterministicLimit, TheReferenceIsWhatItsScriptWrites) {
  if (std::system("/usr/bin/python3 -c 'import scipy' > /dev/null 2>&1") != 0) GTEST_SKIP() << "no SciPy";
  const std::string command = "/usr/bin/python3 -B '" + k_folder + "deterministic_limit.py' '" + k_folder +
                              "deterministic_limit.csv'";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string text;
  std::array<char, 65536> buffer{};
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), n);
  ASSERT_EQ(pclose(pipe), 0);
  std::istringstream in(text);
  const Reference again = parse(in);
  ASSERT_EQ(again.size(), reference().size());
  for (const auto& [name, scenario] : reference()) {
    for (const auto& [day, values] : scenario) {
      for (const auto& [number, value] : values) {
        const double now = again.at(name).at(day).at(number);
        EXPECT_NEAR(now, value, 1e-7 * std::max(1.0, std::fabs(value)))
            << name << " " << day << " " << number;
      }
    }
  }
}

TEST(DeterministicLimit, TheErrorOfTheStepIsFirstOrder) {
  // "bloom" is left out: where regulatory cells change their turnover, the day of the change jumps with the
  // step.
  for (const std::string name : {"untreated", "depleted", "drug"}) {
    const Scenario& scenario = reference().at(name);
    constexpr int k_days = 5 * 365;
    const State<double> exact = state_after(scenario, k_days, 64);
    std::map<int, State<double>> by_step;
    for (const int n : {1, 2, 4, 8}) by_step[n] = state_after(scenario, k_days, n);
    // Root mean square over all numbers of the state: single ones may change sign on their way.
    const auto error = [&](int n) {
      double sum = 0.0;
      for (std::size_t i = 0; i < k_state_size; ++i) {
        const double e =
            (value_of(by_step[n], i) - value_of(exact, i)) / std::max(0.02, std::fabs(value_of(exact, i)));
        sum += e * e;
      }
      return std::sqrt(sum / static_cast<double>(k_state_size));
    };
    std::printf("%-10s errors at 1, 2, 4, 8 steps a day: %.2g %.2g %.2g %.2g\n", name.c_str(), error(1),
                error(2), error(4), error(8));
    for (const int n : {1, 2, 4}) {
      const double expected = (1.0 / n - 1.0 / 64) / (0.5 / n - 1.0 / 64);  // first order against 64 steps
      EXPECT_NEAR(error(n) / error(2 * n), expected, 0.1 * expected) << name << " " << n;
    }
  }
}

// How far the daily step moves what a population shows: everything random is the same at 1 and 4 steps a day.
TEST(DeterministicLimit, PopulationsHardlyMoveWithTheStep) {
  struct Seen {
    double edss = 0.0;
    double lesions = 0.0;
    double attacks = 0.0;
    double volume = 0.0;
  };
  constexpr std::uint32_t k_n = 2000;
  const auto live = [](int substeps) {
    const Rates r = make_rates(testing::parameters(), substeps);
    Seen seen;
    Events events;
    Observation visit;
    for (std::uint32_t first = 0; first < k_n; first += k_block) {
      Block block = testing::block_of(testing::parameters(), 21, first);
      for (int day = 0; day < 15 * 365; day += 5) {
        advance(r, block, 5, events);
        for (int i = 0; i < events.count; ++i)
          seen.attacks += events.event[i].kind == EventKind::attack ? 1.0 : 0.0;
      }
      observe(r, block, RaterNoise::off, nullptr, visit);
      for (std::size_t lane = 0; lane < k_block; ++lane) {
        seen.edss += visit.edss[lane] / k_n;
        seen.lesions += state_of(block, lane).lesions / k_n;
        seen.volume += state_of(block, lane).brain_loss_percent / k_n;
      }
    }
    return seen;
  };
  const Seen one = live(1);
  const Seen four = live(4);
  std::printf(
      "1 against 4 steps a day, 2,000 people, 15 years: EDSS %.4f %.4f, lesions %.3f %.3f, attacks %.0f "
      "%.0f, "
      "volume %.4f %.4f\n",
      one.edss, four.edss, one.lesions, four.lesions, one.attacks, four.attacks, one.volume, four.volume);
  EXPECT_NEAR(one.edss / four.edss, 1.0, 0.03);
  EXPECT_NEAR(one.lesions / four.lesions, 1.0, 0.03);
  EXPECT_NEAR(one.attacks / four.attacks, 1.0, 0.03);
  EXPECT_NEAR(one.volume / four.volume, 1.0, 0.01);
}

}  // namespace
}  // namespace hortega::disease
