// SPDX-License-Identifier: Apache-2.0
// The validation page and the files beside it.
#include "hortega/output/validation_report.hpp"

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/output/credibility.hpp"
#include "hortega/output/manifest.hpp"
#include "hortega/output/page.hpp"
#include "hortega/output/validation_sections.hpp"

namespace hortega::output {

std::string validation_html(const ValidationReport& report, const std::string& results_hash) {
  PageParts parts;
  parts.title = "Simulated beside published";
  parts.kind = "Validation";
  parts.headline = validation_headline_section(report);
  parts.more_style = validation_style();
  // A link to a row opens the folded table that holds it.
  parts.more_script =
      "(function(){function open(){var row=location.hash&&document.getElementById(location.hash.slice(1));"
      "var "
      "folded=row&&row.closest('details');if(folded&&!folded.open){folded.open=true;row.scrollIntoView();}}"
      "window.addEventListener('hashchange',open);open();})();";
  const auto add = [&](const char* id, const char* name, const std::string& html) {
    parts.contents.emplace_back(id, name);
    parts.body += fmt::format("<section aria-labelledby=\"{}\">{}</section>\n", id, html);
  };
  add("scores", "How often, and how far", validation_score_section(report));
  add("one-by-one", "Studies set aside", validation_one_by_one_section(report));
  add("forest", "Every number at a glance", validation_forest_section(report));
  add("worst", "Farthest out", validation_worst_section(report));
  add("rows", "All numbers", validation_table_section(report));
  add("studies", "One study left out", validation_studies_section(report));
  add("facts", "Emergent facts", validation_facts_section(report));
  add("left-out", "Numbers left out", validation_left_out_section(report));
  add("credibility", "Credibility", credibility_section(report));
  add("methods", "How it was computed", validation_methods_section(report));
  add("repeat", "How to repeat it", validation_repeat_section(report, results_hash));
  return html_page(parts);
}

WrittenValidation write_validation(const ValidationReport& report, const std::string& directory_path) {
  const core::OutputDirectory directory{directory_path};
  std::vector<OutputFile> results;
  const auto write = [&](const std::string& path, const std::string& bytes) {
    directory.write(path, bytes);
    results.push_back({path, core::sha256_hex(bytes)});
  };
  write("validation.csv", validation_csv(report));
  write("validation.json", validation_json(report));
  WrittenValidation written;
  written.results_sha256 = results_sha256(results);
  directory.write("credibility.md", credibility_markdown(report));
  directory.write("validation.html", validation_html(report, written.results_sha256));
  return written;
}

}  // namespace hortega::output
