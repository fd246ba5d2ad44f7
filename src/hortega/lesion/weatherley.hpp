// SPDX-License-Identifier: Apache-2.0
// Published model with its own constants: Weatherley et al. 2026, doi:10.1371/journal.pcbi.1013273
//
// Their lesion: blood, perivascular space and myelin side by side on a lattice; T cells of the blood (C1)
// cross the barrier, meet perivascular macrophages (C2) and become reactivated (C3), which seek myelin and
// strip it. Re-implemented from the rules of Georgia-Weatherley/MS_ABM_Weatherley on GitHub, with our own
// random numbers; compared as a distribution over seeds. Constants are theirs and belong to this file alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hortega::lesion {

struct WeatherleySettings {
  int schedule = 4;         ///< 1 to 4: see weatherley.cpp
  int steps = 21600;        ///< of 20 min: 300 days
  int therapy_step = 5760;  ///< day 80
  bool close_barrier = false;
  bool protect = false;           ///< integrated stress response: thresholds 20 and 24 for 10 and 14
  double restore_fraction = 0.0;  ///< of the oligodendrocytes that are not healthy
};

class WeatherleyModel {
 public:
  static constexpr int k_width = 100;  ///< columns of myelin
  static constexpr int k_height = 300;
  static constexpr int k_block = 5;  ///< an oligodendrocyte owns 5 x 5 sites
  static constexpr int k_oligodendrocytes = (k_width / k_block) * (k_height / k_block);

  WeatherleyModel(const WeatherleySettings& settings, std::uint64_t seed);

  void step();
  int steps_done() const { return step_; }

  int dead() const;  ///< oligodendrocytes
  int healthy() const;
  /// Share of sites that are not bare.
  double covered() const;
  /// Share of sites at full grade.
  double intact() const;
  std::size_t reactivated() const { return c3_.size(); }
  /// Grade 0 to 4 of the site in column x (from 0, the perivascular side) and row y (from 0).
  int grade(int x, int y) const { return grade_[index_of(x, y)]; }

 private:
  static std::size_t index_of(int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(k_width) + static_cast<std::size_t>(x);
  }
  struct Cell {
    int x = 0;
    int y = 0;
  };
  double uniform();
  void therapies();
  void move_unbiased(Cell& cell);
  void move_biased(Cell& cell);
  void borders();
  void remyelinate();
  void count_losses();
  void demyelinate();
  void reactivate();
  void renew_and_die();
  std::size_t site(int x, int y) const;  // by lattice column
  bool is_myelin(int x) const;
  void set_grade(std::size_t site, int grade);

  WeatherleySettings settings_;
  std::uint64_t seed_;
  int step_ = 0;
  double crossing_ = 0.1;
  int stop_at_ = 10;
  int die_at_ = 14;
  std::uint32_t drawn_ = 0;
  std::array<std::uint32_t, 4> words_{};
  unsigned used_ = 4;
  std::vector<Cell> c1_, c2_, c3_;
  std::vector<int> grade_, timer_, bare_, state_;     // bare sites and state of each oligodendrocyte
  long grades_ = 0;                                   // sum
  std::vector<std::array<std::uint64_t, 2>> living_;  // row by row, one bit for each column that is not bare
};

}  // namespace hortega::lesion
