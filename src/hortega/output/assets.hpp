// SPDX-License-Identifier: Apache-2.0
// Style sheet and script of the report, and the colours that figures and style share.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hortega::output {

/// Colours of the arms, in their order, as figures name them; the style sheet replaces each by a variable, so
/// that dark screens and paper get their own. Distinct for the common kinds of colour blindness.
inline constexpr std::array<std::string_view, 4> k_arm_colours = {"#14708c", "#b4531a", "#6a4c9c", "#55732b"};
/// Dashes of the arms: colour alone must not tell them apart.
inline constexpr std::array<std::string_view, 4> k_arm_dashes = {"1,0", "6,3", "2,2", "8,3,2,3"};
inline constexpr std::string_view k_ink_colour = "#1d2a30";
inline constexpr std::string_view k_quiet_colour = "#5d6c74";

std::string_view report_style();
/// Draws every element of class `vega` from the JSON script that its data-spec names.
std::string_view report_script();

}  // namespace hortega::output
