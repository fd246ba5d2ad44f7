// SPDX-License-Identifier: Apache-2.0
// What is wrong with an input, and where: collected in one pass, thrown once, rendered for people.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hortega::core {

/// A place in a text that a person can open. Lines and columns count from 1 (columns in code points, a tab is
/// one); 0 means that the problem belongs to the whole file. `excerpt` is the line itself, empty where there
/// is none.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  std::string excerpt;
};

/// One problem of an input. Only `message` must be given.
struct Problem {
  Place place;
  std::string key;         ///< dotted path of the key, e.g. `arm[0].allocation`; may be empty
  std::string message;     ///< what was found and what is wrong with it
  std::string allowed;     ///< why that is a problem, or what is allowed
  std::string suggestion;  ///< what the writer may have meant, ready to be typed
};

/// Bad input: the program ends with exit code 2. `what()` is the rendering of all problems without colour.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems);
  explicit InputError(Problem problem);
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// The run failed for a reason outside the input (disk full, file not writable): exit code 1.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Collects the problems of an input, so that all are told at once.
class Problems {
 public:
  void add(Problem problem) { problems_.push_back(std::move(problem)); }
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }
  const std::vector<Problem>& all() const { return problems_; }

  /// Throws InputError with all problems, in the order of file, line and column, if there are any.
  void throw_if_any() const;

 private:
  std::vector<Problem> problems_;
};

enum class Colour { off, on };

/// `file:line:column: error: message (allowed), did you mean 'suggestion'?`, then the excerpt with a caret.
/// Control characters and broken UTF-8 of the input are shown as `?`; long lines are cut around the caret.
std::string render(const Problem& problem, Colour colour = Colour::off);

/// All problems, one after the other, at most 40 of them and then how many more there are.
std::string render(const std::vector<Problem>& problems, Colour colour = Colour::off);

/// Line `line` (from 1) of a text, without its line break; empty if there is no such line.
std::string line_of(std::string_view text, int line);

/// The candidate nearest to `word` (edit distance with transpositions, letter case and `_`/`-` cost nothing),
/// or an empty string if none is near: at most one edit for words up to 4 letters, otherwise a third of the
/// length.
std::string nearest_spelling(std::string_view word, const std::vector<std::string>& candidates);

/// The candidates nearest to `word` by the same distance, at most so many, the nearest first; equally near
/// ones in the order in which they stand.
std::vector<std::string> nearest_words(std::string_view word, const std::vector<std::string>& candidates,
                                       std::size_t most);

/// `a, b or c`: for the lists of allowed values in messages. Each is quoted with `'`.
std::string quoted_list(const std::vector<std::string>& words);

}  // namespace hortega::core
