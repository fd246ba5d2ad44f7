// SPDX-License-Identifier: Apache-2.0
// Rendering of input problems and the search for nearest spellings.
#include "hortega/core/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

namespace hortega::core {
namespace {

constexpr std::size_t k_most_rendered = 40;
constexpr std::size_t k_excerpt_width = 100;

/// Length in bytes of the well-formed UTF-8 character that `text` begins with, or 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  std::size_t length = 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) length = 2;
  if (first >= 0xE0 && first < 0xF0) length = 3;
  if (first >= 0xF0 && first < 0xF5) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

/// Code points of a text; what a terminal must not be sent (control characters, C1 controls, broken UTF-8) is
/// `?`.
std::vector<std::string> printable_code_points(std::string_view text) {
  std::vector<std::string> points;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      points.emplace_back("?");
      text.remove_prefix(1);
      continue;
    }
    const auto first = static_cast<unsigned char>(text[0]);
    const bool control = (length == 1 && (first < 0x20 || first == 0x7F) && first != '\t') ||
                         (first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0);
    points.emplace_back(control ? std::string("?") : std::string(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return points;
}

std::string printable(std::string_view text) {
  std::string out;
  for (const auto& point : printable_code_points(text)) out += point == "\t" ? std::string(" ") : point;
  return out;
}

/// The excerpt and the line of the caret under it, cut to a window around the caret if the line is long.
std::pair<std::string, std::string> excerpt_with_caret(const Place& place) {
  const auto points = printable_code_points(place.excerpt);
  const std::size_t caret = place.column > 0 ? static_cast<std::size_t>(place.column) - 1 : 0;
  std::size_t begin = 0;
  std::size_t end = points.size();
  if (points.size() > k_excerpt_width) {
    begin = caret > k_excerpt_width / 2 ? std::min(caret, points.size()) - k_excerpt_width / 2 : 0;
    end = std::min(points.size(), begin + k_excerpt_width);
  }
  std::string line = begin > 0 ? "..." : "";
  std::string under(line.size(), ' ');
  for (std::size_t i = begin; i < end; ++i) {
    line += points[i];
    if (i < caret) under += points[i] == "\t" ? "\t" : " ";
  }
  if (end < points.size()) line += "...";
  if (caret > end) under.append(1, ' ');
  return {line, under + "^"};
}

std::string folded(std::string_view word) {
  std::string out;
  for (const char c : word) {
    out += c == '_' || c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

/// Optimal string alignment distance: insertions, deletions, substitutions, transpositions of neighbours.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = now;
  }
  return last[b.size()];
}

std::string render_all(const std::vector<Problem>& problems, Colour colour) {
  std::string text;
  for (std::size_t i = 0; i < std::min(problems.size(), k_most_rendered); ++i)
    text += render(problems[i], colour);
  if (problems.size() > k_most_rendered) {
    text += fmt::format("... and {} more problems\n", problems.size() - k_most_rendered);
  }
  return text;
}

}  // namespace

InputError::InputError(std::vector<Problem> problems)
    : std::runtime_error(render_all(problems, Colour::off)), problems_(std::move(problems)) {}

InputError::InputError(Problem problem) : InputError(std::vector<Problem>{std::move(problem)}) {}

void Problems::throw_if_any() const {
  if (problems_.empty()) return;
  auto sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) <
           std::tie(b.place.file, b.place.line, b.place.column);
  });
  throw InputError(std::move(sorted));
}

std::string render(const Problem& problem, Colour colour) {
  const bool on = colour == Colour::on;
  const std::string_view bold = on ? "\033[1m" : "";
  const std::string_view red = on ? "\033[1;31m" : "";
  const std::string_view off = on ? "\033[0m" : "";
  std::string where = printable(problem.place.file);
  if (problem.place.line > 0) where += fmt::format(":{}", problem.place.line);
  if (problem.place.line > 0 && problem.place.column > 0) where += fmt::format(":{}", problem.place.column);
  std::string text = where.empty() ? "" : fmt::format("{}{}:{} ", bold, where, off);
  text += fmt::format("{}error:{} ", red, off);
  if (!problem.key.empty()) text += printable(problem.key) + ": ";
  text += printable(problem.message);
  // The likely word comes before a long list of what is allowed, after a short one.
  constexpr std::size_t k_long_list = 160;
  const bool first = problem.allowed.size() > k_long_list;
  const std::string meant =
      problem.suggestion.empty() ? "" : fmt::format(", did you mean '{}'?", printable(problem.suggestion));
  if (first) text += meant;
  if (!problem.allowed.empty()) text += fmt::format(" ({})", printable(problem.allowed));
  if (!first) text += meant;
  text += '\n';
  if (problem.place.line > 0 && !problem.place.excerpt.empty()) {
    const auto [line, caret] = excerpt_with_caret(problem.place);
    const std::string number = fmt::format("{:5}", problem.place.line);
    text += fmt::format("{} | {}\n", number, line);
    if (problem.place.column > 0) text += fmt::format("{:5} | {}{}{}\n", "", red, caret, off);
  }
  return text;
}

std::string render(const std::vector<Problem>& problems, Colour colour) {
  return render_all(problems, colour);
}

std::string line_of(std::string_view text, int line) {
  if (line < 1) return {};
  for (int i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return std::string(text);
}

std::string nearest_spelling(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = folded(word.substr(0, 64));
  if (wanted.empty()) return {};
  const std::size_t cut_off = wanted.size() <= 4 ? 1 : wanted.size() / 3;
  std::size_t best = cut_off + 1;
  std::string nearest;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(wanted, folded(candidate));
    // One letter for another says nothing: a word must share something with what it is taken for.
    if (distance >= std::max(wanted.size(), candidate.size())) continue;
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::vector<std::string> nearest_words(std::string_view word, const std::vector<std::string>& candidates,
                                       std::size_t most) {
  const std::string wanted = folded(word.substr(0, 64));
  std::vector<std::pair<std::size_t, std::size_t>> order;  // distance, place
  order.reserve(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i)
    order.emplace_back(edit_distance(wanted, folded(candidates[i])), i);
  std::sort(order.begin(), order.end());
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) words.push_back(candidates[order[i].second]);
  return words;
}

std::string quoted_list(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += "'" + words[i] + "'";
  }
  return text;
}

}  // namespace hortega::core
