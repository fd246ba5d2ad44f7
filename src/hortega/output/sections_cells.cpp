// SPDX-License-Identifier: Apache-2.0
// The section of the report on making the cells: batches, why they failed, weeks, passages, potency, and who
// got none.
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "hortega/output/sections.hpp"
#include "hortega/output/tables.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using evidence::CellsMadeRow;

std::string cell(const std::string& value, const std::string& range = {}) {
  return fmt::format("<td class=\"n\">{}{}</td>", value,
                     range.empty() ? "" : "<span class=\"range\">" + range + "</span>");
}

// "too few 12 %, potency 3 %": the reasons that came up.
std::string reasons(const CellsMadeRow& row) {
  struct Reason {
    double CellsMadeRow::*percent;
    const char* words;
  };
  constexpr std::array<Reason, 6> all = {{{&CellsMadeRow::too_few, "too few cells"},
                                          {&CellsMadeRow::senescent, "senescent"},
                                          {&CellsMadeRow::karyotype, "karyotype"},
                                          {&CellsMadeRow::contaminated, "contaminated"},
                                          {&CellsMadeRow::weak, "potency"},
                                          {&CellsMadeRow::other, "not said why"}}};
  std::string text;
  for (const Reason& reason : all) {
    const double percent = row.*reason.percent;
    if (!(percent > 0.0)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason.words, show_percent(percent));
  }
  return text;
}

double failed(const CellsMadeRow& row) {
  return row.too_few + row.senescent + row.karyotype + row.contaminated + row.weak + row.other;
}

}  // namespace

std::string cells_section(Page& page) {
  const auto& rows = page.summary.cells_made;
  if (rows.empty()) return "";
  std::string out = fmt::format(
      "<h2 id=\"cells\">Making the cells</h2><p>Of all people of all simulated trials whose regimen of cells "
      "began. A "
      "donor’s batch stands in a bank before anybody asks for it; own cells are made from a harvest. Weeks, "
      "passages and potency are of batches that passed their tests; potency is that against T cells, of a "
      "young donor’s cells early in culture. {}</p>",
      csv_link(std::string(k_cells_table_path)));
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Making the "
      "cells\"><table><thead><tr><th scope=\"col\">Arm</th><th scope=\"col\" class=\"n\">Batches a "
      "person</th><th scope=\"col\" class=\"n\">Of these failed</th><th scope=\"col\" class=\"n\">Weeks to "
      "make</th><th scope=\"col\" class=\"n\">Passages</th><th scope=\"col\" class=\"n\">Potency</th><th "
      "scope=\"col\" class=\"n\">No batch passed</th><th scope=\"col\" class=\"n\">Got no "
      "cells</th></tr></thead><tbody>";
  for (const CellsMadeRow& row : rows) {
    out += "<tr><th scope=\"row\">" + escape_html(row.arm) + "</th>" + cell(show_number(row.batches)) +
           cell(show_percent(failed(row)), reasons(row)) +
           cell(show_number(row.weeks_median), std::isfinite(row.weeks_q10)
                                                   ? "people: " + show_interval(row.weeks_q10, row.weeks_q90)
                                                   : std::string()) +
           cell(show_number(row.passages)) + cell(show_number(row.potency)) +
           cell(show_percent(100.0 * row.no_batch / row.people)) +
           cell(show_percent(100.0 * row.without_cells / row.people)) + "</tr>";
  }
  return out + "</tbody></table></div>";
}

}  // namespace hortega::output
