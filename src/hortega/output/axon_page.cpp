// SPDX-License-Identifier: Apache-2.0
// The page of a study of fibres.
#include "hortega/output/axon_page.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "hortega/core/files.hpp"
#include "hortega/output/figures.hpp"
#include "hortega/output/page.hpp"
#include "hortega/output/picture.hpp"
#include "hortega/output/words.hpp"

namespace hortega::output {
namespace {

using axon::CaseResult;
using axon::Study;

constexpr double k_low_mv = -95.0, k_high_mv = 45.0;
// The picture within its drawing.
constexpr double k_left = 46, k_top = 26, k_width = 560, k_height = 250;

std::vector<const CaseResult*> all_of(const Study& study) {
  std::vector<const CaseResult*> all = {&study.intact};
  for (const CaseResult& one : study.cases) all.push_back(&one);
  return all;
}

std::string or_dash(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "–";
}

/// A step of 1, 2 or 5 times a power of ten that gives about `n` ticks.
double tick_step(double length, int n) {
  const double raw = length / n, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) return factor * power;
  return 10.0 * power;
}

std::vector<std::uint8_t> levels_of(const axon::SpaceTime& picture) {
  std::vector<std::uint8_t> levels;
  levels.reserve(picture.inside_mv.size());
  for (const float v : picture.inside_mv)
    levels.push_back(level(static_cast<double>(v), k_low_mv, k_high_mv));
  return levels;
}

std::string velocity_words(const CaseResult& one) {
  if (one.velocity_m_per_s) return fmt::format("{:.2f} m/s", *one.velocity_m_per_s);
  if (one.transmitted) return "through";
  return one.still_under_way ? "not decided" : "blocked";
}

/// "+0.70 ms"; no sign before nought.
std::string delay_words(double ms) {
  const std::string size = fmt::format("{:.2f} ms", std::abs(ms));
  if (size == "0.00 ms") return size;
  return (ms < 0.0 ? "−" : "+") + size;
}

std::string style() {
  return ".film{max-width:760px}.film canvas{width:100%;height:auto;display:block;background:var(--panel)}"
         ".film .bar{display:flex;gap:.8em;align-items:center;flex-wrap:wrap;margin:.4em 0}"
         ".film input[type=range]{flex:1;min-width:10em}.film button,.film select{font:inherit;padding:.15em "
         ".7em}"
         ".film .time{font-variant-numeric:tabular-nums;min-width:6em}"
         "svg.spacetime{display:block;width:100%;height:auto}svg.spacetime "
         "text{fill:var(--quiet);font-size:11px}"
         "svg.spacetime .frame{fill:none;stroke:var(--line)}svg.spacetime .tick{stroke:var(--quiet)}"
         "svg.spacetime .wrap{fill:var(--a1)}svg.spacetime .bare{fill:var(--a2)}"
         ".scale{height:.8em;border-radius:2px;max-width:260px;flex:1;display:inline-block;min-width:140px}"
         ".legend{display:flex;gap:.6em;align-items:center;font-size:.86rem;color:var(--quiet);flex-wrap:"
         "wrap}"
         ".legend i{display:inline-block;width:1em;height:.6em;border-radius:2px}"
         ".legend .wrap{background:var(--a1)}.legend .bare{background:var(--a2)}"
         ".measures th:first-child{min-width:11rem}.measures td,.measures th{padding:.4em "
         ".5em}td.block,td.ok{white-space:nowrap}td.block{color:var(--bad);font-weight:600}td.ok{color:var(--"
         "good)}";
}

std::string scale_legend() {
  std::string stops;
  for (std::size_t i = 0; i <= 8; ++i) {
    const auto& c = palette()[std::min<std::size_t>(255, i * 32)];
    stops += fmt::format("{}rgb({},{},{})", i == 0 ? "" : ",", c[0], c[1], c[2]);
  }
  return fmt::format(
      "<p class=\"legend\"><span>{:.0f} mV</span><span class=\"scale\" "
      "style=\"background:linear-gradient(90deg,{})\"></span><span>{:.0f} mV</span><span><i "
      "class=\"wrap\"></i> "
      "sheath, the thicker the more wraps</span><span><i class=\"bare\"></i> bare</span></p>",
      k_low_mv, stops, k_high_mv);
}

std::string table(const Study& study) {
  std::string head =
      "<tr><th>Fibre</th><th class=\"n\">°C</th><th>A spike</th><th class=\"n\">m/s</th><th "
      "class=\"n\">delay, ms</th><th class=\"n\">more than intact, ms</th><th class=\"n\">refractory, "
      "ms</th><th "
      "class=\"n\">safety "
      "factor</th><th class=\"n\">ATP per µm</th>";
  for (const double hz : study.scenario.measure.train_hz)
    head += fmt::format("<th class=\"n\">{:g}/s</th>", hz);
  std::string rows;
  for (const CaseResult* one : all_of(study)) {
    const std::string fate =
        one->transmitted ? "<td class=\"ok\">through</td>"
                         : fmt::format("<td class=\"block\">{}</td>",
                                       one->still_under_way ? "still under way"
                                       : one->reached_node == 0
                                           ? "does not begin"
                                           : fmt::format("stops at {:.2f} mm", 1e-3 * one->reached_um));
    rows += fmt::format(
        "<tr><th>{}</th><td class=\"n\">{:g}</td>{}<td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
        escape_html(one->name), one->celsius, fate, or_dash(one->velocity_m_per_s, 3),
        or_dash(one->delay_ms, 3), or_dash(one->extra_delay_ms, 3), or_dash(one->refractory_ms, 2),
        or_dash(one->safety_factor, 2), one->atp_per_um ? show_count(*one->atp_per_um) : "–");
    for (const auto& train : one->trains)
      rows += fmt::format("<td class=\"n{}\">{}/{}</td>", train.arrived < train.given ? " block" : "",
                          train.arrived, train.given);
    rows += "</tr>\n";
  }
  return "<div class=\"scroll\" tabindex=\"0\"><table class=\"measures\"><thead>" + head +
         "</tr></thead><tbody>" + rows + "</tbody></table></div>";
}

/// The film's data: potentials as letters, six bits each, one line of them a moment.
std::string film_data(const Study& study) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  core::Value::Array cases;
  for (const CaseResult* one : all_of(study)) {
    const axon::SpaceTime& p = one->picture;
    std::string text;
    text.reserve(p.inside_mv.size());
    for (const float v : p.inside_mv) text += digits[level(static_cast<double>(v), k_low_mv, k_high_mv) / 4];
    core::Value value;
    value.set("name", one->name).set("columns", p.columns).set("rows", p.rows);
    value.set("length_mm", 1e-3 * p.length_um).set("duration_ms", p.duration_ms).set("levels", text);
    core::Value::Array sheath;
    const int most = std::max(1, *std::max_element(one->fibre.wraps.begin(), one->fibre.wraps.end()));
    for (std::size_t k = 0; k < one->fibre.wraps.size(); ++k)
      sheath.push_back(core::Value::Array{one->fibre.internode_start_um[k] / p.length_um,
                                          one->fibre.internode_end_um[k] / p.length_um,
                                          static_cast<double>(one->fibre.wraps[k]) / most});
    value.set("sheath", std::move(sheath));
    cases.push_back(std::move(value));
  }
  core::Value root;
  root.set("low", k_low_mv).set("high", k_high_mv).set("cases", std::move(cases));
  return for_script(core::to_json(root));
}

std::string film_script() {
  return R"js(
(function(){
  'use strict';
  var place=document.getElementById('film');if(!place)return;
  var data=JSON.parse(document.getElementById('film-data').textContent);
  var code={},digits='ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for(var i=0;i<64;i++)code[digits.charCodeAt(i)]=i;
  var canvas=place.querySelector('canvas'),g=canvas.getContext('2d'),slider=place.querySelector('input'),
      button=place.querySelector('button'),choice=place.querySelector('select'),time=place.querySelector('.time');
  data.cases.forEach(function(c,k){var o=document.createElement('option');o.value=k;o.textContent=c.name;choice.appendChild(o);});
  var now=0,timer=null,W=canvas.width,H=canvas.height,L=52,R=14,T=14,B=64;
  function colour(name){return getComputedStyle(document.documentElement).getPropertyValue(name).trim();}
  function y(mv){return T+(data.high-mv)/(data.high-data.low)*(H-T-B);}
  function draw(){
    var c=data.cases[+choice.value],n=c.columns,row=Math.min(now,c.rows-1);
    slider.max=c.rows-1;slider.value=row;
    g.clearRect(0,0,W,H);g.font='13px system-ui,sans-serif';g.fillStyle=colour('--quiet');g.strokeStyle=colour('--line');g.lineWidth=1;
    [-80,-40,0,40].forEach(function(mv){g.beginPath();g.moveTo(L,y(mv));g.lineTo(W-R,y(mv));g.stroke();g.fillText(mv+' mV',2,y(mv)+4);});
    c.sheath.forEach(function(s){var x=L+s[0]*(W-L-R),w=Math.max(1,(s[1]-s[0])*(W-L-R)-1),h=s[2]>0?3+11*s[2]:3;
      g.fillStyle=colour(s[2]>0?'--a1':'--a2');g.fillRect(x,H-B+30-h/2,w,h);});
    g.fillStyle=colour('--quiet');g.fillText('0 mm',L,H-10);var end=c.length_mm.toFixed(1)+' mm';g.fillText(end,W-R-g.measureText(end).width,H-10);
    g.strokeStyle=colour('--ink');g.lineWidth=2;g.beginPath();
    for(var x=0;x<n;x++){var v=data.low+(code[c.levels.charCodeAt(row*n+x)]+0.5)/64*(data.high-data.low),px=L+(x+0.5)/n*(W-L-R);
      if(x)g.lineTo(px,y(v));else g.moveTo(px,y(v));}
    g.stroke();
    time.textContent=(c.duration_ms*row/Math.max(1,c.rows-1)).toFixed(2)+' ms';
  }
  function stop(){clearInterval(timer);timer=null;button.textContent='Play';}
  button.addEventListener('click',function(){
    if(timer){stop();return;}
    if(now>=+slider.max)now=0;
    button.textContent='Pause';
    timer=setInterval(function(){now++;if(now>=+slider.max){now=+slider.max;stop();}draw();},50);
  });
  slider.addEventListener('input',function(){now=+slider.value;stop();draw();});
  choice.addEventListener('change',function(){now=Math.min(now,data.cases[+choice.value].rows-1);draw();});
  now=Math.round(data.cases[0].rows/4);draw();
})();
)js";
}

std::string method(const Study& study) {
  const auto& s = study.scenario;
  const bool central = s.model == axon::Model::halter_clark;
  const std::string source = central ? s.fibre->source : s.motor_fibre->source;
  std::string out = "<dl>";
  const auto item = [&out](std::string_view name, const std::string& text) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", name, text);
  };
  item("Equations",
       central ? "Double cable of Halter and Clark (1991) with the node of Richardson (2000), as used by "
                 "Arancibia-Carcamo (2017): inside of the axon and periaxonal space are two conductors; fast "
                 "and persistent sodium and slow potassium channels at exposed membrane."
               : "Double cable with the node of McIntyre, Richardson and Grill (2002): fast and persistent "
                 "sodium and slow potassium channels.");
  item("Geometry", escape_html(source));
  item("Solver", fmt::format("Crank-Nicolson with gates at half steps, second order in time, step {:g} µs.",
                             s.run.dt_us));
  item("A spike has arrived",
       fmt::format("where the membrane passes {:.0f} mV upwards.", axon::k_threshold_mv));
  item("Velocity",
       fmt::format("from peak to peak between nodes {} and {} of the intact fibre; delay between the same "
                   "nodes, from passage to passage.",
                   s.measure.from_node, s.measure.to_node));
  std::string at;
  for (const axon::IntactAt& one : study.intact_at) {
    at += at.empty() ? "; run for this alone: " : ", ";
    at += fmt::format("{:g} °C {}", one.celsius,
                      one.delay_ms ? fmt::format("{:.3f} ms", *one.delay_ms) : std::string("no delay"));
  }
  item("More than intact", "the delay less that of the intact fibre at the same temperature" + at + ".");
  item("Safety factor",
       "density of fast sodium channels over the least density (everywhere alike) at which a spike still "
       "comes through: 1 "
       "at the brink of block.");
  item("Charge ratio (tables/cases.csv)",
       "charge that a node puts to use, its own capacitance and what it passes on, over charge it receives "
       "up to its peak "
       "(Shaw and Rudy 1997), the least between the two nodes.");
  item("Refractory period", "the shortest interval of two equal stimuli of which both come through.");
  item("ATP",
       "for pumping out the sodium that one spike lets in beyond what leaks in at rest, three ions a "
       "molecule, "
       "mean over the fibre's length without the stimulated node and the stretch to its neighbours; none "
       "where the stimulus drives more of the fibre than that, or the record ended before the spike did.");
  item("Not in the model",
       "ions that accumulate, the sodium pump, swelling, the driving forces' dependence on temperature (only "
       "rates have a "
       "Q10), neighbouring fibres.");
  return out + "</dl>";
}

}  // namespace

std::string axon_answer(const Study& study) {
  const CaseResult& intact = study.intact;
  std::string text =
      intact.velocity_m_per_s  ? fmt::format("The intact fibre conducts at {:.2f} m/s at {:g} °C.",
                                             *intact.velocity_m_per_s, intact.celsius)
      : intact.transmitted     ? fmt::format("The intact fibre conducts at {:g} °C.", intact.celsius)
      : intact.still_under_way ? std::string("The record ended before a spike came through the intact fibre.")
                               : std::string("No spike comes through the intact fibre.");
  if (study.cases.empty()) {
    if (intact.refractory_ms)
      text += fmt::format(" A second spike follows {:.2f} ms after the first at the earliest.",
                          *intact.refractory_ms);
    return text;
  }
  std::string slow, block, open;
  const auto add = [](std::string& list, const std::string& words) {
    list += (list.empty() ? "" : "; ") + words;
  };
  for (const CaseResult& one : study.cases) {
    if (one.transmitted && one.extra_delay_ms)
      add(slow, one.name + " (" + delay_words(*one.extra_delay_ms) + ")");
    else if (one.transmitted)
      add(slow, one.name + " (no delay to compare with)");
    else
      add(one.still_under_way ? open : block, one.name);
  }
  if (!slow.empty())
    text +=
        " A spike comes through, with this much more delay than in the intact fibre at the same "
        "temperature: " +
        slow + ".";
  if (!block.empty()) text += " Blocked: " + block + ".";
  if (!open.empty()) text += " Not decided, the record ended: " + open + ".";
  return text;
}

std::string space_time_svg(const CaseResult& one) {
  const axon::SpaceTime& p = one.picture;
  const double height = k_top + k_height + 34, width = k_left + k_width + 14;
  std::string out = fmt::format(
      "<svg class=\"spacetime\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"Potential over "
      "length and time: "
      "{}, {}\" xmlns=\"http://www.w3.org/2000/svg\">",
      width, height, escape_html(one.name), velocity_words(one));
  const int most = std::max(1, *std::max_element(one.fibre.wraps.begin(), one.fibre.wraps.end()));
  for (std::size_t k = 0; k < one.fibre.wraps.size(); ++k) {
    const double x = k_left + one.fibre.internode_start_um[k] / p.length_um * k_width;
    const double w = std::max(
        0.6, (one.fibre.internode_end_um[k] - one.fibre.internode_start_um[k]) / p.length_um * k_width - 0.8);
    const double h = one.fibre.wraps[k] > 0 ? 2.0 + 9.0 * one.fibre.wraps[k] / most : 2.5;
    out += fmt::format(
        "<rect class=\"{}\" fill=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
        one.fibre.wraps[k] > 0 ? "wrap" : "bare", one.fibre.wraps[k] > 0 ? "#14708c" : "#b4531a", x,
        12.0 - 0.5 * h, w, h);
  }
  out += fmt::format(
      "<image x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" preserveAspectRatio=\"none\" "
      "href=\"data:image/png;base64,{}\"/>",
      k_left, k_top, k_width, k_height, base64(png(levels_of(p), p.columns, p.rows)));
  out += fmt::format(
      "<rect class=\"frame\" fill=\"none\" stroke=\"#888\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" "
      "height=\"{:.0f}\"/>",
      k_left, k_top, k_width, k_height);
  const double length_mm = 1e-3 * p.length_um;
  const double step_mm = tick_step(length_mm, 7), step_ms = tick_step(p.duration_ms, 5);
  const auto text = [&out](double x, double y, std::string_view anchor, const std::string& words) {
    out += fmt::format(
        "<text font-size=\"11\" fill=\"#555\" font-family=\"sans-serif\" x=\"{:.1f}\" y=\"{:.1f}\" "
        "text-anchor=\"{}\">{}</text>",
        x, y, anchor, words);
  };
  for (int k = 0; k * step_mm <= length_mm * 1.0001; ++k) {
    const double x = k_left + k * step_mm / length_mm * k_width;
    out += fmt::format(
        "<line class=\"tick\" stroke=\"#888\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.0f}\" "
        "y2=\"{2:.0f}\"/>",
        x, k_top + k_height, k_top + k_height + 4);
    text(x, k_top + k_height + 16, "middle", fmt::format("{:g}", k * step_mm));
  }
  for (int k = 0; k * step_ms <= p.duration_ms * 1.0001; ++k) {
    const double y = k_top + k * step_ms / p.duration_ms * k_height;
    out += fmt::format(
        "<line class=\"tick\" stroke=\"#888\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
        k_left - 4, k_left, y, y);
    text(k_left - 7, y + 4, "end", fmt::format("{:g}", k * step_ms));
  }
  text(k_left + k_width, k_top + k_height + 30, "end", "mm along the fibre");
  text(2, k_top - 8, "start", "ms");
  return out + "</svg>";
}

std::string axon_html(const Study& study, const std::string& command) {
  PageParts page;
  page.title = study.scenario.title;
  page.kind = "Fibre";
  page.headline = fmt::format(
      "<section class=\"headline\"><p class=\"question\">{}</p><p class=\"answer\">{}</p><p>One simulated "
      "fibre in each "
      "state; not a person, and no medical advice.</p></section>",
      escape_html(study.scenario.about), escape_html(axon_answer(study)));
  page.contents = {
      {"measures", "Measures"}, {"pictures", "Pictures"}, {"film", "Film"}, {"method", "How it was done"}};
  page.body = "<h2 id=\"measures\">Measures</h2>" + table(study);
  page.body +=
      "<p class=\"quiet\">The same numbers: tables/cases.csv, summary.json; arrivals at every node: "
      "tables/nodes.csv.</p>";
  page.body +=
      "<h2 id=\"pictures\">The spike in space and time</h2><p>Each picture shows the potential inside the "
      "axon "
      "along "
      "the fibre (to the right) as time goes on (downwards). A steady slope is a steady velocity; where it "
      "bends "
      "down the spike is slow, where it ends it is blocked.</p>" +
      scale_legend() + "<div class=\"grid\">";
  for (const CaseResult* one : all_of(study))
    page.body += fmt::format("<figure><h3>{}: {}</h3>{}</figure>", escape_html(one->name),
                             velocity_words(*one), space_time_svg(*one));
  page.body +=
      "</div><h2 id=\"film-heading\">Film</h2><figure class=\"film\" id=\"film\"><div class=\"bar\"><button "
      "type=\"button\">Play</button><select aria-label=\"Fibre\"></select><input type=\"range\" min=\"0\" "
      "value=\"0\" "
      "aria-label=\"Time\"><span class=\"time\"></span></div><canvas width=\"760\" height=\"340\" "
      "role=\"img\" "
      "aria-label=\"Potential along the fibre\"></canvas><figcaption><p>The potential inside the axon along "
      "the "
      "fibre; below it "
      "the sheath. Without scripts, see the pictures above.</p></figcaption></figure>";
  page.body += "<script type=\"application/json\" id=\"film-data\">" + film_data(study) + "</script>";
  page.body += "<h2 id=\"method\">How it was done</h2>" + method(study) + "<h3>To repeat it</h3><pre>" +
               escape_html(command) + "</pre>";
  page.contents[2].first = "film-heading";
  page.more_style = style();
  page.more_script = film_script();
  return html_page(page);
}

core::Value axon_summary(const Study& study) {
  const auto number = [](const std::optional<double>& value) {
    return value ? core::Value(*value) : core::Value();
  };
  const auto of_case = [&](const CaseResult& one) {
    core::Value v;
    v.set("name", one.name).set("celsius", one.celsius).set("transmitted", one.transmitted);
    v.set("conduction_velocity_m_per_s", number(one.velocity_m_per_s)).set("delay_ms", number(one.delay_ms));
    v.set("extra_delay_ms", number(one.extra_delay_ms))
        .set("refractory_period_ms", number(one.refractory_ms));
    v.set("safety_factor", number(one.safety_factor))
        .set("charge_ratio", number(one.charge_ratio))
        .set("atp_per_um", number(one.atp_per_um));
    v.set("peak_mv", one.peak_mv).set("half_width_ms", one.half_width_ms).set("reached_um", one.reached_um);
    v.set("still_under_way", one.still_under_way);
    core::Value::Array trains;
    for (const auto& train : one.trains) {
      core::Value t;
      t.set("hz", train.hz).set("given", train.given).set("arrived", train.arrived);
      trains.push_back(t.set("transmitted_fraction", static_cast<double>(train.arrived) / train.given));
    }
    return v.set("trains", std::move(trains));
  };
  core::Value root;
  root.set("title", study.scenario.title);
  root.set("conduction_velocity_m_per_s", number(study.intact.velocity_m_per_s));
  root.set("intact", of_case(study.intact));
  core::Value::Array at;
  for (const axon::IntactAt& one : study.intact_at) {
    core::Value v;
    v.set("celsius", one.celsius).set("transmitted", one.transmitted);
    v.set("conduction_velocity_m_per_s", number(one.velocity_m_per_s)).set("delay_ms", number(one.delay_ms));
    at.push_back(v.set("still_under_way", one.still_under_way));
  }
  root.set("intact_at", std::move(at));
  core::Value::Array cases;
  for (const CaseResult& one : study.cases) cases.push_back(of_case(one));
  return root.set("cases", std::move(cases));
}

std::string axon_cases_csv(const Study& study) {
  std::vector<std::string> columns = {
      "case",          "celsius",           "transmitted",          "velocity_m_per_s",
      "delay_ms",      "extra_delay_ms",    "refractory_period_ms", "safety_factor",
      "charge_ratio",  "charge_ratio_node", "atp_per_um",           "peak_mv",
      "half_width_ms", "reached_um"};
  for (const double hz : study.scenario.measure.train_hz)
    columns.push_back(fmt::format("arrived_at_{:g}_hz", hz));
  core::CsvWriter csv(columns);
  const auto number = [&csv](const std::optional<double>& value) { value ? csv.cell(*value) : csv.empty(); };
  for (const CaseResult* one : all_of(study)) {
    csv.cell(one->name).cell(one->celsius).cell(one->transmitted ? 1 : 0);
    number(one->velocity_m_per_s), number(one->delay_ms), number(one->extra_delay_ms),
        number(one->refractory_ms);
    number(one->safety_factor);
    number(one->charge_ratio);
    one->charge_ratio_node ? csv.cell(*one->charge_ratio_node) : csv.empty();
    number(one->atp_per_um);
    csv.cell(one->peak_mv).cell(one->half_width_ms).cell(one->reached_um);
    for (const auto& train : one->trains) csv.cell(train.arrived);
    csv.end_row();
  }
  return csv.text();
}

std::string axon_nodes_csv(const Study& study) {
  core::CsvWriter csv({"case", "node", "position_um", "arrival_ms"});
  for (const CaseResult* one : all_of(study)) {
    for (std::size_t k = 0; k < one->arrival_ms.size(); ++k) {
      csv.cell(one->name).cell(k + 1).cell(one->node_position_um[k]);
      one->arrival_ms[k] ? csv.cell(*one->arrival_ms[k]) : csv.empty();
      csv.end_row();
    }
  }
  return csv.text();
}

}  // namespace hortega::output
