// SPDX-License-Identifier: Apache-2.0
//
// Runs people of the disease model under a regimen, eight to a block, as a trial would: courses are asked on
// the days that they name, pulses are applied, deaths end a life. For tests of this folder only.
#pragma once

#include "hortega/disease/kernel.hpp"
#include "hortega/disease/person.hpp"
#include "hortega/therapy/courses.hpp"
#include "hortega/therapy/regimen.hpp"
#include "treatment.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hortega::therapy::testing {

inline const std::string k_data = std::string(HORTEGA_SOURCE_DIR) + "/data/";

struct World {
  core::ParameterSet set = core::ParameterSet::read_directory(k_data + "parameters");
  disease::Parameters disease = disease::load_parameters(set);
  Parameters therapy = load_parameters(set);
  disease::Rates rates = disease::make_rates(disease);
  RegimenLibrary library = RegimenLibrary::read_directory(k_data + "regimens");
};

inline const World& world() {
  static const World w;
  return w;
}

/// What happened to one person, in days since the regimen began.
struct Life : CourseSink {
  int begin_day = 0;
  int today = 0;
  bool dead = false;
  std::string cause;
  std::vector<Harm> harms;
  std::map<Milestone, std::pair<int, double>> milestones;  // the last of each kind
  std::vector<disease::Pulse> pulses;                      // of today, not applied yet
  std::vector<Use> uses;                                   // days since the regimen began
  int births = 0;
  disease::Profile profile;

  void pulse(const disease::Pulse& p) override { pulses.push_back(p); }
  void harm(Harm h) override { harms.push_back(std::move(h)); }
  void milestone(Milestone what, int day, double value) override {
    milestones[what] = {day - begin_day, value};
  }
  void death(const std::string& why) override {
    dead = true;
    cause = why;
  }
  void use(Use u) override {
    u.from_day -= begin_day;
    if (u.to_day != k_never) u.to_day -= begin_day;
    const auto same = std::find_if(uses.rbegin(), uses.rend(), [&](const Use& x) {
      return u.each_day && x.each_day && x.what == u.what && x.item == u.item && x.from_day == u.from_day;
    });
    if (same == uses.rend()) {
      uses.push_back(std::move(u));
    } else {
      *same = std::move(u);
    }
  }
  /// Of what is told day by day, that until `end` alone.
  double used(Resource what, const std::string& item, int end) const {
    double sum = 0.0;
    for (const Use& u : uses) {
      if (u.what != what || (!item.empty() && u.item != item)) continue;
      if (!u.each_day) sum += u.from_day <= end ? u.amount : 0.0;
      if (u.each_day) sum += u.amount * std::max(0, std::min(u.to_day, end) - u.from_day);
    }
    return sum;
  }
  bool had(const std::string& term) const {
    return std::any_of(harms.begin(), harms.end(), [&](const Harm& h) { return h.term == term; });
  }
};

struct Options {
  std::uint32_t first_person = 0;
  int people = 64;
  int years_before = 6;  // since biological onset
  int days = 365;
  int every = 28;  // days between calls of `look`
  Setting setting;
  double edss = 3.5;                    // as last seen
  const Parameters* therapy = nullptr;  // other parameters than the world's
  std::function<void(Treatment&, int day, const Patient&, CourseSink&)>
      begin;                                       // instead of starting the regimen
  std::function<void(Treatment&, int day)> daily;  // called at each stop of the loop
};

using Look =
    std::function<void(const Life&, int day, const disease::State<double>&, const disease::Levers<double>&)>;

inline std::vector<Life> run(const Regimen& regimen, const Options& o, const Look& look = nullptr) {
  const World& w = world();
  const Parameters& therapy = o.therapy != nullptr ? *o.therapy : w.therapy;
  std::vector<Life> lives(static_cast<std::size_t>(o.people));
  const std::uint64_t seed = 20261122;
  for (int first = 0; first < o.people; first += static_cast<int>(disease::k_block)) {
    disease::Block block;
    block.seed = seed;
    const int n = std::min(o.people - first, static_cast<int>(disease::k_block));
    std::vector<std::unique_ptr<Treatment>> treatments;
    std::array<disease::State<double>, disease::k_block> states{};
    std::array<Patient, disease::k_block> patients{};
    for (int i = 0; i < n; ++i) {
      const auto lane = static_cast<std::size_t>(i);
      const auto person = o.first_person + static_cast<std::uint32_t>(first + i);
      disease::put(block, lane, disease::make_person(w.disease, seed, person));
      Life& life = lives[static_cast<std::size_t>(first) + lane];
      life.profile = disease::make_profile(w.disease, seed, person);
      patients[lane] = {{seed, person, 0}, &w.disease, &life.profile, states[lane], o.edss, o.setting};
      treatments.push_back(std::make_unique<Treatment>(therapy));
    }
    disease::Events events;
    const int before = 365 * o.years_before;
    for (int day = 0; day < before; day += 5) disease::advance(w.rates, block, 5, events);
    const std::array<double, disease::k_block> lesions_before = [&] {
      std::array<double, disease::k_block> all{};
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i)
        all[i] = disease::state_of(block, i).lesions;
      return all;
    }();
    for (int day = 0; day <= o.days;) {
      int step = std::min(o.every - day % o.every, disease::k_longest_stretch);
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        Life& life = lives[static_cast<std::size_t>(first) + i];
        const int today = static_cast<int>(block.life_day[i]);
        if (life.dead) continue;
        states[i] = disease::state_of(block, i);
        Treatment& t = *treatments[i];
        disease::Levers<double> levers = disease::no_levers();
        if (day == 0) {
          life.begin_day = today;
          if (o.begin) {
            o.begin(t, today, patients[i], life);
          } else {
            t.start(regimen, today, patients[i], life);
          }
        }
        if (o.daily) o.daily(t, today);
        t.update(today, patients[i], life, levers);
        disease::set_levers(block, i, levers);
        for (const disease::Pulse& p : life.pulses) disease::apply(block, i, p);
        life.pulses.clear();
        if (life.dead) {
          block.alive[i] = 0;
          continue;
        }
        life.births = static_cast<int>(disease::state_of(block, i).lesions - lesions_before[i]);
        if (look && day % o.every == 0) look(life, day, disease::state_of(block, i), levers);
        if (t.next_due() != k_never) step = std::min(step, t.next_due() - today);
      }
      if (day == o.days) break;
      step = std::clamp(step, 1, o.days - day);
      disease::advance(w.rates, block, step, events);
      day += step;
    }
  }
  return lives;
}

inline std::vector<Life> run(const std::string& id, const Options& o, const Look& look = nullptr) {
  return run(world().library.find(id), o, look);
}

inline double share(const std::vector<Life>& lives, const std::function<bool(const Life&)>& yes) {
  const auto n = std::count_if(lives.begin(), lives.end(), yes);
  return static_cast<double>(n) / static_cast<double>(lives.size());
}

inline double mean(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) sum += v;
  return x.empty() ? 0.0 : sum / static_cast<double>(x.size());
}

inline double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x.empty() ? 0.0 : x[x.size() / 2];
}

/// Values of a milestone over the people who reached it.
inline std::vector<double> values(const std::vector<Life>& lives, Milestone what) {
  std::vector<double> all;
  for (const Life& life : lives) {
    const auto found = life.milestones.find(what);
    if (found != life.milestones.end()) all.push_back(found->second.second);
  }
  return all;
}

}  // namespace hortega::therapy::testing
