// SPDX-License-Identifier: Apache-2.0
//
// Throughput of the person model with everything on: 10,000 people over 10 years from onset, quarterly visits
// with rater noise, relapses judged, mortality reviewed, one active course updated every week. One benchmark
// per instruction set on one core, one on two threads, and (with HORTEGA_MILLION=1) a million people over 30
// years with the peak of resident memory. Rates count processor time, so a busy machine does not spoil them;
// the ratios to one person at a time are printed at the end.
#include "hortega/disease/person.hpp"
#include "hortega/cohort/bedside.hpp"
#include "hortega/cohort/history.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/disease/kernel.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hortega;
using disease::Isa;

constexpr std::uint64_t k_seed = 11;
constexpr int k_week_day = 7;
constexpr int k_quarter_day = 91;

const disease::Parameters& parameters() {
  static const disease::Parameters p =
      disease::load_parameters(core::ParameterSet::read_directory(HORTEGA_SOURCE_DIR "/data/parameters"));
  return p;
}

// A drug that halves entry and activation with a small waning each week: the cost of a course, not a therapy.
class WeeklyCourse final : public therapy::Course {
 public:
  void begin(int day, const therapy::Patient&, therapy::CourseSink&) override { due_ = day; }
  void resume(int day, const therapy::Patient&) override { due_ = day; }
  void update(int day, const therapy::Patient& who, therapy::CourseSink&,
              disease::Levers<double>& levers) override {
    level_ = 0.9 * level_ + 0.1 * (who.state.memory_b() > 0.0 ? 1.0 : 0.0);
    levers.entry = 1.0 - 0.5 * level_;
    levers.activation = 1.0 - 0.3 * level_;
    due_ = day + k_week_day;
  }
  int next_due() const override { return due_; }
  void stop(int) override {}
  bool finished() const override { return false; }

 private:
  int due_ = 0;
  double level_ = 0.0;
};

class Deaf final : public cohort::BedsideListener {
 public:
  void harm(therapy::Harm) override {}
  void milestone(therapy::Milestone, int, double) override {}
  void death(const std::string&) override {}
};

struct BlockResult {
  std::int64_t relapses = 0;
  double edss = 0.0;
};

BlockResult live(const disease::Rates& rates, std::uint32_t first_person, int quarters) {
  const disease::Parameters& p = parameters();
  disease::Block block;
  block.seed = k_seed;
  std::array<disease::Profile, disease::k_block> profile;
  std::array<cohort::History, disease::k_block> history;
  std::array<cohort::Bedside, disease::k_block> bedside;
  Deaf deaf;
  therapy::Patient who;
  who.parameters = &p;
  for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
    const std::uint32_t person = first_person + static_cast<std::uint32_t>(lane);
    disease::put(block, lane, disease::make_person(p, k_seed, person));
    profile[lane] = disease::make_profile(p, k_seed, person);
    who.profile = &profile[lane];
    who.key = {k_seed, person, 0};
    who.state = disease::view_of(block, lane);
    bedside[lane].begin(std::make_unique<WeeklyCourse>(), block, lane, who, deaf);
  }
  cohort::RelapseRule rule;
  rule.subtle_noticed = p.relapse_subtle_noticed.value;
  disease::Events events;
  disease::Observation seen;
  BlockResult result;
  for (int quarter = 0; quarter < quarters; ++quarter) {
    for (int gone = 0; gone < k_quarter_day; gone += k_week_day) {
      for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
        if (bedside[lane].next_due() > static_cast<int>(block.life_day[lane])) continue;
        who.profile = &profile[lane];
        who.key = {k_seed, block.person[lane], 0};
        who.state = disease::view_of(block, lane);
        bedside[lane].update(block, lane, who, deaf);
      }
      disease::advance(rates, block, k_week_day, events);
      for (int i = 0; i < events.count; ++i) {
        const disease::Event& e = events.event[i];
        if (e.kind != disease::EventKind::attack && e.kind != disease::EventKind::fever) continue;
        if (history[e.lane].judge.judge(rule, {k_seed, block.person[e.lane], 0}, e) ==
            cohort::Judgement::relapse) {
          history[e.lane].relapse_days.push_back(e.life_day);
          ++result.relapses;
        }
      }
    }
    disease::observe(rates, block, disease::RaterNoise::on, nullptr, seen);
    for (std::size_t lane = 0; lane < disease::k_block; ++lane) {
      const disease::StateView s = disease::view_of(block, lane);
      cohort::Review r;
      r.life_day = block.life_day[lane];
      r.edss = static_cast<float>(seen.edss[lane]);
      r.t2_seen = static_cast<float>(s.t2_seen());
      r.gd = static_cast<std::uint8_t>(std::clamp(s.enhancing(), 0.0, 255.0));
      r.pyramidal = static_cast<std::uint8_t>(seen.grade[disease::index(disease::System::pyramidal)][lane]);
      cohort::add_review(history[lane], r);
      disease::set_death_hazard(
          block, lane,
          disease::death_hazard_per_day(p, profile[lane].female, s.age_year(), seen.edss_hidden[lane]));
    }
  }
  for (const double e : seen.edss) result.edss += e;
  return result;
}

struct Size {
  int people;
  int quarters;
  double person_years() const { return people * quarters * (k_quarter_day / 365.25); }
};
constexpr Size k_standard{10000, 40};
constexpr Size k_million{1000000, 120};

// Only sums leave a block, so memory does not grow with people.
double live_all(const Size& size) {
  const disease::Rates rates = disease::make_rates(parameters());
  const auto n = static_cast<std::size_t>(size.people) / disease::k_block;
  std::vector<float> edss(n);
  core::parallel_for(n, [&](std::size_t b) {
    edss[b] =
        static_cast<float>(live(rates, static_cast<std::uint32_t>(b * disease::k_block), size.quarters).edss);
  });
  double sum = 0.0;
  for (const float x : edss) sum += static_cast<double>(x);
  return sum / size.people;
}

double processor_s() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(use.ru_utime);
}

double peak_memory_mb() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1024.0;
}

std::map<std::string, double>& best_rates() {
  static std::map<std::string, double> rates;
  return rates;
}

void person_model(benchmark::State& state, Isa isa, int threads, Size size) {
  const Isa before = disease::current_isa();
  disease::choose_isa(isa);
  core::set_threads(threads);
  double edss = 0.0;
  double best = 0.0;
  for (auto _ : state) {
    const double start = processor_s();
    edss = live_all(size);
    const double rate = size.person_years() / (processor_s() - start);
    best = std::max(best, rate);
  }
  state.counters["person_years_per_core_s"] = best;
  state.counters["mean_edss"] = edss;
  state.counters["peak_memory_mb"] = peak_memory_mb();
  if (threads == 1) {
    double& known = best_rates()[std::string(disease::name_of(isa))];
    known = std::max(known, best);
  }
  core::set_threads(0);
  disease::choose_isa(before);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  for (const Isa isa : disease::available_isas()) {
    benchmark::RegisterBenchmark(("person_model/" + std::string(disease::name_of(isa))).c_str(), person_model,
                                 isa, 1, k_standard)
        ->Unit(benchmark::kMillisecond);
  }
  const Isa best = disease::available_isas().back();
  benchmark::RegisterBenchmark("person_model/one_thread", person_model, best, 1, k_standard)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  benchmark::RegisterBenchmark("person_model/two_threads", person_model, best, 2, k_standard)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  if (std::getenv("HORTEGA_MILLION") != nullptr) {
    benchmark::RegisterBenchmark("person_model/million_30_years", person_model, best, 2, k_million)
        ->Unit(benchmark::kSecond)
        ->UseRealTime()
        ->Iterations(1);
  }
  benchmark::RunSpecifiedBenchmarks();
  const auto& rates = best_rates();
  if (rates.count("one") != 0) {
    for (const auto& [isa, rate] : rates)
      std::printf("%-7s %9.0f person-years/s per core, %.2f times one at a time\n", isa.c_str(), rate,
                  rate / rates.at("one"));
  }
  return 0;
}
