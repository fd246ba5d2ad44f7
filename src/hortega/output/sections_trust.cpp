// SPDX-License-Identifier: Apache-2.0
// The section of the report that says what of this trial has been held against published results, in the
// terms of ASME V&V 40 (question of interest, context of use, evidence). The whole form is the validation's.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "hortega/output/sections.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

constexpr double k_day_a_year = 365.25;

struct Tally {
  int rows = 0, inside = 0, aside = 0, aside_inside = 0;
  double longest_year = 0.0;  ///< follow-up of the studies with scored numbers
};

Tally tally_of(const evidence::Standing& standing) {
  Tally t;
  t.rows = standing.rows_scored();
  for (const evidence::StudyStanding& s : standing.studies) {
    t.inside += s.rows_inside;
    t.aside += s.set_aside;
    t.aside_inside += s.set_aside_inside;
    if (s.rows > 0) t.longest_year = std::max(t.longest_year, s.follow_up_year);
  }
  return t;
}

std::string share(int part, int whole) { return whole > 0 ? fmt::format("{} of {}", part, whole) : "none"; }

std::string row_of(const evidence::Standing& standing, double trial_year) {
  const Tally t = tally_of(standing);
  std::string studies;
  for (const evidence::StudyStanding& s : standing.studies) {
    if (s.rows > 0) studies += (studies.empty() ? "" : ", ") + s.protocol;
  }
  std::string longest = "–";
  if (standing.validated())
    longest =
        fmt::format("{:.1f}{}", t.longest_year,
                    trial_year > t.longest_year ? "<span class=\"range\">this trial is longer</span>" : "");
  return fmt::format(
      "<tr><th scope=\"row\"><code>{}</code><span class=\"range\">{}</span></th><td class=\"n\">{}</td><td "
      "class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
      escape_html(standing.regimen),
      standing.validated() ? escape_html(studies) : "nothing says whether the engine is right about it",
      share(t.inside, t.rows), share(t.aside_inside, t.aside), longest);
}

}  // namespace

std::string trust_section(Page& page) {
  const auto& standing = page.context.standing;
  if (standing.empty()) return "";
  const trial::Protocol& protocol = page.summary.protocol;
  std::string out = fmt::format(
      "<h2 id=\"trust\">How far to trust it</h2><dl><dt>Question of interest</dt><dd>{}</dd><dt>Context of "
      "use</dt><dd>Research and teaching: to plan and to read trials. Nothing here decides about a "
      "patient.</dd><dt>What was held against published results</dt><dd>Of each regimen of this trial, the "
      "published numbers that some shipped trial gives, and how many lie inside the range in which 90 % of "
      "such studies should fall. Numbers set aside were not used to choose the model; which of them were "
      "read "
      "all the same, docs/how-far-to-trust.md says. "
      "<code>hortega validate</code> makes the whole form (ASME V&amp;V 40, and the FDA’s eight categories "
      "of "
      "evidence).</dd></dl>",
      escape_html(protocol.question));
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Validation by "
      "regimen\"><table><thead><tr><th scope=\"col\">Regimen</th><th scope=\"col\" "
      "class=\"n\">Inside</th><th "
      "scope=\"col\" class=\"n\">Of these set aside, inside</th><th scope=\"col\" class=\"n\">Longest "
      "follow-up, years</th></tr></thead><tbody>";
  for (const evidence::Standing& s : standing)
    out += row_of(s, protocol.accrual.follow_up_day / k_day_a_year);
  return out + "</tbody></table></div>";
}

}  // namespace hortega::output
