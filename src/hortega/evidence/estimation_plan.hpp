// SPDX-License-Identifier: Apache-2.0
// What an estimation works out once, before any replicate: endpoints, questions, curves and bands by index.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hortega/evidence/endpoint_plan.hpp"
#include "hortega/evidence/estimates.hpp"
#include "hortega/evidence/estimator.hpp"
#include "hortega/evidence/model_inputs.hpp"
#include "hortega/evidence/summary.hpp"
#include "hortega/evidence/tallies.hpp"

namespace hortega::evidence {

/// People whom a number is about; an empty member means everybody.
struct Group {
  std::optional<std::size_t> arm;
  std::optional<std::size_t> subgroup;
  auto operator<=>(const Group&) const = default;
};

/// A quantity with its names looked up.
struct Question {
  Estimator estimator = Estimator::mean;
  std::size_t endpoint = 0;
  bool is_contrast = false;
  Group group, reference;
  bool whole = true;           ///< over the whole follow-up
  double horizon_day = 0.0;    ///< beyond every day where whole
  double visit_day = 0.0;      ///< the planned visit or scan nearest to the time asked (the last where whole)
  double evaluated_day = 0.0;  ///< the last day that counts, or that of the visit
  bool is_scanned = true;      ///< NEDA's landmark: a scan is planned in its window, else nobody can be free
};

struct CurvePlan {
  std::size_t endpoint = 0;
  std::size_t arm = 0;
  std::vector<double> day;
};

inline constexpr std::array<std::string_view, 9> k_flow_boxes = {"allocated",   "received", "not_received",
                                                                 "dropped_out", "died",     "data_cut",
                                                                 "completed",   "rescued",  "switched"};

/// A row of the multiverse by the indices of its questions.
struct MultiverseRowPlan {
  std::size_t definition = 0;  ///< into EstimationPlan::definitions
  std::size_t arm = 0;
  std::optional<std::size_t> reference;
  std::size_t events = 0, percent = 0, reference_events = 0, reference_percent = 0, hazard_ratio = 0;
};

struct EstimationPlan {
  /// See Estimation's constructor.
  EstimationPlan(trial::Protocol wanted, std::span<const Quantity> asked, Scope wanted_scope);

  /// Last day of interest of an endpoint, a whole one: its own limit, 60 days for engraftment, else the last
  /// of follow-up.
  double horizon_of(std::size_t endpoint) const;

  /// Days from the origin: that of the visit for what is read at one, else the last whose events count.
  double evaluated_day_of(const Question& question) const;

  Scope scope;
  trial::Protocol protocol;             ///< scope `asked`: without the endpoints that no question needs
  std::vector<EndpointPlan> endpoints;  ///< the protocol's, then those of the multiverse
  std::vector<trial::Origin> origins;   ///< frames that are needed; randomisation always
  std::vector<Quantity> quantities;
  std::vector<Question> questions;  ///< one a quantity
  std::size_t reported = 0;         ///< so many of them are estimates, the others the multiverse's
  std::vector<MultiverseDefinition> definitions;
  std::vector<MultiverseRowPlan> multiverse;
  std::vector<CurvePlan> curves;
  BandPlan bands;
  ModelPlan model;

 private:
  void add_multiverse();
};

/// Does a person with this entry belong to the subgroup? Relapses are known for the 12 and 24 months before
/// entry, Gd+ lesions at entry.
bool belongs(const trial::Subgroup& subgroup, const trial::BaselineRecord& baseline);

}  // namespace hortega::evidence
