// SPDX-License-Identifier: Apache-2.0
#include "hortega/trial/experiment.hpp"

#include "hortega/cohort/bedside.hpp"
#include "hortega/core/random.hpp"
#include "hortega/disease/kernel.hpp"
#include "hortega/disease/person.hpp"
#include "hortega/therapy/courses.hpp"
#include "hortega/therapy/mouse_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

namespace hortega::trial {

namespace {

using core::Kind;
using core::Report;
using core::Schema;

constexpr std::string_view k_mouse = "mouse_";
constexpr int k_longest_day = 365;

Schema<ExperimentArm> arm_schema() {
  Schema<ExperimentArm> s("One group of animals.");
  s.text("id", &ExperimentArm::id).required().identifier().doc("Short name.");
  s.text("label", &ExperimentArm::label).may_be_empty().doc("Name for readers.");
  s.integer("n", &ExperimentArm::n).range(1, 10000).required().doc("Animals.");
  s.text("regimen", &ExperimentArm::regimen)
      .may_be_empty()
      .doc("Id of a regimen of data/regimens/mouse; none: nothing is given.");
  s.quantity("start", &ExperimentArm::start_day, Kind::time)
      .at_least(0)
      .doc("Day of the first dose, after immunisation.");
  s.boolean("immunised", &ExperimentArm::immunised).doc("false: no peptide and adjuvant on day 0.");
  return s;
}

void check_names(const Experiment& e, const Report& report) {
  std::vector<std::string> arms;
  for (const ExperimentArm& a : e.arms) arms.push_back(a.id);
  for (std::size_t i = 0; i < e.contrasts.size(); ++i) {
    const std::string key = fmt::format("contrasts[{}]", i);
    if (e.contrasts[i].size() != 2) {
      report.problem(key, "a contrast has two arms", "[arm, reference]");
      continue;
    }
    for (const std::string& id : e.contrasts[i]) {
      if (std::find(arms.begin(), arms.end(), id) == arms.end())
        report.problem(key, "no arm '" + id + "'", "arms: " + core::quoted_list(arms),
                       core::nearest_spelling(id, arms));
    }
  }
  for (std::size_t i = 0; i < e.arms.size(); ++i) {
    if (!e.arms[i].regimen.empty() && e.arms[i].start_day > e.follow_up_day)
      report.problem(fmt::format("arm[{}].start", i), "nothing is seen of a dose after the follow-up",
                     fmt::format("at most {:g} days", e.follow_up_day));
  }
}

Schema<Experiment> make_schema() {
  Schema<Hypothesis> hypothesis("A set of parameters under which every arm runs.");
  hypothesis.text("id", &Hypothesis::id).required().identifier().doc("Short name.");
  hypothesis.text("label", &Hypothesis::label).may_be_empty().doc("Name for readers.");
  hypothesis.map("parameters", &Hypothesis::parameters, core::as_number())
      .doc("Values of parameters of data/parameters/mouse.");
  Schema<ExperimentEndpoint> endpoint("One measure.");
  endpoint.text("id", &ExperimentEndpoint::id).required().identifier().doc("Short name.");
  endpoint.text("label", &ExperimentEndpoint::label).may_be_empty().doc("Name for readers.");
  endpoint
      .choice("kind", &ExperimentEndpoint::kind,
              {{"clinical_score", ExperimentMeasure::clinical_score},
               {"cumulative_score", ExperimentMeasure::cumulative_score},
               {"incidence", ExperimentMeasure::incidence},
               {"onset_day", ExperimentMeasure::onset_day},
               {"max_score", ExperimentMeasure::max_score},
               {"axon_loss", ExperimentMeasure::axon_loss},
               {"lesions", ExperimentMeasure::lesions}})
      .required()
      .doc("What is told of an animal.");
  Schema<Experiment> s("An experiment in mice with experimental autoimmune encephalomyelitis.");
  s.format("hortega-experiment", 1);
  s.text("id", &Experiment::id).required().identifier().doc("Short name; names the output.");
  s.text("title", &Experiment::title).required().doc("Title.");
  s.text("question", &Experiment::question).required().doc("The question that it answers.");
  s.integer("seed", &Experiment::seed).doc("Seed of all randomness.");
  s.integer("replicates", &Experiment::replicates).range(2, 100000).doc("Repetitions of the experiment.");
  s.quantity("follow_up", &Experiment::follow_up_day, Kind::time)
      .range(1, k_longest_day)
      .doc("Last day with a score.");
  s.texts("evidence", &Experiment::evidence)
      .doc("Beginnings of `study` in data/evidence/published.csv to set beside.");
  s.texts("priors", &Experiment::priors)
      .doc("Parameters of data/parameters/mouse that each repetition draws evenly from their ranges.");
  s.tables("arm", &Experiment::arms, arm_schema()).not_empty().distinct("id").doc("Groups.");
  s.tables("hypothesis", &Experiment::hypotheses, hypothesis)
      .distinct("id")
      .doc("Every arm runs under each; none: once, with all parameters as they are.");
  s.tables("endpoint", &Experiment::endpoints, endpoint).not_empty().distinct("id").doc("Measures.");
  s.add("contrasts", &Experiment::contrasts, core::as_list(core::as_list(core::as_text())))
      .doc("Pairs: arm, reference.");
  s.map("marks", &Experiment::marks, core::as_text()).doc("How well each fact about the study is known.");
  s.check(check_names);
  return s;
}

// Harms, milestones and deaths by a therapy are those of people: an experiment hears none of them.
class Deaf final : public cohort::BedsideListener {
 public:
  void harm(therapy::Harm) override {}
  void milestone(therapy::Milestone, int, double) override {}
  void death(const std::string&) override {}
};

// The mouse's numbers of one repetition under one hypothesis.
core::ParameterSet numbers_of(const Experiment& e, const ExperimentInputs& in, std::size_t hypothesis,
                              int replicate) {
  core::ParameterSet mouse = in.mouse;
  for (std::size_t i = 0; i < e.priors.size(); ++i) {
    // Traits of the repetition's cells, by place in the list: the same under every hypothesis. No animal has
    // a copy, so no draw is shared with one.
    core::Draws draws({e.seed, static_cast<std::uint32_t>(i), 1U + static_cast<std::uint32_t>(replicate)},
                      core::Purpose::traits, 0);
    const core::Passport& p = mouse.find(e.priors[i]);
    mouse.set(e.priors[i], p.low + (p.high - p.low) * draws.uniform());
  }
  if (hypothesis < e.hypotheses.size()) {
    for (const auto& [name, value] : e.hypotheses[hypothesis].parameters) mouse.set(name, value);
  }
  return mouse;
}

// A mouse's number in another unit than the one it replaces would be read as something else.
void check_units(const ExperimentInputs& in) {
  core::Problems problems;
  for (const core::Passport& p : in.mouse.all()) {
    if (!p.name.starts_with(k_mouse)) {
      problems.add({{p.file, p.line, 0, {}}, p.name, "no name of a mouse's number", "mouse_...", {}});
      continue;
    }
    const std::string name = p.name.substr(k_mouse.size());
    if (!in.people.contains(name) || in.people.find(name).unit == p.unit) continue;
    const core::Passport& replaced = in.people.find(name);
    problems.add({{p.file, p.line, 0, {}},
                  p.name + ".unit",
                  "'" + p.name + "' has the unit '" + p.unit + "'",
                  "'" + replaced.unit + "', as " + name + " in " + replaced.file,
                  {}});
  }
  problems.throw_if_any();
}

// Eight animals side by side, with their cells.
struct Cage {
  disease::Block block;
  std::vector<disease::Person> animals;  // traits, for the score
  std::vector<disease::Profile> profiles;
  std::vector<cohort::Bedside> bedsides;
  std::vector<std::size_t> arm;
};

}  // namespace

const core::Schema<Experiment>& experiment_schema() {
  static const core::Schema<Experiment> schema = make_schema();
  return schema;
}

void check_experiment(const core::Read<Experiment>& read, const ExperimentInputs& in,
                      const std::vector<std::string>& people_regimens) {
  const Experiment& e = read.value;
  core::Problems problems;
  const auto tell = [&](const std::string& path, std::string message, std::string allowed,
                        std::string suggestion = {}) {
    problems.add(read.places.problem(path, std::move(message), std::move(allowed), std::move(suggestion)));
  };
  const std::vector<std::string> ids = in.regimens.ids();
  for (std::size_t a = 0; a < e.arms.size(); ++a) {
    const std::string path = fmt::format("arm[{}].regimen", a);
    const std::string& id = e.arms[a].regimen;
    if (id.empty()) continue;
    if (!in.regimens.contains(id)) {
      const bool of_people =
          std::find(people_regimens.begin(), people_regimens.end(), id) != people_regimens.end();
      tell(path, of_people ? "the regimen '" + id + "' is for people" : "no regimen '" + id + "' for mice",
           "one of " + core::quoted_list(ids) + " (data/regimens/mouse)",
           of_people ? "" : core::nearest_spelling(id, ids));
      continue;
    }
    const therapy::Regimen& regimen = in.regimens.find(id);
    const bool supplied = regimen.kind == therapy::RegimenKind::mesenchymal && regimen.product &&
                          regimen.product->ready == therapy::CellReady::supplied;
    const bool into_veins = std::all_of(regimen.doses.begin(), regimen.doses.end(),
                                        [](const therapy::Dosing& d) { return d.route == "intravenous"; });
    if (!supplied || !into_veins)
      tell(path, "the regimen '" + id + "' has no numbers of a mouse",
           "mesenchymal cells, supplied, intravenous");
  }
  std::vector<std::string> names;
  for (const core::Passport& p : in.mouse.all()) names.push_back(p.name);
  const auto check_name = [&](const std::string& path, const std::string& name) {
    if (in.mouse.contains(name)) return true;
    tell(path, "no parameter of a mouse is called '" + name + "'", "a name of data/parameters/mouse",
         core::nearest_spelling(name, names));
    return false;
  };
  for (std::size_t i = 0; i < e.priors.size(); ++i) check_name(fmt::format("priors[{}]", i), e.priors[i]);
  for (std::size_t h = 0; h < e.hypotheses.size(); ++h) {
    for (const auto& [name, value] : e.hypotheses[h].parameters) {
      const std::string path = fmt::format("hypothesis[{}].parameters.{}", h, name);
      if (!check_name(path, name)) continue;
      const core::Passport& p = in.mouse.find(name);
      if (!(value >= p.low && value <= p.high))
        tell(path, fmt::format("{} = {:g}", name, value),
             fmt::format("{:g} to {:g} {}", p.low, p.high, p.unit));
    }
  }
  problems.throw_if_any();
  // Units, and a score that rises, whatever the file asks.
  check_units(in);
  static_cast<void>(disease::load_paralysis_scale(in.mouse));
  // Reads the tables of the fine scales, here and not first in one of many threads: HDF5 writes to stderr
  // what it tries in vain in threads other than the one that it began in.
  static_cast<void>(disease::load_parameters(in.people));
}

ExperimentReplicate simulate_experiment(const Experiment& e, const ExperimentInputs& in,
                                        std::size_t hypothesis, int replicate) {
  const core::ParameterSet mouse = numbers_of(e, in, hypothesis, replicate);
  disease::Parameters parameters = disease::load_parameters(in.people);
  disease::take_mouse_numbers(parameters, mouse);
  therapy::Parameters therapy = therapy::load_parameters(in.people);
  therapy::take_mouse_numbers(therapy, mouse);
  const disease::Immunisation immunisation = disease::load_immunisation(mouse);
  const disease::ParalysisScale scale = disease::load_paralysis_scale(mouse);
  const disease::Rates rates = disease::make_rates(parameters);
  const auto last_day = static_cast<int>(std::lround(e.follow_up_day));

  ExperimentReplicate out;
  std::size_t all = 0;
  for (const ExperimentArm& arm : e.arms) {
    out.arms.emplace_back(static_cast<std::size_t>(arm.n));
    all += static_cast<std::size_t>(arm.n);
  }
  // Animals by number: arm after arm, and each repetition has its own.
  struct Place {
    std::size_t arm, animal;
  };
  std::vector<Place> places;
  for (std::size_t a = 0; a < e.arms.size(); ++a)
    for (std::size_t i = 0; i < out.arms[a].size(); ++i) places.push_back({a, i});

  Deaf listener;
  disease::Events events;
  for (std::size_t first = 0; first < all; first += disease::k_block) {
    const std::size_t lanes = std::min(disease::k_block, all - first);
    auto cage = std::make_unique<Cage>();
    cage->block.seed = e.seed;
    cage->bedsides.resize(lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto number =
          static_cast<std::uint32_t>(static_cast<std::size_t>(replicate) * all + first + lane);
      const ExperimentArm& arm = e.arms[places[first + lane].arm];
      cage->animals.push_back(disease::make_animal(parameters, immunisation,
                                                   arm.immunised ? disease::Primed::yes : disease::Primed::no,
                                                   e.seed, number));
      cage->profiles.push_back(disease::make_profile(parameters, e.seed, number));
      disease::put(cage->block, lane, cage->animals.back());
      out.arms[places[first + lane].arm][places[first + lane].animal].score.push_back(0.0);
    }
    for (int day = 0; day < last_day; ++day) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const ExperimentArm& arm = e.arms[places[first + lane].arm];
        if (arm.regimen.empty()) continue;
        therapy::Patient patient;
        patient.key = {e.seed, cage->animals[lane].person, 0};
        patient.parameters = &parameters;
        patient.profile = &cage->profiles[lane];
        patient.state = disease::view_of(cage->block, lane);
        if (day == static_cast<int>(std::lround(arm.start_day))) {
          cage->bedsides[lane].begin(therapy::make_course(in.regimens.find(arm.regimen), therapy),
                                     cage->block, lane, patient, listener);
        }
        if (!cage->bedsides[lane].empty()) cage->bedsides[lane].update(cage->block, lane, patient, listener);
      }
      disease::advance(rates, cage->block, 1, events);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        AnimalCourse& course = out.arms[places[first + lane].arm][places[first + lane].animal];
        const disease::State<double> state = disease::state_of(cage->block, lane);
        const double score =
            disease::paralysis_score(scale, disease::motor_loss(rates, state, cage->animals[lane].traits));
        course.score.push_back(course.score.back() == disease::k_dead_score ? disease::k_dead_score : score);
        course.lesions = state.lesions;
        course.axon_loss_percent = 100.0 * state.lost[disease::index(disease::System::pyramidal)];
      }
    }
  }
  return out;
}

std::optional<int> onset_of(const AnimalCourse& animal) {
  for (std::size_t day = 0; day < animal.score.size(); ++day) {
    if (animal.score[day] >= disease::k_least_ill_score) return static_cast<int>(day);
  }
  return std::nullopt;
}

std::optional<double> measure_of(ExperimentMeasure measure, const AnimalCourse& animal, int last_day) {
  const std::size_t days = last_day > 0
                               ? std::min(animal.score.size(), static_cast<std::size_t>(last_day) + 1)
                               : animal.score.size();
  double sum = 0.0;
  double most = 0.0;
  for (std::size_t d = 0; d < days; ++d) {
    sum += animal.score[d];
    most = std::max(most, animal.score[d]);
  }
  const std::optional<int> onset = onset_of(animal);
  const bool ill = onset && static_cast<std::size_t>(*onset) < days;
  switch (measure) {
    case ExperimentMeasure::clinical_score:
      return days > 1 ? sum / static_cast<double>(days - 1) : 0.0;  // day 0 is before everything
    case ExperimentMeasure::cumulative_score:
      return sum;
    case ExperimentMeasure::incidence:
      return ill ? 1.0 : 0.0;
    case ExperimentMeasure::onset_day:
      if (ill) return static_cast<double>(*onset);
      return std::nullopt;
    case ExperimentMeasure::max_score:
      if (ill) return most;
      return std::nullopt;
    case ExperimentMeasure::axon_loss:
      return animal.axon_loss_percent;
    case ExperimentMeasure::lesions:
      return animal.lesions;
  }
  return std::nullopt;
}

}  // namespace hortega::trial
