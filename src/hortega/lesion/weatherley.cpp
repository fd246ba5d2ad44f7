// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Weatherley et al. 2026, doi:10.1371/journal.pcbi.1013273
#include "hortega/lesion/weatherley.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "hortega/core/math.hpp"
#include "hortega/core/random.hpp"

namespace hortega::lesion {

namespace {

constexpr int k_steps_per_day = 72;
constexpr int k_blood_edge = 3;    // last column of the blood
constexpr int k_first_myelin = 8;  // also the last perivascular column
constexpr int k_domain = 108;
constexpr int k_full = 4;
constexpr int k_heal_steps = 25;
constexpr int k_reach = 80;  // of a reactivated cell's sense of myelin
constexpr double k_death = 0.35 / k_steps_per_day;

bool in_relapse(int schedule, int step) {
  const int days = schedule == 2 ? 60 : schedule == 3 ? 14 : 28;
  const int every = schedule <= 2 ? 100 : 50;
  const int count = schedule <= 2 ? 3 : 6;
  for (int k = 0; k < count; ++k) {
    const int start = (k == 0 ? 1 : k * every) * k_steps_per_day;
    if (step >= start && step <= start + days * k_steps_per_day) return true;
  }
  return false;
}

int oligodendrocyte_of(std::size_t site) {
  const int x = static_cast<int>(site) % WeatherleyModel::k_width;
  const int y = static_cast<int>(site) / WeatherleyModel::k_width;
  return y / WeatherleyModel::k_block * (WeatherleyModel::k_width / WeatherleyModel::k_block) +
         x / WeatherleyModel::k_block;
}

}  // namespace

WeatherleyModel::WeatherleyModel(const WeatherleySettings& settings, std::uint64_t seed)
    : settings_(settings),
      seed_(seed),
      grade_(static_cast<std::size_t>(k_width) * k_height, k_full),
      timer_(grade_.size(), -1),
      bare_(k_oligodendrocytes, 0),
      state_(k_oligodendrocytes, 1),
      grades_(static_cast<long>(grade_.size()) * k_full),
      living_(k_height, {~0ULL, (1ULL << (k_width - 64)) - 1}) {
  const auto whole = [this](int low, int high) {
    return low + static_cast<int>(uniform() * (high - low + 1));
  };
  for (int i = 0; i < 5; ++i) {
    const int x = whole(1, 2);
    c1_.push_back({x, whole(1, k_height - 1)});
  }
  for (int i = 0; i < 45; ++i) {
    const int x = whole(4, 7);
    c2_.push_back({x, whole(1, k_height - 1)});
  }
}

double WeatherleyModel::uniform() {
  if (used_ == 4) {
    words_ =
        core::draw({seed_, 0, 0}, core::Purpose::verification, static_cast<std::uint32_t>(step_), drawn_++);
    used_ = 0;
  }
  return core::to_uniform(words_[used_++]);
}

// Rows count from 1 on the lattice; site y = 0 is lattice row 1.
std::size_t WeatherleyModel::site(int x, int y) const {
  return static_cast<std::size_t>(y - 1) * static_cast<std::size_t>(k_width) +
         static_cast<std::size_t>(x - k_first_myelin);
}
bool WeatherleyModel::is_myelin(int x) const { return x >= k_first_myelin && x < k_first_myelin + k_width; }

void WeatherleyModel::set_grade(std::size_t site, int grade) {
  const auto row = site / k_width;
  const auto column = site % k_width;
  const auto bit = 1ULL << (column % 64);
  auto& owner = bare_[static_cast<std::size_t>(oligodendrocyte_of(site))];
  if (grade_[site] > 0 && grade == 0) {
    living_[row][column / 64] &= ~bit;
    ++owner;
  } else if (grade_[site] == 0 && grade > 0) {
    living_[row][column / 64] |= bit;
    --owner;
  }
  grades_ += grade - grade_[site];
  grade_[site] = grade;
}

void WeatherleyModel::therapies() {
  if (step_ != settings_.therapy_step) return;
  if (settings_.close_barrier) crossing_ = 0.025;
  if (settings_.restore_fraction > 0.0) {
    std::vector<int> lost;
    for (int o = 0; o < k_oligodendrocytes; ++o) {
      if (state_[static_cast<std::size_t>(o)] != 1) lost.push_back(o);
    }
    const auto count = static_cast<std::size_t>(
        std::floor(settings_.restore_fraction * static_cast<double>(lost.size()) + 0.5));
    for (std::size_t i = 0; i < count; ++i) {
      const auto j = i + static_cast<std::size_t>(uniform() * static_cast<double>(lost.size() - i));
      std::swap(lost[i], lost[j]);
      state_[static_cast<std::size_t>(lost[i])] = 1;
      const int x0 = lost[i] % (k_width / k_block) * k_block;
      const int y0 = lost[i] / (k_width / k_block) * k_block;
      for (int y = y0; y < y0 + k_block; ++y) {
        for (int x = x0; x < x0 + k_block; ++x) set_grade(index_of(x, y), k_full);
      }
    }
  }
  if (settings_.protect) {
    stop_at_ = 20;
    die_at_ = 24;
  }
}

void WeatherleyModel::move_unbiased(Cell& cell) {
  const double u = uniform();
  if (u < 0.25) {
    // Nobody passes back into the blood.
    if (cell.x != 1 && cell.x != k_blood_edge + 1) --cell.x;
  } else if (u < 0.5) {
    if (cell.x != k_blood_edge || uniform() <= crossing_) ++cell.x;
  } else if (u < 0.75) {
    --cell.y;
  } else {
    ++cell.y;
  }
}

void WeatherleyModel::move_biased(Cell& cell) {
  // Nearest living myelin, ties by lot; rows nearest first, in each the living column nearest on either side.
  int best = k_reach * k_reach + 1;
  int ties = 0;
  int to_x = 0;
  int to_y = 0;
  const auto offer = [&](int dx, int dy) {
    const int distance = dx * dx + dy * dy;
    if (distance > best || distance > k_reach * k_reach) return;
    if (distance < best) {
      best = distance;
      ties = 0;
    }
    ++ties;
    if (ties == 1 || uniform() * ties < 1.0) {
      to_x = dx;
      to_y = dy;
    }
  };
  const int column = cell.x - k_first_myelin;
  for (int away = 0; away <= k_reach && away * away <= best; ++away) {
    for (int side = 0; side < (away == 0 ? 1 : 2); ++side) {
      const int dy = side == 0 ? away : -away;
      const int row = cell.y + dy - 1;
      if (row < 0 || row >= k_height) continue;
      const auto& bits = living_[static_cast<std::size_t>(row)];
      // At or right of the cell.
      for (int word = std::max(column, 0) / 64; word < 2; ++word) {
        std::uint64_t mask = bits[static_cast<std::size_t>(word)];
        if (column > word * 64) mask &= ~0ULL << (column - word * 64);
        if (mask == 0) continue;
        offer(word * 64 + std::countr_zero(mask) - column, dy);
        break;
      }
      // Left of it.
      if (column <= 0) continue;
      for (int word = std::min(column - 1, k_width - 1) / 64; word >= 0; --word) {
        std::uint64_t mask = bits[static_cast<std::size_t>(word)];
        const int beyond = column - word * 64;  // bits below this are left of the cell
        if (beyond < 64) mask &= (1ULL << beyond) - 1;
        if (mask == 0) continue;
        offer(word * 64 + 63 - std::countl_zero(mask) - column, dy);
        break;
      }
    }
  }
  if (ties > 0 && best == 0) {
    // On living myelin their ratio is 0 / 0, and no direction is taken: the cell sits until the site is bare.
    static_cast<void>(uniform());
    return;
  }
  double west = 0.25;
  double east = 0.25;
  double south = 0.25;
  if (ties > 0) {
    const double distance = core::square_root(static_cast<double>(best));
    const double extra = 0.5 * math::exp(-0.025 * distance);
    const double all = std::abs(to_x) + std::abs(to_y);
    const double along_x = 0.25 + std::abs(to_x) / all * extra;
    const double along_y = 0.25 + std::abs(to_y) / all * extra;
    const double rest = (1.0 - along_x - along_y) / 2.0;
    west = to_x < 0 ? along_x : rest;
    east = to_x >= 0 ? along_x : rest;
    south = to_y < 0 ? along_y : rest;
  }
  const double u = uniform();
  if (u < west) {
    if (cell.x != k_blood_edge + 1) --cell.x;
  } else if (u < west + east) {
    if (cell.x != k_blood_edge || uniform() <= crossing_) ++cell.x;
  } else if (u < west + east + south) {
    --cell.y;
  } else {
    ++cell.y;
  }
}

void WeatherleyModel::borders() {
  for (auto* cells : {&c1_, &c2_, &c3_}) {
    for (Cell& cell : *cells) {
      if (cell.y == k_height) {
        cell.y = 1;
      } else if (cell.y == 0) {
        cell.y = k_height - 1;
      }
    }
  }
  for (Cell& cell : c2_) cell.x = std::min(cell.x, k_first_myelin);
  const auto gone = [](const Cell& cell) { return cell.x >= k_domain || cell.x <= 0; };
  c1_.erase(std::remove_if(c1_.begin(), c1_.end(), gone), c1_.end());
  c3_.erase(std::remove_if(c3_.begin(), c3_.end(), gone), c3_.end());
}

void WeatherleyModel::remyelinate() {
  // Whether an oligodendrocyte may remyelinate is judged before any site of this step is healed.
  const std::vector<int> bare = bare_;
  for (std::size_t s = 0; s < grade_.size(); ++s) {
    if (grade_[s] == k_full) {
      timer_[s] = -1;
      continue;
    }
    const auto owner = static_cast<std::size_t>(oligodendrocyte_of(s));
    if (state_[owner] != 1) continue;
    ++timer_[s];
    if (timer_[s] < k_heal_steps || bare[owner] >= stop_at_) continue;
    set_grade(s, grade_[s] + 1);
    timer_[s] = grade_[s] == k_full ? -1 : 0;
  }
}

void WeatherleyModel::count_losses() {
  for (int o = 0; o < k_oligodendrocytes; ++o) {
    const auto i = static_cast<std::size_t>(o);
    if (bare_[i] >= stop_at_) state_[i] = 2;
    if (bare_[i] < die_at_) continue;
    state_[i] = 0;
    if (bare_[i] == k_block * k_block) continue;
    const int x0 = o % (k_width / k_block) * k_block;
    const int y0 = o / (k_width / k_block) * k_block;
    for (int y = y0; y < y0 + k_block; ++y) {
      for (int x = x0; x < x0 + k_block; ++x) set_grade(index_of(x, y), 0);
    }
  }
}

void WeatherleyModel::demyelinate() {
  std::vector<std::size_t> sites;
  for (const Cell& cell : c3_) {
    if (is_myelin(cell.x)) sites.push_back(site(cell.x, cell.y));
  }
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  for (const std::size_t s : sites) {
    set_grade(s, std::max(0, grade_[s] - 1));
    timer_[s] = -1;
  }
}

void WeatherleyModel::reactivate() {
  // On a site with macrophages the first T cell, and only one, is reactivated.
  std::vector<Cell> kept;
  std::vector<int> met;
  for (const Cell& cell : c1_) {
    const int key = cell.y * k_domain + cell.x;
    const bool meets = std::any_of(c2_.begin(), c2_.end(),
                                   [&](const Cell& other) { return other.x == cell.x && other.y == cell.y; });
    if (meets && std::find(met.begin(), met.end(), key) == met.end()) {
      met.push_back(key);
      c3_.push_back(cell);
    } else {
      kept.push_back(cell);
    }
  }
  c1_.swap(kept);
}

void WeatherleyModel::renew_and_die() {
  // 299 sites in each of two columns; the number of steps to the next success is geometric, which spares
  // draws.
  const double p = in_relapse(settings_.schedule, step_) ? 0.0025 : 0.0002;
  const double log_q = math::log(1.0 - p);
  int place = -1;
  while (true) {
    place += 1 + static_cast<int>(math::log(uniform()) / log_q);
    if (place >= 598) break;
    c1_.push_back({place < 299 ? 1 : 2, place % 299 + 1});
  }
  const auto dies = [this](const Cell&) { return uniform() < k_death; };
  c1_.erase(std::remove_if(c1_.begin(), c1_.end(), dies), c1_.end());
  c3_.erase(std::remove_if(c3_.begin(), c3_.end(), dies), c3_.end());
}

void WeatherleyModel::step() {
  ++step_;
  drawn_ = 0;
  used_ = 4;
  therapies();
  const bool nothing_to_seek = grades_ == 0 || grades_ == static_cast<long>(grade_.size()) * k_full;
  for (Cell& cell : c3_) {
    if (nothing_to_seek) {
      move_unbiased(cell);
    } else {
      move_biased(cell);
    }
  }
  for (Cell& cell : c1_) move_unbiased(cell);
  for (Cell& cell : c2_) move_unbiased(cell);
  borders();
  remyelinate();
  count_losses();
  demyelinate();
  reactivate();
  renew_and_die();
}

int WeatherleyModel::dead() const { return static_cast<int>(std::count(state_.begin(), state_.end(), 0)); }
int WeatherleyModel::healthy() const { return static_cast<int>(std::count(state_.begin(), state_.end(), 1)); }
double WeatherleyModel::covered() const {
  const auto bare = std::count(grade_.begin(), grade_.end(), 0);
  return 1.0 - static_cast<double>(bare) / static_cast<double>(grade_.size());
}
double WeatherleyModel::intact() const {
  const auto full = std::count(grade_.begin(), grade_.end(), k_full);
  return static_cast<double>(full) / static_cast<double>(grade_.size());
}

}  // namespace hortega::lesion
