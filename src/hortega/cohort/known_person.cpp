// SPDX-License-Identifier: Apache-2.0
#include "hortega/cohort/known_person.hpp"

#include "hortega/endpoints/edss.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hortega::cohort {

namespace {

using core::Kind;
using core::Schema;

Schema<KnownEdss> edss_schema() {
  Schema<KnownEdss> s("One examination.");
  s.add("on", &KnownEdss::on, DateCodec()).required().doc("Day of the examination.");
  s.number("value", &KnownEdss::value).range(0.0, 9.5).required().doc("EDSS.");
  s.check([](const KnownEdss& e, const core::Report& r) {
    if (!endpoints::valid_edss(e.value))
      r.problem("value", fmt::format("{} is no step of the EDSS", e.value), "0, 1, 1.5, 2, ... 9.5");
  });
  return s;
}

Schema<KnownRelapse> relapse_schema() {
  Schema<KnownRelapse> s("One relapse.");
  s.add("on", &KnownRelapse::on, DateCodec()).required().doc("Day of onset.");
  s.boolean("treated", &KnownRelapse::treated).doc("Steroids were given.");
  return s;
}

Schema<KnownScan> scan_schema() {
  Schema<KnownScan> s("One MRI examination.");
  s.add("on", &KnownScan::on, DateCodec()).required().doc("Day of the scan.");
  s.integer("t2_count", &KnownScan::t2_count).range(0, 500).doc("T2 lesions in all.");
  s.integer("gd_count", &KnownScan::gd_count).range(0, 100).doc("Lesions that take up gadolinium.");
  s.integer("new_t2", &KnownScan::new_t2)
      .range(0, 200)
      .doc("New T2 lesions since the scan of `compared_with`.");
  s.add("compared_with", &KnownScan::compared_with, DateCodec()).doc("Day of that earlier scan.");
  s.check([](const KnownScan& scan, const core::Report& r) {
    if (scan.new_t2 && !scan.compared_with)
      r.problem("new_t2", "new since when is not said", "compared_with = \"year-month-day\"");
    if (scan.compared_with && *scan.compared_with >= scan.on)
      r.problem("compared_with", text_of(*scan.compared_with) + " is not before the scan",
                "before " + text_of(scan.on));
    if (!scan.t2_count && !scan.gd_count && !scan.new_t2)
      r.problem("", "a scan without a finding", "t2_count, gd_count or new_t2");
  });
  return s;
}

Schema<KnownDrug> drug_schema() {
  Schema<KnownDrug> s("A drug that was or is taken, or a transplantation that was done.");
  s.text("regimen", &KnownDrug::regimen).required().doc("Its id in data/regimens.");
  s.add("from", &KnownDrug::from, DateCodec()).required().doc("First day.");
  s.add("to", &KnownDrug::to, DateCodec()).doc("Last day; absent: goes on.");
  s.check([](const KnownDrug& d, const core::Report& r) {
    if (d.to && *d.to <= d.from)
      r.problem("to", text_of(*d.to) + " is not after the start", "after " + text_of(d.from));
  });
  return s;
}

// A date must lie from the first symptom to today.
void check_date(const KnownPerson& p, const core::Report& r, const std::string& key, Date date) {
  if (date < p.first_symptom)
    r.problem(key, text_of(date) + " is before the first symptom",
              text_of(p.first_symptom) + " to " + text_of(p.today));
  if (date > p.today)
    r.problem(key, text_of(date) + " is after today", text_of(p.first_symptom) + " to " + text_of(p.today));
}

void check_drugs(const KnownPerson& p, const core::Report& r) {
  for (std::size_t i = 0; i < p.drugs.size(); ++i) {
    check_date(p, r, fmt::format("drug[{}].from", i), p.drugs[i].from);
    if (p.drugs[i].to) check_date(p, r, fmt::format("drug[{}].to", i), *p.drugs[i].to);
    for (std::size_t j = 0; j < p.drugs.size(); ++j) {
      const KnownDrug& a = p.drugs[j];
      const KnownDrug& b = p.drugs[i];
      const bool first = a.from < b.from || (a.from == b.from && j < i);
      if (i != j && first && (!a.to || *a.to > b.from))
        r.problem(fmt::format("drug[{}].from", i),
                  fmt::format("'{}' is still taken when '{}' begins", a.regimen, b.regimen),
                  "one drug at a time: its `to` no later than " + text_of(b.from));
    }
  }
}

void check_person(const KnownPerson& p, const core::Report& r) {
  constexpr double k_youngest_year = 5.0;  // not biology: a check of the file
  if (p.first_symptom >= p.today) {
    r.problem("first_symptom", text_of(p.first_symptom) + " is not before today",
              "before " + text_of(p.today));
    return;
  }
  if (p.age_at_first_symptom_year() < k_youngest_year)
    r.problem("first_symptom",
              fmt::format("at the age of {:.1f} years, by `age` and `today`", p.age_at_first_symptom_year()),
              fmt::format("at {:.0f} years or later", k_youngest_year));
  if (p.relapses_known_from) check_date(p, r, "relapses_known_from", *p.relapses_known_from);
  bool recent = false;
  for (std::size_t i = 0; i < p.edss.size(); ++i) {
    check_date(p, r, fmt::format("edss[{}].on", i), p.edss[i].on);
    recent = recent || days_between(p.edss[i].on, p.today) <= k_oldest_edss_day;
  }
  if (!recent)
    r.problem("edss", "no EDSS of the last half year",
              fmt::format("at least one [[edss]] not more than {} days before today", k_oldest_edss_day));
  for (std::size_t i = 0; i < p.relapses.size(); ++i)
    check_date(p, r, fmt::format("relapse[{}].on", i), p.relapses[i].on);
  for (std::size_t i = 0; i < p.scans.size(); ++i) {
    check_date(p, r, fmt::format("mri[{}].on", i), p.scans[i].on);
    if (p.scans[i].compared_with)
      check_date(p, r, fmt::format("mri[{}].compared_with", i), *p.scans[i].compared_with);
  }
  check_drugs(p, r);
}

}  // namespace

const KnownEdss& KnownPerson::last_edss() const {
  return *std::max_element(edss.begin(), edss.end(),
                           [](const KnownEdss& a, const KnownEdss& b) { return a.on < b.on; });
}

std::string KnownPerson::drug_today() const {
  for (const KnownDrug& d : drugs) {
    if (!d.to || *d.to >= today) return d.regimen;
  }
  return {};
}

int KnownPerson::relapses_within(int days) const {
  return static_cast<int>(std::count_if(relapses.begin(), relapses.end(), [&](const KnownRelapse& r) {
    return days_between(r.on, today) <= days;
  }));
}

namespace {
Schema<Preference> preference_schema() {
  Schema<Preference> s("What the person does not want.");
  s.add("exclude", &Preference::exclude,
        core::as_list(core::ChoiceCodec<therapy::Provenance>(therapy::provenance_names())))
      .doc("Therapies with cells of such an origin are refused.");
  return s;
}
}  // namespace

Schema<KnownPerson> known_person_schema() {
  Schema<KnownPerson> s(
      "One person: who they are, and what was seen of their disease. Dates are `\"2024-03-15\"`, or "
      "`\"2024-03\"` where only the month is known.");
  s.format("hortega-person", 1);
  s.text("id", &KnownPerson::id).required().doc("Short name, for the output folder.");
  s.text("label", &KnownPerson::label).doc("As the page prints it.");
  s.choice("sex", &KnownPerson::sex, {{"female", Sex::female}, {"male", Sex::male}}).required().doc("Sex.");
  s.quantity("age", &KnownPerson::age_day, Kind::time)
      .above(0.0)
      .required()
      .doc("Age today, e.g. `\"34 years\"`.");
  s.add("today", &KnownPerson::today, DateCodec()).required().doc("The day of the decision.");
  s.add("first_symptom", &KnownPerson::first_symptom, DateCodec())
      .required()
      .doc("Day of the first attack, or from when disability was noticed.");
  s.choice("course", &KnownPerson::course,
           {{"relapsing", Course::relapsing},
            {"secondary progressive", Course::secondary_progressive},
            {"primary progressive", Course::primary_progressive}})
      .required()
      .doc("As the clinic calls it today.");
  s.add("relapses_known_from", &KnownPerson::relapses_known_from, DateCodec())
      .doc("Relapses before this day are not known (default: all since the first symptom are listed).");
  s.tables("edss", &KnownPerson::edss, edss_schema()).doc("Examinations.");
  s.tables("relapse", &KnownPerson::relapses, relapse_schema())
      .doc("All relapses; the first attack need not be among them.");
  s.tables("mri", &KnownPerson::scans, scan_schema()).doc("MRI examinations.");
  s.tables("drug", &KnownPerson::drugs, drug_schema()).doc("Disease-modifying therapy so far.");
  s.table("preference", &KnownPerson::preference, preference_schema()).doc("What the person does not want.");
  s.check(check_person);
  return s;
}

core::Read<KnownPerson> read_known_person(const core::Document& document) {
  core::Read<KnownPerson> read = known_person_schema().read(document);
  const auto by_day = [](const auto& a, const auto& b) { return a.on < b.on; };
  KnownPerson& p = read.value;
  std::stable_sort(p.edss.begin(), p.edss.end(), by_day);
  std::stable_sort(p.relapses.begin(), p.relapses.end(), by_day);
  std::stable_sort(p.scans.begin(), p.scans.end(), by_day);
  std::stable_sort(p.drugs.begin(), p.drugs.end(),
                   [](const KnownDrug& a, const KnownDrug& b) { return a.from < b.from; });
  return read;
}

}  // namespace hortega::cohort
