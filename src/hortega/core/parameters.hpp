// SPDX-License-Identifier: Apache-2.0
//
// Parameters with their passports: value, unit, spread between people, source, grade (docs/parameters.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hortega::core {

/// What a model reads of a parameter. `spread` is the standard deviation between people on the log scale (for
/// shares on the logit scale, for ages in years: the passport's note says so).
struct Parameter {
  double value = 0.0;
  double spread = 0.0;
};

/// The whole passport, as in data/parameters/*.toml.
struct Passport {
  std::string name;
  double value = 0.0;
  std::string unit;
  double spread = 0.0;
  std::string spread_reason;  // why the spread is zero
  std::string source;
  char grade = 'D';  // A B C D F, see docs/parameters.md
  double low = 0.0;  // plausible range; what a sensitivity analysis sweeps
  double high = 0.0;
  double spread_low = 0.0;  // plausible range of the spread; both 0 if the passport gives none
  double spread_high = 0.0;
  std::string reason;  // grade D: why assumed
  std::string note;
  std::string file;
  int line = 0;
};

/// All parameters of a run, in file and line order.
class ParameterSet {
 public:
  /// Reads every *.toml of a directory (by name order). Throws InputError listing all problems.
  static ParameterSet read_directory(const std::string& directory);

  /// Throws InputError that names the parameter (and the nearest name) when there is none.
  const Passport& find(std::string_view name) const;
  Parameter get(std::string_view name) const;
  bool contains(std::string_view name) const;
  /// Replaces a value (--set parameter.NAME=VALUE); refuses unknown names and values outside the range.
  void set(std::string_view name, double value);
  /// Replaces a spread; refuses unknown names, negative spreads and those outside the passport's
  /// `spread_range`.
  void set_spread(std::string_view name, double spread);
  const std::vector<Passport>& all() const { return passports_; }

 private:
  std::vector<Passport> passports_;
};

}  // namespace hortega::core
