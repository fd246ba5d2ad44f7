// SPDX-License-Identifier: Apache-2.0
#include "hortega/lesion/tissue.hpp"

#include <algorithm>
#include <cmath>

#include "hortega/core/math.hpp"
#include "hortega/core/random.hpp"
#include "hortega/lesion/tasks.hpp"

namespace hortega::lesion {

namespace {

// Streams of random numbers, in the place of a person's copy.
constexpr std::uint32_t k_of_cells = 0;
constexpr std::uint32_t k_of_territories = 1;
constexpr std::uint32_t k_of_entry = 2;  // and the next ones, by kind and addition
constexpr std::uint32_t k_of_start = 100;
constexpr std::uint32_t k_of_host = 101;
constexpr std::uint32_t k_of_injury = 102;
constexpr double k_two_pi = 6.283185307179586;  // not biology: a circle
// Half of its myelin gone: what counts as demyelinated (definition).
constexpr double k_half = 0.5;
// Share of iron-laden among the microglia of a territory that counts as rim (definition).
constexpr double k_rim_share = 0.1;
// Cytokine, relative to its half effect, below which nothing is drawn for oligodendrocytes: chance 1e-6 a
// day.
constexpr double k_quiet = 1e-3;

// A signal so weak that it acts on nothing.
constexpr double k_nothing = 1e-40;

std::size_t index(Field field) { return static_cast<std::size_t>(field); }

double square_law(double x, double half) { return x * x / (x * x + half * half); }

// A count with the mean given, by one number: the whole part, and one more with the chance of the rest.
std::size_t rounded_by_lot(double mean, double u) {
  const auto whole = static_cast<std::size_t>(mean);
  return whole + (u < mean - static_cast<double>(whole) ? 1 : 0);
}

}  // namespace

std::size_t voxels_of_territory(double territory_mm, double voxel_mm) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(territory_mm / voxel_mm)));
}

// The constants of one step, once for all territories.
struct Tissue::Rates {
  double dt = 0.0;
  Levers levers;
  double per_cell = 0.0;         // share of all cells of a voxel that one cell is
  double signal_rate = 0.0;      // 1 / relaxation
  double sheath_of_voxel = 0.0;  // oligodendrocytes' worth of myelin in a voxel
  double microglia = 0.0;        // of a territory
  double set_point = 0.0;        // progenitors of a territory
  double differentiation = 0.0;  // per day, with age and lever
  double division = 0.0;
  double clearance_kept = 0.0;  // share of debris left by resident microglia
  double laden_dies = 0.0;
  double turns = 0.0;  // a macrophage, by itself
  double t_dies = 0.0, macrophage_dies = 0.0, mesenchymal_dies = 0.0, graft_dies = 0.0;
  double jump[k_cell_kinds] = {};  // standard deviation of a step along one axis
};

// A territory in this step.
struct Tissue::Local {
  std::size_t territory = 0;
  double cytokine = 0.0, regulator = 0.0, trophic = 0.0, plasma = 0.0;
  double inflamed = 0.0;  // square law of cytokine for oligodendrocytes
  double calmed = 1.0;    // what regulator leaves of activation and release
  double boosted = 1.0;   // by trophic factor
  double laden_share = 0.0;
  double cover = 1.0;
  double axons_lost_per_bare = 0.0;
  double myelination = 0.0;
  double permits = 0.0;  // differentiation per day but for debris and window, which a voxel knows
  double divides = 0.0, crowded = 0.0, progenitor_dies = 0.0;
  bool quiet = false;
};

Tissue::Tissue(const TissueSettings& settings, const TissueParameters& parameters)
    : settings_(settings),
      p_(parameters),
      fields_(
          settings.grid,
          [&] {
            const auto ranged = [](double range, double rate) {
              return Substrate{range * range * rate, rate};
            };
            const double rate = 1.0 / parameters.signal_relaxation;
            return std::vector<Substrate>{
                ranged(parameters.signal_range, rate), ranged(parameters.chemokine_range, rate),
                ranged(parameters.signal_range, rate), ranged(parameters.signal_range, rate),
                ranged(parameters.plasma_range, parameters.plasma_clearance)};
          }(),
          settings.step_day),
      cells_(settings.grid) {
  const Grid& g = settings_.grid;
  side_ = voxels_of_territory(p_.territory, g.voxel_mm);
  const auto pieces = [this](std::size_t n) { return (n + side_ - 1) / side_; };
  tx_ = pieces(g.nx);
  ty_ = pieces(g.ny);
  tz_ = pieces(g.nz);
  myelin_.assign(g.voxels(), 1.0);
  lowest_.assign(g.voxels(), 1.0);
  debris_.assign(g.voxels(), 0.0);
  axons_.assign(g.voxels(), 1.0);
  window_.assign(g.voxels(), 1.0);
  const std::size_t territories = tx_ * ty_ * tz_;
  for (auto* counts : {&whole_, &alive_, &laden_, &laden_before_}) counts->assign(territories, 0);
  for (auto* counts : {&host_progenitors_, &progenitors_, &made_, &lost_}) counts->assign(territories, 0);
  faded_.assign(territories, 0);
  barrier_.assign(territories, 0.0);
  iron_uptake_ = p_.iron_uptake;
  if (settings_.iron_uptake) {
    iron_uptake_ = *settings_.iron_uptake;
  } else {
    core::Draws host({settings_.seed, 0, k_of_host}, core::Purpose::tissue, 0);
    iron_uptake_ *= math::exp(p_.iron_uptake_spread * host.normal());
  }
  iron_uptake_ = std::min(1.0, iron_uptake_);
  place_tissue();
}

std::size_t Tissue::territory_of(std::size_t x, std::size_t y, std::size_t z) const {
  return (z / side_ * ty_ + y / side_) * tx_ + x / side_;
}

double Tissue::venule_distance(double x_mm, double y_mm) const {
  const Grid& g = settings_.grid;
  const double dx = x_mm - 0.5 * static_cast<double>(g.nx) * g.voxel_mm;
  const double dy = y_mm - 0.5 * static_cast<double>(g.ny) * g.voxel_mm;
  return core::square_root(dx * dx + dy * dy);
}

void Tissue::place_tissue() {
  const Grid& g = settings_.grid;
  const double per_voxel = p_.cell_density * p_.oligodendrocyte_share * g.voxel_mm3();
  for (std::size_t t = 0; t < whole_.size(); ++t) {
    const auto span = [this](std::size_t piece, std::size_t n) { return std::min(side_, n - piece * side_); };
    const std::size_t voxels = span(t % tx_, g.nx) * span(t / tx_ % ty_, g.ny) * span(t / (tx_ * ty_), g.nz);
    core::Draws start({settings_.seed, static_cast<std::uint32_t>(t), k_of_start}, core::Purpose::tissue, 0);
    const std::size_t count = rounded_by_lot(per_voxel * static_cast<double>(voxels), start.uniform());
    whole_[t] = static_cast<std::uint16_t>(std::max<std::size_t>(1, count));
    alive_[t] = whole_[t];
  }
  const double volume = g.voxel_mm3() * static_cast<double>(g.voxels());
  const auto progenitors = static_cast<std::uint32_t>(p_.cell_density * p_.progenitor_share *
                                                      settings_.progenitor_density * volume);
  for (std::uint32_t i = 0; i < progenitors; ++i) {
    const auto words = core::draw({settings_.seed, i, k_of_start}, core::Purpose::tissue, 1, 0);
    cells_.add(CellKind::progenitor, core::to_uniform(words[0]) * static_cast<double>(g.nx) * g.voxel_mm,
               core::to_uniform(words[1]) * static_cast<double>(g.ny) * g.voxel_mm,
               g.is_section() ? 0.0 : core::to_uniform(words[2]) * static_cast<double>(g.nz) * g.voxel_mm);
  }
}

void Tissue::add_at_venule(CellKind kind, double cells, std::uint32_t stream) {
  const Grid& g = settings_.grid;
  const core::StreamKey key{settings_.seed, 0, k_of_entry + stream};
  const auto many = core::draw(key, core::Purpose::tissue, steps_, 0);
  const std::size_t count = rounded_by_lot(cells, core::to_uniform(many[0]));
  for (std::size_t i = 0; i < count; ++i) {
    core::Draws draws(key, core::Purpose::tissue, steps_, static_cast<std::uint32_t>(1 + 2 * i));
    // A point on the rim of a square, walked around once, is brought onto the circle.
    const double walk = 2.0 * draws.uniform() - 1.0;
    const double edge = 2.0 * (walk < 0.0 ? walk + 1.0 : walk);  // 0 to 2, on one half of the rim
    const double side = walk < 0.0 ? -1.0 : 1.0;
    double dx = side * (edge < 1.0 ? 2.0 * edge - 1.0 : 1.0);
    double dy = side * (edge < 1.0 ? 1.0 : 1.0 - 2.0 * (edge - 1.0));
    const double norm = core::square_root(dx * dx + dy * dy);
    dx /= norm;
    dy /= norm;
    const double z = draws.uniform() * static_cast<double>(g.nz) * g.voxel_mm;
    cells_.add(kind, 0.5 * static_cast<double>(g.nx) * g.voxel_mm + p_.venule_radius * dx,
               0.5 * static_cast<double>(g.ny) * g.voxel_mm + p_.venule_radius * dy,
               g.is_section() ? 0.0 : z);
  }
}

void Tissue::let_in(const Levers& levers) {
  const Grid& g = settings_.grid;
  const double dt = settings_.step_day;
  const double now = day();
  const double venule_mm = g.is_section() ? g.thickness_mm : static_cast<double>(g.nz) * g.voxel_mm;
  double rate = 0.0;
  for (const Attack& a : settings_.attacks) {
    // The part of the step that lies within the attack.
    const double overlap = std::min(now + dt, a.start_day + a.duration_day) - std::max(now, a.start_day);
    if (overlap > 0.0) rate += a.t_cells_per_mm / a.duration_day * overlap;
  }
  if (rate > 0.0) add_at_venule(CellKind::t_cell, rate * levers.entry * venule_mm, 0);
  const std::size_t cx = g.nx / 2;
  const std::size_t cy = g.ny / 2;
  double monocytes = 0.0;
  for (std::size_t z = 0; z < g.nz; ++z) {
    const double chemokine = fields_.at(index(Field::chemokine), cx, cy, z);
    monocytes += barrier_[territory_of(cx, cy, z)] * chemokine / (chemokine + p_.monocyte_entry_half) /
                 static_cast<double>(g.nz);
  }
  monocytes *= p_.monocyte_entry * levers.entry * venule_mm * dt;
  if (monocytes > 0.0) add_at_venule(CellKind::macrophage, monocytes, 1);
  for (std::size_t k = 0; k < settings_.additions.size(); ++k) {
    const Addition& a = settings_.additions[k];
    if (a.day < now || a.day >= now + dt) continue;
    const core::StreamKey key{settings_.seed, 0, k_of_entry + 2 + static_cast<std::uint32_t>(k)};
    const auto count = rounded_by_lot(a.cells * venule_mm,
                                      core::to_uniform(core::draw(key, core::Purpose::tissue, steps_, 0)[0]));
    for (std::size_t i = 0; i < count; ++i) {
      // Evenly within a square that has the disc's area.
      const auto words = core::draw(key, core::Purpose::tissue, steps_, static_cast<std::uint32_t>(1 + i));
      const double side = a.radius_mm * core::square_root(0.5 * k_two_pi);
      cells_.add(a.kind == Added::mesenchymal ? CellKind::mesenchymal : CellKind::graft,
                 0.5 * static_cast<double>(g.nx) * g.voxel_mm + side * (core::to_uniform(words[0]) - 0.5),
                 0.5 * static_cast<double>(g.ny) * g.voxel_mm + side * (core::to_uniform(words[1]) - 0.5),
                 g.is_section() ? 0.0 : core::to_uniform(words[2]) * static_cast<double>(g.nz) * g.voxel_mm);
    }
  }
  for (const Injury& injury : settings_.injuries) {
    if (injury.day < now || injury.day >= now + dt) continue;
    for (std::size_t t = 0; t < alive_.size(); ++t) {
      core::Draws draws({settings_.seed, static_cast<std::uint32_t>(t), k_of_injury}, core::Purpose::tissue,
                        steps_);
      std::uint16_t died = 0;
      for (std::uint16_t i = 0; i < alive_[t]; ++i)
        died = static_cast<std::uint16_t>(died + draws.happens(injury.fraction));
      alive_[t] = static_cast<std::uint16_t>(alive_[t] - died);
      lost_[t] += died;
    }
  }
}

void Tissue::count_territories() {
  const Grid& g = settings_.grid;
  laden_before_ = laden_;
  for_tasks(ty_ * tz_, cells_.size(), [&](std::size_t row) {
    const std::size_t py = row % ty_;
    const std::size_t pz = row / ty_;
    std::fill_n(progenitors_.begin() + static_cast<std::ptrdiff_t>(row * tx_), tx_, std::uint32_t{0});
    std::fill_n(host_progenitors_.begin() + static_cast<std::ptrdiff_t>(row * tx_), tx_, std::uint32_t{0});
    for (std::size_t z = pz * side_; z < std::min(g.nz, (pz + 1) * side_); ++z) {
      for (std::size_t y = py * side_; y < std::min(g.ny, (py + 1) * side_); ++y) {
        const std::size_t line = g.index(0, y, z);
        for (std::size_t i = cells_.first(line); i < cells_.first(line + g.nx); ++i) {
          const Cell& cell = cells_[i];
          if (cell.kind != CellKind::progenitor && cell.kind != CellKind::graft) continue;
          // Mechanics may have pushed it into the next voxel; it counts where it was sorted.
          const auto x = std::min(g.nx - 1, static_cast<std::size_t>(cell.x / g.voxel_mm));
          ++progenitors_[row * tx_ + x / side_];
          if (cell.kind == CellKind::progenitor) ++host_progenitors_[row * tx_ + x / side_];
        }
      }
    }
  });
}

void Tissue::step() {
  const Grid& g = settings_.grid;
  const double dt = settings_.step_day;
  Rates r;
  r.dt = dt;
  r.levers = levers_at(settings_.levers, day());
  let_in(r.levers);
  r.per_cell = 1.0 / (p_.cell_density * g.voxel_mm3());
  r.signal_rate = 1.0 / p_.signal_relaxation;
  r.sheath_of_voxel = p_.cell_density * p_.oligodendrocyte_share * g.voxel_mm3();
  double voxels = static_cast<double>(side_ * side_);
  if (!g.is_section()) voxels *= static_cast<double>(side_);
  const double territory_cells = p_.cell_density * g.voxel_mm3() * voxels;
  r.microglia = territory_cells * p_.microglia_share;
  r.set_point = territory_cells * p_.progenitor_share * settings_.progenitor_density;
  constexpr double k_reference_age = 20.0;  // not biology: the age for which the rates are given
  const double years = std::max(0.0, settings_.age_years - k_reference_age);
  r.differentiation =
      p_.progenitor_differentiation * math::exp(-p_.progenitor_age_slope * years) * r.levers.differentiation;
  r.division = p_.progenitor_division * r.levers.division;
  r.clearance_kept = math::exp(-p_.debris_clearance * math::exp(-p_.clearance_age_slope * years) * dt);
  const auto chance = [dt](double rate) { return 1.0 - math::exp(-rate * dt); };
  r.laden_dies = chance(1.0 / p_.laden_life);
  r.turns = chance(p_.macrophage_turning);
  r.t_dies = chance(p_.t_death);
  r.macrophage_dies = chance(p_.macrophage_death);
  r.mesenchymal_dies = chance(1.0 / p_.mesenchymal_life);
  r.graft_dies = chance(p_.graft_death);
  const double motility[k_cell_kinds] = {p_.t_motility, p_.macrophage_motility, p_.progenitor_motility,
                                         p_.progenitor_motility, p_.mesenchymal_motility};
  for (std::size_t k = 0; k < k_cell_kinds; ++k) r.jump[k] = core::square_root(2.0 * motility[k] * dt);

  cells_.sort();
  cells_.relax(p_.cell_radius);
  count_territories();
  for_tasks(ty_ * tz_, k_work_per_voxel * g.voxels(), [&](std::size_t row) {
    for (std::size_t px = 0; px < tx_; ++px) do_territory(r, px, row % ty_, row / ty_);
  });
  end_faded_signals();
  if (settings_.solver == Solver::implicit) {
    fields_.step();
  } else {
    fields_.explicit_step();
  }
  cells_.settle();
  ++steps_;
  if (onset_mm_ >= 0.0) return;
  for (std::size_t v = 0; v < lowest_.size(); ++v) {
    if (lowest_[v] >= k_half) continue;
    const double distance = venule_distance((static_cast<double>(v % g.nx) + 0.5) * g.voxel_mm,
                                            (static_cast<double>(v / g.nx % g.ny) + 0.5) * g.voxel_mm);
    if (onset_mm_ < 0.0 || distance < onset_mm_) onset_mm_ = distance;
  }
}

// What has died away is nothing: ever smaller numbers would end where arithmetic is slow.
void Tissue::end_faded_signals() {
  const Grid& g = settings_.grid;
  for (std::size_t t = 0; t < faded_.size(); ++t) {
    if (faded_[t] == 0) continue;
    const std::size_t x0 = t % tx_ * side_;
    const std::size_t y0 = t / tx_ % ty_ * side_;
    const std::size_t z0 = t / (tx_ * ty_) * side_;
    const std::size_t x1 = std::min(g.nx, x0 + side_);
    for (std::size_t field = 0; field < k_fields; ++field) {
      if ((faded_[t] >> field & 1U) == 0) continue;
      for (std::size_t z = z0; z < std::min(g.nz, z0 + side_); ++z) {
        for (std::size_t y = y0; y < std::min(g.ny, y0 + side_); ++y) {
          double* values = fields_.row(field, y, z);
          std::fill(values + x0, values + x1, 0.0);
        }
      }
    }
  }
}

void Tissue::do_territory(const Rates& r, std::size_t px, std::size_t py, std::size_t pz) {
  const Grid& g = settings_.grid;
  const std::size_t x0 = px * side_;
  const std::size_t y0 = py * side_;
  const std::size_t z0 = pz * side_;
  const std::size_t x1 = std::min(g.nx, x0 + side_);
  const std::size_t y1 = std::min(g.ny, y0 + side_);
  const std::size_t z1 = std::min(g.nz, z0 + side_);
  Local local;
  local.territory = (pz * ty_ + py) * tx_ + px;
  const std::size_t t = local.territory;
  double chemokine = 0.0;
  for (std::size_t z = z0; z < z1; ++z) {
    for (std::size_t y = y0; y < y1; ++y) {
      const double* che = fields_.row(index(Field::chemokine), y, z);
      const double* c = fields_.row(index(Field::cytokine), y, z);
      const double* reg = fields_.row(index(Field::regulator), y, z);
      const double* tro = fields_.row(index(Field::trophic), y, z);
      const double* pla = fields_.row(index(Field::plasma), y, z);
      for (std::size_t x = x0; x < x1; ++x) {
        local.cytokine += c[x];
        local.regulator += reg[x];
        local.trophic += tro[x];
        local.plasma += pla[x];
        chemokine += che[x];
      }
    }
  }
  // Only noted here: macrophages of the territories around read these values in this step.
  faded_[t] = 0;
  const auto ended = [&](Field field, double sum) {
    if (sum > 0.0 && sum < k_nothing) faded_[t] = static_cast<std::uint8_t>(faded_[t] | (1U << index(field)));
  };
  ended(Field::cytokine, local.cytokine);
  ended(Field::chemokine, chemokine);
  ended(Field::regulator, local.regulator);
  ended(Field::trophic, local.trophic);
  ended(Field::plasma, local.plasma);
  const double inverse = 1.0 / static_cast<double>((x1 - x0) * (y1 - y0) * (z1 - z0));
  local.cytokine *= inverse;
  local.regulator *= inverse;
  local.trophic *= inverse;
  local.plasma *= inverse;
  // Laden microglia and progenitors of the neighbourhood: this territory and those that touch it.
  double laden = 0.0;
  double progenitors = 0.0;
  double hosts = 0.0;
  double around = 0.0;
  for (std::size_t nz = pz > 0 ? pz - 1 : 0; nz <= std::min(pz + 1, tz_ - 1); ++nz) {
    for (std::size_t ny = py > 0 ? py - 1 : 0; ny <= std::min(py + 1, ty_ - 1); ++ny) {
      for (std::size_t nx = px > 0 ? px - 1 : 0; nx <= std::min(px + 1, tx_ - 1); ++nx) {
        const std::size_t n = (nz * ty_ + ny) * tx_ + nx;
        laden += laden_before_[n];
        progenitors += progenitors_[n];
        hosts += host_progenitors_[n];
        around += 1.0;
      }
    }
  }
  local.laden_share = laden / (around * r.microglia);
  local.calmed = 1.0 / (1.0 + local.regulator / p_.regulator_half);
  local.boosted = 1.0 + p_.trophic_gain * local.trophic / (local.trophic + p_.trophic_half);
  local.quiet = local.cytokine < k_quiet * p_.oligodendrocyte_half;
  local.inflamed = local.quiet ? 0.0 : square_law(local.cytokine, p_.oligodendrocyte_half);
  barrier_[t] +=
      r.dt * (p_.barrier_opening * square_law(local.cytokine, p_.barrier_half) * (1.0 - barrier_[t]) -
              p_.barrier_closing * barrier_[t]);

  core::Draws draws({settings_.seed, static_cast<std::uint32_t>(t), k_of_territories}, core::Purpose::tissue,
                    steps_);
  const double hazard =
      p_.oligodendrocyte_death * local.inflamed + p_.laden_harm * local.laden_share * r.levers.rim;
  if (laden_[t] > 0) {
    std::uint16_t gone = 0;
    for (std::uint16_t i = 0; i < laden_[t]; ++i)
      gone = static_cast<std::uint16_t>(gone + draws.happens(r.laden_dies));
    laden_[t] = static_cast<std::uint16_t>(laden_[t] - gone);
  }
  if (hazard > 0.0) {
    const double dies = 1.0 - math::exp(-hazard * r.dt);
    std::uint16_t died = 0;
    for (std::uint16_t i = 0; i < alive_[t]; ++i) {
      if (!draws.happens(dies)) continue;
      ++died;
      if (draws.happens(iron_uptake_)) ++laden_[t];
    }
    alive_[t] = static_cast<std::uint16_t>(alive_[t] - died);
    lost_[t] += died;
  }
  local.cover = static_cast<double>(alive_[t]) / static_cast<double>(whole_[t]);
  local.axons_lost_per_bare = p_.axon_acute * local.inflamed + p_.axon_bare;
  local.myelination = p_.myelination * (1.0 - local.inflamed);
  local.permits = r.differentiation * local.boosted / (1.0 + local.cytokine / p_.inhibition_cytokine) /
                  (1.0 + local.plasma / p_.inhibition_plasma) /
                  (1.0 + local.laden_share / p_.inhibition_laden);
  const double set_point = around * r.set_point * (1.0 + p_.progenitor_expansion * (1.0 - local.cover));
  if (set_point > 0.0) {
    // Of a cell's neighbours, not counting itself: else chance alone would thin them out.
    const double room = 1.0 - std::max(0.0, progenitors - 1.0) / set_point;
    local.divides = room > 0.0 ? 1.0 - math::exp(-r.division * local.boosted * room * r.dt) : 0.0;
    const double excess = std::max(0.0, hosts - 1.0) / set_point - 1.0;
    local.crowded = excess > 0.0 ? r.division * excess : 0.0;
  }
  local.progenitor_dies = 1.0 - math::exp(-(p_.progenitor_death * local.inflamed + local.crowded) * r.dt);
  for (std::size_t z = z0; z < z1; ++z) {
    for (std::size_t y = y0; y < y1; ++y) {
      for (std::size_t x = x0; x < x1; ++x) do_voxel(r, local, x, y, z);
    }
  }
}

void Tissue::do_voxel(const Rates& r, Local& local, std::size_t x, std::size_t y, std::size_t z) {
  const std::size_t v = settings_.grid.index(x, y, z);
  double& myelin = myelin_[v];
  double& debris = debris_[v];
  // What a lost oligodendrocyte held falls apart.
  if (myelin > local.cover) {
    debris += myelin - local.cover;
    myelin = local.cover;
  }
  double t_cells = 0.0;
  double eating = 0.0;
  double resolving = 0.0;
  double mesenchymal = 0.0;
  const std::size_t end = cells_.first(v + 1);
  for (std::size_t i = cells_.first(v); i < end; ++i) {
    Cell& cell = cells_[i];
    switch (cell.kind) {
      case CellKind::t_cell:
        t_cells += cell.turned ? 1.0 : 0.0;
        break;
      case CellKind::macrophage:
        (cell.turned ? resolving : eating) += 1.0;
        break;
      case CellKind::mesenchymal:
        mesenchymal += 1.0;
        break;
      case CellKind::progenitor:
      case CellKind::graft:
        break;
    }
    do_cell(r, local, cell, x, y, z);
  }
  if (debris > 0.0) debris *= r.clearance_kept;
  if (myelin < 1.0) {
    myelin += r.dt * local.myelination * std::max(0.0, local.cover - myelin);
    axons_[v] *= 1.0 - r.dt * local.axons_lost_per_bare * (1.0 - myelin);
    if (myelin < k_half) window_[v] *= 1.0 - r.dt / p_.repair_window;
    lowest_[v] = std::min(lowest_[v], myelin);
  }
  const double released = r.per_cell * r.signal_rate;
  const auto source = [&](Field field) -> double& { return fields_.source_row(index(field), y, z)[x]; };
  source(Field::cytokine) = released * local.calmed * r.levers.cytokine *
                            (p_.t_secretion * t_cells + p_.macrophage_secretion * eating);
  source(Field::chemokine) = released * (p_.t_chemokine * t_cells + p_.macrophage_chemokine * eating) +
                             r.signal_rate * p_.debris_chemokine * debris;
  source(Field::regulator) =
      released * (p_.mesenchymal_regulator * mesenchymal + p_.resolving_regulator * resolving) +
      r.signal_rate * r.levers.regulator;
  source(Field::trophic) =
      released * (p_.mesenchymal_trophic * mesenchymal + p_.resolving_trophic * resolving) +
      r.signal_rate * r.levers.trophic;
  source(Field::plasma) = p_.plasma_clearance * barrier_[local.territory];
}

void Tissue::do_cell(const Rates& r, Local& local, Cell& cell, std::size_t x, std::size_t y, std::size_t z) {
  const std::size_t t = local.territory;
  const std::size_t v = settings_.grid.index(x, y, z);
  const core::StreamKey key{settings_.seed, cell.id, k_of_cells};
  const auto words = core::draw(key, core::Purpose::tissue, steps_, 0);
  const double first = core::to_uniform(words[2]);
  const double second = core::to_uniform(words[3]);
  switch (cell.kind) {
    case CellKind::t_cell: {
      if (first < r.t_dies) cell.fate = Fate::dies;
      const double turns = 1.0 - math::exp(-p_.t_reactivation * local.calmed * r.levers.activation * r.dt);
      if (second < turns) cell.turned = true;
      break;
    }
    case CellKind::macrophage: {
      if (first < r.macrophage_dies) cell.fate = Fate::dies;
      const double most = p_.phagocytosis * r.dt / r.sheath_of_voxel;
      const double debris = std::min(most, debris_[v]);
      debris_[v] -= debris;
      double eaten = debris;
      if (!cell.turned && local.inflamed > 0.0) {
        const double myelin = std::min((most - debris) * local.inflamed, myelin_[v]);
        myelin_[v] -= myelin;
        eaten += myelin;
      }
      cell.load += static_cast<float>(eaten * r.sheath_of_voxel);
      if (cell.load > p_.foam_load || second < r.turns) cell.turned = true;
      break;
    }
    case CellKind::mesenchymal:
      if (first < r.mesenchymal_dies) cell.fate = Fate::dies;
      break;
    case CellKind::graft:
      if (first < r.graft_dies) cell.fate = Fate::dies;
      [[fallthrough]];
    case CellKind::progenitor: {
      const bool graft = cell.kind == CellKind::graft;
      if (!graft && first < local.progenitor_dies) cell.fate = Fate::dies;
      if (cell.fate == Fate::dies) break;
      if (alive_[t] < whole_[t]) {
        const double rate = local.permits * window_[v] / (1.0 + debris_[v] / p_.inhibition_debris);
        const double becomes = 1.0 - math::exp(-rate * r.dt);
        if (second < becomes) {
          ++alive_[t];
          ++made_[t];
          cell.fate = Fate::dies;
          break;
        }
      }
      // Another number, from the far end of the one that decided on death.
      if (1.0 - first < local.divides) cell.fate = Fate::divides;
      break;
    }
  }
  // Steps are normal along each axis; macrophages drift up the gradient of the logarithm of chemokine.
  const double jump = r.jump[static_cast<std::size_t>(cell.kind)];
  double dx = jump * math::normal_quantile(core::to_uniform(words[0]));
  double dy = jump * math::normal_quantile(core::to_uniform(words[1]));
  double dz = 0.0;
  const Grid& g = settings_.grid;
  if (!g.is_section()) {
    const auto more = core::draw(key, core::Purpose::tissue, steps_, 1);
    dz = jump * math::normal_quantile(core::to_uniform(more[0]));
  }
  if (cell.kind == CellKind::macrophage) {
    const std::size_t k = index(Field::chemokine);
    const double here = fields_.at(k, x, y, z);
    const double pull = p_.macrophage_chemotaxis * r.dt / (here + p_.macrophage_attraction_half);
    const auto slope = [&](double low, double high, bool border) {
      return (high - low) / ((border ? 1.0 : 2.0) * g.voxel_mm);
    };
    const auto limited = [&](double drift) { return std::clamp(drift, -2.0 * g.voxel_mm, 2.0 * g.voxel_mm); };
    dx += limited(pull * slope(fields_.at(k, x > 0 ? x - 1 : x, y, z),
                               fields_.at(k, std::min(x + 1, g.nx - 1), y, z), x == 0 || x + 1 == g.nx));
    dy += limited(pull * slope(fields_.at(k, x, y > 0 ? y - 1 : y, z),
                               fields_.at(k, x, std::min(y + 1, g.ny - 1), z), y == 0 || y + 1 == g.ny));
    if (!g.is_section()) {
      dz += limited(pull * slope(fields_.at(k, x, y, z > 0 ? z - 1 : z),
                                 fields_.at(k, x, y, std::min(z + 1, g.nz - 1)), z == 0 || z + 1 == g.nz));
    }
  }
  cell.x += dx;
  cell.y += dy;
  cell.z += dz;
  cells_.reflect(cell);
}

bool Tissue::enhances(std::size_t x, std::size_t y, std::size_t z) const {
  return fields_.at(index(Field::plasma), x, y, z) > p_.enhancing_plasma;
}

double Tissue::coverage(std::size_t x, std::size_t y, std::size_t z) const {
  const std::size_t t = territory_of(x, y, z);
  return static_cast<double>(alive_[t]) / static_cast<double>(whole_[t]);
}

std::size_t Tissue::laden(std::size_t x, std::size_t y, std::size_t z) const {
  return laden_[territory_of(x, y, z)];
}

Label Tissue::label(std::size_t x, std::size_t y, std::size_t z) const {
  const std::size_t v = settings_.grid.index(x, y, z);
  const Grid& g = settings_.grid;
  double voxels = static_cast<double>(side_ * side_);
  if (!g.is_section()) voxels *= static_cast<double>(side_);
  const double microglia = p_.cell_density * p_.microglia_share * g.voxel_mm3() * voxels;
  if (laden_[territory_of(x, y, z)] > k_rim_share * microglia && lowest_[v] < 1.0) return Label::rim;
  if (lowest_[v] >= k_half) return Label::normal;
  return myelin_[v] < k_half ? Label::demyelinated : Label::repaired;
}

// Whether a territory belongs to the lesion, by the voxel in its middle.
bool Tissue::is_hit(std::size_t px, std::size_t py, std::size_t pz) const {
  const Grid& g = settings_.grid;
  const std::size_t x = std::min(g.nx - 1, px * side_ + side_ / 2);
  const std::size_t y = std::min(g.ny - 1, py * side_ + side_ / 2);
  const std::size_t z = std::min(g.nz - 1, pz * side_ + side_ / 2);
  return lowest_[g.index(x, y, z)] < k_half;
}

bool Tissue::is_edge(std::size_t territory) const {
  const std::size_t px = territory % tx_;
  const std::size_t py = territory / tx_ % ty_;
  const std::size_t pz = territory / (tx_ * ty_);
  if (!is_hit(px, py, pz)) return false;
  return (px > 0 && !is_hit(px - 1, py, pz)) || (px + 1 < tx_ && !is_hit(px + 1, py, pz)) ||
         (py > 0 && !is_hit(px, py - 1, pz)) || (py + 1 < ty_ && !is_hit(px, py + 1, pz)) ||
         (pz > 0 && !is_hit(px, py, pz - 1)) || (pz + 1 < tz_ && !is_hit(px, py, pz + 1));
}

Measures Tissue::measure() const {
  const Grid& g = settings_.grid;
  Measures m;
  m.day = day();
  std::size_t ever = 0;
  std::size_t bare = 0;
  std::size_t enhancing = 0;
  double lost = 0.0;
  double regained = 0.0;
  double axons = 0.0;
  for (std::size_t z = 0; z < g.nz; ++z) {
    for (std::size_t y = 0; y < g.ny; ++y) {
      const double* plasma = fields_.row(index(Field::plasma), y, z);
      for (std::size_t x = 0; x < g.nx; ++x) {
        enhancing += plasma[x] > p_.enhancing_plasma ? 1 : 0;
        const std::size_t v = g.index(x, y, z);
        if (lowest_[v] >= k_half) continue;
        ++ever;
        bare += myelin_[v] < k_half ? 1 : 0;
        lost += 1.0 - lowest_[v];
        regained += myelin_[v] - lowest_[v];
        axons += 1.0 - axons_[v];
      }
    }
  }
  m.lesion = static_cast<double>(ever) * g.voxel_measure();
  m.demyelinated = static_cast<double>(bare) * g.voxel_measure();
  m.enhancing = static_cast<double>(enhancing) * g.voxel_measure();
  if (ever > 0) {
    m.repaired_fraction = regained / lost;
    m.transected_fraction = axons / static_cast<double>(ever);
  }
  double whole = 0.0;
  double alive = 0.0;
  double made = 0.0;
  double gone = 0.0;
  double edge = 0.0;
  double rim = 0.0;
  double core = 0.0;
  double edge_laden = 0.0;
  double core_laden = 0.0;
  double voxels = static_cast<double>(side_ * side_);
  if (!g.is_section()) voxels *= static_cast<double>(side_);
  const double microglia = p_.cell_density * p_.microglia_share * g.voxel_mm3() * voxels;
  for (std::size_t t = 0; t < whole_.size(); ++t) {
    whole += whole_[t];
    alive += alive_[t];
    made += made_[t];
    gone += lost_[t];
    m.laden += laden_[t];
    const std::size_t px = t % tx_;
    const std::size_t py = t / tx_ % ty_;
    const std::size_t pz = t / (tx_ * ty_);
    if (ever == 0 || !is_hit(px, py, pz)) continue;
    if (!is_edge(t)) {
      core += 1.0;
      core_laden += laden_[t];
      continue;
    }
    edge += 1.0;
    edge_laden += laden_[t];
    // The rim may lie on either side of the border: this territory and those that touch it.
    double laden = 0.0;
    double around = 0.0;
    for (std::size_t nz = pz > 0 ? pz - 1 : 0; nz <= std::min(pz + 1, tz_ - 1); ++nz) {
      for (std::size_t ny = py > 0 ? py - 1 : 0; ny <= std::min(py + 1, ty_ - 1); ++ny) {
        for (std::size_t nx = px > 0 ? px - 1 : 0; nx <= std::min(px + 1, tx_ - 1); ++nx) {
          laden += laden_[(nz * ty_ + ny) * tx_ + nx];
          around += 1.0;
        }
      }
    }
    rim += laden > k_rim_share * microglia * around ? 1.0 : 0.0;
  }
  m.oligodendrocytes = alive / whole;
  m.oligodendrocytes_made = made / whole;
  m.oligodendrocytes_lost = gone / whole;
  m.rim_fraction = edge > 0.0 ? rim / edge : 0.0;
  if (edge > 0.0) m.edge_laden_share = edge_laden / (edge * microglia);
  if (core > 0.0) m.core_laden_share = core_laden / (core * microglia);
  for (std::size_t i = 0; i < cells_.size(); ++i) m.cells[static_cast<std::size_t>(cells_[i].kind)] += 1.0;
  return m;
}

}  // namespace hortega::lesion
