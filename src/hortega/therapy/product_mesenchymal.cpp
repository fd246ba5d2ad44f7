// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/product_mesenchymal.hpp"

#include "hortega/core/math.hpp"
#include "hortega/therapy/division.hpp"

#include <algorithm>

namespace hortega::therapy {

namespace {

constexpr double k_ln2 = 0.6931471805599453;  // not biology: ln 2
constexpr double k_step_day = 0.25;           // not biology: step within which rates are held
constexpr double k_hours = 24.0;
constexpr double k_reference_age_year = 30.0;  // not biology: age at which yield and potency are as given
constexpr double k_surplus = 1.3;              // not biology: cells made over those needed
constexpr std::uint32_t k_draws_per_attempt = 16;

double log2(double x) { return math::log(x) / k_ln2; }

/// A donor's batch: everything that is drawn for it.
struct Batch {
  Growth growth;
  double colonies = 0.0;
  double potency = 1.0;
  double u_karyotype = 1.0;
  double u_contamination = 1.0;
};

const core::Parameter& yield_of(const Parameters& p, CellSource source) {
  switch (source) {
    case CellSource::fat:
      return p.msc_yield_fat;
    case CellSource::cord:
      return p.msc_yield_cord;
    case CellSource::placenta:
      return p.msc_yield_placenta;
    case CellSource::marrow:
      break;
  }
  return p.msc_yield_marrow;
}

const core::Parameter& doubling_of(const Parameters& p, CellSource source) {
  switch (source) {
    case CellSource::fat:
      return p.msc_doubling_fat;
    case CellSource::cord:
      return p.msc_doubling_cord;
    case CellSource::placenta:
      return p.msc_doubling_placenta;
    case CellSource::marrow:
      break;
  }
  return p.msc_doubling_marrow;
}

const core::Parameter& lifespan_of(const Parameters& p, CellSource source) {
  switch (source) {
    case CellSource::fat:
      return p.msc_lifespan_fat;
    case CellSource::cord:
      return p.msc_lifespan_cord;
    case CellSource::placenta:
      return p.msc_lifespan_placenta;
    case CellSource::marrow:
      break;
  }
  return p.msc_lifespan_marrow;
}

Batch draw_batch(const Parameters& p, const ProductPlan& plan, double age_year, const core::StreamKey& key,
                 std::uint32_t attempt) {
  core::Draws d(key, core::Purpose::product, attempt);
  const core::Parameter& yield = yield_of(p, plan.source);
  const core::Parameter& doubling = doubling_of(p, plan.source);
  const double older = age_year - k_reference_age_year;
  Batch b;
  b.growth = growth_of(p, plan.source);
  b.growth.doubling_day *= math::exp(doubling.spread * d.normal());
  b.colonies =
      plan.tissue * yield.value * math::exp(yield.spread * d.normal() - p.msc_yield_age_slope.value * older);
  b.potency = p.msc_potency.value *
              math::exp(p.msc_potency.spread * d.normal() - p.msc_potency_age_slope.value * older);
  b.u_karyotype = d.uniform();
  b.u_contamination = d.uniform();
  return b;
}

/// One batch from harvest to release test.
CellProduct make_batch(const Parameters& p, const ProductPlan& plan, const ManufactureOrder& order,
                       const core::StreamKey& key, std::uint32_t attempt) {
  const Batch b = draw_batch(p, plan, order.donor_age_year, key, attempt);
  core::Draws noise(key, core::Purpose::product, attempt, k_draws_per_attempt);
  CellProduct made;
  // Primary culture: each colony-forming cell doubles so often; its doublings are not counted (as published
  // cumulative doublings are not).
  Culture c;
  c.dividing = b.colonies * math::exp(k_ln2 * p.msc_primary_doublings.value);
  made.days = p.msc_primary_doublings.value * b.growth.doubling_day;
  const double density = plan.seeding_per_cm2 / p.msc_full_layer.value;
  const double lost = plan.frozen ? p.msc_thaw_viability.value : 1.0;
  while (1e-6 * c.cells() * lost < order.needed_e6 && made.passages < plan.passages) {
    double days = 0.0;
    // No more is seeded than the harvest needs: the rest is kept or discarded.
    const double expected = plan.confluency / density * p.msc_detached.value;
    const double enough = k_surplus * order.needed_e6 / lost / (1e-6 * c.cells() * expected);
    if (enough < 1.0) {
      c.dividing *= enough;
      c.senescent *= enough;
    }
    c = passage(p, b.growth, c, density, plan.confluency, noise.normal(), days);
    made.days += days;
    ++made.passages;
  }
  made.cells_e6 = 1e-6 * c.cells();
  made.doublings = c.doublings;
  made.senescent_share = c.senescent_share();
  made.viable_share = lost;
  made.potency = b.potency * (1.0 - made.senescent_share);
  made.homing = math::exp(-p.msc_homing_loss.value * c.doublings);
  made.cost_eur =
      p.consumer_prices_2021.value *
      (p.msc_cost_harvest.value * (plan.donor == CellDonor::self ? 1.0 : 0.0) +
       p.msc_cost_day.value * made.days + p.msc_cost_cells.value * made.cells_e6 + p.msc_cost_tests.value);
  made.days += p.msc_release_day.value;
  const double karyotype_failure =
      1.0 - math::exp(-p.msc_karyotype_failure.value * c.doublings / p.msc_lifespan_marrow.value);
  if (made.cells_e6 * lost < order.needed_e6) {
    made.failure = BatchFailure::too_few;
  } else if (made.senescent_share > p.msc_senescent_limit.value) {
    made.failure = BatchFailure::senescent;
  } else if (b.u_karyotype < karyotype_failure) {
    made.failure = BatchFailure::karyotype;
  } else if (b.u_contamination < p.msc_contamination.value) {
    made.failure = BatchFailure::contaminated;
  } else if (made.potency < p.msc_potency_floor.value) {
    made.failure = BatchFailure::weak;
  }
  return made;
}

}  // namespace

Growth growth_of(const Parameters& p, CellSource source) {
  return {doubling_of(p, source).value / k_hours, lifespan_of(p, source).value};
}

Culture grow(const Parameters& p, const Growth& growth, Culture c, double density, double days,
             double noise) {
  const double cells_at_start = c.cells();
  double layer = density;
  double variance = 0.0;
  for (double done = 0.0; done < days && c.cells() > 0.0;) {
    const double step = std::min(k_step_day, days - done);
    DivisionRates r;
    // Logistic in the layer (contact inhibition) and in doublings (senescence; Stem Cells Int 2018:9283432).
    r.division_per_day =
        k_ln2 / growth.doubling_day * std::max(0.0, 1.0 - math::power(layer, p.msc_contact_order.value));
    r.differentiating =
        1.0 / (1.0 + math::exp((growth.lifespan_doublings - c.doublings) / p.msc_senescence_width.value));
    r.symmetric = 1.0 - r.differentiating;
    const double before = c.cells();
    const double factor = dividing_mean(r, 1.0, step);
    variance = variance * factor * factor + dividing_variance(r, c.dividing, step);
    c.senescent += differentiated_mean(r, c.dividing, step);
    c.dividing *= factor;
    c.doublings += log2(c.cells() / before);
    layer *= c.cells() / before;
    done += step;
  }
  if (cells_at_start > 0.0) c.dividing = std::max(0.0, c.dividing + core::square_root(variance) * noise);
  return c;
}

Culture passage(const Parameters& p, const Growth& growth, const Culture& start, double density,
                double confluency, double noise, double& days) {
  // Harvested when the layer is as full as wanted; senescent cultures never get there.
  days = 0.0;
  Culture c = start;
  double layer = density;
  while (layer < confluency && days < p.msc_longest_passage.value) {
    const Culture next = grow(p, growth, c, layer, k_step_day, 0.0);
    layer *= next.cells() / c.cells();
    c = next;
    days += k_step_day;
  }
  c = grow(p, growth, start, density, days, noise);
  c.dividing *= p.msc_detached.value;
  c.senescent *= p.msc_detached.value;
  return c;
}

CellProduct make_mesenchymal_cells(const Parameters& p, const ProductPlan& plan,
                                   const ManufactureOrder& order, const core::StreamKey& key) {
  CellProduct made;
  double days = 0.0;
  double cost = 0.0;
  std::array<int, k_batch_failures> failed = {};
  for (int attempt = 0; attempt < std::max(1, order.attempts); ++attempt) {
    made = make_batch(p, plan, order, key, static_cast<std::uint32_t>(attempt));
    made.attempts = attempt + 1;
    days += made.days;
    cost += made.cost_eur;
    if (made.usable()) break;
    ++failed[static_cast<std::size_t>(made.failure)];
  }
  made.failed = failed;
  made.days = days;
  made.cost_eur = cost;
  return made;
}

double feasible_share(const Parameters& p, CellSource source, const ProcessSetting& setting,
                      const ProcessLimits& limits, int batches, std::uint64_t seed) {
  int good = 0;
  for (int i = 0; i < batches; ++i) {
    core::Draws d({seed, static_cast<std::uint32_t>(i), 0}, core::Purpose::product, 0);
    Growth growth = growth_of(p, source);
    growth.doubling_day *= math::exp(doubling_of(p, source).spread * d.normal());
    Culture c;
    c.dividing = 1e6;  // not biology: the first passage; only ratios matter
    bool good_batch = true;
    double fold = 1.0;
    for (int n = 0; n < setting.passages && good_batch; ++n) {
      const double before = c.cells();
      c = grow(p, growth, c, setting.density, setting.harvest_day, d.normal());
      const double grown = c.cells() / before;
      good_batch = setting.density * grown <= limits.confluency;
      fold *= grown * p.msc_detached.value;
    }
    if (good_batch && fold >= limits.fold && c.senescent_share() <= limits.senescent_share) ++good;
  }
  return static_cast<double>(good) / batches;
}

}  // namespace hortega::therapy
