// SPDX-License-Identifier: Apache-2.0
// How one value of an input is read, checked, written back and documented. A codec is a small copyable object
// with
//
//   using Target = M;                                              the type it reads into
//   bool accepts(const Value&) const;                              is the value of a TOML type that it can
//   judge? bool read(const Value&, const std::string& path, Reader&, M&) const;   false after telling the
//   reader a problem Value write(const M&) const;                                   null if M cannot be
//   written by this codec Shape shape() const;                                           for JSON Schema and
//   the reference
//
// schema.hpp binds codecs to the members of a struct.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hortega/core/document.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/quantity.hpp"
#include "hortega/core/value.hpp"

namespace hortega::core {

/// `path.key`, with the key quoted where TOML asks for it.
std::string join_path(const std::string& path, std::string_view key);
/// `path[index]`, from 0.
std::string join_path(const std::string& path, std::size_t index);

/// Where each key path of an input was read, so that later checks ("nobody qualifies") can point at the
/// place.
class Locations {
 public:
  Locations() = default;
  explicit Locations(const Document& document) : sources_(document.sources()) {}

  void note(const std::string& path, const Position& position) { positions_[path] = position; }
  bool contains(const std::string& path) const { return positions_.count(path) > 0; }
  /// The place of `path`, or of the nearest table around it that was written.
  Place place(const std::string& path) const;
  /// A problem at that place.
  Problem problem(const std::string& path, std::string message, std::string allowed = {},
                  std::string suggestion = {}) const;

 private:
  Position position(std::string path) const;

  std::shared_ptr<const std::vector<Source>> sources_;
  std::map<std::string, Position> positions_;
};

/// Where codecs tell their problems and the places they read.
class Reader {
 public:
  Reader(const Document& document, Problems& problems, Locations& locations)
      : document_(document), problems_(problems), locations_(locations) {}

  void problem(const Position& at, const std::string& path, std::string message, std::string allowed = {},
               std::string suggestion = {});
  /// "must be a number, not a string ("3")".
  void wrong_type(const Value& value, const std::string& path, std::string_view wanted,
                  std::string suggestion = {});
  void note(const std::string& path, const Position& at) { locations_.note(path, at); }
  std::size_t problem_count() const { return problems_.size(); }
  Locations& locations() { return locations_; }
  Problems& problems() { return problems_; }

 private:
  const Document& document_;
  Problems& problems_;
  Locations& locations_;
};

struct TableShape;

/// What the reference and JSON Schema say about a value.
struct Shape {
  std::string type;                         ///< "number", "time, e.g. `6 months`", "list of texts"
  std::string allowed;                      ///< "0 to 1"; may be empty
  Value json;                               ///< JSON Schema of the value
  std::shared_ptr<const TableShape> table;  ///< of tables: their keys
  std::string table_suffix;                 ///< "[]" for arrays of tables
};

/// One key of a table in the reference.
struct FieldShape {
  std::string key;
  Shape shape;
  std::string default_text;  ///< as typed; empty if none
  std::string doc;
  bool required = false;
};

struct TableShape {
  std::string doc;
  std::vector<FieldShape> fields;
};

/// An interval with open or closed ends.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  bool contains(double x) const {
    return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
  bool bounded() const { return std::isfinite(low) || std::isfinite(high); }
  /// "0 to 1", "above 0", "at most 10"; numbers carry `unit` if it is not empty.
  std::string text(std::string_view unit = {}) const;
  /// Adds minimum, exclusiveMinimum, ... to a JSON Schema.
  void to_json_schema(Value& json) const;
};

/// Limits of a real number, shared by the codecs that have them.
template <class Derived>
class Bounded {
 public:
  Derived& range(double low, double high) { return interval({low, high, false, false}); }
  Derived& at_least(double low) {
    interval_.low = low;
    interval_.low_open = false;
    return self();
  }
  Derived& at_most(double high) {
    interval_.high = high;
    interval_.high_open = false;
    return self();
  }
  Derived& above(double low) {
    interval_.low = low;
    interval_.low_open = true;
    return self();
  }
  Derived& below(double high) {
    interval_.high = high;
    interval_.high_open = true;
    return self();
  }
  Derived& interval(Interval interval) {
    interval_ = interval;
    return self();
  }

 protected:
  Interval interval_;

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
};

/// A finite real number; whole numbers are widened.
class NumberCodec : public Bounded<NumberCodec> {
 public:
  using Target = double;
  bool accepts(const Value& value) const;
  bool read(const Value& value, const std::string& path, Reader& reader, double& out) const;
  Value write(double value) const { return value; }
  Shape shape() const;
  /// Told behind the limits of a number that is out of range.
  NumberCodec& meaning(std::string words) {
    meaning_ = std::move(words);
    return *this;
  }

 private:
  std::string meaning_;
};

/// A quantity with a unit, as a string; limits are in the kind's internal unit. Written back in that unit.
class QuantityCodec : public Bounded<QuantityCodec> {
 public:
  using Target = double;
  explicit QuantityCodec(Kind kind) : kind_(kind) {}
  bool accepts(const Value& value) const;
  bool read(const Value& value, const std::string& path, Reader& reader, double& out) const;
  Value write(double value) const;
  Shape shape() const;

 private:
  Kind kind_;
};

/// A whole number as 64-bit integer within limits: what IntegerCodec<I> is made of.
class Integer64Codec {
 public:
  Integer64Codec(std::int64_t low, std::int64_t high) : low_(low), high_(high) {}
  void limit(std::int64_t low, std::int64_t high) {
    low_ = std::max(low_, low), high_ = std::min(high_, high);
  }
  bool read(const Value& value, const std::string& path, Reader& reader, std::int64_t& out) const;
  Shape shape() const;

 private:
  std::int64_t low_, high_;
};

/// A whole number of type I.
template <class I>
class IntegerCodec {
 public:
  using Target = I;
  IntegerCodec() : codec_(lowest(), highest()) {}
  IntegerCodec& range(std::int64_t low, std::int64_t high) {
    codec_.limit(low, high);
    return *this;
  }
  IntegerCodec& at_least(std::int64_t low) {
    codec_.limit(low, highest());
    return *this;
  }
  IntegerCodec& at_most(std::int64_t high) {
    codec_.limit(lowest(), high);
    return *this;
  }

  bool accepts(const Value& value) const { return value.integer() != nullptr || value.real() != nullptr; }
  bool read(const Value& value, const std::string& path, Reader& reader, I& out) const {
    std::int64_t wide = 0;
    if (!codec_.read(value, path, reader, wide)) return false;
    out = static_cast<I>(wide);
    return true;
  }
  Value write(I value) const { return Value(static_cast<std::int64_t>(value)); }
  Shape shape() const { return codec_.shape(); }

 private:
  static constexpr std::int64_t lowest() {
    if constexpr (std::is_unsigned_v<I>) return 0;
    return static_cast<std::int64_t>(std::numeric_limits<I>::min());
  }
  static constexpr std::int64_t highest() {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if constexpr (sizeof(I) >= sizeof(std::int64_t)) return most;
    return static_cast<std::int64_t>(std::numeric_limits<I>::max());
  }
  Integer64Codec codec_;
};

/// A text; not empty unless allowed.
class TextCodec {
 public:
  using Target = std::string;
  /// Letters, digits, `-` and `_`, beginning with a letter or digit.
  TextCodec& identifier() {
    identifier_ = true;
    return *this;
  }
  TextCodec& may_be_empty() {
    may_be_empty_ = true;
    return *this;
  }
  /// Only these; a nearest spelling is offered.
  TextCodec& one_of(std::vector<std::string> allowed) {
    allowed_ = std::move(allowed);
    return *this;
  }

  bool accepts(const Value& value) const { return value.text() != nullptr; }
  bool read(const Value& value, const std::string& path, Reader& reader, std::string& out) const;
  /// An empty text that the reader would refuse stands for an absent key: nothing is written.
  Value write(const std::string& value) const {
    return value.empty() && !may_be_empty_ ? Value() : Value(value);
  }
  Shape shape() const;

 private:
  bool identifier_ = false;
  bool may_be_empty_ = false;
  std::vector<std::string> allowed_;
};

/// One of some words, each standing for a value of an enum.
template <class E>
class ChoiceCodec {
 public:
  using Target = E;
  explicit ChoiceCodec(std::vector<std::pair<std::string, E>> choices) : choices_(std::move(choices)) {
    std::vector<std::string> words;
    for (const auto& choice : choices_) words.push_back(choice.first);
    words_.one_of(std::move(words));
  }
  bool accepts(const Value& value) const { return words_.accepts(value); }
  bool read(const Value& value, const std::string& path, Reader& reader, E& out) const {
    std::string word;
    if (!words_.read(value, path, reader, word)) return false;
    for (const auto& [name, choice] : choices_) {
      if (name == word) out = choice;
    }
    return true;
  }
  Value write(const E& value) const {
    for (const auto& [name, choice] : choices_) {
      if (choice == value) return name;
    }
    return {};
  }
  Shape shape() const { return words_.shape(); }

 private:
  std::vector<std::pair<std::string, E>> choices_;
  TextCodec words_;
};

class BooleanCodec {
 public:
  using Target = bool;
  bool accepts(const Value& value) const { return value.boolean() != nullptr; }
  bool read(const Value& value, const std::string& path, Reader& reader, bool& out) const;
  Value write(bool value) const { return value; }
  Shape shape() const;
};

/// Limits on the number of items, told as a problem at the list.
struct SizeLimit {
  std::size_t low = 0;
  std::size_t high = std::numeric_limits<std::size_t>::max();
  bool check(const Value& list, std::size_t size, const std::string& path, Reader& reader) const;
  std::string text() const;
  void to_json_schema(Value& json) const;
};

/// Shape of a list with items of the given shape.
Shape list_shape(const Shape& item, const SizeLimit& size, std::string_view extra);

/// A list of values read by another codec.
template <class Item>
class ListCodec {
 public:
  using X = typename Item::Target;
  using Target = std::vector<X>;
  explicit ListCodec(Item item) : item_(std::move(item)) {}
  ListCodec& size(std::size_t low, std::size_t high) {
    size_ = {low, high};
    return *this;
  }
  ListCodec& not_empty() {
    size_.low = 1;
    return *this;
  }
  /// Each item must be larger than the one before.
  ListCodec& increasing() requires std::is_arithmetic_v<X> {
    increasing_ = true;
    return *this;
  }
  /// No item twice.
  ListCodec& distinct() requires std::equality_comparable<X> {
    distinct_ = true;
    return *this;
  }
  /// The codec of the items, to set limits on it.
  Item& item() { return item_; }

  bool accepts(const Value& value) const { return value.array() != nullptr; }
  bool read(const Value& value, const std::string& path, Reader& reader, Target& out) const {
    const Value::Array* items = value.array();
    if (items == nullptr) {
      reader.wrong_type(value, path, "a list");
      return false;
    }
    out.clear();
    bool ok = size_.check(value, items->size(), path, reader);
    for (std::size_t i = 0; i < items->size(); ++i) {
      const Value& here = (*items)[i];
      const std::string here_path = join_path(path, i);
      reader.note(here_path, here.position);
      X x{};
      if (!item_.read(here, here_path, reader, x)) {
        ok = false;
        continue;
      }
      ok = check_order(x, out, here, here_path, reader) && ok;
      out.push_back(std::move(x));
    }
    return ok;
  }
  /// An empty list that the reader would refuse stands for an absent key: nothing is written.
  Value write(const Target& list) const {
    if (list.empty() && size_.low > 0) return {};
    Value::Array items;
    for (const auto& x : list) items.push_back(item_.write(x));
    return items;
  }
  Shape shape() const {
    Shape shape =
        list_shape(item_.shape(), size_, increasing_ ? "increasing" : (distinct_ ? "each once" : ""));
    if (distinct_ || increasing_) shape.json.set("uniqueItems", true);
    return shape;
  }

 private:
  bool check_order(const X& x, const Target& before, const Value& here, const std::string& path,
                   Reader& reader) const {
    if (increasing_) {
      if constexpr (std::is_arithmetic_v<X>) {
        if (!before.empty() && !(x > before.back())) {
          reader.problem(here.position, path, show(here) + " does not follow the item before it",
                         "items must increase");
          return false;
        }
      }
    }
    if constexpr (std::equality_comparable<X>) {
      if (distinct_ && std::find(before.begin(), before.end(), x) != before.end()) {
        reader.problem(here.position, path, show(here) + " stands twice", "each item once");
        return false;
      }
    }
    return true;
  }

  Item item_;
  SizeLimit size_;
  bool increasing_ = false;
  bool distinct_ = false;
};

/// A table with free keys: a map from texts to values read by another codec.
template <class Item>
class MapCodec {
 public:
  using X = typename Item::Target;
  using Target = std::map<std::string, X>;
  explicit MapCodec(Item item) : item_(std::move(item)) {}
  Item& item() { return item_; }

  bool accepts(const Value& value) const { return value.table() != nullptr; }
  bool read(const Value& value, const std::string& path, Reader& reader, Target& out) const {
    const Value::Table* table = value.table();
    if (table == nullptr) {
      reader.wrong_type(value, path, "a table");
      return false;
    }
    out.clear();
    bool ok = true;
    for (const auto& [key, item] : *table) {
      const std::string here = join_path(path, key);
      reader.note(here, item.position);
      X x{};
      if (item_.read(item, here, reader, x)) {
        out.emplace(key, std::move(x));
      } else {
        ok = false;
      }
    }
    return ok;
  }
  Value write(const Target& map) const {
    Value table{Value::Table{}};
    for (const auto& [key, x] : map) table.set(key, item_.write(x));
    return table;
  }
  Shape shape() const {
    const Shape item = item_.shape();
    Shape shape;
    shape.type = "table of any key = " + item.type;
    shape.allowed = item.allowed;
    shape.json.set("type", "object").set("additionalProperties", item.json);
    shape.table = item.table;
    shape.table_suffix = ".KEY" + item.table_suffix;
    return shape;
  }

 private:
  Item item_;
};

/// Reads S by another codec and turns it into M. `from` gives back S, or nothing if this M needs another
/// spelling.
template <class M, class C>
class ConvertCodec {
 public:
  using Target = M;
  using S = typename C::Target;
  ConvertCodec(C codec, std::function<M(const S&)> to, std::function<std::optional<S>(const M&)> from)
      : codec_(std::move(codec)), to_(std::move(to)), from_(std::move(from)) {}

  bool accepts(const Value& value) const { return codec_.accepts(value); }
  bool read(const Value& value, const std::string& path, Reader& reader, M& out) const {
    S s{};
    if (!codec_.read(value, path, reader, s)) return false;
    out = to_(s);
    return true;
  }
  Value write(const M& m) const {
    const std::optional<S> s = from_(m);
    return s ? codec_.write(*s) : Value();
  }
  Shape shape() const { return codec_.shape(); }

 private:
  C codec_;
  std::function<M(const S&)> to_;
  std::function<std::optional<S>(const M&)> from_;
};

/// Shape of "this or that".
Shape either_shape(const Shape& first, const Shape& second);

/// One of two spellings of the same M, told apart by their TOML type (a number, or a table by arm). The first
/// that can write a value writes it.
template <class A, class B>
class EitherCodec {
 public:
  using Target = typename A::Target;
  static_assert(std::is_same_v<typename A::Target, typename B::Target>,
                "both spellings must read the same type");
  EitherCodec(A first, B second) : first_(std::move(first)), second_(std::move(second)) {}

  bool accepts(const Value& value) const { return first_.accepts(value) || second_.accepts(value); }
  bool read(const Value& value, const std::string& path, Reader& reader, Target& out) const {
    if (first_.accepts(value)) return first_.read(value, path, reader, out);
    if (second_.accepts(value)) return second_.read(value, path, reader, out);
    reader.problem(value.position, path, show(value) + " does not fit", "expected: " + shape().type);
    return false;
  }
  Value write(const Target& value) const {
    Value written = first_.write(value);
    return written.is_null() ? second_.write(value) : written;
  }
  Shape shape() const { return either_shape(first_.shape(), second_.shape()); }

 private:
  A first_;
  B second_;
};

inline NumberCodec as_number() { return {}; }
inline QuantityCodec as_quantity(Kind kind) { return QuantityCodec(kind); }
template <class I = std::int64_t>
IntegerCodec<I> as_integer() {
  return {};
}
inline TextCodec as_text() { return {}; }
inline BooleanCodec as_boolean() { return {}; }
template <class E>
ChoiceCodec<E> as_choice(std::vector<std::pair<std::string, E>> choices) {
  return ChoiceCodec<E>(std::move(choices));
}
template <class Item>
ListCodec<Item> as_list(Item item) {
  return ListCodec<Item>(std::move(item));
}
template <class Item>
MapCodec<Item> as_map(Item item) {
  return MapCodec<Item>(std::move(item));
}
template <class M, class C>
ConvertCodec<M, C> converted(C codec, std::function<M(const typename C::Target&)> to,
                             std::function<std::optional<typename C::Target>(const M&)> from) {
  return ConvertCodec<M, C>(std::move(codec), std::move(to), std::move(from));
}
template <class A, class B>
EitherCodec<A, B> either(A first, B second) {
  return EitherCodec<A, B>(std::move(first), std::move(second));
}

}  // namespace hortega::core
