// SPDX-License-Identifier: Apache-2.0
#include "hortega/economics/account.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string_view>

namespace hortega::economics {

namespace {

using endpoints::Milestone;
using endpoints::Resource;
using endpoints::Use;

constexpr double k_days_per_year = 365.25;
constexpr double k_days_per_week = 7.0;
constexpr int k_fatal = 5;  // CTCAE grade

Measure cost_of(Resource what) {
  switch (what) {
    case Resource::drug:
      return Measure::cost_drugs;
    case Resource::cell_product:
    case Resource::apheresis:
    case Resource::graft_storage:
    case Resource::graft_selection:
    case Resource::related_donor:
    case Resource::unrelated_donor:
    case Resource::cord_unit:
      return Measure::cost_cells;
    case Resource::ward_day:
    case Resource::transplant_day:
    case Resource::neurosurgery:
    case Resource::catheter:
      return Measure::cost_hospital;
    default:
      return Measure::cost_outpatient;
  }
}

bool is_visit(Resource what) {
  switch (what) {
    case Resource::infusion:
    case Resource::visit:
    case Resource::harvest:
    case Resource::apheresis:
    case Resource::lumbar_injection:
    case Resource::catheter:
    case Resource::mri:
      return true;
    default:
      return false;
  }
}

// Cells: what a person waits for is the product, whatever drugs come before it.
bool is_of_cells(Resource what) {
  return what == Resource::cell_product || what == Resource::apheresis || what == Resource::related_donor ||
         what == Resource::unrelated_donor || what == Resource::cord_unit;
}

// Their care is priced by the case.
bool is_malignancy(std::string_view term) {
  for (const std::string_view word : {"malignancy", "leukaemia", "teratoma"}) {
    if (term.find(word) != std::string_view::npos) return true;
  }
  return false;
}

// Beds by the day, so that nobody lies in two.
enum class Bed : std::uint8_t { ward, transplant, intensive };
using Beds = std::map<int, Bed>;

void lie(Beds& beds, int from, int to, Bed bed) {
  for (int day = from; day < to; ++day) {
    auto [at, fresh] = beds.emplace(day, bed);
    if (!fresh) at->second = std::max(at->second, bed);
  }
}

struct Span {
  int first = 0;  // day 0 is randomisation
  int last = 0;   // the last day that counts
};

double amount_within(const Use& use, const Span& span) {
  if (!use.each_day) return use.from_day >= span.first && use.from_day <= span.last ? use.amount : 0.0;
  const int from = std::max(use.from_day, span.first);
  const int to = std::min(use.to_day, span.last);
  return to > from ? use.amount * (to - from) : 0.0;
}

// A fractional length falls on the day on which it is counted: stays are whole days on average over people.
int whole(double day) { return static_cast<int>(std::lround(day)); }

Beds beds_of(const trial::Participant& person, const Prices& prices, const Span& span) {
  Beds beds;
  const auto lie_within = [&](int from, int to, Bed bed) {
    lie(beds, std::max(from, span.first), std::min(to, span.last), bed);
  };
  for (const Use& use : person.uses) {
    if (use.what == Resource::ward_day) lie_within(use.from_day, use.to_day, Bed::ward);
    if (use.what == Resource::transplant_day) lie_within(use.from_day, use.to_day, Bed::transplant);
  }
  for (const endpoints::Harm& harm : person.harms) {
    if (!harm.serious || is_malignancy(harm.term)) continue;
    const int stay = whole(prices.stay_day(harm.grade)),
              intensive = whole(prices.intensive_stay_day(harm.grade));
    // Of a fatal event the death is recorded; the bed was taken before it.
    const int from = harm.grade >= k_fatal ? harm.start_day - stay : harm.start_day;
    const int grave = harm.grade >= k_fatal ? harm.start_day - intensive : harm.start_day;
    lie_within(from, from + stay, Bed::ward);
    lie_within(grave, grave + intensive, Bed::intensive);
  }
  return beds;
}

double price_of(Bed bed, const Prices& prices) {
  switch (bed) {
    case Bed::ward:
      return *prices.of(Resource::ward_day, {});
    case Bed::transplant:
      return *prices.of(Resource::transplant_day, {});
    case Bed::intensive:
      break;
  }
  return prices.intensive_day();
}

// From the decision (day 0) to the graft, the first cells or the first drug, whatever comes first; NaN if
// there was none. Drugs that prepare for cells and steroids for relapses are not what was waited for.
double weeks_to_dose(const trial::Participant& person, const Span& span) {
  double made_before = 0.0;  // of the first cells, for which a person waited before the regimen began
  int told_on = endpoints::kNever;
  int preparing = person.mobilisation_day;
  int drug = endpoints::kNever, cells = endpoints::kNever;
  for (const Use& use : person.uses) {
    if (use.what == Resource::wait_for_cells && use.from_day < told_on) {
      told_on = use.from_day;
      made_before = use.amount;
    }
    if (is_of_cells(use.what)) preparing = std::min(preparing, use.from_day);
  }
  const auto for_relapses = [&person](const std::string& item) {
    return std::any_of(person.uses.begin(), person.uses.end(), [&item](const Use& use) {
      return use.what == Resource::steroid_course && use.item == item;
    });
  };
  for (const Use& use : person.uses) {
    const int from = std::max(use.from_day, 0);
    if (use.what == Resource::drug && from < preparing && !for_relapses(use.item))
      drug = std::min(drug, from);
  }
  if (preparing != endpoints::kNever) {
    for (const trial::MilestoneRecord& m : person.milestones) {
      if (m.day >= preparing &&
          (m.what == Milestone::graft || m.what == Milestone::infusion || m.what == Milestone::cells_given))
        cells = std::min(cells, m.day);
    }
  }
  const int first = std::min(drug, cells);
  if (first == endpoints::kNever || first > span.last) return std::numeric_limits<double>::quiet_NaN();
  return (first + (cells < drug && told_on <= first ? made_before : 0.0)) / k_days_per_week;
}

Account counted(const trial::Participant& person, const Prices& prices, const Span& span) {
  Account a;
  const auto add = [&](Measure m, double x) { a.of[static_cast<std::size_t>(m)] += x; };
  std::set<std::string> not_priced;
  for (const Use& use : person.uses) {
    if (use.what == Resource::ward_day || use.what == Resource::transplant_day) continue;  // by the bed
    const double amount = amount_within(use, span);
    if (amount == 0.0) continue;
    const std::optional<double> price = prices.of(use.what, use.item);
    if (price) {
      add(cost_of(use.what), amount * *price);
    } else {
      not_priced.insert(use.item);
    }
    if (is_visit(use.what)) add(Measure::visits, amount);
    if (use.what == Resource::failed_batch) add(Measure::failed_products, amount);
    if (use.what == Resource::steroid_course) add(Measure::steroid_courses, amount);
  }
  // Relapses bring people to a doctor whatever they take.
  for (const endpoints::Visit& visit : person.visits) {
    if (visit.scheduled || visit.day < span.first || visit.day > span.last) continue;
    add(Measure::visits, 1.0);
    add(Measure::cost_outpatient, *prices.of(Resource::visit, {}));
  }
  for (const auto& [day, bed] : beds_of(person, prices, span)) {
    add(Measure::hospital_days, 1.0);
    if (bed == Bed::intensive) add(Measure::intensive_days, 1.0);
    add(Measure::cost_hospital, price_of(bed, prices));
  }
  for (const endpoints::Harm& harm : person.harms) {
    if (is_malignancy(harm.term) && harm.start_day >= span.first && harm.start_day <= span.last)
      add(Measure::cost_hospital, prices.malignancy());
  }
  for (const trial::MilestoneRecord& m : person.milestones) {
    if (m.what == Milestone::mobilisation_failure && m.day >= span.first && m.day <= span.last)
      add(Measure::failed_collections, 1.0);
  }
  add(Measure::cost, a[Measure::cost_drugs] + a[Measure::cost_cells] + a[Measure::cost_hospital] +
                         a[Measure::cost_outpatient]);
  a.not_priced.assign(not_priced.begin(), not_priced.end());
  return a;
}

int last_day(const trial::Participant& person, int until) {
  return std::min({until, person.end_of_follow_up_day, person.death_day});
}

}  // namespace

double cost_until(const trial::Participant& person, const Prices& prices, int day) {
  return counted(person, prices, {0, last_day(person, day)})[Measure::cost];
}

Account account_of(const trial::Participant& person, const Prices& prices, int until) {
  const int last = last_day(person, until);
  constexpr int k_year = 365;
  Account a = counted(person, prices, {0, last});
  const auto set = [&](Measure m, double x) { a.of[static_cast<std::size_t>(m)] = x; };
  const double first_year =
      last <= k_year ? a[Measure::cost] : counted(person, prices, {0, k_year})[Measure::cost];
  set(Measure::cost_first_year, first_year);
  set(Measure::cost_later, a[Measure::cost] - first_year);
  set(Measure::weeks_to_dose, weeks_to_dose(person, {0, last}));
  set(Measure::years, std::max(0, last) / k_days_per_year);
  set(Measure::years_later, std::max(0, last - k_year) / k_days_per_year);
  return a;
}

std::span<const Row> rows() {
  using M = Measure;
  static const std::array<Row, 16> all = {{
      {"cost", "direct cost", "EUR", "Drugs, cells, beds, visits and procedures over the whole follow-up.",
       M::cost, M::cost},
      {"cost_first_year", "direct cost, first year", "EUR", "Of these, until day 365.", M::cost_first_year,
       M::cost_first_year},
      {"cost_per_year", "direct cost per year", "EUR/year",
       "All costs over all years that people were followed.", M::cost, M::years},
      {"cost_per_later_year", "direct cost per later year", "EUR/year",
       "Costs after day 365 over the years that people were followed after it.", M::cost_later,
       M::years_later},
      {"cost_drugs", "of it drugs", "EUR", "Drugs of the therapy, steroids for relapses, growth factor.",
       M::cost_drugs, M::cost_drugs},
      {"cost_cells", "of it cells", "EUR", "Cell products, donors, collection, freezing.", M::cost_cells,
       M::cost_cells},
      {"cost_hospital", "of it hospital", "EUR",
       "Beds of the therapy and of serious events, operations, malignancies by the therapy.",
       M::cost_hospital, M::cost_hospital},
      {"cost_outpatient", "of it visits and day care", "EUR",
       "Infusions, injections, clinic, scans for tumours.", M::cost_outpatient, M::cost_outpatient},
      {"years", "years followed", "years", "From randomisation until the person leaves or dies.", M::years,
       M::years},
      {"hospital_days", "days in hospital", "days", "Days in a bed for the therapy or a serious event.",
       M::hospital_days, M::hospital_days},
      {"intensive_days", "of them in intensive care", "days", "By events of grade 4 and 5.",
       M::intensive_days, M::intensive_days},
      {"visits", "visits", "visits", "For the therapy and for relapses; not those that the trial asks for.",
       M::visits, M::visits},
      {"weeks_to_dose", "weeks from decision to dose", "weeks",
       "From randomisation to the graft, the first cells or the first drug; own cells made before it count "
       "their "
       "making.",
       M::weeks_to_dose, M::weeks_to_dose},
      {"failed_products", "failed products", "batches", "Batches of cells that were not released.",
       M::failed_products, M::failed_products},
      {"failed_collections", "failed collections", "attempts", "Mobilisations that gave too few cells.",
       M::failed_collections, M::failed_collections},
      {"steroid_courses", "steroid courses", "courses", "For relapses.", M::steroid_courses,
       M::steroid_courses},
  }};
  return all;
}

}  // namespace hortega::economics
