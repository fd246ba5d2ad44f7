// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/hsct_harms.hpp"

#include "hortega/therapy/autoimmunity.hpp"

namespace hortega::therapy {

namespace {

// Scale of the fatality model: where its base value holds.
constexpr double k_reference_age = 36.0;     // not biology: scale
constexpr double k_reference_edss = 3.5;     // not biology: scale
constexpr double k_reference_year = 2015.0;  // not biology: scale
constexpr double k_neutropenia = 0.5;  // not biology: CTCAE grade 4 and the definition of engraftment, 1e9/L

constexpr double k_lasting_day = 1095.0;  // not biology: what lasts is recorded for three years

double logistic(double x) { return 1.0 / (1.0 + math::exp(-x)); }
double chance(double hazard) { return 1.0 - math::exp(-hazard); }

enum DrawNumber : std::uint32_t {
  k_day = 0,
  k_carrier = 8,
  k_mobilisation = 12,
  k_organs = 16,
  k_ovary = 24,
  k_late = 28
};

core::Draws draws(const Patient& patient, int day, std::uint32_t number) {
  return {patient.key, core::Purpose::aplasia, static_cast<std::uint32_t>(day),
          slot_index(Slot::transplant, number)};
}

}  // namespace

double fatality(const Parameters& p, const Patient& patient, double base, double mucosa) {
  const double logit = math::log(base / (1.0 - base)) +
                       p.fatality_by_age.value * (patient.state.age_year() - k_reference_age) +
                       p.fatality_by_edss.value * (patient.last_edss - k_reference_edss) +
                       p.fatality_by_year.value * (patient.setting.calendar_year - k_reference_year) +
                       (patient.setting.experienced_centre ? 0.0 : p.fatality_by_inexperience.value) +
                       p.fatality_by_mucosa.value * mucosa;
  return logistic(logit);
}

void TransplantInfections::begin(const Parameters& p, const Patient& patient) {
  core::Draws d(patient.key, core::Purpose::response, 0, slot_index(Slot::transplant, k_carrier));
  cmv_carrier_ = d.happens(p.cmv_carriers.value);
  ebv_carrier_ = d.happens(p.ebv_carriers.value);
}

bool TransplantInfections::sepsis(const Parameters& p, const Patient& patient, int day, double u_event,
                                  double u_death, double exposure_day, double mucosa, CourseSink& sink) {
  const double hazard = p.sepsis_rate.value * (1.0 + p.sepsis_by_mucosa.value * mucosa) *
                        math::exp(p.sepsis_by_edss.value * (patient.last_edss - k_reference_edss)) *
                        exposure_day;
  if (u_event >= chance(hazard)) return false;
  const bool dies = u_death < fatality(p, patient, p.fatality.value, mucosa);
  sink.harm({"sepsis", dies ? 5 : 4, day, day + 10, true});  // not biology: recorded for ten days
  if (dies) sink.death("infection in neutropenia");
  return dies;
}

bool TransplantInfections::mobilisation(const Parameters& p, const Patient& patient, int day,
                                        double neutropenic_days, CourseSink& sink) {
  core::Draws d = draws(patient, day, k_mobilisation);
  const double u_fever = d.uniform();
  const double u_sepsis = d.uniform();
  const double u_death = d.uniform();
  if (u_fever < chance(p.febrile_neutropenia_rate.value * neutropenic_days)) {
    sink.harm({"febrile neutropenia", 3, day, day + 4, true});  // not biology: recorded for four days
  }
  return sepsis(p, patient, day, u_sepsis, u_death, neutropenic_days, 0.0, sink);
}

bool TransplantInfections::step(const Parameters& p, const Patient& patient, int day, int days,
                                const DayCounts& counts, bool after_graft, CourseSink& sink) {
  core::Draws d = draws(patient, day, k_day);
  const double u_fever = d.uniform();
  const double u_sepsis = d.uniform();
  const double u_death = d.uniform();
  const double u_lymphopenic = d.uniform();
  const double u_serious = d.uniform();
  const double u_serious_death = d.uniform();
  const double u_cmv = d.uniform();
  const double u_cmv_treated = d.uniform();
  const double u_ebv = d.uniform();
  const double u_ebv_treated = d.uniform();
  const double u_zoster = d.uniform();

  if (counts.neutrophils_e9_per_l < k_neutropenia) {
    if (!fever_ && u_fever < chance(p.febrile_neutropenia_rate.value * days)) {
      fever_ = true;                                              // one episode a transplant is recorded
      sink.harm({"febrile neutropenia", 3, day, day + 4, true});  // not biology: recorded for four days
    }
    if (sepsis(p, patient, day, u_sepsis, u_death, days, counts.mucosa, sink)) return true;
  }
  if (!after_graft) return false;

  const double years = days / 365.25;
  const double rate =
      p.lymphopenic_infection_rate.value * math::exp(-counts.t_level / p.lymphopenic_infection_scale.value);
  if (u_lymphopenic < chance(rate * years)) {
    const bool serious = u_serious < p.lymphopenic_serious_share.value;
    const bool dies = serious && u_serious_death < fatality(p, patient, p.fatality.value, 0.0);
    sink.harm(
        {serious ? "serious infection" : "infection", dies ? 5 : (serious ? 3 : 2), day, day + 14, serious});
    if (dies) {
      sink.death("infection in lymphopenia");
      return true;
    }
  }
  // Latent viruses: control is lost with T cells; DNA shows in blood after a lag.
  const double lost = math::exp(-counts.t_level / p.reactivation_scale.value);
  const int shows = day + static_cast<int>(p.reactivation_lag.value);
  if (cmv_carrier_ && !cmv_done_ && u_cmv < chance(p.cmv_rate.value * lost * days)) {
    cmv_done_ = true;
    viruses_.add({"cytomegalovirus reactivation", u_cmv_treated < p.reactivation_treated.value ? 3 : 1, shows,
                  shows + 21, false});
  }
  if (ebv_carrier_ && !ebv_done_ && u_ebv < chance(p.ebv_rate.value * lost * days)) {
    ebv_done_ = true;
    viruses_.add({"Epstein-Barr virus reactivation", u_ebv_treated < p.reactivation_treated.value ? 3 : 1,
                  shows, shows + 21, false});
  }
  const double missing = std::clamp(1.0 - counts.t_level, 0.0, 1.0);
  if (!zoster_done_ &&
      u_zoster < chance(p.zoster_rate.value * (1.0 + p.zoster_by_lymphopenia.value * missing) * years)) {
    zoster_done_ = true;
    sink.harm({"herpes zoster", 2, day, day + 28, false});  // not biology: recorded for four weeks
  }
  viruses_.tell(day, sink);
  return false;
}

std::vector<OrganToxicity> draw_organ_toxicity(const Parameters& p, const Patient& patient, int graft_day,
                                               const Exposure& exposure) {
  core::Draws d = draws(patient, graft_day, k_organs);
  const double u_mucositis = d.uniform();
  struct Organ {
    const char* term;
    double dose, at, slope, fatal;
    double after, u_event, u_death;
  };
  const double u[6] = {d.uniform(), d.uniform(), d.uniform(), d.uniform(), d.uniform(), d.uniform()};
  const Organ organs[] = {
      {"veno-occlusive disease", exposure.busulfan_mg_per_kg, p.venoocclusive_dose.value,
       p.venoocclusive_slope.value, p.venoocclusive_fatality.value, p.venoocclusive_day.value, u[0], u[1]},
      {"cardiac toxicity", exposure.cyclophosphamide_mg_per_kg, p.cardiac_dose.value, p.cardiac_slope.value,
       p.cardiac_fatality.value, p.cardiac_day.value, u[2], u[3]},
      {"interstitial pneumonitis", exposure.carmustine_mg_per_m2, p.pneumonitis_dose.value,
       p.pneumonitis_slope.value, p.pneumonitis_fatality.value, p.pneumonitis_day.value, u[4], u[5]},
  };
  std::vector<OrganToxicity> all;
  const int mucositis = graft_day + static_cast<int>(p.mucositis_day.value);
  if (u_mucositis < exposure.mucosa / (exposure.mucosa + p.mucositis_threshold.value)) {
    all.push_back(
        {{"oral mucositis", 3, mucositis, mucositis + 9, false}, false});  // not biology: recorded so long
  }
  for (const Organ& o : organs) {
    if (o.dose <= 0.0 || o.u_event >= logistic(o.slope * (o.dose - o.at))) continue;
    const bool fatal = o.u_death < fatality(p, patient, o.fatal, 0.0);
    const int day = graft_day + static_cast<int>(o.after);
    all.push_back(
        {{o.term, fatal ? 5 : 3, day, day + 21, true}, fatal});  // not biology: recorded for three weeks
  }
  return all;
}

void draw_late_harms(const Parameters& p, const Patient& patient, int graft_day, LateHarms& late) {
  core::Draws d = draws(patient, graft_day, k_ovary);
  const double u = d.uniform();
  const double age = patient.state.age_year();
  if (patient.profile->female && age < p.ovarian_window_age.value) {
    const bool recovers = u < logistic(-p.ovarian_failure_slope.value * (age - p.ovarian_failure_age.value));
    // Menses stop in all; recovery takes months; what does not recover is recorded for three years (not
    // biology).
    late.add({recovers ? "amenorrhoea" : "premature menopause", recovers ? 2 : 3, graft_day + 30,
              graft_day + static_cast<int>(recovers ? p.amenorrhoea_duration.value : k_lasting_day), false});
  }
  draw_autoimmunity(p, patient, graft_day, Slot::transplant, k_late, p.transplant_autoimmunity_share.value,
                    late);
}

}  // namespace hortega::therapy
