// SPDX-License-Identifier: Apache-2.0
// The frame of every page.
#include "hortega/output/page.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "hortega/core/version.hpp"
#include "hortega/output/assets.hpp"
#include "hortega/output/vega.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

/// A script as the content of a script element: "</script" cannot end it, and no source map is asked for.
std::string inlined(std::string_view script) {
  std::string out;
  out.reserve(script.size() + 64);
  constexpr std::string_view k_end = "</script", k_map = "//# sourceMappingURL";
  std::size_t at = 0;
  while (at < script.size()) {
    const std::size_t end = script.find(k_end, at);
    const std::size_t map = script.find(k_map, at);
    const std::size_t next = std::min(end, map);
    if (next == std::string_view::npos) break;
    out += script.substr(at, next - at);
    if (next == end) {
      out += "<\\/script";
      at = next + k_end.size();
    } else {
      at = std::min(script.find('\n', next), script.size());
    }
  }
  if (at < script.size()) out += script.substr(at);
  return out;
}

std::string licences() {
  const VegaBundle texts = vega_licences();
  std::string out =
      "<details class=\"more\"><summary>Licences of the figure libraries in this file</summary>";
  for (const auto& [name, text] : {std::pair{"Vega", texts.vega}, std::pair{"Vega-Lite", texts.vega_lite},
                                   std::pair{"Vega-Embed", texts.vega_embed}})
    out += fmt::format("<h3>{}</h3><pre>{}</pre>", name, escape_html(text));
  return out + "</details>";
}

}  // namespace

std::string html_page(const PageParts& parts) {
  const std::string title = escape_html(parts.title);
  std::string out;
  out.reserve(parts.body.size() + (parts.has_figures ? 1'200'000 : 40'000));
  out += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
      "'unsafe-inline'; "
      "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += fmt::format("<meta name=\"generator\" content=\"Hortega {}\">\n", escape_html(core::version()));
  out += fmt::format("<title>{} · {}</title>\n<style>", title, escape_html(parts.kind));
  out += report_style();
  out += parts.more_style;
  out += "</style>\n</head>\n<body>\n<div class=\"page\">\n";
  out += fmt::format("<header class=\"top\"><p class=\"kind\">{} · Hortega {}</p><h1>{}</h1>{}</header>\n",
                     escape_html(parts.kind), escape_html(core::version()), title, parts.headline);
  std::string contents;
  for (const auto& [anchor, name] : parts.contents)
    contents += fmt::format("<li><a href=\"#{}\">{}</a></li>", anchor, escape_html(name));
  out +=
      "<nav class=\"contents\" aria-label=\"Contents\"><details "
      "open><summary>Contents</summary><ol>" +
      contents + "</ol></details></nav>\n";
  out += "<main>\n";
  if (parts.has_figures)
    out +=
        "<noscript><p>Figures over time are drawn by the script inside this file; without scripts, see the "
        "CSV files in tables/.</p></noscript>\n";
  out += parts.body + "</main>\n";
  out +=
      "<footer><p>Made by Hortega, an engine for in-silico trials. All people here are simulated. Research "
      "software: "
      "it advises no patient.</p>" +
      (parts.has_figures ? licences() : "") + "</footer>\n</div>\n";
  if (parts.has_figures) {
    const VegaBundle vega = vega_bundle();
    for (const auto script : {vega.vega, vega.vega_lite, vega.vega_embed})
      out += "<script>" + inlined(script) + "</script>\n";
  }
  out += "<script>";
  out += report_script();
  out += "</script>\n</body>\n</html>\n";
  return out;
}

}  // namespace hortega::output
