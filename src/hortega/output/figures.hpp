// SPDX-License-Identifier: Apache-2.0
// The Vega-Lite specifications of the report's figures, as JSON that may stand inside a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hortega/evidence/summary.hpp"

namespace hortega::output {

/// A figure: what its heading says, what a screen reader says, and its specification ('<' escaped).
struct Figure {
  std::string title;
  std::string description;
  std::string spec;
};

/// The unit of a time axis that ends at `last_day`, and how many days it has.
struct TimeUnit {
  std::string plural;
  double days = 1.0;
};
TimeUnit time_unit(double last_day);

/// Days of the columns of a table below an axis that ends at `last_day`: from 0 in round steps of its unit
/// (months: 1, 3, 6, 12), a handful of them; the end is among them where it is a whole number of units.
std::vector<double> table_days(double last_day);

/// Days shown of the curves of an endpoint: all, or, where they have long become flat, the beginning.
double last_day_shown(const std::vector<const evidence::Curve*>& curves);

/// Endpoints whose curve is shown rising (share with the event) rather than falling (share without).
bool is_shown_rising(trial::EndpointKind kind);

/// Mean Kaplan-Meier curves of the arms with the range of 95 % of trials.
Figure curve_figure(const evidence::RunSummary& summary, const trial::EndpointSpec& spec,
                    const std::vector<const evidence::Curve*>& curves);

/// A measure over time: mean and, unless it counts, the middle half of people.
Figure band_figure(const evidence::RunSummary& summary, const std::string& measure,
                   const std::vector<const evidence::Band*>& bands);

/// The hazard ratios of rows of the multiverse as a forest, the smallest first, with the share of significant
/// trials on the right. Rows without a defined ratio in half of the trials have no point.
Figure multiverse_figure(const std::vector<const evidence::MultiverseRow*>& rows, std::string_view heading,
                         double alpha);

/// A definition as short as an axis can name it: "mist 6 months".
std::string short_name(const evidence::MultiverseDefinition& definition);

/// One person: EDSS steps, relapses, scans, therapy marks.
Figure person_figure(const evidence::RunSummary& summary, const trial::Participant& person);

/// JSON text with '<' as \u003c: safe inside a script element.
std::string for_script(const std::string& json);

}  // namespace hortega::output
