// SPDX-License-Identifier: Apache-2.0
// SVG drawings.
#include "hortega/output/drawings.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "hortega/output/population.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

struct Line {
  std::string text;
  std::string css;  // strong, small or empty
};

constexpr int k_line_height = 19, k_padding = 10;

int height_of(const std::vector<Line>& lines) {
  return 2 * k_padding + k_line_height * static_cast<int>(lines.size());
}

/// A box with lines of text; `css` soft for what leaves the trial.
std::string box(int x, int y, int width, const std::vector<Line>& lines, const char* css) {
  std::string out =
      fmt::format("<g class=\"{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>", css, x, y,
                  width, height_of(lines));
  int baseline = y + k_padding + 14;
  for (const auto& line : lines) {
    out += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\">{}</text>", x + 12, baseline, line.css,
                       escape_html(line.text));
    baseline += k_line_height;
  }
  return out + "</g>";
}

std::string arrow(int x1, int y1, int x2, int y2) {
  return fmt::format("<path d=\"M{} {}V{}H{}V{}\" class=\"arrow\"/>", x1, y1, (y1 + y2) / 2, x2, y2);
}

/// Words broken into lines of about so many characters.
std::vector<std::string> wrap(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    begin = end + 1;
  }
  return lines;
}

class Flow {
 public:
  explicit Flow(const evidence::RunSummary& summary) : summary_(summary) {}

  std::string drawing(bool wide) const {
    const auto& arms = summary_.protocol.arms;
    const int columns = wide ? std::max<int>(1, static_cast<int>(arms.size())) : 1;
    constexpr int k_gap = 24;
    const int column = wide ? std::max(250, (820 - k_gap * (columns - 1)) / columns) : 340;
    const int width = columns * column + (columns - 1) * k_gap;
    const auto top = entry_lines(wide ? 66 : 42);
    const int top_width = std::min(width, 520);
    const int top_x = (width - top_width) / 2;
    std::string body = box(top_x, 2, top_width, top, "");
    int y_row = 2 + height_of(top) + 34, bottom = y_row;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      const int x = wide ? static_cast<int>(i) * (column + k_gap) : 0;
      int y = wide ? y_row : bottom + (i == 0 ? 0 : 26);
      if (wide || i == 0) body += arrow(top_x + top_width / 2, 2 + height_of(top), x + column / 2, y);
      body += arm_boxes(arms[i], x, y, column, wide ? static_cast<std::size_t>(column / 8) : 42);
      bottom = std::max(bottom, y);
    }
    return fmt::format(
        "<svg class=\"flow {}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"CONSORT flow: people "
        "assessed, "
        "allocated, treated and followed in each arm; the same numbers stand in the table below\">"
        "<defs><marker id=\"arrow-{}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path d=\"M1 1L7 4L1 7\"/></marker></defs>{}</svg>",
        wide ? "wide" : "narrow", width, bottom + 4, wide ? "wide" : "narrow", body);
  }

 private:
  const evidence::FlowRow* find(const std::string& arm, std::string_view name) const {
    for (const auto& row : summary_.flow)
      if (row.arm == arm && row.box == name) return &row;
    return nullptr;
  }

  static std::string counted(const evidence::FlowRow& row) {
    std::string text =
        row.mean == std::floor(row.mean) ? show_count(row.mean) : fmt::format("{:.1f}", row.mean);
    if (row.lowest != row.highest) text += fmt::format(" ({} to {})", row.lowest, row.highest);
    return text;
  }

  std::vector<Line> entry_lines(std::size_t width) const {
    const auto& population = summary_.population;
    std::vector<Line> lines;
    if (population.lives > 0) {
      lines.push_back({lives_words(population) + " simulated from onset", ""});
      lines.push_back(
          {fmt::format("{} meet the criteria at some time", show_count(population.qualifying)), ""});
    }
    const auto& c = summary_.first.consort;
    if (c.assessed > 0) {
      std::string excluded;
      const auto add = [&](const char* name, std::int64_t n) {
        if (n > 0)
          excluded +=
              (excluded.empty() ? "" : ", ") + std::string(name) + " " + show_count(static_cast<double>(n));
      };
      add("age", c.excluded_age), add("EDSS", c.excluded_edss), add("phenotype", c.excluded_phenotype);
      add("activity", c.excluded_activity), add("other", c.excluded_other);
      const std::string text =
          fmt::format("First replicate: {} assessed{}", show_count(static_cast<double>(c.assessed)),
                      excluded.empty() ? "" : "; excluded for " + excluded);
      for (const auto& line : wrap(text, width)) lines.push_back({line, "small"});
    }
    lines.push_back({fmt::format("{} randomised in each of {} replicates",
                                 show_count(summary_.protocol.population.n), show_count(summary_.replicates)),
                     "strong"});
    return lines;
  }

  /// Draws the boxes of an arm from y downwards; y becomes the lower edge of the last.
  std::string arm_boxes(const trial::Arm& arm, int x, int& y, int width, std::size_t characters) const {
    std::vector<std::vector<Line>> boxes;
    std::vector<const char*> styles;
    std::vector<Line> head;
    for (const auto& line : wrap(arm.label.empty() ? arm.id : arm.label, characters))
      head.push_back({line, "strong"});
    const auto line_of = [&](std::string_view name, const char* words, const char* css,
                             std::vector<Line>& to) {
      if (const auto* row = find(arm.id, name)) to.push_back({std::string(words) + " " + counted(*row), css});
    };
    line_of("allocated", "Allocated", "", head);
    boxes.push_back(head), styles.push_back("");
    std::vector<Line> received, lost, end;
    line_of("received", "Received the regimen", "", received);
    line_of("not_received", "Did not receive it", "small", received);
    if (!received.empty()) boxes.push_back(received), styles.push_back("");
    // Without a step that anybody took there is nothing to say of it.
    if (const auto* row = find(arm.id, "switched"); row && row->highest > 0)
      line_of("switched", "Switched within the arm", "", lost);
    line_of("rescued", "Rescued, crossed over or switched away", "", lost);
    line_of("dropped_out", "Dropped out", "", lost);
    line_of("died", "Died", "", lost);
    line_of("data_cut", "Reached the data cut", "", lost);
    if (!lost.empty()) boxes.push_back(lost), styles.push_back("soft");
    line_of("completed", "Completed follow-up", "strong", end);
    if (!end.empty()) boxes.push_back(end), styles.push_back("");
    std::string out;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (i > 0) {
        out += arrow(x + width / 2, y, x + width / 2, y + 26);
        y += 26;
      }
      out += box(x, y, width, boxes[i], styles[i]);
      y += height_of(boxes[i]);
    }
    return out;
  }

  const evidence::RunSummary& summary_;
};

/// Where values lie on the axis of one row, in percent of its width.
class Scale {
 public:
  Scale(std::vector<double> values, bool ratio) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    log_ = ratio && std::all_of(values.begin(), values.end(), [](double v) { return v > 0.0; });
    for (double& v : values) v = place(v);
    low_ = *std::min_element(values.begin(), values.end());
    high_ = *std::max_element(values.begin(), values.end());
    const double span = std::max(high_ - low_, log_ ? 0.1 : std::max(1e-9, 0.02 * std::abs(high_)));
    low_ -= 0.06 * span, high_ += 0.06 * span;
  }
  double percent(double v) const { return 2.0 + 96.0 * (place(v) - low_) / (high_ - low_); }
  /// Two to five round numbers.
  std::vector<double> ticks() const {
    std::vector<double> out;
    if (log_) {
      for (int exponent = -6; exponent <= 6; ++exponent)
        for (const double digit : {1.0, 2.0, 5.0}) {
          const double v = digit * std::pow(10.0, exponent);
          if (place(v) >= low_ && place(v) <= high_) out.push_back(v);
        }
      while (out.size() > 5) {
        std::vector<double> fewer;
        for (std::size_t i = 0; i < out.size(); i += 2) fewer.push_back(out[i]);
        out = fewer;
      }
      if (out.size() >= 2) return out;
      return {std::exp(low_ + 0.1 * (high_ - low_)), std::exp(high_ - 0.1 * (high_ - low_))};
    }
    const double rough = (high_ - low_) / 4.0;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10.0 * power;
    for (const double digit : {5.0, 2.0, 1.0})
      if (digit * power >= rough) step = digit * power;
    for (double k = std::ceil(low_ / step); k * step <= high_; k += 1.0) out.push_back(k * step);
    return out;
  }

 private:
  double place(double v) const { return log_ ? std::log(v) : v; }
  bool log_ = false;
  double low_ = 0.0, high_ = 1.0;
};

std::string segment(const Scale& scale, double from, double to, double y, const char* css, double width) {
  if (!std::isfinite(from) || !std::isfinite(to)) return "";
  return fmt::format(
      "<line class=\"{}\" x1=\"{:.2f}%\" x2=\"{:.2f}%\" y1=\"{}\" y2=\"{}\" stroke-width=\"{}\"/>", css,
      scale.percent(from), scale.percent(to), y, y, width);
}

}  // namespace

std::string flow_drawing(const evidence::RunSummary& summary) {
  const Flow flow(summary);
  return flow.drawing(true) + flow.drawing(false);
}

std::string comparison_drawing(const evidence::ComparisonRow& row) {
  const auto& sim = row.simulated;
  if (!std::isfinite(row.published) && !std::isfinite(sim.mean)) return "<p class=\"quiet\">no number</p>";
  const double half = 1.959964 * sim.mc_error;
  // The Monte Carlo interval of a ratio is taken on its logarithm (sd of the logarithm ~ error / mean).
  const bool ratio = is_ratio(sim.quantity.estimator);
  const double low = ratio && sim.mean > 0.0 ? sim.mean * std::exp(-half / sim.mean) : sim.mean - half;
  const double high = ratio && sim.mean > 0.0 ? sim.mean * std::exp(half / sim.mean) : sim.mean + half;
  const Scale scale({row.published, row.published_low, row.published_high, sim.mean, sim.low, sim.high},
                    ratio);
  std::string out = fmt::format("<svg role=\"img\" aria-label=\"{}: published {}, simulated {}, {}\">",
                                escape_html(row.endpoint_text), show_number(row.published),
                                show_number(sim.mean), verdict_words(row.verdict));
  out += "<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"36\" y2=\"36\"/>";
  std::string before;
  for (const double tick : scale.ticks()) {
    if (show_number(tick) == before) continue;  // one number alone: its ticks lie closer than is shown
    before = show_number(tick);
    const double x = scale.percent(tick);
    const char* anchor = x < 4.0 ? "start" : x > 96.0 ? "end" : "middle";
    out += fmt::format(
        "<line class=\"axis\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"2\" y2=\"39\"/><text class=\"tick\" "
        "x=\"{0:.2f}%\" y=\"50\" text-anchor=\"{1}\">{2}</text>",
        x, anchor, show_number(tick));
  }
  out += segment(scale, row.published_low, row.published_high, 12, "pub", 2);
  if (std::isfinite(row.published))
    out += fmt::format(
        "<svg x=\"{:.2f}%\" y=\"12\" overflow=\"visible\"><rect class=\"pub\" x=\"-4.5\" y=\"-4.5\" "
        "width=\"9\" height=\"9\"{}/></svg>",
        scale.percent(row.published),
        row.interval_derived ? " style=\"fill:var(--panel)\" stroke-width=\"2\"" : "");
  out += segment(scale, sim.low, sim.high, 26, "simrange", 5);
  out += segment(scale, low, high, 26, "sim", 2);
  if (std::isfinite(sim.mean))
    out += fmt::format("<circle class=\"sim\" cx=\"{:.2f}%\" cy=\"26\" r=\"5\"/>", scale.percent(sim.mean));
  return out + "</svg>";
}

}  // namespace hortega::output
