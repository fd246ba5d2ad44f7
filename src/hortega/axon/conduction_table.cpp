// SPDX-License-Identifier: Apache-2.0
// Simulated fibres, and tracts made of them.
#include "hortega/axon/conduction_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "hortega/axon/measures.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/math.hpp"
#include "hortega/core/parallel.hpp"

namespace hortega::axon {

namespace {

constexpr double k_infinity = std::numeric_limits<double>::infinity();

// The simulated stretch of fibre: intact, lesion, intact.
constexpr std::size_t k_lead = 10, k_tail = 10, k_from_node = 5;
constexpr std::size_t k_least_internodes = 6;  // within the longest lesion tried
constexpr double k_longest_um = 800.0;         // not biology: and its least length
constexpr int k_segments = 33;                 // compartments of an internode
constexpr double k_dt_us = 2.0;                // not biology: the time step
constexpr double k_duration_ms =
    15.0;  // not biology: a spike that has not come through by then does not come
// Starts a spike in every fibre of the grid: a threshold grows with the diameter, and this is above all of
// the grid.
constexpr double k_stimulus_ms = 0.1;
constexpr double k_stimulus_na_per_um = 1.0;
constexpr std::size_t k_tried = 8, k_rounds = 3;
// Where on the way to block delays are simulated.
constexpr std::array<double, 5> k_delay_shares = {0.25, 0.5, 0.75, 0.9, 1.0};  // not biology: a grid
constexpr std::size_t k_quantiles = 400;  // fibres that stand for a tract

struct State {
  double wrap_share = 0.0;
  bool adapted = false;
};

std::vector<State> states_of(const TableAxes& axes) {
  std::vector<State> all = {{0.0, false}, {0.0, true}};
  for (const double share : axes.wrap_share)
    if (share > 0.0) all.push_back({share, false});
  return all;
}

class Builder {
 public:
  Builder(const TableModel& model, double diameter_um, double celsius) : model_(model), celsius_(celsius) {
    intact_.diameter_um = diameter_um;
    intact_.length_um = model.internode_per_diameter * diameter_um;
    intact_.wraps = wraps_of_g_ratio(model.fibre, diameter_um, model.periaxonal_width_nm, model.g_ratio);
    intact_.periaxonal_width_nm = model.periaxonal_width_nm;
    intact_.seal_length_um = model.seal_length_um;
    intact_.seal_width_nm = seal_width_nm(intact_.wraps);
    intact_.segment_um = intact_.length_um / k_segments;
    node_ = {model.node_length_um, model.node_per_diameter * diameter_um,
             model.fibre.node_density_ms_per_cm2};
  }

  double internode_um() const { return intact_.length_um; }
  std::size_t most_internodes() const {
    return std::max(k_least_internodes,
                    static_cast<std::size_t>(std::ceil(k_longest_um / intact_.length_um)));
  }
  double longest_um() const { return static_cast<double>(most_internodes()) * intact_.length_um; }

  /// A lesion of this length that begins with the internode after the lead: whole internodes, then a part of
  /// one.
  Fibre fibre(const State& state, double lesion_um) const {
    std::vector<Internode> all(k_lead, intact_);
    double left_um = lesion_um;
    for (std::size_t k = 0; k < most_internodes(); ++k) {
      const double here_um = std::min(left_um, intact_.length_um);
      left_um -= here_um;
      if (here_um <= 0.0) {
        all.push_back(intact_);
      } else if (state.wrap_share > 0.0) {
        if (here_um < 0.5 * intact_.length_um)
          all.push_back(intact_);
        else
          for (int n = 0; n < model_.repair_split; ++n) all.push_back(repaired(state.wrap_share));
      } else {
        all.push_back(bare(here_um, state.adapted));
      }
    }
    all.insert(all.end(), k_tail, intact_);
    return halter_clark_fibre(model_.fibre, celsius_, std::vector<Node>(all.size() + 1, node_), all);
  }

  std::vector<Recording> run(const std::vector<Fibre>& fibres) const {
    Settings settings;
    settings.dt_us = k_dt_us;
    settings.duration_ms = k_duration_ms;
    std::vector<Job> jobs;
    jobs.reserve(fibres.size());
    for (const Fibre& f : fibres)
      jobs.push_back({&f, {0, {{0.0, k_stimulus_ms, k_stimulus_na_per_um * intact_.diameter_um}}}});
    return simulate(jobs, settings);
  }

 private:
  double seal_width_nm(int wraps) const {
    // The tuned width is that of the published fibre; a seal is a stack of loops, one per wrap.
    const int published =
        wraps_of_g_ratio(model_.fibre, published_diameter_um(), model_.periaxonal_width_nm, model_.g_ratio);
    return model_.seal_width_nm * published / wraps;
  }
  double published_diameter_um() const { return k_published_diameter_um; }

  Internode repaired(double share) const {
    Internode i = intact_;
    i.wraps = std::max(1, static_cast<int>(std::lround(share * intact_.wraps)));
    i.seal_width_nm = seal_width_nm(i.wraps);
    i.length_um = (intact_.length_um - (model_.repair_split - 1) * node_.length_um) / model_.repair_split;
    return i;
  }

  Internode bare(double length_um, bool adapted) const {
    Internode i = intact_;
    i.bare_um = length_um;
    // What is left of the sheath must hold its seals.
    if (intact_.length_um - length_um <= 2.0 * i.seal_length_um + i.segment_um) i.bare_um = intact_.length_um;
    if (adapted)
      for (const double density : model_.fibre.node_density_ms_per_cm2)
        i.bare_density_ms_per_cm2.push_back(density * model_.adapted_channel_share);
    return i;
  }

  static constexpr double k_published_diameter_um = 0.8201;  // not biology: the fibre whose seal was tuned

  const TableModel& model_;
  double celsius_;
  Internode intact_;
  Node node_;
};

std::optional<double> arrival_ms(const Recording& r, std::size_t node) {
  const auto found = spikes(r, node);
  return found.empty() ? std::nullopt : std::optional(found.front().arrival_ms);
}

/// From the node before the lesion's lead to one near the far end.
std::optional<double> passage_ms(const Recording& r) {
  const auto from = arrival_ms(r, k_from_node), to = arrival_ms(r, r.node_position_um.size() - 5);
  if (!from || !to) return {};
  return *to - *from;
}

/// Extra delays at lesions of these lengths; nothing where the spike does not come through.
std::vector<std::optional<double>> extra_delays(const Builder& builder, const State& state,
                                                const std::vector<double>& length_um, double intact_ms) {
  std::vector<Fibre> fibres;
  fibres.reserve(length_um.size());
  for (const double length : length_um) fibres.push_back(builder.fibre(state, length));
  std::vector<std::optional<double>> extra;
  for (const Recording& r : builder.run(fibres)) {
    const auto passed = passage_ms(r);
    extra.push_back(passed ? std::optional(*passed - intact_ms) : std::nullopt);
  }
  return extra;
}

/// The length at which conduction fails, by trying eight at a time, and delays below it.
FibreResponse failing_response(const Builder& builder, const State& state, double intact_ms) {
  double low = 0.0, high = builder.longest_um();
  FibreResponse response;
  for (std::size_t round = 0; round < k_rounds; ++round) {
    std::vector<double> tried(k_tried);
    for (std::size_t k = 0; k < k_tried; ++k)
      tried[k] = low + (high - low) * static_cast<double>(k + 1) / static_cast<double>(k_tried);
    const auto extra = extra_delays(builder, state, tried, intact_ms);
    std::size_t good = 0;
    while (good < k_tried && extra[good]) ++good;
    if (good == k_tried) {
      low = high;
      break;
    }
    high = tried[good];
    if (good > 0) low = tried[good - 1];
  }
  response.critical_um = low < high ? 0.5 * (low + high) : k_infinity;
  std::vector<double> lengths;
  lengths.reserve(k_delay_shares.size());
  for (const double share : k_delay_shares) lengths.push_back(share * low);
  const auto extra = extra_delays(builder, state, lengths, intact_ms);
  response.length_um = {0.0};
  response.delay_ms = {0.0};
  for (std::size_t k = 0; k < lengths.size(); ++k) {
    if (!extra[k] || !(lengths[k] > response.length_um.back())) continue;
    response.length_um.push_back(lengths[k]);
    response.delay_ms.push_back(*extra[k]);
  }
  return response;
}

/// Axon that carries the spike on: beyond a few internodes the delay grows evenly. If it fails, the length at
/// which it does is searched as for passive axon.
FibreResponse carrying_response(const Builder& builder, const State& state, double intact_ms) {
  std::vector<double> lengths;
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, builder.most_internodes()})
    lengths.push_back(static_cast<double>(n) * builder.internode_um());
  const auto extra = extra_delays(builder, state, lengths, intact_ms);
  FibreResponse response;
  response.critical_um = k_infinity;
  response.length_um = {0.0};
  response.delay_ms = {0.0};
  for (std::size_t k = 0; k < lengths.size(); ++k) {
    if (!extra[k]) return failing_response(builder, state, intact_ms);
    response.length_um.push_back(lengths[k]);
    response.delay_ms.push_back(*extra[k]);
  }
  return response;
}

/// Where `x` lies between ascending points: the lower one's index and the share of the way.
struct Between {
  std::size_t lower = 0;
  double share = 0.0;
};

enum class Beyond { clamp, extend };

Between between(const std::vector<double>& points, double x, Beyond beyond) {
  if (points.size() < 2 || !(x > points.front())) return {0, 0.0};
  const auto above = std::upper_bound(points.begin() + 1, points.end() - 1, x);
  const auto lower = static_cast<std::size_t>(above - points.begin()) - 1;
  const double share = (x - points[lower]) / (points[lower + 1] - points[lower]);
  return {lower, beyond == Beyond::clamp ? std::min(share, 1.0) : share};
}

}  // namespace

double FibreResponse::delay_at(double length) const {
  if (length_um.size() < 2) return 0.0;
  const Between b = between(length_um, length, Beyond::extend);
  return delay_ms[b.lower] + b.share * (delay_ms[b.lower + 1] - delay_ms[b.lower]);
}

TableModel load_table_model(const core::ParameterSet& p) {
  TableModel m;
  m.fibre = load_halter_clark(p);
  m.g_ratio = p.get("conduction_g_ratio").value;
  m.internode_per_diameter = p.get("conduction_internode_per_diameter").value;
  m.node_per_diameter = p.get("conduction_node_per_diameter").value;
  m.node_length_um = p.get("conduction_node_length").value;
  m.periaxonal_width_nm = p.get("conduction_periaxonal_width").value;
  m.seal_length_um = p.get("conduction_seal_length").value;
  m.seal_width_nm = p.get("conduction_seal_width").value;
  m.repair_split = static_cast<int>(std::lround(p.get("conduction_repair_split").value));
  m.adapted_channel_share = p.get("conduction_adapted_channel_share").value;
  m.mixes = {{"optic-nerve", p.get("conduction_optic_nerve_median_diameter").value,
              p.get("conduction_optic_nerve_log_sd").value},
             {"callosal", p.get("conduction_callosal_median_diameter").value,
              p.get("conduction_callosal_log_sd").value},
             {"corticospinal", p.get("conduction_corticospinal_median_diameter").value,
              p.get("conduction_corticospinal_log_sd").value}};
  return m;
}

TableAxes table_axes() {
  // not biology from here: where the table has its points
  TableAxes axes;
  axes.diameter_um = {0.4, 0.5, 0.6, 0.8201, 1.0, 1.3, 1.8, 2.5, 3.5};
  axes.celsius = {33.0, 35.0, 36.0, 37.0, 38.0, 39.0, 40.0};
  axes.wrap_share = {0.0, 0.15, 0.3, 0.5, 0.75, 1.0};
  axes.length_mm = {0.0,   0.05, 0.1,  0.125, 0.15, 0.175, 0.2, 0.225, 0.25,
                    0.275, 0.3,  0.35, 0.4,   0.5,  0.7,   1.0, 2.0,   5.0};
  return axes;
  // not biology to here
}

FibreResponses fibre_responses(const TableModel& model, const TableAxes& axes, double diameter_um,
                               double celsius) {
  const Builder builder(model, diameter_um, celsius);
  const Recording intact = builder.run({builder.fibre({1.0, false}, 0.0)}).front();
  const auto intact_ms = passage_ms(intact);
  if (!intact_ms)
    throw std::invalid_argument(
        fmt::format("an intact fibre of {:g} um does not conduct at {:g} degC", diameter_um, celsius));
  FibreResponses all;
  all.velocity_m_per_s =
      velocity_m_per_s(intact, k_from_node, intact.node_position_um.size() - 5).value_or(0.0);
  for (const State& state : states_of(axes))
    all.state.push_back(state.wrap_share == 0.0 && !state.adapted
                            ? failing_response(builder, state, *intact_ms)
                            : carrying_response(builder, state, *intact_ms));
  return all;
}

std::size_t ConductionTable::index(std::size_t m, Lesion lesion, std::size_t share, std::size_t celsius,
                                   std::size_t length) const {
  return (((m * k_lesion_names.size() + static_cast<std::size_t>(lesion)) * axes.wrap_share.size() + share) *
              axes.celsius.size() +
          celsius) *
             axes.length_mm.size() +
         length;
}

void mix_fibres(const TableModel& model, ConductionTable& table) {
  const TableAxes& axes = table.axes;
  table.mix.clear();
  for (const DiameterMix& mix : model.mixes) table.mix.push_back(mix.name);
  const std::size_t n = table.mix.size() * k_lesion_names.size() * axes.wrap_share.size() *
                        axes.celsius.size() * axes.length_mm.size();
  table.transmitted_fraction.assign(n, 0.0);
  table.delay_ms.assign(n, 0.0);
  std::vector<double> log_diameter;
  for (const double d : axes.diameter_um) log_diameter.push_back(math::log(d));
  for (std::size_t m = 0; m < model.mixes.size(); ++m) {
    for (std::size_t q = 0; q < k_quantiles; ++q) {
      const double z = math::normal_quantile((static_cast<double>(q) + 0.5) / k_quantiles);
      const Between b = between(log_diameter, math::log(model.mixes[m].median_um) + model.mixes[m].log_sd * z,
                                Beyond::clamp);
      for (const Lesion lesion : {Lesion::fresh, Lesion::adapted}) {
        for (std::size_t w = 0; w < axes.wrap_share.size(); ++w) {
          const std::size_t state = w == 0 ? static_cast<std::size_t>(lesion) : w + 1;
          for (std::size_t t = 0; t < axes.celsius.size(); ++t) {
            const FibreResponse& thin = table.fibres[b.lower * axes.celsius.size() + t].state[state];
            const FibreResponse& thick = table.fibres[(b.lower + 1) * axes.celsius.size() + t].state[state];
            // Where only one of the two neighbours can be blocked, the nearer of them speaks.
            const bool both = std::isfinite(thin.critical_um) && std::isfinite(thick.critical_um);
            const double critical = both ? thin.critical_um + b.share * (thick.critical_um - thin.critical_um)
                                         : (b.share < 0.5 ? thin.critical_um : thick.critical_um);
            for (std::size_t l = 0; l < axes.length_mm.size(); ++l) {
              const double length_um = 1e3 * axes.length_mm[l];
              if (length_um > critical) continue;
              const auto delay = [&](const FibreResponse& r) {
                // A length is taken as a share of the way to block, so that fibres near it are compared with
                // such.
                return r.delay_at(both ? length_um / critical * r.critical_um : length_um);
              };
              const std::size_t at = table.index(m, lesion, w, t, l);
              table.transmitted_fraction[at] += 1.0;
              table.delay_ms[at] += delay(thin) + b.share * (delay(thick) - delay(thin));
            }
          }
        }
      }
    }
  }
  for (std::size_t at = 0; at < n; ++at) {
    if (table.transmitted_fraction[at] > 0.0) table.delay_ms[at] /= table.transmitted_fraction[at];
    table.transmitted_fraction[at] /= k_quantiles;
  }
}

std::string table_digest(const core::ParameterSet& parameters, const TableAxes& axes) {
  std::string text;
  for (const core::Passport& p : parameters.all()) text += fmt::format("{} {:a}\n", p.name, p.value);
  for (const auto* axis : {&axes.diameter_um, &axes.celsius, &axes.wrap_share, &axes.length_mm})
    for (const double x : *axis) text += fmt::format("{:a} ", x);
  return core::sha256_hex(text);
}

ConductionTable build_conduction_table(const core::ParameterSet& parameters,
                                       const std::function<void()>& progress) {
  const TableModel model = load_table_model(parameters);
  ConductionTable table;
  table.axes = table_axes();
  table.parameters_sha256 = table_digest(parameters, table.axes);
  table.fibres.resize(table.axes.diameter_um.size() * table.axes.celsius.size());
  core::parallel_for(table.fibres.size(), [&](std::size_t k) {
    table.fibres[k] =
        fibre_responses(model, table.axes, table.axes.diameter_um[k / table.axes.celsius.size()],
                        table.axes.celsius[k % table.axes.celsius.size()]);
    if (progress) progress();
  });
  core::throw_if_interrupted();
  mix_fibres(model, table);
  return table;
}

Conduction ConductionTable::at(std::string_view name, Lesion lesion, double wrap_share, double celsius,
                               double length_mm) const {
  const auto found = std::find(mix.begin(), mix.end(), name);
  if (found == mix.end())
    throw std::invalid_argument("the table of conduction has no mix '" + std::string(name) + "'");
  if (std::isnan(wrap_share) || std::isnan(celsius) || std::isnan(length_mm))
    throw std::invalid_argument("conduction is asked for at a value that is no number");
  const auto m = static_cast<std::size_t>(found - mix.begin());
  const Between share = between(axes.wrap_share, wrap_share, Beyond::clamp);
  const Between temperature = between(axes.celsius, celsius, Beyond::clamp);
  const Between length = between(axes.length_mm, length_mm, Beyond::extend);
  Conduction sum;
  double delayed = 0.0;
  for (std::size_t corner = 0; corner < 8; ++corner) {
    const std::size_t s = corner & 1U, t = (corner >> 1U) & 1U, l = corner >> 2U;
    const double weight =
        (s != 0 ? share.share : 1.0 - share.share) * (t != 0 ? temperature.share : 1.0 - temperature.share);
    if (weight == 0.0) continue;
    const std::size_t where = index(m, lesion, share.lower + s, temperature.lower + t, length.lower + l);
    const double along = l != 0 ? length.share : 1.0 - length.share;
    const double clamped = l != 0 ? std::min(length.share, 1.0) : std::max(0.0, 1.0 - length.share);
    sum.transmitted_fraction += weight * clamped * transmitted_fraction[where];
    // Delays are of fibres that conduct: corners count as much as they do.
    const double conducting = transmitted_fraction[where];
    delayed += weight * (length.share > 1.0 ? along : clamped) * conducting * delay_ms[where];
  }
  if (sum.transmitted_fraction > 0.0) sum.delay_ms = delayed / sum.transmitted_fraction;
  return sum;
}

}  // namespace hortega::axon
