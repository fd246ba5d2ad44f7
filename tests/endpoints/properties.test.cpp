// SPDX-License-Identifier: Apache-2.0
// What must hold of any series of visits: random people against a slow search written anew from
// docs/endpoints.md, and rules that follow from the definitions alone.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <set>

#include "hortega/endpoints/csv.hpp"
#include "hortega/endpoints/pira.hpp"
#include "people.hpp"

namespace hortega::endpoints {
namespace {

using testing::Person;

constexpr int k_people = 2000;

/// A person with 1 to 14 visits, EDSS walking in half steps, and up to 3 relapses.
class People {
 public:
  explicit People(unsigned seed) : random_(seed) {}

  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  Person next() {
    Person person{};
    // Whole EDSS steps where they exist: 0, then 1.0 to 9.5.
    double edss = 0.5 * whole(1, 13);
    if (edss < 1) edss = 0;
    int day = whole(0, 20);
    const int visits = whole(1, 14);
    const int spacing[] = {42, 84, 91, 183};
    const int interval = spacing[whole(0, 3)];
    for (int k = 0; k < visits; ++k) {
      person.visit(day, whole(0, 19) == 0 ? kMissing : edss);
      if (whole(0, 9) == 0) person.visits.back().scheduled = false;
      day += std::max(1, interval + whole(-14, 14));
      const int step[] = {-3, -2, -1, 0, 0, 0, 0, 0, 1, 2, 2, 3};
      edss = std::clamp(edss + 0.5 * step[whole(0, 11)], 0.0, 9.5);
      if (edss == 0.5) edss = whole(0, 1);
    }
    std::vector<int> onsets;
    for (int k = whole(0, 3); k > 0; --k) onsets.push_back(whole(-60, day));
    std::sort(onsets.begin(), onsets.end());
    for (const int onset : onsets) person.relapse(onset);
    return person;
  }

  WorseningOptions options() {
    WorseningOptions o;
    const StepRule rules[] = {steps::msprog, steps::msbase, steps::opera, steps::one, steps::freedoms};
    o.step = rules[whole(0, 4)];
    o.improvement_step = whole(0, 1) ? o.step : steps::improvement_msbase;
    const double lengths[] = {0, 84, 90.75, 168, 336};
    o.confirmation_days = lengths[whole(0, 4)];
    const double before[] = {0, 7, 14};
    o.tolerance_before_days = before[whole(0, 2)];
    const double after[] = {14, 730.5, kNoLimit};
    o.tolerance_after_days = after[whole(0, 2)];
    o.intermediate = whole(0, 3) ? IntermediateVisits::must_hold : IntermediateVisits::ignored;
    const double sustained[] = {0, 0, 84, kNoLimit};
    o.sustained_days = sustained[whole(0, 3)];
    const int windows[] = {0, 30, 60};
    o.relapse_to_baseline_days = windows[whole(0, 2)];
    o.relapse_to_event_days = windows[whole(0, 2)];
    o.relapse_to_confirmation_days = windows[whole(0, 2)];
    if (whole(0, 2) == 0) o.onset_not_before_day = 200;
    if (whole(0, 2) == 0) o.confirmation_not_before_day = 250;
    if (whole(0, 3) == 0) o.confirming_visit = VisitKind::scheduled;
    const Baseline baselines[] = {Baseline::fixed, Baseline::roving, Baseline::roving_improvement,
                                  Baseline::roving_worsening};
    o.baseline = baselines[whole(0, 3)];
    return o;
  }

 private:
  std::mt19937 random_;
};

// ---- The slow search. It keeps to the words of docs/endpoints.md: all quantifiers over all visits, no early
// ends, tables by value, windows as sets of days. ----

struct Seen {
  int day;
  double edss;
  bool scheduled;
};
struct Change {
  bool worse;
  int reference_day, day, confirmed_day;
};

class SlowSearch {
 public:
  SlowSearch(const Person& person, const WorseningOptions& options) : o_(options) {
    for (const auto& visit : person.visits)
      if (!std::isnan(visit.edss)) visits_.push_back({visit.day, visit.edss, visit.scheduled});
    for (const auto& relapse : person.relapses) onsets_.insert(relapse.onset_day);
  }

  std::vector<Change> all() const {
    std::vector<Change> found;
    std::optional<std::size_t> reference;
    for (std::size_t k = 0; k < visits_.size() && !reference; ++k)
      if (!after_relapse(visits_[k].day, o_.relapse_to_baseline_days)) reference = k;
    if (!reference) return found;
    std::size_t from = *reference + 1;
    while (true) {
      std::optional<Event> first;
      for (std::size_t i = from; i < visits_.size() && !first; ++i) first = event_at(*reference, i);
      if (!first) return found;
      const auto& e = *first;
      found.push_back({e.worse, visits_[*reference].day, visits_[e.onset].day,
                       o_.confirmation_days > 0 ? visits_[e.confirmation].day : kNever});
      if (moves(e.worse)) {
        reference = e.confirmation;
        from = e.confirmation + 1;
      } else {  // on from the end of the run, from the same reference
        from = e.confirmation + 1;
        while (from < visits_.size() && differs(*reference, from, e.worse)) ++from;
      }
    }
  }

 private:
  struct Event {
    bool worse;
    std::size_t onset, confirmation;
  };

  bool after_relapse(int day, int days) const {
    if (days <= 0) return false;
    for (int d = day - days; d <= day; ++d)
      if (onsets_.count(d) > 0) return true;
    return false;
  }
  bool moves(bool worse) const {
    return o_.baseline == Baseline::roving ||
           o_.baseline == (worse ? Baseline::roving_worsening : Baseline::roving_improvement);
  }
  bool differs(std::size_t reference, std::size_t k, bool worse) const {
    const double from = visits_[reference].edss;
    return worse ? visits_[k].edss - from >= o_.step.threshold(from)
                 : from - visits_[k].edss >= o_.improvement_step.threshold(from);
  }
  std::optional<Event> event_at(std::size_t reference, std::size_t i) const {
    const bool worse = differs(reference, i, true);
    if (!worse && !differs(reference, i, false)) return std::nullopt;
    if (!worse && !moves(false)) return std::nullopt;
    if (visits_[i].day < o_.onset_not_before_day) return std::nullopt;
    if (after_relapse(visits_[i].day, o_.relapse_to_event_days)) return std::nullopt;
    if (o_.confirmation_days <= 0)
      return lasts(reference, i, worse) ? std::optional(Event{worse, i, i}) : std::nullopt;
    for (std::size_t c = i + 1; c < visits_.size(); ++c) {
      const double after = visits_[c].day - visits_[i].day;
      bool good = differs(reference, c, worse) && after >= o_.confirmation_days - o_.tolerance_before_days &&
                  after <= o_.confirmation_days + o_.tolerance_after_days &&
                  visits_[c].day >= o_.confirmation_not_before_day &&
                  !after_relapse(visits_[c].day, o_.relapse_to_confirmation_days) &&
                  (o_.confirming_visit == VisitKind::any || visits_[c].scheduled);
      if (o_.intermediate == IntermediateVisits::must_hold)
        for (std::size_t j = i + 1; j < c; ++j) good = good && differs(reference, j, worse);
      if (good) return lasts(reference, c, worse) ? std::optional(Event{worse, i, c}) : std::nullopt;
    }
    return std::nullopt;
  }
  bool lasts(std::size_t reference, std::size_t c, bool worse) const {
    bool good = true;
    for (std::size_t k = c + 1; o_.sustained_days > 0 && k < visits_.size(); ++k)
      if (visits_[k].day - visits_[c].day <= o_.sustained_days) good = good && differs(reference, k, worse);
    return good;
  }

  WorseningOptions o_;
  std::vector<Seen> visits_;
  std::set<int> onsets_;
};

std::string text_of(const Person& person) {
  std::string text;
  for (const auto& visit : person.visits) text += fmt::format(" {}:{}", visit.day, visit.edss);
  text += ", relapses";
  for (const auto& relapse : person.relapses) text += fmt::format(" {}", relapse.onset_day);
  return text;
}

TEST(WorseningProperties, AgreesWithASlowSearch) {
  People people(20260101);
  int events = 0, second = 0, improvements = 0;
  for (int n = 0; n < 4 * k_people; ++n) {
    Person person = people.next();
    const auto options = people.options();
    std::vector<ConfirmedChange> changes;
    confirmed_changes(person.view(), options, changes);
    const auto slow = SlowSearch(person, options).all();
    ASSERT_EQ(changes.size(), slow.size()) << definition(options) << text_of(person);
    for (std::size_t k = 0; k < slow.size(); ++k) {
      EXPECT_EQ(changes[k].direction == Direction::worsening, slow[k].worse);
      EXPECT_EQ(changes[k].baseline_day, slow[k].reference_day);
      EXPECT_EQ(changes[k].day, slow[k].day) << definition(options) << text_of(person);
      EXPECT_EQ(changes[k].confirmed_day, slow[k].confirmed_day);
      improvements += !slow[k].worse;
    }
    const auto first = std::find_if(slow.begin(), slow.end(), [](const Change& c) { return c.worse; });
    const auto time = time_to_confirmed_change(person.view(), options);
    ASSERT_EQ(time.event, first != slow.end());
    if (time.event) {
      EXPECT_EQ(time.day, first->day);
    }
    events += !slow.empty();
    second += slow.size() > 1;
  }
  // The people must be such that the comparison says something.
  EXPECT_GT(events, k_people / 2);
  EXPECT_GT(second, 100);
  EXPECT_GT(improvements, 100);
}

TEST(WorseningProperties, AStableLaterVisitRemovesNoEvent) {
  People people(2);
  int events = 0;
  for (int n = 0; n < k_people; ++n) {
    Person person = people.next();
    Person longer = person;
    double last = kMissing;
    for (const auto& visit : person.visits)
      if (!is_missing(visit.edss)) last = visit.edss;
    longer.visit(person.visits.back().day + people.whole(20, 200), last);
    for (const auto& info : worsening_presets()) {
      const auto before = time_to_confirmed_change(person.view(), info.options);
      const auto after = time_to_confirmed_change(longer.view(), info.options);
      if (!before.event) continue;
      ++events;
      EXPECT_TRUE(after.event) << info.name << text_of(person);
      EXPECT_LE(after.day, before.day) << info.name << text_of(person);
    }
  }
  EXPECT_GT(events, k_people);
}

TEST(WorseningProperties, ShiftingAllDaysShiftsTheAnswer) {
  People people(3);
  int events = 0, pira = 0;
  for (int n = 0; n < k_people; ++n) {
    Person person = people.next();
    Person shifted = person;
    const int by = people.whole(-5000, 5000);
    for (auto& visit : shifted.visits) visit.day += by;
    for (auto& relapse : shifted.relapses) relapse.onset_day += by;
    // Definitions that begin with the first visit; those of trials look at day 0.
    for (const auto preset : {WorseningPreset::msprog, WorseningPreset::msbase}) {
      const auto& options = worsening_preset(preset).options;
      const auto a = time_to_confirmed_change(person.view(), options);
      const auto b = time_to_confirmed_change(shifted.view(), options);
      ASSERT_EQ(a.event, b.event);
      events += a.event;
      if (a.censoring != Censoring::no_baseline) {
        EXPECT_EQ(a.day + by, b.day);
      }
    }
    for (const auto& info : pira_presets()) {
      const auto a = pira_and_raw(person.view(), info.options);
      const auto b = pira_and_raw(shifted.view(), info.options);
      EXPECT_EQ(a.pira, b.pira) << info.name << text_of(person);
      EXPECT_EQ(a.raw, b.raw) << info.name << text_of(person);
      EXPECT_EQ(a.neither, b.neither);
      pira += a.pira;
      if (a.first_pira.event) {
        EXPECT_EQ(a.first_pira.day + by, b.first_pira.day);
      }
    }
  }
  EXPECT_GT(events, 100);
  EXPECT_GT(pira, 100);
}

TEST(WorseningProperties, AStricterThresholdIsNeverEarlier) {
  People people(4);
  int later = 0;
  for (int n = 0; n < k_people; ++n) {
    Person person = people.next();
    for (const auto& info : worsening_presets()) {
      // A moved baseline makes the two searches look at different references.
      if (info.options.baseline != Baseline::fixed) continue;
      auto strict = info.options;
      strict.step.step_low += 0.5;
      strict.step.step_mid += 0.5;
      strict.step.step_high += 0.5;
      const auto lax = time_to_confirmed_change(person.view(), info.options);
      const auto hard = time_to_confirmed_change(person.view(), strict);
      if (!hard.event) continue;
      EXPECT_TRUE(lax.event) << info.name << text_of(person);
      EXPECT_LE(lax.day, hard.day) << info.name << text_of(person);
      later += lax.day < hard.day;
    }
  }
  EXPECT_GT(later, 100);
}

TEST(WorseningProperties, ALongerConfirmationGivesNoMoreEvents) {
  People people(5);
  int fewer = 0;
  for (int n = 0; n < k_people; ++n) {
    Person person = people.next();
    for (const auto& info : worsening_presets()) {
      // True where any later visit may confirm and all visits between must hold, from a fixed baseline; a
      // drop-out counted before confirmation was due (ORATORIO) is counted oftener the longer that takes.
      const auto& o = info.options;
      if (o.baseline != Baseline::fixed || o.tolerance_after_days < kNoLimit ||
          o.intermediate != IntermediateVisits::must_hold ||
          o.unconfirmed == UnconfirmedAtEnd::event_if_dropped_out) {
        continue;
      }
      bool before = true;
      for (const double days : {0.0, 42.0, 84.0, 168.0, 336.0}) {
        const bool event = time_to_confirmed_change(person.view(), with_confirmation(o, days)).event;
        EXPECT_TRUE(before || !event) << info.name << " " << days << text_of(person);
        fewer += before && !event;
        before = event;
      }
    }
  }
  EXPECT_GT(fewer, 100);
}

TEST(PiraProperties, EveryWorseningIsOneOfThree) {
  People people(6);
  int pira = 0, raw = 0, neither = 0;
  for (int n = 0; n < k_people; ++n) {
    Person person = people.next();
    for (const auto& info : pira_presets()) {
      const auto events = pira_and_raw(person.view(), info.options);
      EXPECT_EQ(events.first_pira.event, events.pira > 0);
      EXPECT_EQ(events.first_raw.event, events.raw > 0);
      if (events.pira > 0 && events.raw > 0) {
        EXPECT_NE(events.first_pira.day, events.first_raw.day);
      }
      if (info.options.worsening.after_relapse == AfterRelapse::keep_baseline) {
        std::vector<ConfirmedChange> changes;
        confirmed_changes(person.view(), info.options.worsening, changes);
        const auto worsenings = std::count_if(changes.begin(), changes.end(), [](const auto& c) {
          return c.direction == Direction::worsening;
        });
        EXPECT_EQ(events.pira + events.raw + events.neither, worsenings) << info.name;
      }
      pira += events.pira;
      raw += events.raw;
      neither += events.neither;
    }
    // Without relapses there is no RAW, and every worsening is PIRA.
    person.relapses.clear();
    for (const auto& info : pira_presets()) {
      const auto events = pira_and_raw(person.view(), info.options);
      EXPECT_EQ(events.raw + events.neither, 0) << info.name << text_of(person);
      EXPECT_EQ(events.pira > 0, time_to_confirmed_change(person.view(), info.options.worsening).event);
    }
  }
  EXPECT_GT(std::min({pira, raw, neither}), 100);
}

TEST(PiraProperties, HighSpecificityIsTheStricter) {
  // No relapse from the reference visit to confirmation leaves none between onset - 90 and confirmation but
  // before the reference: where the reference lies 90 days back or more, Cagol's PIRA holds too.
  People people(7);
  int compared = 0;
  for (int n = 0; n < k_people; ++n) {
    Person person = people.next();
    const auto& spec = pira_preset(PiraPreset::muller2023_spec).options;
    std::vector<ConfirmedChange> changes;
    confirmed_changes(person.view(), spec.worsening, changes);
    for (const auto& change : changes) {
      if (change.direction != Direction::worsening || change.day - change.baseline_day < 90) continue;
      if (classify(person.view(), change, spec) != WorseningClass::pira) continue;
      ++compared;
      EXPECT_EQ(classify(person.view(), change, pira_preset(PiraPreset::cagol2022).options),
                WorseningClass::pira)
          << text_of(person);
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(CsvProperties, TheOrderOfRowsAndTheCalendarDoNotMatter) {
  People people(8);
  std::mt19937 shuffle(8);
  int pira = 0;
  for (int n = 0; n < 200; ++n) {
    std::vector<Person> some = {people.next(), people.next(), people.next()};
    std::vector<std::string> visits, relapses, dated_visits, dated_relapses;
    const std::chrono::sys_days origin = std::chrono::year{2015} / 6 / 1;
    const auto date = [&](int day) {
      const std::chrono::year_month_day d{origin + std::chrono::days{day}};
      return fmt::format("{:04}-{:02}-{:02}", int(d.year()), unsigned(d.month()), unsigned(d.day()));
    };
    for (std::size_t who = 0; who < some.size(); ++who) {
      for (const auto& visit : some[who].visits) {
        const std::string edss = is_missing(visit.edss) ? "" : fmt::format("{}", visit.edss);
        visits.push_back(fmt::format("p{},{},{}\n", who, visit.day, edss));
        dated_visits.push_back(fmt::format("p{},{},{}\n", who, date(visit.day), edss));
      }
      for (const auto& relapse : some[who].relapses) {
        relapses.push_back(fmt::format("p{},{}\n", who, relapse.onset_day));
        dated_relapses.push_back(fmt::format("p{},{}\n", who, date(relapse.onset_day)));
      }
    }
    const auto joined = [](std::string head, const std::vector<std::string>& rows) {
      for (const auto& row : rows) head += row;
      return head;
    };
    const auto read = [&](bool dated) {
      const std::string v =
          joined(dated ? "id,date,EDSS\n" : "subject,day,edss\n", dated ? dated_visits : visits);
      const std::string r =
          joined(dated ? "id,date\n" : "subject,onset_day\n", dated ? dated_relapses : relapses);
      auto observed = read_observed({"v", v, true}, {"r", r, true});
      std::sort(observed.subjects.begin(), observed.subjects.end(),
                [](const Subject& a, const Subject& b) { return a.name < b.name; });
      return observed;
    };
    const auto in_order = read(false), with_dates = read(true);
    std::shuffle(visits.begin(), visits.end(), shuffle);
    std::shuffle(relapses.begin(), relapses.end(), shuffle);
    const auto permuted = read(false);
    for (std::size_t who = 0; who < some.size(); ++who) {
      const int first_day = some[who].visits.front().day;  // day 0 of a table with dates
      for (const auto& info : pira_presets()) {
        const auto a = pira_and_raw(in_order.subjects[who].record(), info.options);
        const auto b = pira_and_raw(permuted.subjects[who].record(), info.options);
        const auto c = pira_and_raw(with_dates.subjects[who].record(), info.options);
        EXPECT_EQ(a.pira, b.pira);
        EXPECT_EQ(a.raw, b.raw);
        EXPECT_EQ(a.first_pira.day, b.first_pira.day);
        EXPECT_EQ(a.pira, c.pira);
        EXPECT_EQ(a.raw, c.raw);
        pira += a.pira;
        if (a.first_pira.event) {
          EXPECT_EQ(a.first_pira.day, c.first_pira.day + first_day);
        }
      }
    }
  }
  EXPECT_GT(pira, 10);
}

}  // namespace
}  // namespace hortega::endpoints
