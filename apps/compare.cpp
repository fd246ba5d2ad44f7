// SPDX-License-Identifier: Apache-2.0
// hortega compare: lives that resemble one person, treated in two ways or more.
#include "compare.hpp"
#include "command.hpp"
#include "draws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hortega/cohort/condition.hpp"
#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/parallel.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/progress.hpp"
#include "hortega/core/quantity.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/economics/account.hpp"
#include "hortega/evidence/posterior.hpp"
#include "hortega/output/options_page.hpp"
#include "hortega/therapy/courses.hpp"
#include "hortega/therapy/provenance.hpp"
#include "hortega/therapy/rests_on.hpp"
#include "hortega/trial/options.hpp"
#include "run_directory.hpp"

namespace hortega::apps {

namespace {

constexpr double k_least_effective_lives = 100.0;
constexpr std::uint32_t k_numbers_a_batch = 4'000'000;  // of lives; more than any batch begins

struct Options {
  std::string person;
  std::vector<std::string> therapies;
  std::string out;
  std::uint64_t seed = 20260901;
  int lives = 40000;
  int most_lives = 640000;
  int draws = 40;
  int followed = 4000;
  int threads = 0;
  bool allow_unvalidated = false;
  bool json = false;
};

// One --therapy: a regimen, several together, or one after another.
struct OptionPlan {
  std::string id, label;
  std::vector<trial::JoinedRegimen> parts;  // the first begins today
  std::vector<trial::SequenceStep> then;    // after them; each stops all before it
  std::vector<std::string> regimens() const {
    std::vector<std::string> all;
    for (const trial::JoinedRegimen& part : parts) all.push_back(part.regimen);
    for (const trial::SequenceStep& step : then) all.push_back(step.regimen);
    return all;
  }
};

// Read and held against each other before anything runs.
struct Inputs {
  core::Read<cohort::KnownPerson> person;
  therapy::RegimenLibrary regimens;
  std::map<std::string, core::Locations> places;  // of the regimens of the command line, by id
  std::vector<OptionPlan> options;
  core::ParameterSet parameters;
  economics::Prices prices;
  cohort::RecordNoise noise;
  std::vector<std::vector<evidence::Standing>> standing;  // of each option's parts
  std::optional<evidence::Posterior> posterior;
  std::vector<std::string> warnings;
};

// "A.toml+B.toml@6 months>C.toml@1 year,washout 4 weeks": files, and when each begins.
struct Part {
  std::string file;
  bool in_turn = false;  // after a >: what stands before it is stopped on its day
  double after_day = 0.0;
  double washout_day = 0.0;  // between that stop and its start
  // Whole days, as the trial counts them.
  int stop_day() const { return static_cast<int>(std::lround(after_day)); }  // of what stands before it
  int start_day() const { return stop_day() + static_cast<int>(std::lround(washout_day)); }
};

[[noreturn]] void refuse_option(const std::string& text, const std::string& message, std::string allowed,
                                std::string suggestion = {}) {
  throw core::InputError(core::Problem{{"--therapy", 0, 0, {}},
                                       {},
                                       fmt::format("'{}': {}", text, message),
                                       std::move(allowed),
                                       std::move(suggestion)});
}

double days_in(const std::string& text, const std::string& when) {
  const core::QuantityResult time = core::parse_quantity(when, core::Kind::time);
  if (!time.ok()) refuse_option(text, time.message, time.allowed, time.suggestion);
  if (time.value < 0.0) refuse_option(text, fmt::format("'{}' is negative", when), "0 days or more");
  return time.value;
}

// "6 months" or "6 months,washout 4 weeks".
void read_times(const std::string& text, const std::string& when, Part& part) {
  const std::size_t comma = std::min(when.find(','), when.size());
  part.after_day = days_in(text, when.substr(0, comma));
  if (comma == when.size()) return;
  const std::size_t word = when.find_first_not_of(' ', comma + 1);
  constexpr std::string_view k_washout = "washout ";
  if (word == std::string::npos || !std::string_view(when).substr(word).starts_with(k_washout))
    refuse_option(text, fmt::format("'{}' is no washout", when.substr(comma + 1)),
                  "after a comma: washout 4 weeks");
  if (!part.in_turn)
    refuse_option(text, fmt::format("nothing is washed out before '{}', which joins", part.file),
                  "a washout belongs to a therapy after a >");
  part.washout_day = days_in(text, when.substr(word + k_washout.size()));
}

// A part against those before it.
void check_order(const std::string& text, const std::vector<Part>& before, const Part& part) {
  if (part.file.empty()) refuse_option(text, "a therapy is missing", "a file on both sides of + and >");
  if (part.in_turn && part.after_day == 0.0)
    refuse_option(text, fmt::format("'{}' needs the time at which it takes over", part.file),
                  "A.toml>B.toml@6 months; more than 0 days");
  if (!part.in_turn && std::any_of(before.begin(), before.end(), [](const Part& p) { return p.in_turn; }))
    refuse_option(text, fmt::format("'{}' joins after a switch", part.file), "every + before the first >");
  constexpr int k_longest_year = trial::k_horizons_year[trial::k_horizons - 1];
  if (part.after_day + part.washout_day > 365.25 * k_longest_year)
    refuse_option(text,
                  fmt::format("'{}' begins after the {} years that are told", part.file, k_longest_year),
                  "an earlier time");
  // What is stopped on the day on which it begins, or before, was never taken.
  for (const Part& earlier : before) {
    if (part.in_turn && part.stop_day() <= earlier.start_day())
      refuse_option(text,
                    fmt::format("'{}' takes over on day {}, but '{}' begins on day {}", part.file,
                                part.stop_day(), earlier.file, earlier.start_day()),
                    "therapies in the order of their times, each begun before it is stopped");
  }
}

std::vector<Part> parts_of(const std::string& text) {
  std::error_code error;
  if (std::filesystem::exists(text, error)) return {Part{text}};  // a name with a plus is a name
  std::vector<Part> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of("+>", at), text.size());
    Part part{text.substr(at, end - at), at > 0 && text[at - 1] == '>'};
    const std::size_t sign = part.file.find('@');
    if (sign != std::string::npos) {
      const std::string when = part.file.substr(sign + 1);
      part.file.resize(sign);
      if (parts.empty())
        refuse_option(text, "the first therapy waits for nothing before it",
                      "it begins today; @ belongs to one after a + or a >");
      read_times(text, when, part);
    }
    check_order(text, parts, part);
    parts.push_back(std::move(part));
    at = end + 1;
  }
  return parts;
}

std::string after_words(double day) {
  const double months = day / 365.25 * 12.0;
  const bool whole = months > 0.5 && std::fabs(months - std::round(months)) < 0.05;
  const double n = std::round(whole ? months : day);
  return fmt::format("{:.0f} {}{}", n, whole ? "month" : "day", n == 1.0 ? "" : "s");
}

// Adds a therapy to the option, and to what the option is called.
void add_part(const Part& part, const therapy::Regimen& regimen, OptionPlan& plan) {
  const std::string later = part.after_day > 0.0 ? after_words(part.after_day) : std::string();
  if (part.in_turn) {
    trial::SequenceStep step;
    step.regimen = regimen.id;
    step.start_day = part.after_day;
    step.washout_day = part.washout_day;
    plan.then.push_back(std::move(step));
    plan.id += fmt::format(">{}@{}", regimen.id, later);
    plan.label += fmt::format(", stopped for {} after {}", regimen.label, later);
    if (part.washout_day == 0.0) return;
    plan.id += ",washout " + after_words(part.washout_day);
    plan.label += fmt::format(" (washout {})", after_words(part.washout_day));
    return;
  }
  plan.parts.push_back({regimen.id, part.after_day});
  plan.id += (plan.id.empty() ? "" : "+") + regimen.id + (later.empty() ? "" : "@" + later);
  plan.label += plan.label.empty() ? regimen.label
                : later.empty()    ? " and " + regimen.label
                                   : ", then " + regimen.label + " after " + later;
}

// A file as it stands; else the regimen of that id in the data folder, or in a folder regimens/ beside the
// person file, in this order: none of one's own takes the place of what was compared with published trials.
std::string file_of(const std::string& text, const std::string& name, const std::string& person,
                    const std::filesystem::path& data) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_regular_file(name, error) || name.find('/') != std::string::npos || name.ends_with(".toml"))
    return name;
  std::vector<std::string> ids;
  for (const fs::path& folder : {data / "regimens", fs::path(person).parent_path() / "regimens"}) {
    const fs::path file = folder / (name + ".toml");
    if (fs::is_regular_file(file, error)) return file.string();
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".toml") ids.push_back(entry.path().stem().string());
    }
  }
  std::sort(ids.begin(), ids.end());
  refuse_option(text, fmt::format("'{}' is no file and no regimen", name),
                "the path of a file, or one of " + core::quoted_list(ids), core::nearest_spelling(name, ids));
}

// The regimens of the data folder, those of the command line in place of or beside them.
void read_therapies(const Options& options, const std::filesystem::path& data, Inputs& in) {
  std::vector<therapy::Regimen> all =
      therapy::RegimenLibrary::read_directory((data / "regimens").string()).all();
  core::Problems problems;
  const std::vector<therapy::Provenance>& unwanted = in.person.value.preference.exclude;
  for (const std::string& text : options.therapies) {
    OptionPlan plan;
    for (const Part& part : parts_of(text)) {
      const core::Read<therapy::Regimen> read = therapy::regimen_schema().read(
          load_input(file_of(text, part.file, options.person, data), {"regimen"}));
      const std::string& id = read.value.id;
      const auto same =
          std::find_if(all.begin(), all.end(), [&](const therapy::Regimen& r) { return r.id == id; });
      if (same == all.end()) {
        all.push_back(read.value);
      } else {
        *same = read.value;
      }
      in.places.insert_or_assign(id, read.places);
      add_part(part, read.value, plan);
      if (therapy::is_excluded(read.value, unwanted)) {
        std::string has;
        for (const therapy::Provenance p : therapy::provenance_of(read.value))
          has += (has.empty() ? "" : ", ") + std::string(therapy::name_of(p));
        problems.add(in.person.places.problem(
            "preference.exclude", fmt::format("'{}' gives cells that are {}", id, has),
            "a therapy without cells of an excluded origin; or take the word out of the list"));
      }
      const std::vector<std::string> given = plan.regimens();
      if (std::count(given.begin(), given.end(), id) > 1)
        problems.add(
            read.places.problem("id", "'" + id + "' is given twice in one option", "each therapy once"));
    }
    const bool twice = std::any_of(in.options.begin(), in.options.end(),
                                   [&](const OptionPlan& o) { return o.id == plan.id; });
    if (twice)
      problems.add(core::Problem{
          {"--therapy", 0, 0, {}}, {}, "'" + plan.id + "' is given twice", "each option once", {}});
    in.options.push_back(std::move(plan));
  }
  problems.throw_if_any();
  in.regimens = therapy::RegimenLibrary::of(std::move(all));
}

void check_drugs(const Inputs& in) {
  core::Problems problems;
  const std::vector<cohort::KnownDrug>& drugs = in.person.value.drugs;
  const std::vector<std::string> ids = in.regimens.ids();
  for (std::size_t i = 0; i < drugs.size(); ++i) {
    if (in.regimens.contains(drugs[i].regimen)) continue;
    problems.add(in.person.places.problem(
        fmt::format("drug[{}].regimen", i), "no regimen '" + drugs[i].regimen + "'",
        "one of " + core::quoted_list(ids), core::nearest_spelling(drugs[i].regimen, ids)));
  }
  problems.throw_if_any();
}

trial::Phenotype phenotype_of(cohort::Course course) {
  if (course == cohort::Course::secondary_progressive) return trial::Phenotype::secondary_progressive;
  if (course == cohort::Course::primary_progressive) return trial::Phenotype::primary_progressive;
  return trial::Phenotype::relapsing;
}

// The key of the file that a reason is about.
std::string key_of(const std::string& reason) {
  if (reason.starts_with("age")) return "age";
  if (reason.starts_with("EDSS")) return "edss";
  if (reason.starts_with("duration")) return "first_symptom";
  return "course";
}

// Of a person whom no shipped study of a therapy would have let in.
core::Problem why_outside(const Inputs& in, const evidence::Standing& s) {
  if (s.studies.empty())
    return in.person.places.problem(
        "", fmt::format("no shipped study gives '{}': nothing was held against published results", s.regimen),
        "a therapy of data/protocols");
  std::string all;
  for (const evidence::StudyStanding& study : s.studies) {
    all += fmt::format("{}{}: ", all.empty() ? "" : " | ", study.protocol);
    for (std::size_t i = 0; i < study.outside.size(); ++i)
      all += fmt::format("{}{}", i > 0 ? "; " : "", study.outside[i]);
  }
  return in.person.places.problem(key_of(s.studies.front().outside.front()),
                                  fmt::format("the person is outside every study of '{}'", s.regimen), all);
}

// Of a therapy with studies whose published numbers were never held against the engine. `validated`: the ids
// of those that have such numbers.
core::Problem why_unvalidated(const Inputs& in, const evidence::Standing& s,
                              const std::vector<std::string>& validated) {
  return in.places.at(s.regimen).problem(
      "id", fmt::format("no published number was ever held against the engine for '{}'", s.regimen),
      fmt::format(
          "therapies that have some: {}; or accept it with --allow-unvalidated, and the answer says so",
          core::quoted_list(validated)));
}

// Refuses where no shipped study of a therapy would have let the person in, and where no published number
// tells whether the engine is right about it.
void judge_standing(const Options& options, const std::filesystem::path& data, Inputs& in) {
  const cohort::KnownPerson& p = in.person.value;
  constexpr int k_year_day = 365;
  const evidence::PersonFacts facts{p.age_year(), p.last_edss().value, p.duration_day() / 365.25,
                                    phenotype_of(p.course), p.relapses_within(k_year_day)};
  const std::vector<trial::Protocol> protocols = evidence::read_protocols((data / "protocols").string());
  const std::vector<evidence::ValidatedRow> rows =
      evidence::read_validated_rows((data / "validation.csv").string());
  std::vector<std::string> validated;
  for (const std::string& regimen : in.regimens.ids()) {
    if (evidence::standing_of(regimen, protocols, rows, facts).validated()) validated.push_back(regimen);
  }
  core::Problems problems;
  std::set<std::string> told;  // a regimen of several options is refused once
  for (const OptionPlan& option : in.options) {
    in.standing.emplace_back();
    for (const std::string& regimen : option.regimens())
      in.standing.back().push_back(evidence::standing_of(regimen, protocols, rows, facts));
    for (const evidence::Standing& s : in.standing.back()) {
      if (!told.insert(s.regimen).second) continue;
      if (!s.inside()) problems.add(why_outside(in, s));
      // A therapy without a study is refused above, flag or not: nobody is inside what was not studied.
      if (s.validated() || s.studies.empty() || evidence::is_no_therapy(s.regimen) ||
          options.allow_unvalidated)
        continue;
      problems.add(why_unvalidated(in, s, validated));
    }
  }
  problems.throw_if_any();
}

Inputs read_inputs(const Options& options) {
  const std::filesystem::path data = core::data_folder();
  Inputs in;
  in.person = cohort::read_known_person(load_input(options.person, {"person"}));
  if (options.therapies.size() < 2)
    throw core::InputError(core::Problem{{"--therapy", 0, 0, {}},
                                         {},
                                         "one therapy alone has nothing to be compared with",
                                         "--therapy at least twice; none is one",
                                         {}});
  read_therapies(options, data, in);
  check_drugs(in);
  in.parameters = core::ParameterSet::read_directory((data / "parameters").string());
  in.prices = economics::Prices::load(in.parameters);
  in.noise = cohort::load_record_noise(
      core::ParameterSet::read_directory((data / "parameters" / "person").string()));
  std::error_code error;
  if (options.draws > 0 && std::filesystem::exists(data / "posterior.csv", error))
    in.posterior = evidence::read_posterior(data);
  judge_standing(options, data, in);
  if (in.posterior) {
    in.warnings = edits_without_effect(in.parameters, {}, *in.posterior, "a comparison", false);
    for (const std::string& edit : in.warnings) fmt::print(stderr, "warning: {}\n", edit);
  }
  return in;
}

// ---- lives ----

// What a life used by each horizon.
using Accounts = std::array<economics::Account, trial::k_horizons>;

// One set of parameters and the lives that were conditioned under it.
struct Draw {
  std::size_t of_posterior = 0;
  core::ParameterSet parameters;
  disease::Parameters disease;
  therapy::Parameters therapy;
  trial::Environment environment;
  std::vector<cohort::Conditioned> batches;
  std::vector<std::uint32_t> ancestor;          // of each life that is followed
  std::vector<std::vector<trial::Fate>> fates;  // [option][life]
  std::vector<std::vector<Accounts>> accounts;  // [option][life]
};

std::vector<std::unique_ptr<Draw>> make_draws(const Options& options, const Inputs& in) {
  std::vector<std::size_t> which = {0};
  if (in.posterior)
    which = chosen_draws(*in.posterior, std::min(options.draws, static_cast<int>(in.posterior->size())));
  std::vector<std::unique_ptr<Draw>> draws;
  for (const std::size_t i : which) {
    draws.push_back(std::make_unique<Draw>());
    Draw& d = *draws.back();
    d.of_posterior = i;
    d.parameters = in.posterior ? evidence::with_draw(in.parameters, *in.posterior, i) : in.parameters;
    d.disease = disease::load_parameters(d.parameters);
    d.therapy = therapy::load_parameters(d.parameters);
    d.environment.parameters = &d.parameters;
    d.environment.courses = [&in, &d](const std::string& id) {
      return therapy::make_course(in.regimens.find(id), d.therapy);
    };
  }
  return draws;
}

double calendar_year(cohort::Date date) { return 1970.0 + static_cast<double>(date.day) / 365.2425; }

// Probability of the record under each draw, its mean over batches, all to one scale.
std::vector<double> draw_weights(const std::vector<std::unique_ptr<Draw>>& draws) {
  double most = -std::numeric_limits<double>::infinity();
  for (const auto& d : draws) {
    for (const cohort::Conditioned& b : d->batches) most = std::max(most, b.log_probability);
  }
  std::vector<double> weights(draws.size(), 0.0);
  if (std::isinf(most)) return weights;
  double sum = 0.0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    for (const cohort::Conditioned& b : draws[i]->batches) weights[i] += std::exp(b.log_probability - most);
    sum += weights[i];
  }
  for (double& w : weights) w /= sum;
  return weights;
}

// Weight of every life within its draw: batches by their probability of the record.
std::vector<std::pair<const cohort::ConditionedLife*, double>> lives_of(const Draw& d) {
  double most = -std::numeric_limits<double>::infinity();
  for (const cohort::Conditioned& b : d.batches) most = std::max(most, b.log_probability);
  double sum = 0.0;
  for (const cohort::Conditioned& b : d.batches)
    sum += std::isinf(most) ? 0.0 : std::exp(b.log_probability - most);
  std::vector<std::pair<const cohort::ConditionedLife*, double>> out;
  for (const cohort::Conditioned& b : d.batches) {
    const double share = sum > 0.0 ? std::exp(b.log_probability - most) / sum : 0.0;
    for (const cohort::ConditionedLife& life : b.lives) out.emplace_back(&life, share * life.weight);
  }
  return out;
}

double effective_lives(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight) {
  std::vector<double> of_life;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    std::map<std::uint32_t, double> by_ancestor;
    for (const auto& [life, w] : lives_of(*draws[i])) by_ancestor[life->ancestor] += weight[i] * w;
    for (const auto& [ancestor, w] : by_ancestor) of_life.push_back(w);
  }
  return cohort::effective_number(of_life);
}

struct Search {
  int begun = 0;
  double effective = 0.0;
  std::vector<double> weight;  // of each draw
};

// Batches of lives until enough of them carry the weight.
Search find_lives(const Options& options, const Inputs& in, std::vector<std::unique_ptr<Draw>>& draws) {
  Search search;
  int batch_lives = options.lives;
  for (std::uint32_t batch = 0;; ++batch) {
    cohort::ConditionOptions o;
    o.seed = options.seed;
    o.lives = std::max(1, batch_lives / static_cast<int>(draws.size()));
    o.first_person = batch * k_numbers_a_batch;
    o.setting.calendar_year = calendar_year(in.person.value.today);
    core::Progress progress("lives with this past", static_cast<int>(draws.size()));
    core::parallel_for(draws.size(), [&](std::size_t i) {
      core::throw_if_interrupted();
      Draw& d = *draws[i];
      d.batches.push_back(cohort::condition(d.disease, in.person.value, in.noise, d.environment.courses, o));
      progress.tick();
    });
    search.begun += o.lives * static_cast<int>(draws.size());
    search.weight = draw_weights(draws);
    search.effective = effective_lives(draws, search.weight);
    if (search.effective >= k_least_effective_lives || search.begun >= options.most_lives) return search;
    batch_lives = std::min(search.begun, options.most_lives - search.begun);
  }
}

void refuse_if_thin(const Search& search, const Inputs& in, const Options& options) {
  if (search.effective >= k_least_effective_lives) return;
  throw core::InputError(in.person.places.problem(
      "",
      fmt::format(
          "of {} lives begun, {:.0f} distinct ones carry the weight of this record: too few for an answer",
          search.begun, std::floor(search.effective)),
      fmt::format(
          "at least {:.0f}. A record that the model finds hard to believe is thin for ever: look for a wrong "
          "date or count; else begin more lives (--most-lives above {}), or leave older findings out",
          k_least_effective_lives, options.most_lives)));
}

int horizon_day(std::size_t h) { return static_cast<int>(std::lround(365.25 * trial::k_horizons_year[h])); }

// What is taken today goes on where it is a part, until a switch; the others join it.
trial::Option option_of(const OptionPlan& plan, const std::string& drug) {
  trial::Option option{"none", false, {}, plan.then};
  for (const trial::JoinedRegimen& part : plan.parts) {
    const bool today = part.after_day == 0.0;
    if (today && !drug.empty() && part.regimen == drug) {
      option.goes_on = true;
    } else if (today && option.regimen == "none") {
      option.regimen = part.regimen;
    } else {
      option.with.push_back(part);
    }
  }
  return option;
}

// Resamples the lives of a draw and follows them under every option.
void follow_all(const Options& options, const Inputs& in, Draw& d, std::size_t number, int n) {
  const auto lives = lives_of(d);
  std::vector<cohort::Candidate> people;
  double sum = 0.0;
  const double u = core::to_uniform(
      core::draw({options.seed, static_cast<std::uint32_t>(number), 0}, core::Purpose::selection, 0, 3)[0]);
  for (const auto& [life, weight] : lives) {
    sum += weight;
    while (static_cast<int>(people.size()) < n && (static_cast<double>(people.size()) + u) / n < sum) {
      people.push_back(life->candidate);
      // A person of their own from here on, the same under every option.
      people.back().person.person = static_cast<std::uint32_t>(number) * static_cast<std::uint32_t>(n) +
                                    static_cast<std::uint32_t>(people.size());
      d.ancestor.push_back(life->ancestor);
    }
  }
  trial::OptionSettings settings;
  settings.seed = options.seed;
  settings.year = calendar_year(in.person.value.today);
  settings.edss_today = in.person.value.last_edss().value;
  const std::string drug = in.person.value.drug_today();
  settings.drug_today = drug.empty() ? "none" : drug;
  for (const OptionPlan& plan : in.options) {
    d.accounts.emplace_back(people.size());
    if (people.empty()) {
      d.fates.emplace_back();
      continue;
    }
    std::vector<Accounts>& accounts = d.accounts.back();
    d.fates.push_back(trial::follow(d.environment, d.disease, people, option_of(plan, drug), settings,
                                    [&](std::size_t life, const trial::Participant& who) {
                                      for (std::size_t h = 0; h < trial::k_horizons; ++h)
                                        accounts[life][h] =
                                            economics::account_of(who, in.prices, horizon_day(h));
                                    }));
  }
  d.batches.clear();  // no longer needed
}

// ---- what is told ----

std::vector<evidence::DrawValues> values(const std::vector<std::unique_ptr<Draw>>& draws,
                                         const std::vector<double>& weight, std::size_t option,
                                         const std::function<bool(const trial::Fate&)>& has) {
  std::vector<evidence::DrawValues> out;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    evidence::DrawValues v;
    v.weight = weight[i];
    v.ancestor = draws[i]->ancestor;
    for (const trial::Fate& fate : draws[i]->fates[option]) v.has.push_back(has(fate) ? 1 : 0);
    if (!v.has.empty()) out.push_back(std::move(v));
  }
  return out;
}

output::OutcomeRow row_of(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight,
                          std::size_t options, const trial::OutcomeSpec& spec,
                          const std::function<bool(const trial::Fate&, std::size_t)>& has) {
  output::OutcomeRow row;
  row.spec = spec;
  row.frequency.resize(options);
  row.difference.resize(options - 1);
  for (std::size_t h = 0; h < trial::k_horizons; ++h) {
    std::vector<std::vector<evidence::DrawValues>> of;
    for (std::size_t o = 0; o < options; ++o) {
      of.push_back(values(draws, weight, o, [&](const trial::Fate& f) { return has(f, h); }));
      row.frequency[o].push_back(evidence::frequency(of[o]));
      if (o > 0) row.difference[o - 1].push_back(evidence::difference(of[0], of[o]));
    }
  }
  return row;
}

void add_outcomes(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight,
                  const Inputs& in, output::OptionsReport& report) {
  const std::vector<trial::OutcomeSpec>& common = trial::common_outcomes();
  for (std::size_t k = 0; k < common.size(); ++k) {
    const bool anybody = std::any_of(draws.begin(), draws.end(), [&](const std::unique_ptr<Draw>& d) {
      return std::any_of(d->fates.begin(), d->fates.end(), [&](const auto& of_option) {
        return std::any_of(of_option.begin(), of_option.end(), [&](const trial::Fate& f) {
          return f.has[k * trial::k_horizons + trial::k_horizons - 1] != 0;
        });
      });
    });
    // Nobody can have a graft's disease without a donor's graft.
    if (common[k].id == "graft_versus_host" && !anybody) continue;
    const cohort::KnownPerson& p = in.person.value;
    const std::optional<trial::OutcomeSpec> told =
        trial::told_of(common[k], p.sex == cohort::Sex::female, p.last_edss().value);
    if (!told) continue;
    report.outcomes.push_back(
        row_of(draws, weight, in.options.size(), *told,
               [k](const trial::Fate& f, std::size_t h) { return f.has[k * trial::k_horizons + h] != 0; }));
  }
  std::set<std::pair<std::string, bool>> kinds;  // term, mild
  for (const auto& d : draws) {
    for (const auto& of_option : d->fates) {
      for (const trial::Fate& f : of_option) {
        for (const trial::HarmSeen& h : f.harms) kinds.emplace(h.term, h.grade < 2);
      }
    }
  }
  for (const auto& kind : kinds) {
    const std::string& term = kind.first;
    const bool mild = kind.second;
    const trial::OutcomeSpec spec{
        (mild ? "mild: " : "harm: ") + term, term + (mild ? ", mild" : ""),
        mild ? "Adverse event of CTCAE grade 1." : "Adverse event of CTCAE grade 2 or more.",
        trial::Sense::harm, term};
    (mild ? report.mild_harms : report.harms)
        .push_back(row_of(draws, weight, in.options.size(), spec, [&](const trial::Fate& f, std::size_t h) {
          return std::any_of(f.harms.begin(), f.harms.end(), [&](const trial::HarmSeen& x) {
            return x.term == term && (x.grade < 2) == mild && x.day <= horizon_day(h);
          });
        }));
  }
}

// Which variables of the posterior can move a difference between options: those of the disease, and of the
// therapies what these options, a drug of the past or the steroids for a relapse read. Study conduct is off.
std::vector<std::size_t> variables_that_count(const Inputs& in, const std::vector<std::string>& regimens) {
  std::set<std::string> read;
  const auto add = [&](const therapy::Regimen& regimen) {
    for (std::string& name : therapy::parameters_of(regimen, in.parameters)) read.insert(std::move(name));
  };
  for (const std::string& id : regimens) add(in.regimens.find(id));
  for (const cohort::KnownDrug& drug : in.person.value.drugs) add(in.regimens.find(drug.regimen));
  for (const therapy::Regimen& regimen : in.regimens.all()) {
    if (regimen.kind == therapy::RegimenKind::steroid) add(regimen);
  }
  std::vector<std::size_t> which;
  for (std::size_t k = 0; k < in.posterior->names.size(); ++k) {
    const std::string& variable = in.posterior->names[k];
    // Of NAME.spread the passport is NAME.
    const std::string name =
        in.parameters.contains(variable) ? variable : variable.substr(0, variable.rfind('.'));
    const std::string file = std::filesystem::path(in.parameters.find(name).file).filename().string();
    if (file == "conduct.toml" || (file.starts_with("therapy") && !read.contains(name))) continue;
    which.push_back(k);
  }
  return which;
}

// Which parameters go with the differences in the first outcomes after five years.
void add_influences(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight,
                    const Inputs& in, output::OptionsReport& report) {
  if (!in.posterior || draws.size() < 3) return;
  constexpr std::size_t k_five_years = 2;
  constexpr std::size_t k_most = 5;
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
    for (std::size_t o = 1; o < in.options.size(); ++o) {
      std::vector<std::string> regimens = in.options[0].regimens();
      for (std::string& id : in.options[o].regimens()) regimens.push_back(std::move(id));
      const std::vector<std::size_t> which = variables_that_count(in, regimens);
      std::vector<std::string> names;
      names.reserve(which.size());
      for (const std::size_t v : which) names.push_back(in.posterior->names[v]);
      std::vector<std::vector<double>> parameters;
      std::vector<double> used;
      for (std::size_t i = 0; i < draws.size(); ++i) {
        if (draws[i]->ancestor.empty()) continue;
        parameters.emplace_back();
        for (const std::size_t v : which)
          parameters.back().push_back(in.posterior->values[draws[i]->of_posterior][v]);
        used.push_back(weight[i]);
      }
      const evidence::Difference& d = report.outcomes[k].difference[o - 1][k_five_years];
      report.influences.push_back({report.outcomes[k].spec.label, in.options[o].label,
                                   evidence::influences(names, parameters, d.by_draw, used, k_most)});
    }
  }
}

std::string course_words(cohort::Course course) {
  if (course == cohort::Course::secondary_progressive) return "secondary progressive";
  return course == cohort::Course::primary_progressive ? "primary progressive" : "relapsing";
}

std::vector<std::pair<std::string, std::string>> facts_of(const cohort::KnownPerson& p,
                                                          const therapy::RegimenLibrary& regimens) {
  std::vector<std::pair<std::string, std::string>> facts;
  facts.emplace_back("Today", cohort::text_of(p.today));
  facts.emplace_back(
      "Who",
      fmt::format("{}, {:.0f} years, {} MS for {:.1f} years", p.sex == cohort::Sex::female ? "woman" : "man",
                  std::floor(p.age_year()), course_words(p.course), p.duration_day() / 365.25));
  std::string text;
  for (const cohort::KnownEdss& e : p.edss)
    text += fmt::format("{}{:.1f} ({})", text.empty() ? "" : ", ", e.value, cohort::text_of(e.on));
  facts.emplace_back("EDSS", text);
  text.clear();
  for (const cohort::KnownRelapse& r : p.relapses)
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", cohort::text_of(r.on),
                        r.treated ? " (steroids)" : "");
  facts.emplace_back("Relapses", text.empty() ? "none" : text);
  text.clear();
  for (const cohort::KnownScan& s : p.scans) {
    std::string one;
    const auto add = [&](const std::string& words) { one += (one.empty() ? "" : ", ") + words; };
    if (s.t2_count) add(fmt::format("{} T2 lesions", *s.t2_count));
    if (s.new_t2) add(fmt::format("{} new since {}", *s.new_t2, cohort::text_of(*s.compared_with)));
    if (s.gd_count) add(fmt::format("{} Gd+", *s.gd_count));
    text += fmt::format("{}{} ({})", text.empty() ? "" : "; ", one, cohort::text_of(s.on));
  }
  if (!text.empty()) facts.emplace_back("MRI", text);
  text.clear();
  for (const cohort::KnownDrug& d : p.drugs)
    text += fmt::format("{}{} from {}{}", text.empty() ? "" : "; ", regimens.find(d.regimen).label,
                        cohort::text_of(d.from), d.to ? " to " + cohort::text_of(*d.to) : ", goes on");
  facts.emplace_back("Drugs", text.empty() ? "none" : text);
  text.clear();
  for (const therapy::Provenance origin : p.preference.exclude)
    text += (text.empty() ? "" : ", ") + std::string(therapy::name_of(origin));
  if (!text.empty())
    facts.emplace_back("Does not want", "cells of this origin: " + text + " (no option here has them)");
  return facts;
}

output::OptionColumn column_of(const Inputs& in, std::size_t option) {
  const OptionPlan& plan = in.options[option];
  output::OptionColumn column;
  column.id = plan.id;
  column.label = plan.label;
  if (plan.id == in.person.value.drug_today()) column.label += ", as now";
  column.standing = in.standing[option];
  column.in_turn = plan.then.size();
  std::set<std::string> names;
  for (const std::string& id : plan.regimens()) {
    const therapy::Regimen& regimen = in.regimens.find(id);
    column.parts.push_back(regimen.label);
    for (std::string& name : therapy::parameters_of(regimen, in.parameters)) names.insert(std::move(name));
  }
  std::map<char, int> grades;
  for (const core::Passport& p : in.parameters.all()) {
    if (!names.contains(p.name)) continue;
    ++grades[p.grade];
    if (p.grade == 'D') column.assumed.push_back(p.name);
  }
  column.grades.assign(grades.begin(), grades.end());
  return column;
}

// Means of each option and differences of twins, horizon by horizon. `value_of`: draw, option, life, horizon.
template <class ValueOf, class Row>
void fill_amounts(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight,
                  std::size_t options, const ValueOf& value_of, Row& row) {
  const auto of = [&](std::size_t option, std::size_t h) {
    std::vector<evidence::DrawAmounts> out;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      evidence::DrawAmounts v;
      v.weight = weight[i];
      v.ancestor = draws[i]->ancestor;
      for (std::size_t life = 0; life < v.ancestor.size(); ++life)
        v.x.push_back(value_of(*draws[i], option, life, h));
      if (!v.x.empty()) out.push_back(std::move(v));
    }
    return out;
  };
  row.amount.resize(options);
  row.difference.resize(options - 1);
  for (std::size_t h = 0; h < trial::k_horizons; ++h) {
    const std::vector<evidence::DrawAmounts> first = of(0, h);
    row.amount[0].push_back(evidence::amount(first));
    for (std::size_t o = 1; o < options; ++o) {
      const std::vector<evidence::DrawAmounts> other = of(o, h);
      row.amount[o].push_back(evidence::amount(other));
      row.difference[o - 1].push_back(evidence::amount_difference(first, other));
    }
  }
}

void add_measures(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight,
                  const Inputs& in, output::OptionsReport& report) {
  const std::vector<trial::MeasureSpec>& common = trial::common_measures();
  for (std::size_t k = 0; k < common.size(); ++k) {
    output::MeasureOptions one;
    one.spec = common[k];
    fill_amounts(
        draws, weight, in.options.size(),
        [k](const Draw& d, std::size_t option, std::size_t life, std::size_t h) {
          return d.fates[option][life].amount[k * trial::k_horizons + h];
        },
        one);
    report.measures.push_back(std::move(one));
  }
}

// What each option takes: every row of an account that is a mean over people.
void add_resources(const std::vector<std::unique_ptr<Draw>>& draws, const std::vector<double>& weight,
                   const Inputs& in, output::OptionsReport& report) {
  for (const economics::Row& row : economics::rows()) {
    if (row.is_ratio()) continue;
    output::ResourceOptions one;
    one.row = row;
    fill_amounts(
        draws, weight, in.options.size(),
        [&row](const Draw& d, std::size_t option, std::size_t life, std::size_t h) {
          return d.accounts[option][life][h][row.measure];
        },
        one);
    report.resources.push_back(std::move(one));
  }
  std::set<std::string> not_priced;
  for (const auto& d : draws) {
    for (const auto& option : d->accounts) {
      for (const Accounts& a : option)
        not_priced.insert(a.back().not_priced.begin(), a.back().not_priced.end());
    }
  }
  report.not_priced.assign(not_priced.begin(), not_priced.end());
}

output::OptionsReport make_report(const Options& options, const Inputs& in,
                                  const std::vector<std::unique_ptr<Draw>>& draws, const Search& search) {
  output::OptionsReport report;
  const cohort::KnownPerson& p = in.person.value;
  report.person_id = p.id;
  report.person_label = p.label;
  report.facts = facts_of(p, in.regimens);
  report.not_used = cohort::not_used(p);
  for (std::size_t o = 0; o < in.options.size(); ++o) report.options.push_back(column_of(in, o));
  report.lives = search.begun;
  report.effective_lives = search.effective;
  report.draws = in.posterior ? static_cast<int>(draws.size()) : 0;
  report.effective_draws = cohort::effective_number(search.weight);
  for (const auto& d : draws) report.followed += static_cast<int>(d->ancestor.size());
  report.warnings = in.warnings;
  report.seed = options.seed;
  report.isa = disease::name_of(disease::current_isa());
  report.command = "hortega compare " + options.person;
  for (const std::string& t : options.therapies)
    report.command += " --therapy " + (t.find_first_of(" >") == std::string::npos ? t : "'" + t + "'");
  report.command += fmt::format(" --seed {} --lives {} --draws {} --follow {}", options.seed, options.lives,
                                options.draws, options.followed);
  if (options.allow_unvalidated) report.command += " --allow-unvalidated";
  add_outcomes(draws, search.weight, in, report);
  add_influences(draws, search.weight, in, report);
  add_measures(draws, search.weight, in, report);
  add_resources(draws, search.weight, in, report);
  return report;
}

void compare(const Options& options) {
  core::set_threads(options.threads);
  const Inputs in = read_inputs(options);
  RunDirectory directory(options.out.empty() ? "out/compare-" + in.person.value.id : options.out, Resume::no);
  if (std::error_code error; std::filesystem::exists(directory.path() / "compare.json", error))
    fmt::print(stderr, "note: the earlier answer in {} will be replaced; --out DIR keeps both\n",
               directory.path().string());
  core::watch_for_interrupts();
  std::vector<std::unique_ptr<Draw>> draws = make_draws(options, in);
  const Search search = find_lives(options, in, draws);
  fmt::print(
      stderr, "{} lives begun; {:.0f} distinct ones carry the weight, over {} draws that amount to {:.0f}\n",
      search.begun, std::floor(search.effective), draws.size(), cohort::effective_number(search.weight));
  refuse_if_thin(search, in, options);
  const int n = std::max(1, options.followed / static_cast<int>(draws.size()));
  {
    core::Progress progress("options", static_cast<int>(draws.size()));
    core::parallel_for(draws.size(), [&](std::size_t i) {
      core::throw_if_interrupted();
      follow_all(options, in, *draws[i], i, n);
      progress.tick();
    });
  }
  const output::OptionsReport report = make_report(options, in, draws, search);
  const core::OutputDirectory out(directory.fresh());
  out.write("options.csv", output::options_csv(report));
  out.write("differences.csv", output::differences_csv(report));
  out.write("symptoms.csv", output::symptoms_csv(report));
  out.write("resources.csv", output::resources_csv(report));
  out.write("compare.json", output::options_json(report));
  out.write("compare.html", output::options_html(report));
  directory.publish();
  if (options.json) {
    fmt::print("{}", core::read_file(directory.path() / "compare.json"));
  } else {
    fmt::print("{}\npage: {}\n", output::options_text(report), (directory.path() / "compare.html").string());
  }
}

}  // namespace

void add_compare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "compare",
      "One person's options, twin by twin: benefits and harms out of 100 people with the same past");
  command->add_option("person", options->person, "Person file (data/people/*.toml)")->required();
  command->add_option(
      "--therapy", options->therapies,
      "A therapy: a regimen file or an id of data/regimens. Or several: A.toml+B.toml, A.toml+B.toml@'6 "
      "months' (B joins), "
      "'A.toml>B.toml@6 months' (A is stopped for B; ',washout 4 weeks' after it: B waits so long); at "
      "least twice");
  command->add_option("--out", options->out, "Directory for the results (default: out/compare-ID)");
  command->add_option("--seed", options->seed, "Seed")->check(not_negative());
  command->add_option("--lives", options->lives, "Lives to begin with (default: 40000)")
      ->check(CLI::Range(8, 10'000'000));
  command
      ->add_option("--most-lives", options->most_lives,
                   "Lives at most, if fewer than 100 carry the weight (default: 640000)")
      ->check(CLI::Range(8, 10'000'000));
  command
      ->add_option("--draws", options->draws,
                   "Draws of the posterior over which lives are spread (default: 40; 0: the values of "
                   "data/parameters)")
      ->check(CLI::Range(0, 10000));
  command->add_option("--follow", options->followed, "People followed under each option (default: 4000)")
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--threads", options->threads, "Threads (default: all cores)")
      ->check(CLI::Range(0, 4096));
  command->add_flag("--allow-unvalidated", options->allow_unvalidated,
                    "Go on although no published number was ever held against the engine for a therapy; the "
                    "answer says so");
  command->add_flag("--json", options->json, "Print compare.json on stdout");
  command->footer(
      "Example:\n  hortega compare data/people/bea.toml --therapy data/regimens/ahsct-cy-atg.toml --therapy "
      "data/regimens/natalizumab.toml --therapy "
      "'data/regimens/natalizumab.toml>data/regimens/ahsct-cy-atg.toml@6 months'");
  command->callback([options] { compare(*options); });
}

}  // namespace hortega::apps
