// SPDX-License-Identifier: Apache-2.0
// What calibration varies: every parameter of grade F, with a prior from its passport.
#include "hortega/evidence/free_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "hortega/core/math.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::evidence {

namespace {

constexpr std::string_view k_spread = ".spread";
// A range this narrow is no range: the value is a convention.
constexpr double k_pin = 1.05;
// The central 95 % of a normal.
constexpr double k_tail = 0.025;
constexpr double k_half_width_sd = 1.959963984540054;
// How near to an end of the range a start may lie, as a share of the prior.
constexpr double k_nearest = 1e-9;

FreeParameter::Scale scale_of(const std::string& unit, double low, double high) {
  if (low <= 0.0) return FreeParameter::Scale::identity;
  return unit == "1" && high < 1.0 ? FreeParameter::Scale::logit : FreeParameter::Scale::log;
}

double to_scale(FreeParameter::Scale scale, double x) {
  switch (scale) {
    case FreeParameter::Scale::log:
      return std::log(x);
    case FreeParameter::Scale::logit:
      return std::log(x / (1.0 - x));
    case FreeParameter::Scale::identity:
      break;
  }
  return x;
}

double from_scale(FreeParameter::Scale scale, double u) {
  switch (scale) {
    case FreeParameter::Scale::log:
      return std::exp(u);
    case FreeParameter::Scale::logit:
      return 1.0 / (1.0 + std::exp(-u));
    case FreeParameter::Scale::identity:
      break;
  }
  return u;
}

bool is_pin(const core::Passport& p) { return p.low > 0.0 && p.high <= k_pin * p.low; }

}  // namespace

double prior_quantile(double theta) { return 0.5 * std::erfc(-theta / std::sqrt(2.0)); }

FreeParameter::FreeParameter(std::string passport, Part part, std::string unit, double low, double high,
                             double start)
    : name_(part == Part::spread ? passport + std::string(k_spread) : passport),
      passport_(std::move(passport)),
      unit_(std::move(unit)),
      part_(part),
      scale_(scale_of(unit_, low, high)),
      low_(low),
      high_(high),
      start_(start) {
  if (!(low < high)) throw std::invalid_argument("the range of " + name_ + " is empty");
}

double FreeParameter::natural(double theta) const {
  const double low = to_scale(scale_, low_);
  const double high = to_scale(scale_, high_);
  const double p = k_tail + (1.0 - 2.0 * k_tail) * prior_quantile(theta);
  const double position = 0.5 * (1.0 + math::normal_quantile(p) / k_half_width_sd);  // 0 to 1
  return std::clamp(from_scale(scale_, low + (high - low) * position), low_, high_);
}

double FreeParameter::theta(double natural) const {
  const double low = to_scale(scale_, low_);
  const double high = to_scale(scale_, high_);
  const double position = (to_scale(scale_, std::clamp(natural, low_, high_)) - low) / (high - low);
  const double p = prior_quantile(k_half_width_sd * (2.0 * position - 1.0));
  const double share = (p - k_tail) / (1.0 - 2.0 * k_tail);
  return math::normal_quantile(std::clamp(share, k_nearest, 1.0 - k_nearest));
}

FreeParameters::FreeParameters(const core::ParameterSet& set, const std::vector<std::string>& names) {
  core::Problems problems;
  for (const core::Passport& p : set.all()) {
    if (p.grade != 'F') continue;
    if (!is_pin(p)) all_.emplace_back(p.name, FreeParameter::Part::value, p.unit, p.low, p.high, p.value);
    if (p.spread_high > 0.0) {
      all_.emplace_back(p.name, FreeParameter::Part::spread, "", p.spread_low, p.spread_high, p.spread);
    } else if (is_pin(p) && p.spread > 0.0) {
      problems.add({{p.file, p.line, 0, {}},
                    p.name + ".spread_range",
                    "a fitted spread has no range for its prior",
                    "[low, high], which stays as it is when a fit moves the spread",
                    {}});
    }
  }
  problems.throw_if_any();
  if (all_.empty()) {
    throw core::InputError(core::Problem{
        {"data/parameters", 0, 0, {}}, {}, "no parameter has grade F", "there is nothing to calibrate", {}});
  }
  if (names.empty()) return;
  const std::vector<std::string> known = this->names();
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw core::InputError(
        core::Problem{{std::filesystem::path(set.all().front().file).parent_path().string(), 0, 0, {}},
                      {},
                      "no fitted parameter '" + name + "'",
                      "grade F; the spread of NAME is NAME.spread",
                      core::nearest_spelling(name, known)});
  }
  std::erase_if(all_, [&names](const FreeParameter& p) {
    return std::find(names.begin(), names.end(), p.name()) == names.end();
  });
}

std::vector<std::string> FreeParameters::names() const {
  std::vector<std::string> out;
  for (const FreeParameter& p : all_) out.push_back(p.name());
  return out;
}

std::vector<double> FreeParameters::start() const {
  std::vector<double> out;
  for (const FreeParameter& p : all_) out.push_back(p.theta(p.start()));
  return out;
}

core::ParameterSet FreeParameters::at(core::ParameterSet set, std::span<const double> theta) const {
  if (theta.size() != all_.size()) throw std::invalid_argument("one theta for each free parameter");
  for (std::size_t i = 0; i < all_.size(); ++i) set_variable(set, all_[i].name(), all_[i].natural(theta[i]));
  return set;
}

void set_variable(core::ParameterSet& set, const std::string& name, double natural) {
  if (name.ends_with(k_spread)) {
    set.set_spread(name.substr(0, name.size() - k_spread.size()), natural);
  } else {
    set.set(name, natural);
  }
}

double variable_of(const core::ParameterSet& set, const std::string& name) {
  if (!name.ends_with(k_spread)) return set.find(name).value;
  return set.find(name.substr(0, name.size() - k_spread.size())).spread;
}

}  // namespace hortega::evidence
