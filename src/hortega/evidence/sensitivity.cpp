// SPDX-License-Identifier: Apache-2.0
// The three stages of a sensitivity analysis.
#include "hortega/evidence/sensitivity.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>

#include "hortega/analysis/low_discrepancy.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/progress.hpp"

namespace hortega::evidence {

namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_pin = 1.05;  // as in free_parameters.cpp

// Seeds of the stages, far apart.
constexpr std::uint64_t k_seeds_of_noise = 100000;
constexpr std::uint64_t k_seeds_of_design = 200000;
constexpr std::uint64_t k_seeds_of_conclusions = 300000;

// Where the noise of an effect is measured: the ranks around which strong and weak part.
constexpr std::array<std::size_t, 6> k_noise_ranks{4, 9, 14, 19, 29, 39};
constexpr int k_noise_bases = 3;
constexpr int k_noise_seeds = 3;
// An emulator of fewer points says nothing.
constexpr std::size_t k_least_points_per_input = 4;

// A parameter that changes nothing has no noise: the others' is what is pooled.
double sd_where_moved(const std::vector<std::vector<double>>& changes) {
  std::vector<std::vector<double>> moved;
  std::copy_if(changes.begin(), changes.end(), std::back_inserter(moved), [](const std::vector<double>& c) {
    return std::any_of(c.begin(), c.end(), [](double v) { return v != 0.0; });
  });
  const double sd = analysis::pooled_sd(moved);
  return std::isfinite(sd) ? sd : 0.0;
}

// Two seeds alone may agree by luck.
double sd_at_least(double pooled, const std::vector<double>& changes) {
  const double own = analysis::pooled_sd(std::span(&changes, 1));
  return std::isfinite(own) ? std::max(own, pooled) : pooled;
}

class Study {
 public:
  Study(const core::ParameterSet& set, const std::vector<std::string>& outcomes, const TrialEngine& engine,
        const SensitivitySettings& settings)
      : set_(set), engine_(engine), settings_(settings) {
    result_.variables = sensitivity_variables(set);
    for (const std::string& name : outcomes) result_.outcomes.emplace_back().name = name;
  }

  Sensitivity run() {
    screen();
    choose();
    emulate();
    conclude();
    return std::move(result_);
  }

 private:
  // A place to simulate.
  struct Place {
    std::function<core::ParameterSet()> parameters;
    std::uint64_t seed = 0;
  };

  std::vector<TrialOutcomes> simulate(const std::vector<Place>& places, TrialSize size, const char* label) {
    const auto started = std::chrono::steady_clock::now();
    core::Progress progress(label, static_cast<std::int64_t>(places.size()));
    std::vector<TrialOutcomes> found(places.size());
    std::vector<char> failed(places.size(), 0);
    core::parallel_for(places.size(), [&](std::size_t i) {
      try {
        found[i] = engine_(places[i].parameters(), places[i].seed, size);
      } catch (const core::InputError&) {
        found[i] = {std::vector<double>(result_.outcomes.size(), k_nan), k_nan};
        failed[i] = 1;
      }
      progress.tick();
    });
    core::throw_if_interrupted();
    result_.evaluations += static_cast<int>(places.size());
    result_.failed += static_cast<int>(std::count(failed.begin(), failed.end(), 1));
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
    result_.stages.push_back({label, static_cast<int>(places.size()), wall.count()});
    return found;
  }

  // All variables at these quantiles of their priors.
  core::ParameterSet at(const std::vector<std::size_t>& which, const std::vector<double>& unit) const {
    core::ParameterSet set = set_;
    for (std::size_t i = 0; i < which.size(); ++i) {
      const FreeParameter& p = result_.variables[which[i]].parameter;
      set_variable(set, p.name(), p.natural(math::normal_quantile(unit[i])));
    }
    return set;
  }

  std::vector<std::size_t> everything() const {
    std::vector<std::size_t> all(result_.variables.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }

  void screen() {
    const std::size_t inputs = result_.variables.size();
    const analysis::RadialDesign design(inputs, static_cast<std::size_t>(settings_.base_points),
                                        settings_.seed);
    const std::vector<std::size_t> all = everything();
    std::vector<Place> places;
    for (std::size_t e = 0; e < design.evaluations(); ++e) {
      places.push_back({[this, &all, &design, e] { return at(all, design.point(e)); },
                        settings_.seed + design.base_of(e)});
    }
    const std::vector<TrialOutcomes> found = simulate(places, TrialSize::small, "screening");
    std::vector<std::vector<double>> values(result_.outcomes.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      for (const TrialOutcomes& o : found) values[k].push_back(o.value[k]);
      result_.outcomes[k].effects = analysis::elementary_effects(design, values[k]);
    }
    measure_noise(design);
    for (std::size_t k = 0; k < values.size(); ++k) {
      analysis::MorrisSettings settings;
      settings.effect_noise_sd = result_.outcomes[k].effect_noise_sd;
      result_.outcomes[k].effects = analysis::elementary_effects(design, values[k], settings);
    }
  }

  // The same effects with other seeds: of each outcome at inputs of middling strength.
  void measure_noise(const analysis::RadialDesign& design) {
    const std::size_t inputs = design.inputs();
    const std::vector<std::size_t> all = everything();
    struct Move {
      std::size_t base = 0;
      std::size_t input = 0;
      std::size_t outcome = 0;
    };
    std::vector<Move> moves;
    const auto bases = std::min<std::size_t>(k_noise_bases, design.base_points());
    for (std::size_t b = 0; b < bases; ++b) {
      for (std::size_t k = 0; k < result_.outcomes.size(); ++k) {
        const std::vector<std::size_t> order = analysis::by_strength(result_.outcomes[k].effects);
        // The outcomes share the ranks: each is looked at in turn.
        for (std::size_t r = k % 2; r < k_noise_ranks.size(); r += 2)
          moves.push_back({b, order[std::min(k_noise_ranks[r], inputs - 1)], k});
      }
    }
    std::vector<Place> places;
    const auto add = [&](std::size_t e, int s) {
      places.push_back(
          {[this, &all, &design, e] { return at(all, design.point(e)); },
           settings_.seed + k_seeds_of_noise + static_cast<std::uint64_t>(s) * 1000 + design.base_of(e)});
    };
    for (int s = 0; s < k_noise_seeds; ++s) {
      for (std::size_t b = 0; b < bases; ++b) add(b * (inputs + 1), s);
      for (const Move& m : moves) add(m.base * (inputs + 1) + 1 + m.input, s);
    }
    const std::vector<TrialOutcomes> found = simulate(places, TrialSize::small, "noise of effects");
    const std::size_t round = bases + moves.size();
    for (std::size_t k = 0; k < result_.outcomes.size(); ++k) {
      std::vector<std::vector<double>> groups;
      for (std::size_t m = 0; m < moves.size(); ++m) {
        if (moves[m].outcome != k) continue;
        std::vector<double>& group = groups.emplace_back();
        for (std::size_t s = 0; s < k_noise_seeds; ++s) {
          const double change =
              found[s * round + bases + m].value[k] - found[s * round + moves[m].base].value[k];
          group.push_back(change / design.step(moves[m].base, moves[m].input));
        }
      }
      const double sd = analysis::pooled_sd(groups);
      result_.outcomes[k].effect_noise_sd = std::isfinite(sd) ? sd : 0.0;
    }
  }

  void choose() {
    const std::size_t inputs = result_.variables.size();
    std::vector<double> strength(inputs, 0.0);
    for (const OutcomeSensitivity& o : result_.outcomes) {
      double largest = 0.0;
      for (const auto& e : o.effects) {
        if (e.above_noise) largest = std::max(largest, e.mu_star);
      }
      if (largest <= 0.0) continue;
      for (std::size_t j = 0; j < inputs; ++j) {
        if (o.effects[j].above_noise) strength[j] += o.effects[j].mu_star / largest;
      }
    }
    std::vector<std::size_t> order = everything();
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return strength[a] > strength[b]; });
    for (const std::size_t j : order) {
      if (strength[j] > 0.0 && static_cast<int>(result_.strongest.size()) < settings_.strongest)
        result_.strongest.push_back(j);
    }
  }

  void emulate() {
    const std::size_t inputs = result_.strongest.size();
    if (inputs == 0) {
      for (OutcomeSensitivity& o : result_.outcomes) o.refused = "no parameter is above noise";
      return;
    }
    const auto n = static_cast<std::size_t>(settings_.design_points);
    const std::vector<double> points = analysis::sobol_points(n, inputs, settings_.seed);
    const auto row = [&](std::size_t i) {
      const auto from = points.begin() + static_cast<std::ptrdiff_t>(i * inputs);
      return std::vector<double>(from, from + static_cast<std::ptrdiff_t>(inputs));
    };
    std::vector<Place> places;
    for (std::size_t i = 0; i < n; ++i) {
      places.push_back({[this, &row, i] { return at(result_.strongest, row(i)); },
                        settings_.seed + k_seeds_of_design + i});
    }
    const std::vector<TrialOutcomes> found = simulate(places, TrialSize::large, "design of the emulator");
    core::Progress progress("emulators", static_cast<std::int64_t>(result_.outcomes.size()));
    for (std::size_t k = 0; k < result_.outcomes.size(); ++k) {
      std::vector<double> x;
      std::vector<double> y;
      for (std::size_t i = 0; i < n; ++i) {
        if (!std::isfinite(found[i].value[k])) continue;
        const std::vector<double> at = row(i);
        x.insert(x.end(), at.begin(), at.end());
        y.push_back(found[i].value[k]);
      }
      indices_of(result_.outcomes[k], x, y);
      progress.tick();
      core::throw_if_interrupted();
    }
  }

  void indices_of(OutcomeSensitivity& o, const std::vector<double>& x, const std::vector<double>& y) const {
    const std::size_t inputs = result_.strongest.size();
    if (y.size() < std::max(k_least_points_per_input * inputs, inputs + 10)) {
      o.refused = "too few points at which the trial could be had";
      return;
    }
    if (std::all_of(y.begin(), y.end(), [&](double v) { return v == y.front(); })) {
      o.refused = "the outcome does not vary";
      return;
    }
    analysis::EmulatorSettings settings;
    settings.seed = settings_.seed;
    o.held_out = analysis::held_out(x, inputs, y, settings_.folds, settings);
    const analysis::Emulator emulator(x, inputs, y, settings);
    o.noise_sd = emulator.noise_sd();
    if (!(o.held_out.q2 >= analysis::k_least_q2)) {
      o.refused = "the emulator's held-out Q2 is below 0.8";
      return;
    }
    analysis::SobolSettings sobol;
    sobol.points = settings_.sobol_points;
    sobol.seed = settings_.seed;
    o.sobol = analysis::sobol_indices(emulator, o.held_out, sobol, settings_.realisations);
  }

  // Each end with the same seeds as the values as they stand, so that most of chance is not in the change.
  void conclude() {
    const auto seeds = static_cast<std::size_t>(std::max(settings_.conclusion_seeds, 2));
    std::vector<std::function<core::ParameterSet()>> sets{[this] { return set_; }};
    for (const SensitivityVariable& v : result_.variables) {
      for (const double end : {v.parameter.low(), v.parameter.high()}) {
        sets.emplace_back([this, &v, end] {
          core::ParameterSet set = set_;
          set_variable(set, v.parameter.name(), end);
          return set;
        });
      }
    }
    const auto seed = [&](std::size_t s) { return settings_.seed + k_seeds_of_conclusions + s; };
    std::vector<Place> first;
    for (std::size_t s = 0; s < seeds; ++s) first.push_back({sets.front(), seed(s)});
    for (std::size_t place = 1; place < sets.size(); ++place) first.push_back({sets[place], seed(0)});
    const std::vector<TrialOutcomes> once = simulate(first, TrialSize::large, "ends of ranges");
    std::vector<Place> second;
    std::vector<std::size_t> where;  // place * seeds + seed
    std::vector<TrialOutcomes> found(sets.size() * seeds);
    for (std::size_t s = 0; s < seeds; ++s) found[s] = once[s];
    for (std::size_t place = 1; place < sets.size(); ++place) {
      const TrialOutcomes& o = once[seeds + place - 1];
      const bool moved = o.value != found.front().value;
      for (std::size_t s = 0; s < seeds; ++s) {
        found[place * seeds + s] = s == 0 ? o : found[s];
        if (s == 0 || !moved) continue;
        second.push_back({sets[place], seed(s)});
        where.push_back(place * seeds + s);
      }
    }
    const std::vector<TrialOutcomes> again =
        simulate(second, TrialSize::large, "ends of ranges, other seeds");
    for (std::size_t i = 0; i < where.size(); ++i) found[where[i]] = again[i];
    const auto finding = [&](std::size_t place) {
      analysis::Finding f;
      for (std::size_t s = 0; s < seeds; ++s) {
        f.effect += found[place * seeds + s].value.front() / static_cast<double>(seeds);
        f.significant_share += found[place * seeds + s].significant_share / static_cast<double>(seeds);
      }
      return f;
    };
    // Noise: what the changes do from seed to seed.
    std::vector<std::vector<double>> effects;
    std::vector<std::vector<double>> shares;
    for (std::size_t place = 1; place < sets.size(); ++place) {
      std::vector<double>& effect = effects.emplace_back();
      std::vector<double>& share = shares.emplace_back();
      for (std::size_t s = 0; s < seeds; ++s) {
        const TrialOutcomes& o = found[place * seeds + s];
        effect.push_back(o.value.front() - found[s].value.front());
        share.push_back(o.significant_share - found[s].significant_share);
      }
    }
    const double pooled_effect = sd_where_moved(effects);
    const double pooled_share = sd_where_moved(shares);
    const double root = std::sqrt(static_cast<double>(seeds));
    const auto end_of = [&](std::size_t place, double at) {
      return analysis::TornadoEnd{at, finding(place), sd_at_least(pooled_effect, effects[place - 1]) / root,
                                  sd_at_least(pooled_share, shares[place - 1]) / root};
    };
    result_.at_value = finding(0);
    std::vector<analysis::TornadoBar> bars;
    for (std::size_t j = 0; j < result_.variables.size(); ++j) {
      const SensitivityVariable& v = result_.variables[j];
      bars.push_back({v.parameter.name(), v.grade, end_of(1 + 2 * j, v.parameter.low()),
                      end_of(2 + 2 * j, v.parameter.high())});
    }
    result_.bars = analysis::tornado(result_.at_value, bars);
    result_.grades = analysis::by_grade(result_.bars);
  }

  const core::ParameterSet& set_;
  const TrialEngine& engine_;
  const SensitivitySettings& settings_;
  Sensitivity result_;
};

}  // namespace

std::vector<SensitivityVariable> sensitivity_variables(const core::ParameterSet& set) {
  using Part = FreeParameter::Part;
  std::vector<SensitivityVariable> all;
  for (const core::Passport& p : set.all()) {
    const bool pin = p.low > 0.0 && p.high <= k_pin * p.low;
    const bool spread = p.spread_high > p.spread_low || (pin && p.spread > 0.0);
    if (p.low < p.high && (!pin || !spread))
      all.push_back({FreeParameter(p.name, Part::value, p.unit, p.low, p.high, p.value), p.grade});
    if (p.spread_high > p.spread_low) {
      all.push_back(
          {FreeParameter(p.name, Part::spread, "", p.spread_low, p.spread_high, p.spread), p.grade});
    } else if (pin && p.spread > 0.0) {
      all.push_back(
          {FreeParameter(p.name, Part::spread, "", 0.5 * p.spread, 2.0 * p.spread, p.spread), p.grade});
    }
  }
  return all;
}

Sensitivity sensitivity(const core::ParameterSet& set, const std::vector<std::string>& outcomes,
                        const TrialEngine& engine, const SensitivitySettings& settings) {
  if (outcomes.empty()) throw std::invalid_argument("a sensitivity analysis needs an outcome");
  return Study(set, outcomes, engine, settings).run();
}

}  // namespace hortega::evidence
