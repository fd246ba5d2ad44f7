// SPDX-License-Identifier: Apache-2.0
// A page with a film, curves over time and a table: one file, opens offline.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace hortega::output {

struct FilmFrame {
  std::string caption;
  std::string data_uri;
};

struct Curve {
  std::string name;
  std::vector<double> values;  ///< one for each time; not finite: a gap
};

struct CurveFigure {
  std::string title;
  std::string y_label;
  std::vector<Curve> curves;  ///< at most four
};

struct FilmPage {
  std::string title;
  std::string kind;    ///< "Simulated lesion"
  std::string answer;  ///< the finding in one sentence
  std::vector<FilmFrame> frames;
  std::vector<std::pair<std::string, std::string>> legend;  ///< colour (#rrggbb), what it is
  std::string film_note;
  std::string x_label;
  std::vector<double> times;
  std::vector<CurveFigure> figures;
  std::vector<std::pair<std::string, std::string>> conditions;  ///< what was simulated: name, value
  std::vector<std::pair<std::string, std::string>> numbers;     ///< what came out: name, value with unit
  std::string method;                                           ///< text
  std::vector<std::string> files;                               ///< beside the page
  std::string command;
};

std::string film_html(const FilmPage& page);

}  // namespace hortega::output
