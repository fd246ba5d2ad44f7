// SPDX-License-Identifier: Apache-2.0
// The figure libraries that a report carries within itself, as the build embedded them (cmake/Vega.cmake).
#pragma once

#include <string_view>

namespace hortega::output {

/// One text for each of the three libraries; the views live as long as the program.
struct VegaBundle {
  std::string_view vega;
  std::string_view vega_lite;
  std::string_view vega_embed;
};

/// The minified scripts, byte for byte as published. Load them in this order. Who puts them into a page
/// escapes
/// "</script" and drops the sourceMappingURL comments.
[[nodiscard]] VegaBundle vega_bundle();

/// Their licences (BSD-3-Clause): a page that holds the scripts holds these texts as well.
[[nodiscard]] VegaBundle vega_licences();

}  // namespace hortega::output
