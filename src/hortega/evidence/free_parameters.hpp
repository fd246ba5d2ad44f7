// SPDX-License-Identifier: Apache-2.0
// What calibration varies: every parameter of grade F, with a prior from its passport.
//
// A variable is a passport's value, named as the passport, or its spread, named "NAME.spread". The value
// varies unless its range is a pin (high / low at most 1.05, as in [0.99, 1.01]: a convention, the parameter
// is its spread). The spread varies where the passport has a `spread_range`, which it must have where the
// value is pinned.
//
// Prior. On a scale u = s(x) a normal whose central 95 % is the passport's range, cut off at its ends: with
// m and d the middle and a 3.92nd of the range on that scale,
//
//   x = s^-1( m + d Phi^-1( 0.025 + 0.95 Phi(theta) ) ),   theta ~ N(0, 1)
//
// so that theta is standard normal and no theta leaves the range. The scale: logit where unit is "1" and
// 0 < low, high < 1 (shares and probabilities); else the logarithm where low > 0; else x itself (signed, or
// zero is possible). The passport's value or spread is no part of the prior, for it was fitted to the same
// rows; it is where the search for the mode begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hortega/core/parameters.hpp"

namespace hortega::evidence {

/// One variable of the fit.
class FreeParameter {
 public:
  enum class Part : std::uint8_t { value, spread };
  enum class Scale : std::uint8_t { identity, log, logit };

  /// The prior over [low, high] on its scale. `natural` in the middle of the range is at theta 0 on it.
  FreeParameter(std::string passport, Part part, std::string unit, double low, double high, double start);

  const std::string& name() const { return name_; }
  const std::string& passport() const { return passport_; }
  const std::string& unit() const { return unit_; }
  Part part() const { return part_; }
  Scale scale() const { return scale_; }
  double low() const { return low_; }
  double high() const { return high_; }
  /// The passport's, in natural units.
  double start() const { return start_; }

  /// From prior units to natural ones, and back (of a value at or beyond an end: theta of 1e-9 from it).
  double natural(double theta) const;
  double theta(double natural) const;

 private:
  std::string name_, passport_, unit_;
  Part part_;
  Scale scale_ = Scale::identity;
  double low_, high_, start_;
};

/// Share of the prior below theta: the standard normal distribution function.
double prior_quantile(double theta);

/// The variables of a fit, in the order of their passports (a value before its spread).
class FreeParameters {
 public:
  /// All of grade F, or those of these names. Throws core::InputError if there is none, no variable of a
  /// name, or no range for a spread that varies.
  explicit FreeParameters(const core::ParameterSet& set, const std::vector<std::string>& names = {});

  std::size_t size() const { return all_.size(); }
  const FreeParameter& operator[](std::size_t i) const { return all_[i]; }
  const std::vector<FreeParameter>& all() const { return all_; }
  std::vector<std::string> names() const;
  /// theta of the passports' values.
  std::vector<double> start() const;
  /// The set with the variables at theta. Throws std::invalid_argument for another number of variables.
  core::ParameterSet at(core::ParameterSet set, std::span<const double> theta) const;

 private:
  std::vector<FreeParameter> all_;
};

/// Sets the variable "NAME" or "NAME.spread" of a set to a value in natural units. Throws core::InputError.
void set_variable(core::ParameterSet& set, const std::string& name, double natural);

/// The value of the variable "NAME" or "NAME.spread". Throws core::InputError.
double variable_of(const core::ParameterSet& set, const std::string& name);

}  // namespace hortega::evidence
