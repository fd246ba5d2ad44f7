// SPDX-License-Identifier: Apache-2.0
// The sections of the report, in their order.
#include "hortega/output/report.hpp"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "hortega/output/page.hpp"
#include "hortega/output/sections.hpp"

namespace hortega::output {
namespace {

struct Section {
  const char* id;
  const char* name;
  std::string (*make)(Page&);
};
constexpr std::array<Section, 16> k_sections = {
    {{"comparison", "Simulated beside published", comparison_section},
     {"flow", "Flow of participants", flow_section},
     {"curves", "Time to event", curves_section},
     {"multiverse", "Other definitions", multiverse_section},
     {"course", "Over time", bands_section},
     {"symptoms", "Symptoms and quality of life", symptoms_section},
     {"harms", "Harms", harms_section},
     {"resources", "What it takes", resources_section},
     {"cells", "Making the cells", cells_section},
     {"people", "A few people", people_section},
     {"general", "All statistics", general_section},
     {"trust", "How far to trust it", trust_section},
     {"parameters", "What it rests on", parameters_section},
     {"population", "Virtual population", population_section},
     {"definitions", "Definitions", definitions_section},
     {"repeat", "How to repeat it", repeat_section}}};

}  // namespace

std::string report_html(const evidence::RunSummary& summary, const RunContext& context,
                        const std::string& results_hash) {
  Page page{summary, context, results_hash};
  const std::string headline = headline_section(page);
  std::string body;
  std::vector<std::pair<std::string, std::string>> contents;
  for (const auto& section : k_sections) {
    const std::string html = section.make(page);
    if (html.empty()) continue;
    contents.emplace_back(section.id, section.name);
    body += fmt::format("<section aria-labelledby=\"{}\">{}</section>\n", section.id, html);
  }
  PageParts parts;
  parts.title = summary.protocol.title.empty() ? summary.protocol.id : summary.protocol.title;
  parts.kind = "Simulated trial";
  parts.headline = headline;
  parts.contents = std::move(contents);
  parts.body = std::move(body);
  parts.has_figures = true;
  return html_page(parts);
}

}  // namespace hortega::output
