// SPDX-License-Identifier: Apache-2.0
// An input file: checked, parsed from TOML, and able to say where each of its values stands.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/core/problems.hpp"
#include "hortega/core/value.hpp"

namespace hortega::core {

/// A text with the name under which messages cite it.
struct Source {
  std::string name;
  std::string text;
};

/// A parsed TOML document. Cheap to copy the sources; values are owned.
class Document {
 public:
  /// Largest input file that is read, in bytes.
  static constexpr std::size_t k_max_bytes = 5'000'000;

  /// Reads and parses a file. Throws InputError with one problem if it is missing, a directory, unreadable,
  /// too large, binary, or no TOML.
  static Document load(const std::string& path);

  /// Parses a text; `name` is what messages call it. Throws InputError.
  static Document parse(std::string text, std::string name);

  /// Overrides one value: "accrual.follow_up=60 months" (a value that is no TOML is taken as a string). Array
  /// items are named by index from 0, `arm[0].allocation`, or by their id, `arm.HSCT.allocation`. Tables on
  /// the way are made if missing, so that the schema judges the key. Throws InputError.
  void set(std::string_view assignment);

  const Value& root() const { return root_; }
  const std::string& name() const { return sources_->front().name; }
  const std::string& text() const { return sources_->front().text; }

  /// The place of a position, with its excerpt.
  Place place(const Position& position) const;
  const std::shared_ptr<const std::vector<Source>>& sources() const { return sources_; }

 private:
  Value root_;
  std::shared_ptr<const std::vector<Source>> sources_;
};

/// The place of a position in a list of sources (position.source is the index).
Place place_in(const std::vector<Source>& sources, const Position& position);

/// The text of a file after the checks that Document::load makes (exists, regular, readable, not larger than
/// `max_bytes`, no NUL bytes). Throws InputError. For CSV and other text inputs.
std::string load_text(const std::string& path, std::size_t max_bytes);

}  // namespace hortega::core
