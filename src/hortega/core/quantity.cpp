// SPDX-License-Identifier: Apache-2.0
// Splitting of "<number> <unit>", the kinds and their shapes, and the conversion by UDUNITS-2.
#include "hortega/core/quantity.hpp"

#include <fmt/format.h>
#include <udunits2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "hortega/core/problems.hpp"

namespace hortega::core {
namespace {

/// What an atom of a unit measures. Tags go further than dimensions: a cell is no person.
enum class Tag {
  mass,
  length,
  time,
  volume,
  area,
  radiation,
  substance,
  cell,
  person,
  lesion,
  activity,
  eur,
  gbp,
  usd,
  percent
};

/// How a kind is made: numerator and denominators, each a tag.
struct KindTraits {
  Kind kind;
  std::string_view name;
  std::string_view unit;  // internal unit as typed; empty for pure numbers
  std::vector<Tag> above;
  std::vector<Tag> below;
  std::vector<std::string> usual;
  std::string_view example;
};

const std::vector<KindTraits>& all_traits() {
  using enum Tag;
  static const std::vector<std::string> times{"days", "weeks", "months", "years", "hours", "minutes",
                                              "day",  "week",  "month",  "year",  "hour",  "minute"};
  static const std::vector<KindTraits> table{
      {Kind::dimensionless, "number", "", {}, {}, {}, "1.5"},
      {Kind::fraction, "fraction", "", {}, {}, {"%"}, "5 %"},
      {Kind::time, "time", "day", {time}, {}, times, "6 months"},
      {Kind::rate, "rate", "1/day", {}, {time}, {"1/day", "1/week", "1/month", "1/year"}, "0.1 1/year"},
      {Kind::dose_mass, "dose", "mg", {mass}, {}, {"mg", "g", "ug", "ng", "kg"}, "300 mg"},
      {Kind::dose_mass_rate,
       "dose per time",
       "mg/day",
       {mass},
       {time},
       {"mg/day", "g/day", "ug/day", "mg/week"},
       "0.5 mg/day"},
      {Kind::dose_per_body_weight,
       "dose per body weight",
       "mg/kg",
       {mass},
       {mass},
       {"mg/kg", "ug/kg", "g/kg"},
       "200 mg/kg"},
      {Kind::dose_per_body_weight_rate,
       "dose per body weight and time",
       "mg/kg/day",
       {mass},
       {mass, time},
       {"mg/kg/day", "ug/kg/day"},
       "10 ug/kg/day"},
      {Kind::dose_per_body_area,
       "dose per body surface",
       "mg/m2",
       {mass},
       {area},
       {"mg/m2", "g/m2"},
       "2 g/m2"},
      {Kind::dose_per_body_area_rate,
       "dose per body surface and time",
       "mg/m2/day",
       {mass},
       {area, time},
       {"mg/m2/day", "g/m2/day"},
       "200 mg/m2/day"},
      {Kind::activity, "activity", "IU", {activity}, {}, {"IU", "MIU", "kIU"}, "8 MIU"},
      {Kind::cells, "number of cells", "cells", {cell}, {}, {"cells", "cell"}, "1e8 cells"},
      {Kind::cells_per_body_weight,
       "cells per body weight",
       "cells/kg",
       {cell},
       {mass},
       {"cells/kg"},
       "1e6 cells/kg"},
      {Kind::cell_concentration,
       "cell concentration",
       "1e9/L",
       {cell},
       {volume},
       {"1e9/L", "cells/uL", "cells/mL", "cells/L"},
       "0.5 1e9/L"},
      {Kind::people, "number of people", "people", {person}, {}, {"people", "person"}, "110 people"},
      {Kind::lesions, "number of lesions", "lesions", {lesion}, {}, {"lesions", "lesion"}, "3 lesions"},
      {Kind::mass, "mass", "kg", {mass}, {}, {"kg", "g", "mg"}, "70 kg"},
      {Kind::length, "length", "mm", {length}, {}, {"mm", "um", "cm", "m", "nm"}, "1.5 mm"},
      {Kind::area, "area", "m2", {area}, {}, {"m2", "cm2", "mm2"}, "1.8 m2"},
      {Kind::volume, "volume", "mL", {volume}, {}, {"mL", "L", "uL", "mm3"}, "5 mL"},
      {Kind::volume_rate,
       "volume per time",
       "L/day",
       {volume},
       {time},
       {"L/day", "mL/day", "L/hour", "mL/minute"},
       "0.2 L/day"},
      {Kind::concentration,
       "concentration",
       "mg/L",
       {mass},
       {volume},
       {"mg/L", "ug/mL", "pg/mL", "ng/mL", "g/L"},
       "8 ug/mL"},
      {Kind::molar_concentration,
       "molar concentration",
       "nmol/L",
       {substance},
       {volume},
       {"nmol/L", "umol/L", "mmol/L", "mol/L"},
       "30 nmol/L"},
      {Kind::radiation_dose, "radiation dose", "Gy", {radiation}, {}, {"Gy", "cGy"}, "8 Gy"},
      {Kind::money_eur, "amount in euros", "EUR", {eur}, {}, {"EUR"}, "1200 EUR"},
      {Kind::money_gbp, "amount in pounds", "GBP", {gbp}, {}, {"GBP"}, "1200 GBP"},
      {Kind::money_usd, "amount in dollars", "USD", {usd}, {}, {"USD"}, "1200 USD"},
  };
  return table;
}

const KindTraits& traits(Kind kind) {
  const auto& table = all_traits();
  return *std::find_if(table.begin(), table.end(), [&](const KindTraits& t) { return t.kind == kind; });
}

/// Spellings that UDUNITS refuses or reads as something else, and what it is given instead. Its month and
/// year are the tropical ones; ours are 30.4375 d and 365.25 d.
const std::map<std::string, std::string, std::less<>>& respelled() {
  static const std::map<std::string, std::string, std::less<>> table{
      {"month", "(30.4375 day)"},
      {"months", "(30.4375 day)"},
      {"mo", "(30.4375 day)"},
      {"year", "(365.25 day)"},
      {"years", "(365.25 day)"},
      {"yr", "(365.25 day)"},
      {"yrs", "(365.25 day)"},
      {"y", "(365.25 day)"},
      {"wk", "week"},
      {"wks", "week"},
      {"hrs", "hour"},
      {"mins", "minute"},
      {"secs", "second"},
      {"mcg", "ug"},
      {"\u03BCg", "ug"},
      {"\u03BCL", "uL"},
      {"\u03BCm", "um"},
      {"\u03BCmol", "umol"},
      {"\u20AC", "EUR"},
      {"\u00A3", "GBP"},
      {"$", "USD"},
      {"patients", "people"},
      {"persons", "people"},
      {"MIU", "(1e6 IU)"},
      {"kIU", "(1e3 IU)"},
      {"mL", "(1e-6 m3)"},
      {"ml", "(1e-6 m3)"},
      {"uL", "(1e-9 m3)"},
      {"ul", "(1e-9 m3)"},
      {"L", "(1e-3 m3)"},
      {"l", "(1e-3 m3)"},
  };
  return table;
}

struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, FreeUnit>;

/// The UDUNITS data base with our counting units. Its status is global, so every use holds the lock.
class UnitSystem {
 public:
  static UnitSystem& instance() {
    static UnitSystem system;
    return system;
  }
  UnitSystem(const UnitSystem&) = delete;
  UnitSystem& operator=(const UnitSystem&) = delete;

  std::unique_lock<std::mutex> lock() { return std::unique_lock<std::mutex>(mutex_); }

  Unit parse(const std::string& text) { return Unit(ut_parse(system_, text.c_str(), UT_UTF8)); }

  /// What an atom measures, or nothing if it is no unit that a quantity may have.
  std::optional<Tag> tag(const std::string& udunits_text) {
    const Unit unit = parse(udunits_text);
    if (!unit) return std::nullopt;
    if (ut_compare(unit.get(), percent_.get()) == 0) return Tag::percent;
    for (const auto& [base, tag] : bases_) {
      if (ut_are_convertible(unit.get(), base.get()) != 0 && !offset(unit.get(), base.get())) return tag;
    }
    return std::nullopt;
  }

  /// Factor from one unit to the other; nothing if they do not convert.
  std::optional<double> factor(const std::string& from, const std::string& to) {
    const Unit a = parse(from);
    const Unit b = parse(to);
    if (!a || !b || ut_are_convertible(a.get(), b.get()) == 0) return std::nullopt;
    return convert(a.get(), b.get(), 1.0);
  }

 private:
  UnitSystem() {
    ut_set_error_message_handler(ut_ignore);
    system_ = ut_read_xml(nullptr);
    if (system_ == nullptr) {
      throw RunError("the UDUNITS-2 data base cannot be read: install the package libudunits2-data");
    }
    define("cell", "cells", Tag::cell);
    define("person", "people", Tag::person);
    define("lesion", "lesions", Tag::lesion);
    define("IU", "IUs", Tag::activity);
    define("EUR", "euros", Tag::eur);
    define("GBP", "pounds_sterling", Tag::gbp);
    define("USD", "dollars", Tag::usd);
    for (const auto& [text, tag] : {std::pair{"kg", Tag::mass},
                                    {"m", Tag::length},
                                    {"s", Tag::time},
                                    {"m3", Tag::volume},
                                    {"m2", Tag::area},
                                    {"Gy", Tag::radiation},
                                    {"mol", Tag::substance}}) {
      bases_.emplace_back(parse(text), tag);
    }
    percent_ = parse("%");
  }
  ~UnitSystem() {
    bases_.clear();
    percent_.reset();
    ut_free_system(system_);
  }

  void define(const char* singular, const char* plural, Tag tag) {
    Unit unit(ut_new_base_unit(system_));
    ut_map_name_to_unit(singular, UT_UTF8, unit.get());
    ut_map_name_to_unit(plural, UT_UTF8, unit.get());
    ut_map_unit_to_name(unit.get(), singular, UT_UTF8);
    bases_.emplace_back(std::move(unit), tag);
  }

  static double convert(const ut_unit* from, const ut_unit* to, double value) {
    cv_converter* converter = ut_get_converter(const_cast<ut_unit*>(from), const_cast<ut_unit*>(to));
    const double result = cv_convert_double(converter, value);
    cv_free(converter);
    return result;
  }
  /// Scales with another zero (degrees Celsius) are no units of quantities.
  static bool offset(const ut_unit* from, const ut_unit* to) { return convert(from, to, 0.0) != 0.0; }

  std::mutex mutex_;
  ut_system* system_ = nullptr;
  std::vector<std::pair<Unit, Tag>> bases_;
  Unit percent_;
};

/// A unit as typed, taken apart: `1e9/L` is scale 1e9, nothing above, litre below.
struct ParsedUnit {
  double scale = 1.0;
  std::vector<Tag> above;
  std::vector<Tag> below;
  std::vector<std::string> below_atoms;  // as typed
  std::string udunits;                   // what UDUNITS is given, without the scale
};

struct UnitError {
  std::string message;
  std::string allowed;
  std::string bad_atom;  // what a nearest spelling may be sought for
};

bool is_word_char(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalpha(u) != 0 || c == '_' || c == '%' || c == '$' || u >= 0x80;
}

/// Superscript two and three become digits: m² is m2.
std::string plain_powers(std::string text) {
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\u00B2", "2"}, {"\u00B3", "3"}}) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from))
      text.replace(at, from.size(), to);
  }
  return text;
}

/// One atom such as `kg`, `m2` or `m^2`: its UDUNITS text and tag, or an error.
std::optional<UnitError> parse_atom(std::string_view atom, UnitSystem& system, std::string& udunits,
                                    Tag& tag) {
  std::size_t letters = 0;
  while (letters < atom.size() && is_word_char(atom[letters])) ++letters;
  const std::string word(atom.substr(0, letters));
  std::string_view power = atom.substr(letters);
  if (!power.empty() && power.front() == '^') power.remove_prefix(1);
  if (word.empty() || (letters < atom.size() && power != "2" && power != "3")) {
    return UnitError{fmt::format("'{}' is no unit", atom),
                     "a unit is made of names divided by '/', as in mg/m2", ""};
  }
  const auto own = respelled().find(word);
  const auto ends_with = [&](std::string_view end) {
    return word.size() > end.size() && word.compare(word.size() - end.size(), end.size(), end) == 0;
  };
  const bool other_calendar = own == respelled().end() && (ends_with("year") || ends_with("years") ||
                                                           ends_with("month") || ends_with("months"));
  udunits = (own != respelled().end() ? own->second : word) + std::string(power);
  const auto found = other_calendar ? std::nullopt : system.tag(udunits);
  if (!found) return UnitError{fmt::format("'{}' is no known unit", atom), "", std::string(atom)};
  tag = *found;
  return std::nullopt;
}

/// Takes `1/`, `1e9/` or `10^9/` off the front of a unit.
double take_scale(std::string_view& unit) {
  double scale = 1.0;
  const auto slash = unit.find('/');
  if (slash == std::string_view::npos) return scale;
  std::string_view head = unit.substr(0, slash);
  const bool power_of_ten = head.substr(0, 3) == "10^";
  std::string text = power_of_ten ? "1e" + std::string(head.substr(3)) : std::string(head);
  if (text != "1" && text.substr(0, 2) != "1e") return scale;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
  if (error != std::errc() || end != text.data() + text.size() || !(scale > 0.0)) return 1.0;
  unit.remove_prefix(slash);
  return scale;
}

std::optional<UnitError> parse_unit(std::string_view text, UnitSystem& system, ParsedUnit& out) {
  if (text.find('*') != std::string_view::npos) {
    return UnitError{"'*' in a unit is ambiguous", "write powers of ten as 1e9 and quotients with '/'", ""};
  }
  if (text.find_first_of(" \t") != std::string_view::npos) {
    return UnitError{"a unit has no blanks inside", "write quotients with '/', as in mg/kg/day", ""};
  }
  if (text.find_first_of("()") != std::string_view::npos) {
    return UnitError{"a unit has no parentheses", "write mg/kg/day", ""};
  }
  out.scale = take_scale(text);
  bool below = false;
  std::string udunits;
  while (!text.empty()) {
    if (text.front() == '/') {
      below = true;
      text.remove_prefix(1);
    }
    const auto end = std::min(text.find('/'), text.size());
    const std::string_view atom = text.substr(0, end);
    std::string spelled;
    Tag tag{};
    if (auto error = parse_atom(atom, system, spelled, tag)) return error;
    (below ? out.below : out.above).push_back(tag);
    if (below) out.below_atoms.emplace_back(atom);
    udunits += (udunits.empty() ? (below ? "1/" : "") : "/") + spelled;
    text.remove_prefix(end);
    if (text == "/") return UnitError{"the unit ends with '/'", "", ""};
  }
  out.udunits = udunits.empty() ? "1" : udunits;
  return std::nullopt;
}

/// Does a unit have the shape of the kind? `%` and bare numbers may stand where nothing, cells or people
/// stand.
bool has_shape(const ParsedUnit& unit, const KindTraits& kind) {
  auto above = unit.above;
  if (above == std::vector{Tag::percent} && (kind.kind == Kind::fraction || kind.kind == Kind::rate))
    above.clear();
  if (above.empty() && kind.above == std::vector{Tag::cell} && !kind.below.empty()) above = kind.above;
  auto below = unit.below;
  auto wanted = kind.below;
  std::sort(below.begin(), below.end());
  std::sort(wanted.begin(), wanted.end());
  if (above != kind.above || below != wanted) return false;
  // Body weight is counted in kilograms: mg/g is a concentration in tissue.
  for (std::size_t i = 0; i < unit.below.size(); ++i) {
    if (unit.below[i] == Tag::mass && unit.below_atoms[i] != "kg") return false;
  }
  return true;
}

/// Multiplies by the factor between two units as a person would. UDUNITS goes through SI units and leaves the
/// last digits uncertain, while factors between units of inputs are whole numbers or their reciprocals.
double scaled(double value, double factor) {
  const auto nearly_whole = [](double x) {
    return std::abs(x - std::round(x)) <= 1e-12 * x && x >= 1.0 && x < 1e15;
  };
  // 30.4375 d and 365.25 d are whole in sixteenths, 1 mL/minute is 1.44 L/day.
  for (const double part : {1.0, 16.0, 100.0}) {
    if (nearly_whole(part * factor)) return value * std::round(part * factor) / part;
    if (nearly_whole(part / factor)) return value * part / std::round(part / factor);
  }
  return value * factor;
}

/// What UDUNITS is given for the internal unit of a kind, and the scale it stands for.
std::pair<std::string, double> target_of(const KindTraits& kind, UnitSystem& system) {
  if (kind.unit.empty()) return {"1", 1.0};
  ParsedUnit unit;
  parse_unit(kind.unit, system, unit);
  return {unit.udunits, unit.scale};
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

QuantityResult failure(std::string message, std::string allowed, std::string suggestion = {}) {
  QuantityResult result;
  result.message = std::move(message);
  result.allowed = std::move(allowed);
  result.suggestion = std::move(suggestion);
  return result;
}

std::string expected(const KindTraits& kind) {
  if (kind.kind == Kind::dimensionless) return "a number without unit";
  return fmt::format("{}, e.g. '{}'", kind.name, kind.example);
}

/// What is wrong with a text whose number could not be taken off, or is followed by something that is no
/// unit.
std::optional<QuantityResult> number_trouble(std::string_view text, std::string_view rest,
                                             const KindTraits& kind) {
  if (!rest.empty() && (rest.front() == ',' || rest.front() == '_' || rest.front() == '\'')) {
    std::string respelled_text(text);
    const auto at = text.size() - rest.size();
    const bool decimal =
        rest.front() == ',' && rest.size() > 1 && std::isdigit(static_cast<unsigned char>(rest[1])) != 0;
    if (decimal) respelled_text[at] = '.';
    return failure(fmt::format("'{}' has '{}' inside its number", text, rest.front()),
                   "the decimal sign is '.', and digits are not grouped", decimal ? respelled_text : "");
  }
  // In two literals, since 10 would else belong to the escape.
  constexpr std::string_view k_cross_ten =
      "\u00D7"
      "10^";
  for (const std::string_view times : {std::string_view("x10^"), k_cross_ten, std::string_view("*10^"),
                                       std::string_view("x 10^"), std::string_view("*10**")}) {
    if (rest.substr(0, times.size()) != times) continue;
    const std::string number(text.substr(0, text.size() - rest.size()));
    return failure(fmt::format("'{}' has a power of ten that is not understood", text),
                   "write 2e6 for 2 x 10^6", number + "e" + std::string(rest.substr(times.size())));
  }
  // "1 000 days": a second run of digits that is no scale such as `1/`, `1e9/` or `10^9/`.
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits > 0 && (digits == rest.size() || rest[digits] == ' ')) {
    return failure(fmt::format("'{}' has a blank inside its number", text), "digits are not grouped");
  }
  if (!rest.empty() && rest.front() == '^') {
    return failure(fmt::format("'{}' has no number before its unit", text), expected(kind),
                   "1 " + std::string(text));
  }
  return std::nullopt;
}

/// The error of a unit that is none, with the nearest of the usual units of this kind.
QuantityResult unit_failure(const UnitError& error, const std::string& number, const std::string& unit,
                            const KindTraits& kind) {
  std::string suggestion;
  const std::string nearest = nearest_spelling(unit, kind.usual);
  if (!nearest.empty()) {
    suggestion = number + " " + nearest;
  } else if (!error.bad_atom.empty()) {
    // Seek the one bad atom among the atoms of the usual units.
    std::vector<std::string> atoms;
    for (const auto& usual : kind.usual) {
      for (std::size_t at = 0; at <= usual.size();) {
        const auto end = std::min(usual.find('/', at), usual.size());
        atoms.push_back(usual.substr(at, end - at));
        at = end + 1;
      }
    }
    const std::string atom = nearest_spelling(error.bad_atom, atoms);
    const auto at = unit.find(error.bad_atom);
    if (!atom.empty() && at != std::string::npos) {
      suggestion = number + " " + unit.substr(0, at) + atom + unit.substr(at + error.bad_atom.size());
    }
  }
  std::string allowed = error.allowed.empty() ? expected(kind) : error.allowed;
  return failure(error.message, std::move(allowed), std::move(suggestion));
}

}  // namespace

std::string_view internal_unit(Kind kind) { return traits(kind).unit; }
std::string_view kind_name(Kind kind) { return traits(kind).name; }
const std::vector<std::string>& usual_units(Kind kind) { return traits(kind).usual; }
std::string_view example_of(Kind kind) { return traits(kind).example; }

std::string with_likely_units(std::string_view number, Kind kind, char quote) {
  if (kind != Kind::time && kind != Kind::rate) return {};
  constexpr std::size_t k_told = 4;  // day, week, month, year
  const auto& units = usual_units(kind);
  std::string text;
  for (std::size_t i = 0; i < k_told; ++i) {
    if (i > 0) text += i + 1 < k_told ? ", " : " or ";
    text += fmt::format("{0}{1} {2}{0}", quote, number, units[i]);
  }
  return text;
}

bool bare_number_allowed(Kind kind) { return kind == Kind::dimensionless || kind == Kind::fraction; }

QuantityResult parse_quantity(std::string_view raw, Kind kind) {
  const KindTraits& wanted = traits(kind);
  const std::string text = trimmed(raw);
  if (text.empty()) return failure("the quantity is empty", expected(wanted));
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) {
    return failure(fmt::format("the number of '{}' is too large or too small", text), expected(wanted));
  }
  if (error != std::errc()) {
    return failure(fmt::format("'{}' does not begin with a number", text), expected(wanted));
  }
  if (!std::isfinite(number)) return failure(fmt::format("'{}' is no finite number", text), expected(wanted));
  const std::string number_text(text.data(), end);
  const std::string unit =
      plain_powers(trimmed(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
  if (auto trouble = number_trouble(text, unit, wanted)) return *trouble;
  if (unit.empty()) {
    if (bare_number_allowed(kind)) return {number, {}, {}, {}};
    const std::string likely = with_likely_units(number_text, kind, '\'');
    if (!likely.empty())
      return failure(fmt::format("'{}' has no unit", text), fmt::format("{}: {}", wanted.name, likely));
    return failure(fmt::format("'{}' has no unit", text), expected(wanted),
                   wanted.usual.empty() ? "" : number_text + " " + wanted.usual.front());
  }

  auto& system = UnitSystem::instance();
  const auto lock = system.lock();
  ParsedUnit parsed;
  if (const auto bad = parse_unit(unit, system, parsed)) return unit_failure(*bad, number_text, unit, wanted);
  if (!has_shape(parsed, wanted)) {
    std::string suggestion;
    if (kind == Kind::time && unit == "m") suggestion = number_text + " months";
    return failure(fmt::format("'{}' is no unit of {}", unit, wanted.name), expected(wanted),
                   std::move(suggestion));
  }
  // Cells per volume are also written as a bare count per volume, which UDUNITS takes for another dimension.
  std::string from = parsed.udunits;
  auto [to, to_scale] = target_of(wanted, system);
  if (parsed.above.empty() && wanted.above == std::vector{Tag::cell}) from = "cells" + from.substr(1);
  if (wanted.above == std::vector{Tag::cell} && to.substr(0, 2) == "1/") to = "cells" + to.substr(1);
  const auto factor = system.factor(from, to);
  if (!factor) return failure(fmt::format("'{}' is no unit of {}", unit, wanted.name), expected(wanted));
  const double value = scaled(number, *factor * parsed.scale / to_scale);
  if (!std::isfinite(value)) return failure(fmt::format("'{}' is too large", text), expected(wanted));
  return {value, {}, {}, {}};
}

std::string format_quantity(double value, Kind kind) {
  const auto unit = internal_unit(kind);
  if (unit.empty()) return fmt::format("{}", value);
  // "days" reads better than "day" and is the same unit.
  return fmt::format("{} {}", value, kind == Kind::time ? "days" : unit);
}

}  // namespace hortega::core
