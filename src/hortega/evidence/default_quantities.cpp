// SPDX-License-Identifier: Apache-2.0
// What a trialist expects to read of an endpoint without asking.
#include "hortega/evidence/default_quantities.hpp"

#include <cmath>
#include <string_view>

#include "hortega/evidence/endpoint_plan.hpp"
#include "hortega/evidence/visit_days.hpp"

namespace hortega::evidence {
namespace {

using Kind = trial::EndpointKind;
using Names = std::vector<std::string_view>;

struct Expected {
  Names at_end, yearly;                      // of an arm
  Names contrasts_at_end, contrasts_yearly;  // of two
};

void append(Names& to, const Names& from) { to.insert(to.end(), from.begin(), from.end()); }

Expected expected(const trial::EndpointSpec& spec) {
  Expected e;
  if (has_time(spec)) {
    e.at_end = {"events", "percent", "km_percent", "median_time_months"};
    e.yearly = {"km_percent"};
    e.contrasts_at_end = {"hazard_ratio"};
  }
  switch (spec.kind) {
    case Kind::relapse:
      append(e.at_end, {"km_free_percent", "count", "rate"});
      append(e.yearly, {"km_free_percent", "rate"});
      append(e.contrasts_at_end, {"rate_ratio", "rate_reduction_percent"});
      break;
    case Kind::neda3:
    case Kind::neda4:
      append(e.at_end, {"free_percent", "km_free_percent"});
      append(e.yearly, {"free_percent", "km_free_percent"});
      append(e.contrasts_at_end, {"odds_ratio"});
      break;
    case Kind::relapse_free_survival:
      append(e.at_end, {"km_free_percent"});
      append(e.yearly, {"km_free_percent"});
      break;
    case Kind::pira:
    case Kind::raw:
      append(e.at_end, {"share_percent"});
      break;
    case Kind::gd:
    case Kind::new_t2:
    case Kind::new_t1:
      e.at_end = {"mean_count", "per_scan", "percent_with"};
      e.yearly = {"mean_count", "percent_with"};
      e.contrasts_at_end = {"rate_ratio", "count_reduction_percent"};
      break;
    case Kind::edss:
    case Kind::t25fw:
    case Kind::nhpt:
    case Kind::sdmt:
    case Kind::low_contrast:
    case Kind::vep:
    case Kind::eq5d:
      if (has_time(spec)) break;
      e.at_end = e.yearly = {"mean", "sd", "median", "mean_change"};
      e.contrasts_at_end = e.contrasts_yearly = {"mean_change_difference"};
      break;
    case Kind::t2_volume:
    case Kind::t1_volume:
      e.at_end = e.yearly = {"mean", "mean_change", "median_percent_change"};
      e.contrasts_at_end = e.contrasts_yearly = {"mean_change_difference"};
      break;
    case Kind::brain_volume:
      e.at_end = e.yearly = {"mean_change", "median_change"};
      append(e.at_end, {"percent_change_per_year"});
      e.contrasts_at_end = e.contrasts_yearly = {"mean_change_difference"};
      break;
    case Kind::snfl:
      e.at_end = e.yearly = {"mean", "median", "geometric_mean_percent_change"};
      e.contrasts_at_end = e.contrasts_yearly = {"mean_change_difference"};
      break;
    case Kind::trm:
    case Kind::adverse_event:
      e.at_end = {"events", "percent", "km_percent"};
      e.contrasts_at_end = {"odds_ratio"};
      break;
    case Kind::anc_engraftment:
    case Kind::platelet_engraftment:
      e = {{"percent", "mean", "median", "sd", "not_below_percent"}, {}, {}, {}};
      break;
    default:
      break;
  }
  if (spec.within_day) e.yearly.clear();
  return e;
}

}  // namespace

std::vector<Quantity> default_quantities(const trial::Protocol& protocol) {
  std::vector<Quantity> all;
  const auto years = yearly_days(protocol.accrual.follow_up_day);
  for (const auto& spec : protocol.endpoints) {
    const Expected e = expected(spec);
    for (const auto& arm : protocol.arms) {
      for (const auto estimator : e.yearly) {
        for (const double day : years) all.push_back({spec.id, std::string(estimator), arm.id, "", day, ""});
      }
      for (const auto estimator : e.at_end)
        all.push_back({spec.id, std::string(estimator), arm.id, "", 0.0, ""});
    }
    for (const auto& pair : protocol.analysis.contrasts) {
      for (const auto estimator : e.contrasts_yearly) {
        for (const double day : years)
          all.push_back({spec.id, std::string(estimator), pair.at(0), pair.at(1), day, ""});
      }
      for (const auto estimator : e.contrasts_at_end)
        all.push_back({spec.id, std::string(estimator), pair.at(0), pair.at(1), 0.0, ""});
    }
  }
  return all;
}

bool same_question(const Quantity& a, const Quantity& b) {
  return a.endpoint == b.endpoint && a.estimator == b.estimator && a.arm == b.arm &&
         a.reference == b.reference && a.subgroup == b.subgroup && std::abs(a.time_day - b.time_day) < 1.0 &&
         (a.time_day == 0.0) == (b.time_day == 0.0);
}

}  // namespace hortega::evidence
