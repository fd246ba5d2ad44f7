// SPDX-License-Identifier: Apache-2.0
// The frame of every page that Hortega writes: head, contents, footer; it asks nothing of a network.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace hortega::output {

/// Everything is HTML unless it says text.
struct PageParts {
  std::string title;                                          ///< text; also the heading
  std::string kind;                                           ///< text: "Simulated trial"
  std::string headline;                                       ///< below the heading
  std::vector<std::pair<std::string, std::string>> contents;  ///< anchor, name (text)
  std::string body;
  std::string more_style;    ///< CSS beyond report_style()
  bool has_figures = false;  ///< drawn by Vega-Lite, which the page then carries
};

/// The whole page, under a content security policy that allows no request.
std::string html_page(const PageParts& parts);

}  // namespace hortega::output
