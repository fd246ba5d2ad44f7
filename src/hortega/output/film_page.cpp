// SPDX-License-Identifier: Apache-2.0
#include "hortega/output/film_page.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hortega/output/assets.hpp"
#include "hortega/output/page.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

constexpr const char* k_style =
    ".film{display:grid;grid-template-columns:minmax(0,520px) minmax(12rem,1fr);gap:1rem "
    "1.6rem;align-items:start}"
    ".film img{width:100%;max-width:520px;image-rendering:pixelated;border:1px solid "
    "var(--line);border-radius:4px;"
    "display:block}.film .controls{display:flex;gap:.7rem;align-items:center;margin:.6rem 0}"
    ".film input{flex:1;min-width:6rem}.film button{font:inherit;padding:.25em .9em}"
    ".swatches{list-style:none;padding:0;margin:0}.swatches "
    "li{display:flex;align-items:center;gap:.6em;margin:.3em 0}"
    ".swatches span{flex:none;width:1.1em;height:1.1em;border-radius:2px;border:1px solid var(--line)}"
    ".lines{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1rem}.lines "
    "figure{margin:0}"
    ".lines svg{width:100%;max-width:34rem;height:auto}.lines text{font-size:11px;fill:var(--quiet)}.lines "
    ".axis{stroke:var(--quiet);"
    "stroke-width:1}.lines .grid-line{stroke:var(--line);stroke-width:1}.lines path{fill:none;stroke-width:2}"
    ".lines .key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem;margin:.3em 0 0}"
    ".lines .key svg{width:34px;height:10px;vertical-align:middle;margin-right:.4em}"
    "@media(max-width:44rem){.film{grid-template-columns:1fr}}";

constexpr const char* k_script =
    "(function(){var data=document.getElementById('frames');if(!data)return;var "
    "all=JSON.parse(data.textContent);"
    "var "
    "img=document.getElementById('frame'),at=document.getElementById('at'),say=document.getElementById('say')"
    ","
    "play=document.getElementById('play'),timer=null;function show(i){i=Number(i);img.src=all[i][1];"
    "img.alt=all[i][0];say.textContent=all[i][0];at.value=i;}at.addEventListener('input',function(){show(at."
    "value);});"
    "play.addEventListener('click',function(){if(timer){clearInterval(timer);timer=null;play.textContent='"
    "Play';return;}"
    "play.textContent='Stop';timer=setInterval(function(){show((Number(at.value)+1)%all.length);},160);});})("
    ");";

std::string film_section(const FilmPage& page) {
  const std::size_t shown = page.frames.size() - 1;
  std::string json = "[";
  for (std::size_t i = 0; i < page.frames.size(); ++i)
    json +=
        fmt::format("{}[\"{}\",\"{}\"]", i == 0 ? "" : ",", page.frames[i].caption, page.frames[i].data_uri);
  json += "]";
  std::string out = fmt::format(
      "<h2 id=\"film\">Film</h2><div class=\"film\"><div><img id=\"frame\" src=\"{}\" alt=\"{}\">"
      "<div class=\"controls\"><button id=\"play\" type=\"button\">Play</button>"
      "<input id=\"at\" type=\"range\" min=\"0\" max=\"{}\" value=\"{}\" aria-label=\"Frame\">"
      "<span id=\"say\">{}</span></div></div><div><ul class=\"swatches\">",
      page.frames[shown].data_uri, escape_html(page.frames[shown].caption), shown, shown,
      escape_html(page.frames[shown].caption));
  for (const auto& [colour, name] : page.legend)
    out += fmt::format("<li><span style=\"background:{}\"></span>{}</li>", colour, escape_html(name));
  return out + fmt::format(
                   "</ul><p class=\"quiet\">{}</p></div></div><script type=\"application/json\" "
                   "id=\"frames\">{}</script>",
                   escape_html(page.film_note), json);
}

// Steps of 1, 2 or 5 times a power of ten, about five of them.
double tick_step(double span) {
  const double raw = span / 5.0;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (raw <= factor * power) return factor * power;
  }
  return 10.0 * power;
}

std::string curve_figure(const FilmPage& page, const CurveFigure& figure) {
  constexpr double k_width = 420.0;
  constexpr double k_height = 240.0;
  constexpr double k_left = 52.0;
  constexpr double k_right = 10.0;
  constexpr double k_top = 10.0;
  constexpr double k_bottom = 40.0;
  double high = 0.0;
  for (const Curve& curve : figure.curves) {
    for (const double v : curve.values) {
      if (std::isfinite(v)) high = std::max(high, v);
    }
  }
  if (!(high > 0.0)) high = 1.0;
  const double step = tick_step(high);
  high = step * std::ceil(high / step - 1e-9);
  const double last = page.times.empty() || !(page.times.back() > 0.0) ? 1.0 : page.times.back();
  const auto x_at = [&](double t) { return k_left + (k_width - k_left - k_right) * t / last; };
  const auto y_at = [&](double v) { return k_height - k_bottom - (k_height - k_bottom - k_top) * v / high; };
  std::string out =
      fmt::format("<figure><h3>{}</h3><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                  escape_html(figure.title), k_width, k_height, escape_html(figure.title));
  for (double v = 0.0; v <= high * 1.0001; v += step) {
    out += fmt::format(
        "<line class=\"grid-line\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/><text x=\"{3}\" "
        "y=\"{4:.1f}\" "
        "text-anchor=\"end\">{5:g}</text>",
        k_left, k_width - k_right, y_at(v), k_left - 6.0, y_at(v) + 4.0, std::round(v * 1e6) / 1e6);
  }
  const double time_step = tick_step(last);
  for (double t = 0.0; t <= last * 1.0001; t += time_step) {
    out += fmt::format(
        "<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/><text x=\"{0:.1f}\" "
        "y=\"{3}\" text-anchor=\"middle\">{4:g}</text>",
        x_at(t), k_height - k_bottom, k_height - k_bottom + 4.0, k_height - k_bottom + 17.0,
        std::round(t * 1e6) / 1e6);
  }
  out += fmt::format("<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", k_left,
                     k_width - k_right, k_height - k_bottom, k_height - k_bottom);
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>", 0.5 * (k_left + k_width),
                     k_height - 6.0, escape_html(page.x_label));
  out += fmt::format("<text transform=\"rotate(-90)\" x=\"{}\" y=\"12\" text-anchor=\"middle\">{}</text>",
                     -0.5 * (k_height - k_bottom + k_top), escape_html(figure.y_label));
  std::string key;
  for (std::size_t c = 0; c < figure.curves.size(); ++c) {
    const auto colour = k_arm_colours[c % k_arm_colours.size()];
    const auto dash = k_arm_dashes[c % k_arm_dashes.size()];
    std::string path;
    bool pen_down = false;
    for (std::size_t i = 0; i < page.times.size(); ++i) {
      const double v = figure.curves[c].values[i];
      if (!std::isfinite(v)) {
        pen_down = false;
        continue;
      }
      path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", x_at(page.times[i]), y_at(v));
      pen_down = true;
    }
    out += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-dasharray=\"{}\"/>", path, colour, dash);
    key += fmt::format(
        "<span><svg viewBox=\"0 0 34 10\" aria-hidden=\"true\"><line x1=\"0\" x2=\"34\" y1=\"5\" y2=\"5\" "
        "stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{}\"/></svg>{}</span>",
        colour, dash, escape_html(figure.curves[c].name));
  }
  return out + "</svg><p class=\"key\">" + key + "</p></figure>";
}

std::string table(const char* id, const char* heading, const char* cell_class,
                  const std::vector<std::pair<std::string, std::string>>& lines) {
  std::string out = fmt::format(
      "<h2 id=\"{0}\">{1}</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{1}\">"
      "<table><tbody>",
      id, heading);
  for (const auto& [name, value] : lines)
    out += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"{}\">{}</td></tr>", escape_html(name),
                       cell_class, escape_html(value));
  return out + "</tbody></table></div>";
}

}  // namespace

std::string film_html(const FilmPage& page) {
  PageParts parts;
  parts.title = page.title;
  parts.kind = page.kind;
  parts.more_style = k_style;
  parts.more_script = k_script;
  parts.headline = "<section class=\"headline\" aria-label=\"Finding\"><p class=\"answer\">" +
                   escape_html(page.answer) +
                   "</p><p class=\"notice\">Simulated tissue; research, not medical advice.</p></section>";
  const auto add = [&](const char* id, const char* name, const std::string& html) {
    parts.contents.emplace_back(id, name);
    parts.body += fmt::format("<section aria-labelledby=\"{}\">{}</section>\n", id, html);
  };
  if (!page.frames.empty()) add("film", "Film", film_section(page));
  std::string curves = "<h2 id=\"course\">Over time</h2><div class=\"lines\">";
  for (const CurveFigure& figure : page.figures) curves += curve_figure(page, figure);
  add("course", "Over time", curves + "</div>");
  add("numbers", "In numbers", table("numbers", "In numbers", "n", page.numbers));
  add("conditions", "What was simulated", table("conditions", "What was simulated", "", page.conditions));
  std::string repeat =
      fmt::format("<h2 id=\"repeat\">How it was made</h2><p>{}</p><pre>{}</pre><p>Beside this file: ",
                  escape_html(page.method), escape_html(page.command));
  for (std::size_t i = 0; i < page.files.size(); ++i)
    repeat += fmt::format("{}<a href=\"{}\">{}</a>", i == 0 ? "" : ", ", escape_html(page.files[i]),
                          escape_html(page.files[i]));
  add("repeat", "How it was made", repeat + ".</p>");
  return html_page(parts);
}

}  // namespace hortega::output
