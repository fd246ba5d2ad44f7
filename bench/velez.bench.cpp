// SPDX-License-Identifier: Apache-2.0
//
// The Velez model (disease/velez.hpp): our lanes against Boost.odeint dopri5, on the same people and in the
// same accuracy class, one thread each. For every method the loosest tolerance of a ladder is taken that
// keeps the share of person-days with E off by more than 1 % at or below 0.05 % (a class of ours); the
// reference is odeint dopri5 at 1e-12. Prints the ratios of CPU time. With HORTEGA_VELEZ_EXPORT=DIR it writes
// the people and the reference for peers/velez_desolve.R.
#include "hortega/disease/velez.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "hortega/core/parallel.hpp"

namespace {

namespace odeint = boost::numeric::odeint;
namespace velez = hortega::disease::velez;
using Stepper = odeint::runge_kutta_dopri5<velez::State>;

constexpr std::uint64_t k_seed = 1;
constexpr std::size_t k_people = 1024;  // few are chaotic: the share of a smaller group varies
constexpr int k_days = 1825;            // 5 years, as the authors ran
constexpr double k_class_share = 0.0005;
constexpr double k_reference_tolerance = 1e-12;
constexpr std::array<double, 7> k_ladder{1e-8, 3e-9, 1e-9, 3e-10, 1e-10, 3e-11, 1e-11};

struct System {
  double effector_growth;
  double regulatory_growth;
  void operator()(const velez::State& x, velez::State& dxdt, double) const {
    velez::derivative(x.data(), effector_growth, regulatory_growth, dxdt.data());
  }
};

// Calls at_day(day) and applies impulses; advance(from, to) integrates in between.
template <class Advance, class AtDay>
void walk(const velez::Person& person, velez::State& x, Advance advance, AtDay at_day) {
  auto effector = person.effector_influx_day.begin();
  auto regulatory = person.regulatory_influx_day.begin();
  double t = 0.0;
  for (int day = 1; day <= k_days;) {
    const double stop = std::min({static_cast<double>(day), *effector, *regulatory});
    advance(t, stop);
    t = stop;
    if (*effector == stop) {
      x[0] += velez::published.impulse_cells;
      ++effector;
    }
    if (*regulatory == stop) {
      x[1] += velez::published.impulse_cells;
      ++regulatory;
    }
    if (day == stop) at_day(day++);
  }
}

// odeint's controlled stepper, every step cut at the next day or impulse.
void odeint_controlled(const velez::Person& person, double tolerance, double* effector_cells) {
  velez::State x = velez::initial_state;
  const System system{person.effector_growth, person.regulatory_growth};
  auto stepper = odeint::make_controlled(tolerance, tolerance, Stepper());
  double h = 0.01;
  walk(
      person, x,
      [&](double t, double stop) {
        stepper.reset();  // an impulse changes the state behind the stepper's back
        while (t < stop) {
          double trial = std::min(h, stop - t);
          const bool cut = trial < h;
          const bool last = trial == stop - t;
          if (stepper.try_step(system, x, t, trial) == odeint::success) {
            if (last) t = stop;
            h = cut ? std::max(h, trial) : trial;
          } else {
            h = trial;
          }
        }
      },
      [&](int day) { effector_cells[day - 1] = x[2]; });
}

// odeint's dense-output stepper: days are interpolated; only impulses restart it.
void odeint_dense(const velez::Person& person, double tolerance, double* effector_cells) {
  velez::State x = velez::initial_state;
  const System system{person.effector_growth, person.regulatory_growth};
  auto stepper = odeint::make_dense_output(tolerance, tolerance, Stepper());
  auto effector = person.effector_influx_day.begin();
  auto regulatory = person.regulatory_influx_day.begin();
  double t = 0.0;
  double h = 0.01;
  int day = 1;
  velez::State at;
  while (day <= k_days) {
    const double impulse = std::min(*effector, *regulatory);
    stepper.initialize(x, t, h);
    do {
      stepper.do_step(system);
      for (; day <= k_days && day <= stepper.current_time() && day <= impulse; ++day) {
        stepper.calc_state(day, at);
        effector_cells[day - 1] = at[2];
      }
    } while (stepper.current_time() < impulse && day <= k_days);
    if (day > k_days) break;
    stepper.calc_state(impulse, x);
    h = stepper.current_time_step();
    t = impulse;
    if (*effector == impulse) {
      x[0] += velez::published.impulse_cells;
      ++effector;
    }
    if (*regulatory == impulse) {
      x[1] += velez::published.impulse_cells;
      ++regulatory;
    }
  }
}

using Method = std::vector<double> (*)(double tolerance);

template <void (*one)(const velez::Person&, double, double*)>
std::vector<double> all_people(double tolerance) {
  std::vector<double> effector_cells(k_people * k_days);
  for (std::size_t i = 0; i < k_people; ++i) {
    const velez::Person person = velez::draw_person(k_seed, static_cast<std::uint32_t>(i), k_days);
    one(person, tolerance, effector_cells.data() + i * k_days);
  }
  return effector_cells;
}

template <velez::Lanes lanes>
std::vector<double> ours(double tolerance) {
  return velez::simulate(k_seed, 0, k_people, k_days, tolerance, lanes).effector_cells;
}

double share_off(const std::vector<double>& found, const std::vector<double>& reference) {
  std::size_t off = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    off += std::abs(found[i] - reference[i]) > 0.01 * reference[i] ? 1U : 0U;
  return static_cast<double>(off) / static_cast<double>(found.size());
}

// The loosest tolerance of the ladder that meets the class; also every tighter one must meet it.
double tolerance_in_class(Method method, const std::vector<double>& reference, double& share) {
  double chosen = 0.0;
  for (auto tolerance = k_ladder.rbegin(); tolerance != k_ladder.rend(); ++tolerance) {
    const double found = share_off(method(*tolerance), reference);
    if (found > k_class_share) break;
    chosen = *tolerance;
    share = found;
  }
  return chosen;
}

class Collector : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration) {
        double& best = cpu_s[run.run_name.function_name];
        const double s = run.GetAdjustedCPUTime();
        best = best == 0.0 ? s : std::min(best, s);
      }
    ConsoleReporter::ReportRuns(runs);
  }
  std::map<std::string, double> cpu_s;  // best of the repetitions
};

void export_people(const std::string& folder, const std::vector<double>& reference) {
  std::ofstream influx(folder + "/influx.csv");
  std::ofstream people(folder + "/people.csv");
  std::ofstream days(folder + "/reference.csv");
  influx << "person,kind,day\n";
  people << "person,effector_growth,regulatory_growth\n";
  days << "person,day,effector_cells\n";
  for (auto* file : {&influx, &people, &days}) file->precision(17);
  for (std::size_t i = 0; i < k_people; ++i) {
    const velez::Person p = velez::draw_person(k_seed, static_cast<std::uint32_t>(i), k_days);
    people << i << ',' << p.effector_growth << ',' << p.regulatory_growth << '\n';
    for (const double t : p.effector_influx_day)
      if (std::isfinite(t)) influx << i << ",Er," << t << '\n';
    for (const double t : p.regulatory_influx_day)
      if (std::isfinite(t)) influx << i << ",Rr," << t << '\n';
    for (std::size_t d = 0; d < k_days; ++d)
      days << i << ',' << d + 1 << ',' << reference[i * k_days + d] << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  hortega::core::set_threads(1);
  const std::vector<double> reference = all_people<odeint_controlled>(k_reference_tolerance);
  if (const char* folder = std::getenv("HORTEGA_VELEZ_EXPORT")) export_people(folder, reference);

  struct Entry {
    std::string name;
    Method method;
    bool available;
  };
  const std::vector<Entry> entries{
      {"ours_avx512", &ours<velez::Lanes::avx512>, velez::available(velez::Lanes::avx512)},
      {"ours_avx2", &ours<velez::Lanes::avx2>, velez::available(velez::Lanes::avx2)},
      {"ours_sse2", &ours<velez::Lanes::sse2>, true},
      {"ours_width_one", &ours<velez::Lanes::one>, true},
      {"odeint_dopri5_controlled", &all_people<odeint_controlled>, true},
      {"odeint_dopri5_dense", &all_people<odeint_dense>, true}};
  const double ours_tolerance = [&] {
    double share = 0.0;
    const double tolerance = tolerance_in_class(&ours<velez::Lanes::best>, reference, share);
    std::printf("ours: tolerance %g, %.4f %% of person-days off\n", tolerance, 100.0 * share);
    return tolerance;
  }();
  std::string fastest_ours;
  for (const Entry& entry : entries) {
    if (!entry.available) continue;
    double tolerance = ours_tolerance;
    if (entry.name.starts_with("odeint")) {
      double share = 0.0;
      tolerance = tolerance_in_class(entry.method, reference, share);
      std::printf("%s: tolerance %g, %.4f %% of person-days off\n", entry.name.c_str(), tolerance,
                  100.0 * share);
    } else if (fastest_ours.empty()) {
      fastest_ours = entry.name;
    }
    if (tolerance == 0.0) {
      std::printf("%s: no tolerance of the ladder meets the accuracy class\n", entry.name.c_str());
      return 1;
    }
    benchmark::RegisterBenchmark(entry.name.c_str(),
                                 [entry, tolerance](benchmark::State& state) {
                                   for (auto _ : state) benchmark::DoNotOptimize(entry.method(tolerance));
                                   state.counters["person_days"] =
                                       benchmark::Counter(static_cast<double>(k_people) * k_days,
                                                          benchmark::Counter::kIsIterationInvariantRate);
                                 })
        ->Unit(benchmark::kMillisecond)
        ->Repetitions(3);
  }
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  auto& cpu = collector.cpu_s;
  if (cpu.count("odeint_dopri5_controlled") == 0 || cpu.count(fastest_ours) == 0) return 0;
  for (const char* peer : {"odeint_dopri5_controlled", "odeint_dopri5_dense"})
    std::printf("ratio %s / %s: %.1f\n", peer, fastest_ours.c_str(), cpu[peer] / cpu[fastest_ours]);
  std::printf("ours: %.1f ns of CPU per person-day\n", 1e6 * cpu[fastest_ours] / (k_people * k_days));
  return 0;
}
