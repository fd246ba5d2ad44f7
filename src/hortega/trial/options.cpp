// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/options.hpp"

#include "hortega/endpoints/neda.hpp"
#include "hortega/endpoints/relapses.hpp"
#include "hortega/endpoints/worsening.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace hortega::trial {

namespace {

constexpr double k_half_year_day = 182.625;
// Steps of the scale (Kurtzke 1983, doi:10.1212/WNL.33.11.1444).
constexpr double k_aid = 6.0;         // not biology: EDSS with a walking aid
constexpr double k_wheelchair = 7.0;  // not biology: EDSS essentially restricted to a wheelchair
constexpr int k_window_day = 14;  // a visit so long after a horizon, or twice as long before it, is its visit

// Groups of adverse events by words of their terms; the rest counts as other.
enum class HarmGroup : std::uint8_t {
  febrile_neutropenia,
  infection,
  autoimmunity,
  graft_versus_host,
  graft_versus_host_organ,  // told beside the disease as a whole, by stage or score, which are no grades
  malignancy,
  fertility,
  other
};

bool has_any(std::string_view term, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return term.find(w) != std::string_view::npos; });
}

HarmGroup group_of(std::string_view term) {
  if (has_any(term, {"malignancy", "leukaemia", "lymphoma", "lymphoproliferative", "teratoma", "carcinoma",
                     "tumour", "cancer"}))
    return HarmGroup::malignancy;
  if (has_any(term, {"febrile neutropenia"})) return HarmGroup::febrile_neutropenia;
  if (has_any(term,
              {"infection", "sepsis", "reactivation", "zoster", "multifocal", "meningitis", "pneumonia"}))
    return HarmGroup::infection;
  if (has_any(term, {"autoimmune", "immune thrombocytopenia"})) return HarmGroup::autoimmunity;
  if (has_any(term, {"graft-versus-host"})) return HarmGroup::graft_versus_host;
  if (has_any(term, {"GvHD"})) return HarmGroup::graft_versus_host_organ;
  if (has_any(term, {"menopause", "ovarian failure", "infertility", "azoospermia"}))
    return HarmGroup::fertility;
  return HarmGroup::other;
}

endpoints::WorseningOptions worsening_definition() {
  return endpoints::with_confirmation(endpoints::worsening_preset(endpoints::WorseningPreset::msbase).options,
                                      endpoints::months(6));
}

endpoints::NedaOptions neda_definition() {
  endpoints::NedaOptions neda;
  neda.rebaseline_day = 183;
  neda.worsening = worsening_definition();
  return neda;
}

enum class Common : std::size_t {
  relapse_free,
  worsening_free,
  neda,
  better,
  walking_aid,
  wheelchair,
  death,
  treatment_death,
  febrile_neutropenia,
  infection,
  autoimmunity,
  graft_versus_host,
  malignancy,
  fertility,
  other_harm,
  count,
};

Protocol protocol_of(const Option& option, const OptionSettings& settings, int people) {
  Protocol p;
  p.id = "compare";
  p.seed = settings.seed;
  p.replicates = 1;
  p.study.year = settings.year;
  p.study.experienced_centre = settings.experienced_centre;
  p.conduct.enabled = false;
  p.population.n = people;
  p.population.prior_therapy = settings.drug_today;
  Arm arm;
  arm.id = option.regimen;
  arm.keep_prior_therapy = option.goes_on;
  arm.regimens.push_back({option.regimen, 1.0, 0.0, {}, option.with});
  arm.sequence = option.then;
  p.arms.push_back(std::move(arm));
  const int longest = k_horizons_year[k_horizons - 1] + 1;
  p.accrual.duration_day = 0.0;
  p.accrual.follow_up_day = 365.25 * longest;
  for (int half = 1; half <= 2 * longest; ++half) p.visits.edss.at_day.push_back(k_half_year_day * half);
  p.visits.mri.at_day = {0.0, k_half_year_day};
  for (int year = 1; year <= longest; ++year) p.visits.mri.at_day.push_back(365.25 * year);
  return p;
}

// EDSS of the scheduled visits after today, by day.
struct Examination {
  int day = 0;
  double edss = 0.0;
};
std::vector<Examination> scheduled(const Participant& who) {
  std::vector<Examination> out;
  for (const endpoints::Visit& v : who.visits) {
    if (v.scheduled && v.day > 0 && !endpoints::is_missing(v.edss)) out.push_back({v.day, v.edss});
  }
  return out;
}

// First day on which the EDSS has come to the level and is there at the next visit too.
int day_at(const std::vector<Examination>& seen, double edss) {
  for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
    if (seen[i].edss >= edss && seen[i + 1].edss >= edss) return seen[i].day;
  }
  return endpoints::kNever;
}

// At least a point better than today at the visit nearest before the horizon and at the one before.
bool better_at(const std::vector<Examination>& seen, int horizon_day, double edss_today) {
  const Examination* last = nullptr;
  const Examination* before = nullptr;
  for (const Examination& e : seen) {
    if (e.day > horizon_day + k_window_day) break;
    before = last;
    last = &e;
  }
  if (last == nullptr || before == nullptr || horizon_day - last->day > 2 * k_window_day) return false;
  return last->edss <= edss_today - 1.0 && before->edss <= edss_today - 1.0;
}

}  // namespace

Fate fate_of(Participant who, const OptionSettings& settings) {
  Fate fate;
  fate.has.assign(static_cast<std::size_t>(Common::count) * k_horizons, 0);
  fate.amount.assign((1 + endpoints::kSymptoms) * k_horizons, endpoints::kMissing);
  fate.death_day = who.death_day;
  // Today's EDSS is the recorded one: it is what a change is told from.
  if (!who.visits.empty() && who.visits.front().day == 0) who.visits.front().edss = settings.edss_today;
  const endpoints::PersonRecord record = who.record();
  const endpoints::TimeToEvent relapse = endpoints::time_to_first_relapse(record, 1);
  const endpoints::TimeToEvent worse = endpoints::time_to_confirmed_change(record, worsening_definition());
  const endpoints::TimeToEvent activity = endpoints::time_to_disease_activity(record, neda_definition());
  const std::vector<Examination> seen = scheduled(who);
  const int aid_day = day_at(seen, k_aid);
  const int wheelchair_day = day_at(seen, k_wheelchair);
  for (const endpoints::Harm& h : who.harms) fate.harms.push_back({h.term, h.grade, h.start_day});
  std::stable_sort(fate.harms.begin(), fate.harms.end(),
                   [](const HarmSeen& a, const HarmSeen& b) { return a.day < b.day; });
  for (std::size_t h = 0; h < k_horizons; ++h) {
    const auto day = static_cast<int>(std::lround(365.25 * k_horizons_year[h]));
    const auto set = [&](Common what, bool value) {
      fate.has[static_cast<std::size_t>(what) * k_horizons + h] = value ? 1 : 0;
    };
    const auto by_day = [&](const endpoints::TimeToEvent& t) { return t.event && t.day <= day; };
    const bool alive = who.death_day > day;
    set(Common::relapse_free, alive && !by_day(relapse));
    set(Common::worsening_free, alive && !by_day(worse));
    set(Common::neda, alive && !by_day(activity));
    set(Common::better, alive && better_at(seen, day, settings.edss_today));
    set(Common::walking_aid, aid_day <= day);
    set(Common::wheelchair, wheelchair_day <= day);
    set(Common::death, !alive);
    set(Common::treatment_death, !alive && who.treatment_death);
    const auto harmed = [&](HarmGroup group, int grade) {
      return std::any_of(fate.harms.begin(), fate.harms.end(), [&](const HarmSeen& x) {
        return x.day <= day && x.grade >= grade && group_of(x.term) == group;
      });
    };
    set(Common::febrile_neutropenia, harmed(HarmGroup::febrile_neutropenia, 3));
    set(Common::infection, harmed(HarmGroup::infection, 3));
    set(Common::autoimmunity, harmed(HarmGroup::autoimmunity, 2));
    set(Common::graft_versus_host, harmed(HarmGroup::graft_versus_host, 2));
    set(Common::malignancy, harmed(HarmGroup::malignancy, 1));
    set(Common::fertility, harmed(HarmGroup::fertility, 2));
    set(Common::other_harm, harmed(HarmGroup::other, 3));
    fate.amount[h] = mean_utility(who, day);
    for (std::size_t s = 0; s < endpoints::kSymptoms; ++s)
      fate.amount[(1 + s) * k_horizons + h] = severity_at(who, s, day);
  }
  return fate;
}

const std::vector<OutcomeSpec>& common_outcomes() {
  static const std::vector<OutcomeSpec> all = {
      {"relapse_free", "alive without a relapse", "No relapse reported since today.", Sense::benefit, {}},
      {"worsening_free",
       "alive without worsening",
       endpoints::definition(worsening_definition()),
       Sense::benefit,
       {}},
      {"neda",
       "alive without any activity (NEDA-3)",
       endpoints::definition(neda_definition()),
       Sense::benefit,
       {}},
      {"better",
       "at least one EDSS point better than today",
       "EDSS at least 1.0 below the recorded one of today, at the visit of that day and at the one half a "
       "year before.",
       Sense::benefit,
       {}},
      {"walking_aid",
       "needing a walking aid (EDSS 6)",
       "EDSS 6.0 or more at two visits half a year apart.",
       Sense::harm,
       {}},
      {"wheelchair",
       "needing a wheelchair (EDSS 7)",
       "EDSS 7.0 or more at two visits half a year apart.",
       Sense::harm,
       {}},
      {"death", "dead of any cause", "Death of any cause.", Sense::harm, {}},
      {"treatment_death", "dead of the treatment", "Death that the therapy caused.", Sense::harm, {}},
      {"febrile_neutropenia",
       "fever in hospital while white cells are missing (febrile neutropenia)",
       "Febrile neutropenia of CTCAE grade 3 or more: fever while neutrophils are lacking.",
       Sense::harm,
       {}},
      {"serious_infection",
       "another serious infection",
       "Infection of CTCAE grade 3 or more other than febrile neutropenia: sepsis counts here, in "
       "neutropenia "
       "too.",
       Sense::harm,
       {}},
      {"autoimmunity",
       "a second autoimmune disease",
       "Autoimmune disease of grade 2 or more that the therapy set off.",
       Sense::harm,
       {}},
      {"graft_versus_host",
       "graft-versus-host disease",
       "Acute graft-versus-host disease of MAGIC grade 2 or more, or chronic of moderate or severe NIH "
       "severity; an organ's stage alone does not count.",
       Sense::harm,
       {}},
      {"malignancy", "a malignancy by the therapy", "Malignancy that the therapy set off.", Sense::harm, {}},
      {"fertility",
       "early menopause",
       "Early menopause by the therapy; an interruption that ends is a single kind below.",
       Sense::harm,
       {}},
      {"other_harm",
       "another harm of grade 3 or more",
       "Any other adverse event of CTCAE grade 3 or more.",
       Sense::harm,
       {}}};
  return all;
}

std::optional<OutcomeSpec> told_of(const OutcomeSpec& outcome, bool female, double edss_today) {
  if (outcome.id == "walking_aid" && edss_today >= k_aid) return std::nullopt;
  if (outcome.id == "wheelchair" && (edss_today < k_aid || edss_today >= k_wheelchair)) return std::nullopt;
  if (outcome.id != "fertility" || female) return outcome;
  OutcomeSpec of_men = outcome;
  of_men.label = "infertility";
  of_men.definition = "Infertility of men is not simulated: nothing is said of it.";
  of_men.simulated = false;
  return of_men;
}

const std::vector<std::string>& harms_not_simulated() {
  static const std::vector<std::string> all = {
      "death by a drug or by cells other than a transplant's (only transplants kill here)",
      "infertility of men, and ovaries under mitoxantrone",
      "harm to an unborn child (nobody becomes pregnant)",
      "injury of the liver and skin by most drugs, reactions to injections, flu-like symptoms",
      "kidneys and strokes after alemtuzumab",
      "engraftment syndrome, cystitis and failing kidneys after one's own transplant, fungi by name"};
  return all;
}

const std::vector<MeasureSpec>& common_measures() {
  static const std::vector<MeasureSpec> all = [] {
    constexpr std::array<std::string_view, endpoints::kSymptoms> k_labels = {
        "fatigue",         "pain",           "numbness",
        "trouble walking", "trouble seeing", "trouble with coordination",
        "bladder trouble", "low mood",       "trouble with memory and thinking"};
    std::vector<MeasureSpec> out = {
        {"eq5d", "EQ-5D utility, mean over the years", "utility",
         "Mean from today to then of the utility at the half-yearly examinations, with straight lines "
         "between them, nought after death. A table by EDSS, less a decrement for a relapse in the half year "
         "before.",
         Sense::benefit, 3}};
    for (std::size_t s = 0; s < endpoints::kSymptoms; ++s)
      out.push_back(
          {std::string(endpoints::kSymptomNames[s]), std::string(k_labels[s]), "severity 0-10",
           "Severity at the examination of that time, 0 none to 10 worst imaginable, of those alive.",
           Sense::harm, 2, true});
    return out;
  }();
  return all;
}

double mean_utility(const Participant& who, int horizon_day) {
  const double until = std::min(horizon_day, who.death_day);
  const endpoints::Visit* last = nullptr;
  double area = 0.0;
  for (const endpoints::Visit& v : who.visits) {
    if (!v.scheduled || v.day < 0 || std::isnan(v.eq5d)) continue;
    if (last != nullptr && v.day > last->day) {
      const double whole = v.day - last->day;
      const double part = std::min(whole, until - last->day);
      const auto from = static_cast<double>(last->eq5d);
      const double rise = static_cast<double>(v.eq5d) - from;
      area += part * (from + 0.5 * rise * part / whole);
    }
    last = &v;
    if (v.day >= until) break;
  }
  if (last == nullptr) return endpoints::kMissing;
  if (last->day < until) area += (until - last->day) * static_cast<double>(last->eq5d);
  return area / horizon_day;
}

double severity_at(const Participant& who, std::size_t symptom, int horizon_day) {
  if (who.death_day <= horizon_day) return endpoints::kMissing;
  double severity = endpoints::kMissing;
  for (const endpoints::Visit& v : who.visits) {
    if (v.scheduled && v.day >= horizon_day - 2 * k_window_day && v.day <= horizon_day + k_window_day)
      severity = static_cast<double>(v.symptoms[symptom]);
  }
  return severity;
}

std::vector<Fate> follow(const Environment& environment, const disease::Parameters& parameters,
                         const std::vector<cohort::Candidate>& lives, const Option& option,
                         const OptionSettings& settings,
                         const std::function<void(std::size_t, const Participant&)>& seen) {
  const auto n = static_cast<int>(lives.size());
  const Protocol protocol = protocol_of(option, settings, n);
  Recruitment everybody;
  everybody.disease = parameters;
  everybody.pool.candidates = lives;
  everybody.pool.lives = n;
  everybody.pool.excluded_by.assign(criterion_names().size(), 0);
  everybody.weight.assign(lives.size(), 1.0 / static_cast<double>(n));
  for (const cohort::Candidate& c : lives) everybody.person.push_back(c.person.person);
  Replicate replicate = simulate_replicate(protocol, environment, everybody, 0, ConductSwitch::off);
  // Enrolled in an order of their own: put back by number.
  std::vector<Fate> fates(lives.size());
  for (Participant& who : replicate.participants) {
    const auto at = std::find(everybody.person.begin(), everybody.person.end(), who.person);
    const auto life = static_cast<std::size_t>(at - everybody.person.begin());
    if (seen) seen(life, who);
    fates[life] = fate_of(std::move(who), settings);
  }
  return fates;
}

}  // namespace hortega::trial
