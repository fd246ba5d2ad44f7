// SPDX-License-Identifier: Apache-2.0
// Vega-Lite specifications.
#include "hortega/output/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "hortega/output/assets.hpp"
#include "hortega/output/parameter_range.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using Json = nlohmann::ordered_json;

std::string to_text(const Json& json) {
  return for_script(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Rounded for a page: four digits draw a figure, fifteen make it heavy.
Json number(double value, int digits = 5) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
}

/// Arms of the figure in the order of the protocol, each with its own colour and dashes.
Json arm_scale(const trial::Protocol& protocol, const char* what) {
  Json domain = Json::array(), range = Json::array();
  const bool colour = std::string_view(what) == "colour";
  for (std::size_t i = 0; i < protocol.arms.size(); ++i) {
    domain.push_back(protocol.arms[i].id);
    if (colour)
      range.push_back(k_arm_colours[i % k_arm_colours.size()]);
    else
      range.push_back(Json::parse("[" + std::string(k_arm_dashes[i % k_arm_dashes.size()]) + "]"));
  }
  return {{"domain", domain}, {"range", range}};
}

Json base(const std::string& description, int height) {
  return {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
          {"description", description},
          {"width", "container"},
          {"height", height},
          {"autosize", {{"type", "fit-x"}, {"contains", "padding"}}}};
}

/// From 0 to `last` units; 4.9993 years end at 5, so that the axis shows it.
Json time_axis(const std::string& title, double last) {
  if (std::abs(last - std::round(last)) < 0.01 * last) last = std::max(last, std::round(last));
  return {{"field", "t"},
          {"type", "quantitative"},
          {"title", title},
          {"scale", {{"domain", {0, number(last)}}, {"nice", false}}},
          {"axis", {{"grid", false}, {"domain", true}, {"tickCount", 6}}}};
}

/// The page names the arms above each figure, so no layer has a legend.
Json arm_channel(const trial::Protocol& protocol, const char* what) {
  return {{"field", "arm"}, {"type", "nominal"}, {"scale", arm_scale(protocol, what)}, {"legend", nullptr}};
}

Json y_channel(const char* field, std::string_view title, const Json& scale) {
  return {{"field", field},
          {"type", "quantitative"},
          {"title", title},
          {"scale", scale},
          {"axis", {{"tickCount", 5}}}};
}

/// Band (where asked for), line and points of each arm from values with t, y, l, h and arm.
enum class Shape : std::uint8_t { steps, lines };
/// `two`: a second one inside, from pl and ph.
enum class BandShown : std::uint8_t { yes, two, no };
Json arm_layers(const trial::Protocol& protocol, std::string_view y_title, const Json& y_scale, Shape shape,
                BandShown band, const std::string& time_title) {
  const char* interpolate = shape == Shape::steps ? "step-after" : "linear";
  const Json tooltip = {{{"field", "arm"}, {"title", "Arm"}},
                        {{"field", "t"}, {"title", time_title}, {"format", ".3~g"}},
                        {{"field", "y"}, {"title", y_title}, {"format", ".3~g"}}};
  Json layers = Json::array();
  const auto area = [&](const char* low, const char* high, double opacity) {
    layers.push_back({{"mark", {{"type", "area"}, {"interpolate", interpolate}, {"opacity", opacity}}},
                      {"encoding",
                       {{"y", y_channel(low, y_title, y_scale)},
                        {"y2", {{"field", high}}},
                        {"color", arm_channel(protocol, "colour")}}}});
  };
  if (band != BandShown::no) area("l", "h", 0.16);
  if (band == BandShown::two) area("pl", "ph", 0.3);
  layers.push_back(
      {{"mark", {{"type", "line"}, {"interpolate", interpolate}, {"strokeWidth", 2.2}, {"clip", true}}},
       {"encoding",
        {{"y", y_channel("y", y_title, y_scale)},
         {"color", arm_channel(protocol, "colour")},
         {"strokeDash", arm_channel(protocol, "dash")},
         {"tooltip", tooltip}}}});
  if (shape == Shape::lines)
    layers.push_back({{"mark", {{"type", "point"}, {"filled", true}, {"size", 34}, {"opacity", 1}}},
                      {"encoding",
                       {{"y", y_channel("y", y_title, y_scale)},
                        {"color", arm_channel(protocol, "colour")},
                        {"tooltip", tooltip}}}});
  return layers;
}

struct MeasureWords {
  std::string_view measure, heading, axis;
  int decimals;
};
constexpr std::array<MeasureWords, 12> k_measures = {
    {{"edss", "Mean EDSS", "EDSS", 1},
     {"snfl", "Mean serum NfL", "Serum NfL (pg/mL)", 1},
     {"lymphocytes", "Mean lymphocyte count", "Lymphocytes (1e9/L)", 2},
     {"brain_volume", "Mean change of brain volume", "Change of brain volume (%)", 2},
     {"t2_volume", "Mean T2 lesion volume", "T2 lesion volume (mL)", 1},
     {"t1_volume", "Mean T1-hypointense volume", "T1-hypointense volume (mL)", 2},
     {"eq5d", "Mean utility", "EQ-5D utility", 2},
     {"low_contrast", "Mean low-contrast letters", "Letters at 2.5 % contrast", 1},
     {"vep", "Mean latency of evoked potentials", "P100 latency (ms)", 1},
     {"cumulative_relapses", "Relapses a person so far", "Relapses per person, cumulative", 2},
     {"gd", "Mean number of Gd+ lesions on a scan", "Gd+ lesions per scan", 2},
     {"rims", "Mean number of paramagnetic rim lesions", "Rim lesions per scan", 2}}};

MeasureWords words_of(const std::string& measure) {
  for (const auto& known : k_measures)
    if (known.measure == measure) return known;
  return {measure, measure, measure, 2};
}

/// Value at the last index where it is a number; NaN if there is none.
double last_value(const std::vector<double>& values) {
  for (auto it = values.rbegin(); it != values.rend(); ++it)
    if (std::isfinite(*it)) return *it;
  return endpoints::kMissing;
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  // "-0.00" is 0.00.
  if (text.find_first_of("123456789") == std::string::npos) return text[0] == '-' ? text.substr(1) : text;
  return text[0] == '-' ? "\u2212" + text.substr(1) : text;
}

}  // namespace

std::string for_script(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

TimeUnit time_unit(double last_day) {
  if (last_day <= 120.0) return {"days", 1.0};
  if (last_day <= 36.5 * 30.4375) return {"months", 30.4375};
  return {"years", 365.25};
}

std::vector<double> table_days(double last_day) {
  static const std::vector<double> day_steps = {1, 2, 3, 5, 7, 10, 14, 20, 28};
  static const std::vector<double> month_steps = {1, 3, 6, 12, 24};
  static const std::vector<double> year_steps = {1, 2, 3, 5, 10, 20, 30};
  const TimeUnit unit = time_unit(last_day);
  const auto& steps = unit.plural == "days" ? day_steps : unit.plural == "months" ? month_steps : year_steps;
  const double whole = std::round(last_day / unit.days);
  const bool ends_whole =
      whole >= 1.0 && std::abs(last_day / unit.days - whole) < 0.01 * whole;  // as time_axis
  const double end = ends_whole ? whole : last_day / unit.days;
  const auto is_short = [&](double step) { return end / step <= 6.5; };
  const auto divides = [&](double step) {
    return is_short(step) && ends_whole && end / step >= 3.0 && std::fmod(end, step) == 0.0;
  };
  auto step = std::find_if(steps.begin(), steps.end(), divides);
  if (step == steps.end()) step = std::find_if(steps.begin(), steps.end(), is_short);
  if (step == steps.end()) --step;
  std::vector<double> days;
  for (int i = 0; i * *step <= end; ++i) days.push_back(i * *step);
  if (ends_whole && days.back() < end) {
    if (days.size() > 1 && end - days.back() < 0.5 * *step) days.pop_back();
    days.push_back(end);
  }
  for (double& day : days) day *= unit.days;
  return days;
}

double last_day_shown(const std::vector<const evidence::Curve*>& curves) {
  double horizon = 0.0, last_change = 0.0;
  for (const auto* curve : curves) {
    for (std::size_t i = 0; i < curve->day.size(); ++i) {
      if (!std::isfinite(curve->survival[i])) continue;
      horizon = std::max(horizon, curve->day[i]);
      if (i > 0 && std::abs(curve->survival[i] - curve->survival[i - 1]) > 5e-4)
        last_change = std::max(last_change, curve->day[i]);
    }
  }
  return last_change > 0.0 && last_change < 0.25 * horizon ? 1.5 * last_change : horizon;
}

bool is_shown_rising(trial::EndpointKind kind) {
  using K = trial::EndpointKind;
  switch (kind) {
    case K::cdi:
    case K::death:
    case K::trm:
    case K::adverse_event:
    case K::anc_engraftment:
    case K::platelet_engraftment:
      return true;
    default:
      return false;
  }
}

Figure curve_figure(const evidence::RunSummary& summary, const trial::EndpointSpec& spec,
                    const std::vector<const evidence::Curve*>& curves) {
  const double last = last_day_shown(curves);
  const TimeUnit unit = time_unit(last);
  const bool rising = is_shown_rising(spec.kind);
  const bool with_parameters = summary.draws >= k_least_draws_shown;
  const auto shown = [rising](double survival) { return 100.0 * (rising ? 1.0 - survival : survival); };
  Json values = Json::array();
  double highest = 0.0;
  std::string at_end;
  for (const auto* curve : curves) {
    double end = endpoints::kMissing;
    for (std::size_t i = 0; i < curve->day.size(); ++i) {
      if (curve->day[i] > last || !std::isfinite(curve->survival[i])) continue;
      const double low = shown(rising ? curve->high[i] : curve->low[i]);
      const double high = shown(rising ? curve->low[i] : curve->high[i]);
      end = shown(curve->survival[i]);
      for (const double y : {end, high})
        if (std::isfinite(y)) highest = std::max(highest, y);
      values.push_back({{"t", number(curve->day[i] / unit.days)},
                        {"y", number(end)},
                        {"l", number(low)},
                        {"h", number(high)},
                        {"arm", curve->arm}});
      if (!with_parameters || curve->low_parameters.empty()) continue;
      values.back()["pl"] = number(shown(rising ? curve->high_parameters[i] : curve->low_parameters[i]));
      values.back()["ph"] = number(shown(rising ? curve->low_parameters[i] : curve->high_parameters[i]));
    }
    at_end += (at_end.empty() ? "" : ", ") + show_percent(end) + " with " + curve->arm;
  }
  Figure figure;
  const std::string name = endpoint_name(spec);
  figure.title = fmt::format("{} {} {}: {}", name, rising ? "by" : "avoided to", show_time(last), at_end);
  figure.description = fmt::format("Kaplan-Meier curves. {}.", figure.title);
  // A scale from 0 to 100 unless all of it would lie on the floor.
  const double top = rising && highest < 40.0 ? std::max(2.0, 1.15 * highest) : 100.0;
  Json x = time_axis(unit.plural == "days" ? "Days" : capitalised(unit.plural), last / unit.days);
  Json y_scale = {{"domain", {0, number(top)}}, {"nice", false}};
  Json json = base(figure.description, 260);
  json["data"] = {{"values", values}};
  json["encoding"] = {{"x", x}};
  json["layer"] = arm_layers(
      summary.protocol, rising ? "People with the event (%)" : "People without the event (%)", y_scale,
      Shape::steps, summary.draws > 0 ? BandShown::two : BandShown::yes, capitalised(unit.plural));
  figure.spec = to_text(json);
  return figure;
}

Figure band_figure(const evidence::RunSummary& summary, const std::string& measure,
                   const std::vector<const evidence::Band*>& bands) {
  const MeasureWords words = words_of(measure);
  const bool counts = measure == "cumulative_relapses" || measure == "gd";
  double last = 0.0;
  for (const auto* band : bands)
    for (const double day : band->day) last = std::max(last, day);
  const TimeUnit unit = time_unit(last);
  Json values = Json::array();
  std::string finding;
  for (const auto* band : bands) {
    for (std::size_t i = 0; i < band->day.size(); ++i) {
      if (!std::isfinite(band->mean[i])) continue;
      values.push_back({{"t", number(band->day[i] / unit.days)},
                        {"y", number(band->mean[i])},
                        {"l", number(band->q25[i])},
                        {"h", number(band->q75[i])},
                        {"arm", band->arm}});
    }
    const double end = last_value(band->mean);
    if (!finding.empty()) finding += ", ";
    if (counts || measure == "brain_volume" || band->mean.empty())
      finding += fmt::format("{} with {}", fixed(end, words.decimals), band->arm);
    else
      finding += fmt::format("from {} to {} with {}", fixed(band->mean.front(), words.decimals),
                             fixed(end, words.decimals), band->arm);
  }
  Figure figure;
  figure.title = measure == "cumulative_relapses" || measure == "gd" || measure == "brain_volume"
                     ? fmt::format("{} at {}: {}", words.heading, show_time(last), finding)
                     : fmt::format("{}: {} at {}", words.heading, finding, show_time(last));
  figure.description = figure.title;
  Json y_scale = {
      {"zero", measure != "snfl" && measure != "t2_volume" && measure != "low_contrast" && measure != "vep"}};
  Json json = base(figure.description, 260);
  json["data"] = {{"values", values}};
  json["encoding"] = {{"x", time_axis(capitalised(unit.plural) + " since randomisation", last / unit.days)}};
  json["layer"] = arm_layers(summary.protocol, words.axis, y_scale, Shape::lines,
                             counts ? BandShown::no : BandShown::yes, capitalised(unit.plural));
  figure.spec = to_text(json);
  return figure;
}

std::string short_name(const evidence::MultiverseDefinition& definition) {
  if (definition.preset.empty()) return definition.own.empty() ? definition.id : definition.own.front();
  const double days = definition.confirmation_day;
  if (days <= 0.0) return definition.preset + " unconfirmed";
  if (std::fmod(days, 7.0) == 0.0) return fmt::format("{} {:.0f} weeks", definition.preset, days / 7.0);
  return fmt::format("{} {:.0f} months", definition.preset, days / 30.4375);
}

namespace {

/// The id of a definition without its family, which the heading names.
std::string axis_name(const evidence::MultiverseDefinition& definition) {
  const std::string prefix = definition.family + "-";
  return definition.id.starts_with(prefix) ? definition.id.substr(prefix.size()) : definition.id;
}

/// 1, 2, 5 of each decade within the limits.
Json log_ticks(double low, double high) {
  Json ticks = Json::array();
  for (const double decade : {0.001, 0.01, 0.1, 1.0, 10.0}) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * decade;
      if (tick >= low && tick <= high) ticks.push_back(number(tick));
    }
  }
  return ticks;
}

}  // namespace

Figure multiverse_figure(const std::vector<const evidence::MultiverseRow*>& rows, std::string_view heading,
                         double alpha) {
  constexpr double k_least = 0.005, k_most = 50.0;  // no axis is longer, whatever single trials gave
  const auto has_point = [](const evidence::MultiverseRow& row) {
    return std::isfinite(row.hazard_ratio.mean) && row.hazard_ratio.defined_share >= 0.5;
  };
  auto sorted = rows;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const auto* a, const auto* b) {
    if (has_point(*a) != has_point(*b)) return has_point(*a);
    return has_point(*a) && a->hazard_ratio.mean < b->hazard_ratio.mean;
  });
  double low = 0.9, high = 1.1;
  for (const auto* row : sorted) {
    if (!has_point(*row)) continue;
    for (const double edge : {row->hazard_ratio.low, row->hazard_ratio.mean, row->hazard_ratio.high}) {
      if (!std::isfinite(edge) || edge <= 0.0) continue;
      low = std::min(low, edge);
      high = std::max(high, edge);
    }
  }
  // Room for bars that begin at 0.
  for (const auto* row : sorted)
    if (has_point(*row) && row->hazard_ratio.low <= 0.0) low = std::min(low, 0.5 * row->hazard_ratio.mean);
  low = std::max(low / 1.15, k_least);
  high = std::min(high * 1.15, k_most);
  const std::string head = fmt::format("|p < {}", show_number(alpha));
  Json values = Json::array(), order = Json::array({head});
  const evidence::MultiverseRow *least = nullptr, *most = nullptr;
  double weakest = 1.0, strongest = 0.0;
  for (const auto* row : sorted) {
    const auto& hr = row->hazard_ratio;
    const bool own = !row->definition.own.empty();
    // Where follow-up is too short for a definition nobody can have the event: no test, no power.
    const bool possible = row->events.mean + row->reference_events.mean > 0.0;
    const std::string power = !possible ? "no event"
                              : std::isfinite(hr.significant_share)
                                  ? show_percent(100.0 * hr.significant_share)
                                  : "–";
    // Both axes name the row: the left its definition, the right its power.
    const std::string label = (own ? "▸ " : "") + axis_name(row->definition) + "|" + power;
    order.push_back(label);
    Json value = {{"d", label}, {"own", own}, {"p", power}};
    if (has_point(*row)) {
      value["y"] = number(std::clamp(hr.mean, low, high));
      // An edge that is 0 or infinite (trials without an event in one arm) lies on the edge of the axis.
      value["l"] = number(std::isfinite(hr.low) ? std::max(hr.low, low) : low);
      value["h"] = number(std::isfinite(hr.high) ? std::min(hr.high, high) : high);
      value["text"] = show_number(hr.mean) + " (" + show_interval(hr.low, hr.high) + ")";
      if (least == nullptr) least = row;
      most = row;
    }
    if (possible && std::isfinite(hr.significant_share)) {
      weakest = std::min(weakest, hr.significant_share);
      strongest = std::max(strongest, hr.significant_share);
    }
    values.push_back(value);
  }
  Figure figure;
  if (least == nullptr)
    figure.title = fmt::format("{}: no definition gives a hazard ratio in half of the trials", heading);
  else
    figure.title = fmt::format(
        "{}: hazard ratio {} ({}) to {} ({}), significant in {} to {} of trials, over {} definitions",
        heading, show_number(least->hazard_ratio.mean), short_name(least->definition),
        show_number(most->hazard_ratio.mean), short_name(most->definition), show_percent(100.0 * weakest),
        show_percent(100.0 * strongest), rows.size());
  figure.description = figure.title;
  const Json x = {{"type", "quantitative"},
                  {"title", "Hazard ratio (logarithmic)"},
                  {"scale", {{"type", "log"}, {"domain", {number(low), number(high)}}, {"nice", false}}},
                  {"axis",
                   {{"values", log_ticks(low, high)},
                    {"format", "~g"},
                    {"domain", true},
                    {"labelOverlap", "greedy"},
                    {"labelSeparation", 8}}}};
  const auto at = [&](const char* field) {
    Json channel = x;
    channel["field"] = field;
    return channel;
  };
  const auto y = [&](const char* orient, int part) -> Json {
    return {{"field", "d"},
            {"type", "nominal"},
            {"scale", {{"domain", order}}},
            {"title", nullptr},
            {"axis",
             {{"orient", orient},
              {"labelExpr", fmt::format("split(datum.label,'|')[{}]", part)},
              {"labelLimit", 190},
              {"grid", false},
              {"ticks", false},
              {"labelPadding", 6}}}};
  };
  const Json colour = {{"condition", {{"test", "datum.own"}, {"value", k_arm_colours[1]}}},
                       {"value", k_arm_colours[0]}};
  const Json tooltip = {{{"field", "d"}, {"title", "Definition, power"}},
                        {{"field", "text"}, {"title", "Hazard ratio"}}};
  Json layers = Json::array();
  layers.push_back({{"mark", {{"type", "rule"}, {"strokeWidth", 5}, {"opacity", 0.32}, {"clip", true}}},
                    {"encoding",
                     {{"x", at("l")},
                      {"x2", {{"field", "h"}}},
                      {"y", y("left", 0)},
                      {"color", colour},
                      {"tooltip", tooltip}}}});
  layers.push_back(
      {{"mark", {{"type", "point"}, {"filled", true}, {"size", 62}, {"opacity", 1}}},
       {"encoding", {{"x", at("y")}, {"y", y("right", 1)}, {"color", colour}, {"tooltip", tooltip}}}});
  layers.push_back({{"mark", {{"type", "rule"}, {"strokeDash", {4, 3}}, {"color", "#5d6c74"}}},
                    {"data", {{"values", {{{"one", 1}}}}}},
                    {"encoding", {{"x", at("one")}}}});
  Json json = base(figure.description, static_cast<int>(19 * order.size()) + 4);
  json["data"] = {{"values", values}};
  json["layer"] = layers;
  json["resolve"] = {{"axis", {{"y", "independent"}}}};
  figure.spec = to_text(json);
  return figure;
}

Figure person_figure(const evidence::RunSummary& summary, const trial::Participant& person) {
  const auto& protocol = summary.protocol;
  const double last = std::max(person.end_of_follow_up_day, 1);
  const TimeUnit unit = time_unit(last);
  const std::string arm = person.arm < protocol.arms.size() ? protocol.arms[person.arm].id : "?";
  Json steps = Json::array(), events = Json::array(), marks = Json::array();
  double first_edss = endpoints::kMissing, last_edss = endpoints::kMissing;
  for (const auto& visit : person.visits) {
    if (!std::isfinite(visit.edss) || visit.day < 0) continue;
    if (!std::isfinite(first_edss)) first_edss = visit.edss;
    last_edss = visit.edss;
    steps.push_back({{"t", number(visit.day / unit.days)}, {"y", visit.edss}});
  }
  if (std::isfinite(last_edss)) steps.push_back({{"t", number(last / unit.days)}, {"y", last_edss}});
  int relapses = 0;
  const auto event = [&](int day, const char* kind, double y) {
    if (day >= 0 && day <= last) events.push_back({{"t", number(day / unit.days)}, {"y", y}, {"kind", kind}});
  };
  for (const auto& relapse : person.relapses) {
    if (relapse.pseudo || relapse.onset_day <= 0) continue;
    event(relapse.onset_day, "Relapse", -0.8);
    ++relapses;
  }
  for (const auto& scan : person.scans) event(scan.day, scan.gd_count > 0 ? "Scan with Gd+" : "Scan", -1.8);
  // Marks that lie close together are written one below the other.
  struct Mark {
    int day = 0;
    const char* text = nullptr;
  };
  std::vector<Mark> found;
  const auto mark = [&](int day, const char* text) {
    if (day != endpoints::kNever && day >= 0 && day <= last) found.push_back({day, text});
  };
  if (person.transplant_day == endpoints::kNever || person.rescue_day <= person.transplant_day)
    mark(person.treated_day(), "first dose");
  for (const auto& change : person.switches) mark(change.day, change.allocated ? "switch" : "rescue");
  mark(person.transplant_day, "transplant");
  mark(person.stopped_day, "stopped");
  mark(person.death_day, "death");
  std::stable_sort(found.begin(), found.end(), [](const Mark& a, const Mark& b) { return a.day < b.day; });
  int row = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    row = i > 0 && found[i].day - found[i - 1].day < 0.2 * last ? row + 1 : 0;
    const bool at_right = found[i].day > 0.75 * last;
    marks.push_back({{"t", number(found[i].day / unit.days)},
                     {"text", found[i].text},
                     {"y", 9.6 - 1.1 * row},
                     {"right", at_right}});
  }
  Figure figure;
  // Both counted from 1, as `hortega replay` asks for them.
  figure.title =
      fmt::format("Person {} of replicate {}, {}: {}, EDSS {} to {}, {} in {}; {}", person.number + 1,
                  replicate_number(person), arm, person.regimen.empty() ? "no regimen" : person.regimen,
                  fixed(first_edss, 1), fixed(last_edss, 1),
                  relapses == 1 ? std::string("1 relapse") : fmt::format("{} relapses", relapses),
                  show_time(last), end_reason_words(person.end_reason));
  figure.description = figure.title;
  const auto colour = k_arm_colours[person.arm % k_arm_colours.size()];
  Json y_axis = {{"values", {0, 2, 4, 6, 8, 10}}};
  Json y_scale = {{"domain", {-2.4, 10}}, {"nice", false}};
  Json json = base(figure.description, 200);
  Json x = time_axis(capitalised(unit.plural) + " since randomisation", last / unit.days);
  x["axis"]["offset"] = 2;
  json["encoding"] = {{"x", x}};
  const Json y = {
      {"field", "y"}, {"type", "quantitative"}, {"title", "EDSS"}, {"scale", y_scale}, {"axis", y_axis}};
  json["layer"] = Json::array();
  json["layer"].push_back({{"data", {{"values", marks}}},
                           {"mark", {{"type", "rule"}, {"color", k_quiet_colour}, {"strokeDash", {3, 3}}}}});
  json["layer"].push_back(
      {{"data", {{"values", steps}}},
       {"mark", {{"type", "line"}, {"interpolate", "step-after"}, {"color", colour}, {"strokeWidth", 2.4}}},
       {"encoding", {{"y", y}}}});
  json["layer"].push_back({{"data", {{"values", events}}},
                           {"mark", {{"type", "point"}, {"size", 62}, {"opacity", 1}, {"strokeWidth", 1.3}}},
                           {"encoding",
                            {{"y", y},
                             {"shape",
                              {{"field", "kind"},
                               {"type", "nominal"},
                               {"scale",
                                {{"domain", {"Relapse", "Scan", "Scan with Gd+"}},
                                 {"range", {"triangle-down", "circle", "circle"}}}}}},
                             {"fill",
                              {{"field", "kind"},
                               {"type", "nominal"},
                               {"scale",
                                {{"domain", {"Relapse", "Scan", "Scan with Gd+"}},
                                 {"range", {k_ink_colour, "transparent", k_quiet_colour}}}}}},
                             {"stroke",
                              {{"field", "kind"},
                               {"type", "nominal"},
                               {"scale",
                                {{"domain", {"Relapse", "Scan", "Scan with Gd+"}},
                                 {"range", {k_ink_colour, k_quiet_colour, k_quiet_colour}}}}}}}}});
  for (const bool right : {false, true})
    json["layer"].push_back(
        {{"data", {{"values", marks}}},
         {"transform", {{{"filter", right ? "datum.right" : "!datum.right"}}}},
         {"mark",
          {{"type", "text"}, {"align", right ? "right" : "left"}, {"dx", right ? -5 : 5}, {"fontSize", 12}}},
         {"encoding", {{"y", y}, {"text", {{"field", "text"}}}}}});
  figure.spec = to_text(json);
  return figure;
}

}  // namespace hortega::output
