// SPDX-License-Identifier: Apache-2.0
// One table per kind of input, from which come its reader, its JSON Schema, its reference page, and the
// writing of a fully resolved input.
//
//   Schema<Accrual> accrual("When participants enter.");
//   accrual.quantity("duration", &Accrual::duration_day, Kind::time).above(0).required().doc("Time over which
//   ..."); accrual.quantity("data_cut", &Accrual::data_cut_day, Kind::time).doc("...");         //
//   std::optional<double> Schema<Trial> trial("A trial."); trial.format("hortega-protocol", 1);
//   trial.table("accrual", &Trial::accrual, accrual).doc("...");
//   trial.tables("arm", &Trial::arms, arm).distinct("id").not_empty().doc("...");
//   trial.check([](const Trial& t, const Report& r) { if (...) r.problem("accrual.data_cut", "...", "...");
//   }); auto [protocol, places] = trial.read(Document::load(path));
//
// A key is required if it says so, absent-able if its member is a std::optional, and otherwise has a default:
// that of .def(), or the member's initialiser.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hortega/core/codec.hpp"

namespace hortega::core {

/// What a table's check tells its problems to; keys are relative to the table ("" is the table itself).
class Report {
 public:
  Report(Reader& reader, std::string path) : reader_(reader), path_(std::move(path)) {}
  void problem(const std::string& key, std::string message, std::string allowed = {},
               std::string suggestion = {}) const;

 private:
  Reader& reader_;
  std::string path_;
};

/// An input as read, and where each of its keys stands.
template <class T>
struct Read {
  T value;
  Locations places;
};

namespace detail {

template <class M>
struct StripOptional {
  using type = M;
  static constexpr bool optional = false;
};
template <class M>
struct StripOptional<std::optional<M>> {
  using type = M;
  static constexpr bool optional = true;
};

/// The part of a key that does not depend on its type.
struct FieldInfo {
  std::string key;
  std::string doc;
  bool required = false;
  bool optional = false;
};

/// Tells unknown keys, with the nearest known spelling. Returns the known keys that were probably meant.
std::vector<std::string> tell_unknown_keys(const Value& table, const std::vector<std::string>& known,
                                           const std::string& path, Reader& reader);
/// Tells a required key that is not there, and what is expected of it.
void tell_missing_key(const Value& table, const std::string& key, const Shape& shape, const std::string& path,
                      Reader& reader);
/// Checks `format` and `version` of a root table.
bool check_format(const Value& root, const std::string& format, int version, Reader& reader);
/// Tells items of an array of tables whose text under `key` was used before.
bool check_distinct(const Value& tables, const std::string& key, const std::string& path, Reader& reader);

Shape table_shape(std::shared_ptr<const TableShape> table, Value json);
Value table_json(const TableShape& table);
std::string markdown(const TableShape& root, const std::string& title);
std::string default_text(const Value& value);
void add_format_to_json(Value& json, const std::string& format, int version);
void add_format_to_shape(TableShape& table, const std::string& format, int version);

}  // namespace detail

template <class T>
class Schema;

template <class T>
class FieldBase {
 public:
  virtual ~FieldBase() = default;
  virtual bool read(const Value& table, const std::string& path, Reader& reader, bool missing_is_told,
                    T& out) const = 0;
  virtual Value write(const T& value) const = 0;
  virtual FieldShape shape() const = 0;
  const std::string& key() const { return info_.key; }

 protected:
  detail::FieldInfo info_;
};

/// A table bound to a struct by a Schema.
template <class S>
class TableCodec {
 public:
  using Target = S;
  static constexpr bool is_table = true;
  explicit TableCodec(Schema<S> schema) : schema_(std::move(schema)) {}
  bool accepts(const Value& value) const { return value.table() != nullptr; }
  bool read(const Value& value, const std::string& path, Reader& reader, S& out) const {
    return schema_.read_table(value, path, reader, out);
  }
  Value write(const S& value) const { return schema_.write(value); }
  Shape shape() const {
    auto table = std::make_shared<const TableShape>(schema_.shape());
    Value json = detail::table_json(*table);
    return detail::table_shape(std::move(table), std::move(json));
  }

 private:
  Schema<S> schema_;
};

/// An array of tables.
template <class S>
class TablesCodec {
 public:
  using Target = std::vector<S>;
  explicit TablesCodec(Schema<S> schema) : list_(TableCodec<S>(std::move(schema))) {}
  TablesCodec& size(std::size_t low, std::size_t high) {
    list_.size(low, high);
    return *this;
  }
  TablesCodec& not_empty() {
    list_.not_empty();
    return *this;
  }
  /// No two tables with the same text under `key`.
  TablesCodec& distinct(std::string key) {
    distinct_ = std::move(key);
    return *this;
  }

  bool accepts(const Value& value) const { return list_.accepts(value); }
  bool read(const Value& value, const std::string& path, Reader& reader, Target& out) const {
    const bool distinct = distinct_.empty() || detail::check_distinct(value, distinct_, path, reader);
    return list_.read(value, path, reader, out) && distinct;
  }
  Value write(const Target& value) const { return list_.write(value); }
  Shape shape() const {
    Shape shape = list_.shape();
    if (!distinct_.empty())
      shape.allowed += (shape.allowed.empty() ? "" : ", ") + ("each " + distinct_) + " once";
    return shape;
  }

 private:
  ListCodec<TableCodec<S>> list_;
  std::string distinct_;
};

/// One key of a table: a member of T, read by codec C. Returned by Schema's functions so that limits, default
/// and documentation can be added.
template <class T, class M, class C>
class Field : public FieldBase<T> {
 public:
  using X = typename C::Target;
  // NOLINTNEXTLINE(performance-unnecessary-value-param): moved from
  Field(std::string key, M T::*member, C codec) : member_(member), codec_(std::move(codec)) {
    static_assert(std::is_same_v<typename detail::StripOptional<M>::type, X>,
                  "the member's type is not what this kind of key reads");
    info_.key = std::move(key);
    info_.optional = detail::StripOptional<M>::optional;
  }

  /// One sentence for the reference.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): moved from
  Field& doc(std::string text) {
    info_.doc = std::move(text);
    return *this;
  }
  Field& required() {
    info_.required = true;
    return *this;
  }
  /// The value if the key is absent, where the member's initialiser is not to be it.
  Field& def(X value) {
    default_ = std::move(value);
    return *this;
  }
  /// A further check: returns an empty text, or what is wrong.
  Field& check(std::function<std::string(const X&)> check) {
    checks_.push_back(std::move(check));
    return *this;
  }
  /// The codec, for what has no function here.
  C& codec() { return codec_; }

  // Limits of the codec; each compiles only where the codec has it.
  template <class L, class H>
  Field& range(L low, H high) {
    codec_.range(low, high);
    return *this;
  }
  template <class L>
  Field& at_least(L low) {
    codec_.at_least(low);
    return *this;
  }
  template <class H>
  Field& at_most(H high) {
    codec_.at_most(high);
    return *this;
  }
  Field& above(double low) {
    codec_.above(low);
    return *this;
  }
  Field& below(double high) {
    codec_.below(high);
    return *this;
  }
  Field& size(std::size_t low, std::size_t high) {
    codec_.size(low, high);
    return *this;
  }
  Field& not_empty() {
    codec_.not_empty();
    return *this;
  }
  Field& increasing() {
    codec_.increasing();
    return *this;
  }
  template <class... Key>
  Field& distinct(Key... key) {
    codec_.distinct(std::move(key)...);
    return *this;
  }
  Field& identifier() {
    codec_.identifier();
    return *this;
  }
  Field& may_be_empty() {
    codec_.may_be_empty();
    return *this;
  }
  Field& one_of(std::vector<std::string> words) {
    codec_.one_of(std::move(words));
    return *this;
  }

  bool read(const Value& table, const std::string& path, Reader& reader, bool missing_is_told,
            T& out) const override {
    const Value* value = table.find(info_.key);
    const std::string here = join_path(path, info_.key);
    if (value == nullptr) return read_absent(table, path, here, reader, missing_is_told, out);
    reader.note(here, value->position.line > 0 ? value->position : value->key_position);
    X x{};
    if (!codec_.read(*value, here, reader, x)) return false;
    bool ok = true;
    for (const auto& check : checks_) {
      std::string message = check(x);
      if (message.empty()) continue;
      reader.problem(value->position, here, std::move(message));
      ok = false;
    }
    out.*member_ = std::move(x);
    return ok;
  }

  Value write(const T& value) const override {
    if constexpr (detail::StripOptional<M>::optional) {
      return value.*member_ ? codec_.write(*(value.*member_)) : Value();
    } else {
      return codec_.write(value.*member_);
    }
  }

  FieldShape shape() const override {
    FieldShape shape;
    shape.key = info_.key;
    shape.shape = codec_.shape();
    shape.doc = info_.doc;
    shape.required = info_.required;
    if (!info_.required) {
      const Value absent = default_value();
      shape.default_text = detail::default_text(absent);
      if (!absent.is_null() && absent.table() == nullptr) shape.shape.json.set("default", absent);
    }
    return shape;
  }

 private:
  using FieldBase<T>::info_;

  bool read_absent(const Value& table, const std::string& path, const std::string& here, Reader& reader,
                   bool missing_is_told, T& out) const {
    if (info_.required) {
      if (!missing_is_told) detail::tell_missing_key(table, info_.key, codec_.shape(), path, reader);
      return false;
    }
    if (default_) {
      out.*member_ = *default_;
      return true;
    }
    if constexpr (requires { C::is_table; } && !detail::StripOptional<M>::optional) {
      // An absent table is an empty one: its keys have defaults, or are told as missing.
      Value empty{Value::Table{}};
      empty.position = table.position;
      return codec_.read(empty, here, reader, out.*member_);
    }
    return true;
  }

  Value default_value() const {
    if (default_) return codec_.write(*default_);
    if constexpr (detail::StripOptional<M>::optional) {
      return {};
    } else {
      return codec_.write(T{}.*member_);
    }
  }

  M T::*member_;
  C codec_;
  std::optional<X> default_;
  std::vector<std::function<std::string(const X&)>> checks_;
};

/// The keys of a table and the struct they are read into. Copies share their fields, so finish a schema
/// before it is used in another.
template <class T>
class Schema {
 public:
  explicit Schema(std::string doc = {}) : doc_(std::move(doc)) {}

  /// Root tables: `format = name` and `version = version` must stand in the file.
  Schema& format(std::string name, int version) {
    format_ = std::move(name);
    version_ = version;
    return *this;
  }
  const std::string& format_name() const { return format_; }

  template <class M>
  auto& number(std::string key, M T::*member) {
    return add(std::move(key), member, NumberCodec());
  }
  template <class M>
  auto& quantity(std::string key, M T::*member, Kind kind) {
    return add(std::move(key), member, QuantityCodec(kind));
  }
  template <class M>
  auto& integer(std::string key, M T::*member) {
    return add(std::move(key), member, IntegerCodec<typename detail::StripOptional<M>::type>());
  }
  template <class M>
  auto& text(std::string key, M T::*member) {
    return add(std::move(key), member, TextCodec());
  }
  template <class M>
  auto& boolean(std::string key, M T::*member) {
    return add(std::move(key), member, BooleanCodec());
  }
  /// A text out of a list.
  template <class M>
  auto& choice(std::string key, M T::*member, std::vector<std::string> words) {
    return add(std::move(key), member, TextCodec().one_of(std::move(words)));
  }
  /// Words for the values of an enum.
  template <class M>
  auto& choice(std::string key, M T::*member,
               std::vector<std::pair<std::string, typename detail::StripOptional<M>::type>> choices) {
    return add(std::move(key), member,
               ChoiceCodec<typename detail::StripOptional<M>::type>(std::move(choices)));
  }
  template <class M>
  auto& numbers(std::string key, M T::*member) {
    return add(std::move(key), member, as_list(as_number()));
  }
  template <class M>
  auto& integers(std::string key, M T::*member) {
    using I = typename detail::StripOptional<M>::type::value_type;
    return add(std::move(key), member, as_list(as_integer<I>()));
  }
  template <class M>
  auto& quantities(std::string key, M T::*member, Kind kind) {
    return add(std::move(key), member, as_list(as_quantity(kind)));
  }
  template <class M>
  auto& texts(std::string key, M T::*member) {
    return add(std::move(key), member, as_list(as_text()));
  }
  /// A table of its own; absent, it counts as empty unless the member is a std::optional.
  template <class M>
  auto& table(std::string key, M T::*member, Schema<typename detail::StripOptional<M>::type> schema) {
    using S = typename detail::StripOptional<M>::type;
    return add(std::move(key), member, TableCodec<S>(std::move(schema)));
  }
  /// An array of tables, read into a vector of structs.
  template <class S>
  auto& tables(std::string key, std::vector<S> T::*member, Schema<S> schema) {
    return add(std::move(key), member, TablesCodec<S>(std::move(schema)));
  }
  /// Free keys to values of one kind, read into a std::map: `.map("marks", &T::marks, as_text())`.
  template <class M, class Item>
  auto& map(std::string key, M T::*member, Item item) {
    return add(std::move(key), member, as_map(std::move(item)));
  }
  /// Any other codec.
  template <class M, class C>
  Field<T, M, C>& add(std::string key, M T::*member, C codec) {
    auto field = std::make_shared<Field<T, M, C>>(std::move(key), member, std::move(codec));
    fields_.push_back(field);
    return *field;
  }

  /// A check of the whole table, made once all its keys were read without a problem.
  Schema& check(std::function<void(const T&, const Report&)> check) {
    checks_.push_back(std::move(check));
    return *this;
  }

  /// Reads a document. Throws InputError with every problem found.
  Read<T> read(const Document& document) const {
    Problems problems;
    Read<T> result{T{}, Locations(document)};
    read(document, problems, result.places, result.value);
    problems.throw_if_any();
    return result;
  }

  /// The same, adding to `problems`; true if there was none.
  bool read(const Document& document, Problems& problems, Locations& places, T& out) const {
    Reader reader(document, problems, places);
    if (!format_.empty() && !detail::check_format(document.root(), format_, version_, reader)) return false;
    return read_table(document.root(), "", reader, out);
  }

  /// Reads a table that stands at `path`.
  bool read_table(const Value& value, const std::string& path, Reader& reader, T& out) const {
    if (value.table() == nullptr) {
      reader.wrong_type(value, path, "a table");
      return false;
    }
    reader.note(path, value.position);
    const std::size_t before = reader.problem_count();
    std::vector<std::string> known;
    for (const auto& field : fields_) known.push_back(field->key());
    if (!format_.empty()) known.insert(known.end(), {"format", "version"});
    const auto meant = detail::tell_unknown_keys(value, known, path, reader);
    bool ok = true;
    for (const auto& field : fields_) {
      const bool told = std::find(meant.begin(), meant.end(), field->key()) != meant.end();
      ok = field->read(value, path, reader, told, out) && ok;
    }
    if (ok && reader.problem_count() == before) {
      for (const auto& check : checks_) check(out, Report(reader, path));
    }
    return reader.problem_count() == before;
  }

  /// The fully resolved input: every key with its value, defaults included; quantities in internal units.
  Value write(const T& value) const {
    Value table{Value::Table{}};
    if (!format_.empty()) table.set("format", format_).set("version", version_);
    for (const auto& field : fields_) {
      Value written = field->write(value);
      if (!written.is_null()) table.set(field->key(), std::move(written));
    }
    return table;
  }

  TableShape shape() const {
    TableShape table;
    table.doc = doc_;
    if (!format_.empty()) detail::add_format_to_shape(table, format_, version_);
    for (const auto& field : fields_) table.fields.push_back(field->shape());
    return table;
  }

  /// JSON Schema (draft 2020-12) of a whole file.
  Value json_schema() const {
    Value json;
    json.set("$schema", "https://json-schema.org/draft/2020-12/schema");
    if (!format_.empty()) json.set("title", format_);
    const Value body = detail::table_json(shape());
    for (const auto& [key, value] : *body.table()) json.set(key, value);
    if (!format_.empty()) detail::add_format_to_json(json, format_, version_);
    return json;
  }

  /// The reference as Markdown: one heading and one table of keys for each table of the input.
  std::string markdown(const std::string& title) const { return detail::markdown(shape(), title); }

 private:
  std::string doc_;
  std::string format_;
  int version_ = 0;
  std::vector<std::shared_ptr<const FieldBase<T>>> fields_;
  std::vector<std::function<void(const T&, const Report&)>> checks_;
};

}  // namespace hortega::core
