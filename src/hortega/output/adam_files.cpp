// SPDX-License-Identifier: Apache-2.0
// A dataset as CSV and as CDISC Dataset-JSON 1.1.0 (attributes in the order of its specification).
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "hortega/core/files.hpp"
#include "hortega/core/version.hpp"
#include "hortega/output/adam.hpp"

namespace hortega::output {
namespace {

using Json = nlohmann::ordered_json;
constexpr int k_digits = 9;

std::size_t longest(const AdamDataset& dataset, std::size_t column) {
  std::size_t length = 1;
  for (const auto& row : dataset.rows)
    if (const auto* text = std::get_if<std::string>(&row[column])) length = std::max(length, text->size());
  return length;
}

Json column_json(const AdamDataset& dataset, std::size_t index) {
  const auto& column = dataset.columns[index];
  Json json;
  json["itemOID"] = "IT." + dataset.name + "." + column.name;
  json["name"] = column.name;
  json["label"] = column.label;
  switch (column.type) {
    case AdamColumn::Type::text:
      json["dataType"] = "string";
      json["length"] = longest(dataset, index);
      break;
    case AdamColumn::Type::integer:
      json["dataType"] = "integer";
      break;
    case AdamColumn::Type::real:
      json["dataType"] = "float";
      break;
    case AdamColumn::Type::date:
      json["dataType"] = "date";
      json["targetDataType"] = "integer";
      json["displayFormat"] = "E8601DA.";
      break;
  }
  if (column.key > 0) json["keySequence"] = column.key;
  return json;
}

Json value_json(const AdamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* date = std::get_if<AdamDate>(&value)) return reference_date(date->day);
  if (const auto* real = std::get_if<double>(&value); real && std::isfinite(*real))
    return std::strtod(fmt::format("{:.{}g}", *real, k_digits).c_str(), nullptr);
  return nullptr;
}

}  // namespace

std::string adam_csv(const AdamDataset& dataset) {
  std::vector<std::string> names;
  for (const auto& column : dataset.columns) names.push_back(column.name);
  core::CsvWriter csv(names);
  for (const auto& row : dataset.rows) {
    for (const auto& value : row) {
      if (const auto* text = std::get_if<std::string>(&value))
        csv.cell(*text);
      else if (const auto* whole = std::get_if<std::int64_t>(&value))
        csv.cell(*whole);
      else if (const auto* real = std::get_if<double>(&value))
        csv.cell(*real, k_digits);
      else if (const auto* date = std::get_if<AdamDate>(&value))
        csv.cell(reference_date(date->day));
      else
        csv.empty();
    }
    csv.end_row();
  }
  return csv.text();
}

std::string adam_dataset_json(const AdamDataset& dataset, const std::string& study_id,
                              const std::string& created) {
  Json head;
  head["datasetJSONCreationDateTime"] = created;
  head["datasetJSONVersion"] = "1.1.0";
  head["fileOID"] = "urn:hortega:" + study_id + ":" + dataset.name;
  head["originator"] = "Hortega (simulated data)";
  head["sourceSystem"] = {{"name", "Hortega"}, {"version", std::string(core::version())}};
  head["studyOID"] = study_id;
  head["itemGroupOID"] = "IG." + dataset.name;
  head["records"] = dataset.rows.size();
  head["name"] = dataset.name;
  head["label"] = dataset.label;
  head["columns"] = Json::array();
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) head["columns"].push_back(column_json(dataset, i));
  head["rows"] = Json::array();
  for (const auto& row : dataset.rows) {
    Json cells = Json::array();
    for (const auto& value : row) cells.push_back(value_json(value));
    head["rows"].push_back(std::move(cells));
  }
  // Broken UTF-8 in a label of the protocol must not end a run that is done.
  return head.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hortega::output
