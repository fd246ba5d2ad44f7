// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/progenitor_harms.hpp"

#include "hortega/therapy/response.hpp"

namespace hortega::therapy {

namespace {
constexpr std::uint32_t k_procedure_number = 1;  // of the slot's draws of harms
constexpr std::uint32_t k_tumour_number = 2;
}  // namespace

double tumour_chance(double p, double n) {
  if (p >= 1.0) return n > 0.0 ? 1.0 : 0.0;
  return 1.0 - math::exp(n * math::log(1.0 - p));
}

void draw_procedure_harms(const Parameters& p, const ProgenitorPlan& plan, const Patient& patient, int day,
                          CourseSink& sink) {
  core::Draws d(patient.key, core::Purpose::harm, static_cast<std::uint32_t>(day),
                slot_index(Slot::progenitors, k_procedure_number));
  switch (plan.route) {
    case ProgenitorRoute::intracerebral:
      if (d.happens(tumour_chance(p.graft_bleeding.value, plan.tracts))) {
        sink.harm({"intracranial haemorrhage", 3, day, day + 30, true});  // not biology: recorded for a month
        disease::Pulse pulse;
        pulse.toxic_axon_share = p.graft_bleeding_axons.value;
        sink.pulse(pulse);
      }
      return;
    case ProgenitorRoute::ventricular:
      if (d.happens(p.ventricular_complication.value)) {
        sink.harm({"ventricular haemorrhage or infection", 3, day, day + 14, true});
      }
      return;
    case ProgenitorRoute::intrathecal:
      if (d.happens(p.lumbar_headache.value)) sink.harm({"headache", 1, day, day + 5, false});
      return;
  }
}

void Teratoma::draw(const Parameters& p, const ProgenitorPlan& plan, double pluripotent_cells,
                    const Patient& patient, int graft_day, int today) {
  core::Draws d(patient.key, core::Purpose::harm, static_cast<std::uint32_t>(graft_day),
                slot_index(Slot::progenitors, k_tumour_number));
  const bool comes = d.happens(tumour_chance(p.teratoma_chance.value, pluripotent_cells));
  const double z = d.normal();
  if (!comes) return;
  const int visible = today + static_cast<int>(personal(p.teratoma_visible, z, 1.0, 1e4));
  const int symptoms = visible + static_cast<int>(p.teratoma_symptoms.value);
  day_ = symptoms;
  if (plan.surveillance_every_day) {
    const double every = *plan.surveillance_every_day;
    const int scans = static_cast<int>((visible - graft_day) / every) + 1;
    const int scan = graft_day + static_cast<int>(scans * every);
    by_scan_ = scan < symptoms;
    if (by_scan_) day_ = scan;
  }
}

void Teratoma::tell(const Parameters& p, int day, CourseSink& sink) {
  if (told_ || day_ > day) return;
  told_ = true;
  if (by_scan_) {
    sink.harm({"teratoma found by surveillance", 3, day, day + 90, true});  // not biology: recorded so long
    return;
  }
  sink.harm({"teratoma with symptoms", 4, day, day + 365, true});  // not biology: recorded for a year
  disease::Pulse pulse;
  pulse.toxic_axon_share = p.teratoma_axons.value;
  sink.pulse(pulse);
}

}  // namespace hortega::therapy
