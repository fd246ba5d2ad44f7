// SPDX-License-Identifier: Apache-2.0
// Bands over time and harms.
#include "hortega/evidence/tallies.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "hortega/endpoints/relapses.hpp"
#include "hortega/evidence/visit_days.hpp"

namespace hortega::evidence {
namespace {

namespace ep = endpoints;

constexpr std::size_t k_bins = 1024;
constexpr double k_window_day = 28.0;

// The symptoms stand last of the visits' measures, in the order of endpoints::Visit::symptoms.
enum class Measure : std::uint8_t {
  edss,
  snfl,
  lymphocytes,
  cumulative_relapses,
  eq5d,
  low_contrast,
  vep,
  fatigue,
  pain,
  numbness,
  walking,
  vision,
  coordination,
  bladder,
  mood,
  cognition,
  brain_volume,
  t2_volume,
  gd,
  t1_volume,
  rims
};
constexpr std::array<std::string_view, 21> k_measures = {
    "edss",         "snfl",         "lymphocytes", "cumulative_relapses",
    "eq5d",         "low_contrast", "vep",         "fatigue",
    "pain",         "numbness",     "walking",     "vision",
    "coordination", "bladder",      "mood",        "cognition",
    "brain_volume", "t2_volume",    "gd",          "t1_volume",
    "rims"};
constexpr std::size_t k_visit_measures = 16;  // the first are taken at visits, the rest on scans

constexpr bool is_symptom(Measure measure) {
  return measure >= Measure::fatigue && measure <= Measure::cognition;
}
static_assert(std::equal(ep::kSymptomNames.begin(), ep::kSymptomNames.end(),
                         k_measures.begin() + static_cast<std::size_t>(Measure::fatigue)));
static_assert(k_measures[k_visit_measures - 1] == ep::kSymptomNames.back());

// Bins b of a value: (first + b) / per_unit, so that 0 and the steps of a scale are bins and come back as
// they went in, to the last bit. Of a logarithm: bin 0 is the value 0, the others lowest * ratio^b.
struct Bins {
  double first = 0.0;
  double per_unit = 0.0;
  double log_lowest = 0.0;
  double log_ratio = 0.0;
  bool logarithmic() const { return per_unit == 0.0; }
};

constexpr Bins steps(double first, double per_unit) { return {first, per_unit, 0.0, 0.0}; }

Bins logarithms(double lowest, double highest) {
  return {0.0, 0.0, std::log(lowest), std::log(highest / lowest) / static_cast<double>(k_bins - 1)};
}

Bins scale_of(Measure measure) {
  switch (measure) {
    case Measure::edss:
      return steps(0.0, 2.0);
    case Measure::cumulative_relapses:
    case Measure::gd:
    case Measure::rims:
      return steps(0.0, 1.0);
    case Measure::eq5d:
      return steps(-500.0, 500.0);
    case Measure::low_contrast:
      return steps(0.0, 16.0);
    case Measure::vep:
      return steps(800.0, 10.0);
    case Measure::fatigue:
    case Measure::pain:
    case Measure::numbness:
    case Measure::walking:
    case Measure::vision:
    case Measure::coordination:
    case Measure::bladder:
    case Measure::mood:
    case Measure::cognition:
      return steps(0.0, 100.0);
    case Measure::brain_volume:
      return steps(-750.0, 25.0);
    case Measure::snfl:
      return logarithms(0.5, 2000.0);
    case Measure::lymphocytes:
      return steps(0.0, 100.0);
    case Measure::t2_volume:
    case Measure::t1_volume:
      return logarithms(0.01, 500.0);
  }
  return steps(0.0, 1.0);
}

std::size_t bin_of(const Bins& scale, double value) {
  double bin = 0.0;
  if (!scale.logarithmic())
    bin = std::round(value * scale.per_unit) - scale.first;
  else if (value > 0.0)
    bin = std::max(1.0, std::round((std::log(value) - scale.log_lowest) / scale.log_ratio));
  return static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(k_bins - 1)));
}

double value_of(const Bins& scale, std::size_t bin) {
  const auto b = static_cast<double>(bin);
  if (!scale.logarithmic()) return (scale.first + b) / scale.per_unit;
  return bin == 0 ? 0.0 : std::exp(scale.log_lowest + b * scale.log_ratio);
}

// The value on a planned day out of rows sorted by day.
template <class Rows, class Read, class Planned>
double near(const Rows& rows, double day, Read read, Planned planned) {
  double found = ep::kMissing;
  if (day == 0.0) {
    for (std::size_t i = 0; i < rows.size() && rows[i].day <= 0; ++i) {
      if (const double value = read(i); !ep::is_missing(value)) found = value;
    }
    return found;
  }
  double distance = k_window_day + 0.5;
  const auto first = std::partition_point(
      rows.begin(), rows.end(), [&](const auto& row) { return row.day < std::max(1.0, day - k_window_day); });
  for (auto i = static_cast<std::size_t>(first - rows.begin());
       i < rows.size() && rows[i].day <= day + k_window_day; ++i) {
    const double away = std::abs(rows[i].day - day);
    const double value = read(i);
    if (away >= distance || !planned(i) || ep::is_missing(value)) continue;
    found = value;
    distance = away;
  }
  return found;
}

double band_value(Measure measure, const Observed& person, double day) {
  const auto& record = person.record();
  const auto scheduled = [&](std::size_t i) { return record.visits[i].scheduled; };
  const auto always = [](std::size_t) { return true; };
  const auto at_visit = [&](auto value) {
    return near(
        record.visits, day, [&](std::size_t i) { return static_cast<double>(value(record.visits[i])); },
        scheduled);
  };
  if (is_symptom(measure)) {
    const auto symptom = static_cast<std::size_t>(measure) - static_cast<std::size_t>(Measure::fatigue);
    return at_visit([symptom](const ep::Visit& v) { return v.symptoms[symptom]; });
  }
  switch (measure) {
    case Measure::eq5d:
      return at_visit([](const ep::Visit& v) { return v.eq5d; });
    case Measure::low_contrast:
      return at_visit([](const ep::Visit& v) { return v.low_contrast_letters; });
    case Measure::vep:
      return at_visit([](const ep::Visit& v) { return v.vep_ms; });
    case Measure::t1_volume:
      return near(
          record.scans, day, [&](std::size_t i) { return record.scans[i].t1_volume_ml; }, always);
    case Measure::edss:
      return near(
          record.visits, day, [&](std::size_t i) { return record.visits[i].edss; }, scheduled);
    case Measure::snfl:
      if (person.snfl_pg_per_ml().empty()) return ep::kMissing;
      return near(
          record.visits, day, [&](std::size_t i) { return person.snfl_pg_per_ml()[i]; }, scheduled);
    case Measure::lymphocytes:
      if (person.lymphocytes_1e9_per_l().empty()) return ep::kMissing;
      return near(
          record.visits, day, [&](std::size_t i) { return person.lymphocytes_1e9_per_l()[i]; }, scheduled);
    case Measure::cumulative_relapses: {
      const int to = static_cast<int>(day);
      if (std::min(record.end_of_follow_up_day, record.death_day) < to) return ep::kMissing;
      return to == 0 ? 0.0 : ep::relapse_exposure(record, 0, to).relapses;
    }
    case Measure::brain_volume:
      return near(
          record.scans, day, [&](std::size_t i) { return record.scans[i].brain_volume_change_percent; },
          always);
    case Measure::t2_volume:
      return near(
          record.scans, day, [&](std::size_t i) { return record.scans[i].t2_volume_ml; }, always);
    case Measure::gd:
      return near(
          record.scans, day,
          [&](std::size_t i) {
            return record.scans[i].gd_count == ep::kMissingCount ? ep::kMissing : record.scans[i].gd_count;
          },
          always);
    case Measure::rims:
      return near(
          record.scans, day,
          [&](std::size_t i) {
            return record.scans[i].rims == ep::kMissingCount ? ep::kMissing : record.scans[i].rims;
          },
          always);
    default:
      break;
  }
  return ep::kMissing;
}

// Type 7 out of a histogram: the value between the two order statistics around (n - 1) p.
double quantile(std::span<const std::uint64_t> histogram, std::uint64_t n, const Bins& scale, double p) {
  const double position = p * static_cast<double>(n - 1);
  const auto below = static_cast<std::uint64_t>(std::floor(position));
  const auto at = [&](std::uint64_t rank) {
    std::uint64_t seen = 0;
    for (std::size_t bin = 0; bin < histogram.size(); ++bin) {
      seen += histogram[bin];
      if (seen > rank) return value_of(scale, bin);
    }
    return value_of(scale, histogram.size() - 1);
  };
  const double low = at(below);
  const double fraction = position - static_cast<double>(below);
  return fraction > 0.0 ? low + fraction * (at(below + 1) - low) : low;
}

}  // namespace

BandPlan::BandPlan(const trial::Protocol& protocol) {
  visit_day_ = planned_days(protocol.visits.edss, protocol.accrual.follow_up_day);
  scan_day_ = planned_days(protocol.visits.mri, protocol.accrual.follow_up_day);
  visit_day_.insert(visit_day_.begin(), 0.0);
  if (!scan_day_.empty()) scan_day_.insert(scan_day_.begin(), 0.0);
  for (const auto& arm : protocol.arms) arms_.push_back(arm.id);
  days_ = std::max(visit_day_.size(), scan_day_.size());
}

BandTally BandPlan::tally(std::span<const Observed> people, std::span<const std::size_t> arm_of) const {
  BandTally tally;
  const std::size_t bands = k_measures.size() * arms_.size();
  tally.sum.assign(bands * days_, 0.0);
  tally.count.assign(bands * days_, 0);
  std::vector<std::uint32_t> index;
  for (std::size_t m = 0; m < k_measures.size(); ++m) {
    const auto measure = static_cast<Measure>(m);
    const Bins scale = scale_of(measure);
    const auto& days = m < k_visit_measures ? visit_day_ : scan_day_;
    for (std::size_t i = 0; i < people.size(); ++i) {
      const std::size_t band = m * arms_.size() + arm_of[i];
      for (std::size_t d = 0; d < days.size(); ++d) {
        const double value = band_value(measure, people[i], days[d]);
        if (!std::isfinite(value)) continue;
        const std::size_t slot = band * days_ + d;
        tally.sum[slot] += value;
        ++tally.count[slot];
        index.push_back(static_cast<std::uint32_t>(slot * k_bins + bin_of(scale, value)));
      }
    }
  }
  std::sort(index.begin(), index.end());
  for (const std::uint32_t i : index) {
    if (tally.cells.empty() || tally.cells.back().index != i) tally.cells.push_back({i, 0});
    ++tally.cells.back().count;
  }
  tally.cells.shrink_to_fit();
  return tally;
}

std::vector<Band> BandPlan::combine(std::span<const BandTally* const> tallies) const {
  const std::size_t slots = k_measures.size() * arms_.size() * days_;
  std::vector<std::uint64_t> histogram(slots * k_bins, 0), count(slots, 0);
  std::vector<double> sum(slots, 0.0);
  for (const BandTally* tally : tallies) {
    for (const auto& cell : tally->cells) histogram[cell.index] += cell.count;
    for (std::size_t s = 0; s < slots; ++s) {
      sum[s] += tally->sum[s];
      count[s] += tally->count[s];
    }
  }
  std::vector<Band> bands;
  for (std::size_t m = 0; m < k_measures.size(); ++m) {
    const Bins scale = scale_of(static_cast<Measure>(m));
    const auto& days = m < k_visit_measures ? visit_day_ : scan_day_;
    for (std::size_t a = 0; a < arms_.size(); ++a) {
      Band band;
      band.measure = k_measures[m];
      band.arm = arms_[a];
      for (std::size_t d = 0; d < days.size(); ++d) {
        const std::size_t slot = (m * arms_.size() + a) * days_ + d;
        const std::uint64_t n = count[slot];
        if (n == 0) continue;
        const std::span<const std::uint64_t> cells(histogram.data() + slot * k_bins, k_bins);
        band.day.push_back(days[d]);
        band.n.push_back(static_cast<double>(n));
        band.mean.push_back(sum[slot] / static_cast<double>(n));
        band.q10.push_back(quantile(cells, n, scale, 0.10));
        band.q25.push_back(quantile(cells, n, scale, 0.25));
        band.q50.push_back(quantile(cells, n, scale, 0.50));
        band.q75.push_back(quantile(cells, n, scale, 0.75));
        band.q90.push_back(quantile(cells, n, scale, 0.90));
      }
      if (!band.day.empty()) bands.push_back(std::move(band));
    }
  }
  return bands;
}

std::vector<HarmTally> tally_harms(std::span<const Observed> people, std::span<const std::size_t> arm_of) {
  std::map<std::pair<std::string, std::size_t>, HarmTally> rows;
  for (std::size_t i = 0; i < people.size(); ++i) {
    struct Worst {
      int grade = 0;
      bool serious = false;
    };
    std::map<std::string_view, Worst> worst;  // a person counts once a term
    for (const auto& harm : people[i].participant().harms) {
      if (harm.start_day < 0 || !people[i].sees(harm.start_day)) continue;
      auto& w = worst[harm.term];
      w.grade = std::max(w.grade, harm.grade);
      w.serious = w.serious || harm.serious;
    }
    for (const auto& [term, w] : worst) {
      auto& row = rows[{std::string(term), arm_of[i]}];
      ++row.any;
      row.grade3 += w.grade >= 3;
      row.serious += w.serious;
      row.death += w.grade >= 5;
    }
  }
  std::vector<HarmTally> tallies;
  for (auto& [key, row] : rows) {
    row.term = key.first;
    row.arm = static_cast<std::uint32_t>(key.second);
    tallies.push_back(std::move(row));
  }
  return tallies;
}

std::vector<HarmRow> combine_harms(std::span<const std::vector<HarmTally>* const> tallies,
                                   const trial::Protocol& protocol, std::span<const std::int64_t> people) {
  struct Sums {
    std::uint64_t any = 0, grade3 = 0, serious = 0, death = 0;
  };
  std::map<std::string, std::vector<Sums>> by_term;
  for (const auto* tally : tallies) {
    for (const auto& row : *tally) {
      auto& arms = by_term[row.term];
      arms.resize(protocol.arms.size());
      auto& sums = arms[row.arm];
      sums.any += row.any;
      sums.grade3 += row.grade3;
      sums.serious += row.serious;
      sums.death += row.death;
    }
  }
  std::vector<HarmRow> rows;
  for (const auto& [term, arms] : by_term) {
    for (std::size_t a = 0; a < arms.size(); ++a) {
      if (people[a] == 0) continue;
      const auto percent = [&](std::uint64_t n) {
        return 100.0 * static_cast<double>(n) / static_cast<double>(people[a]);
      };
      rows.push_back({term, protocol.arms[a].id, percent(arms[a].any), percent(arms[a].grade3),
                      percent(arms[a].serious), percent(arms[a].death)});
    }
  }
  return rows;
}

}  // namespace hortega::evidence
