// SPDX-License-Identifier: Apache-2.0
// Replicates over the draws of the posterior.
#include "draws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "hortega/core/data_path.hpp"
#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/core/progress.hpp"

namespace hortega::apps {

namespace {

constexpr int k_share_of_lives = 10;
constexpr int k_least_lives = 2000;

// The draw, but for what was set by hand.
core::ParameterSet parameters_of(const RunInputs& in, const evidence::Posterior& posterior, std::size_t i) {
  core::ParameterSet set = evidence::with_draw(in.parameters, posterior, i);
  for (const std::string& name : in.set_by_hand)
    evidence::set_variable(set, name, evidence::variable_of(in.parameters, name));
  return set;
}

}  // namespace

std::vector<std::size_t> chosen_draws(const evidence::Posterior& posterior, int n) {
  std::vector<std::size_t> which;
  double sum = 0.0;
  for (std::size_t i = 0; i < posterior.size(); ++i) {
    sum += posterior.weight[i];
    while (static_cast<int>(which.size()) < n && (static_cast<double>(which.size()) + 0.5) / n <= sum)
      which.push_back(i);
  }
  while (static_cast<int>(which.size()) < n) which.push_back(posterior.size() - 1);  // the last rounding
  return which;
}

std::vector<bool> draws_without_effect_of_cells(const evidence::Posterior& posterior,
                                                const std::vector<std::size_t>& which,
                                                const core::ParameterSet& parameters,
                                                const std::vector<std::string>& set_by_hand) {
  constexpr std::array<const char*, 6> strengths = {"msc_activation", "msc_treg_gain", "msc_barrier_seal",
                                                    "msc_microglia",  "msc_trophic",   "msc_remyelination"};
  std::vector<bool> nothing(which.size(), true);
  for (const char* name : strengths) {
    const auto column = std::find(posterior.names.begin(), posterior.names.end(), name);
    const bool drawn = column != posterior.names.end() &&
                       std::find(set_by_hand.begin(), set_by_hand.end(), name) == set_by_hand.end();
    for (std::size_t i = 0; i < which.size(); ++i) {
      const double strength =
          drawn ? posterior.values[which[i]][static_cast<std::size_t>(column - posterior.names.begin())]
                : evidence::variable_of(parameters, name);
      if (strength != 0.0) nothing[i] = false;
    }
  }
  return nothing;
}

std::optional<evidence::Posterior> posterior_of_data() {
  const std::filesystem::path folder = core::data_folder();
  std::error_code error;
  if (!std::filesystem::exists(folder / "posterior.csv", error)) return std::nullopt;
  return evidence::read_posterior(folder);
}

std::vector<std::string> edits_without_effect(const core::ParameterSet& parameters,
                                              const std::vector<std::string>& set_by_hand,
                                              const evidence::Posterior& posterior, const std::string& over,
                                              bool settable) {
  std::vector<std::string> told;
  for (const std::string& name : evidence::edited_variables(parameters, posterior)) {
    if (std::find(set_by_hand.begin(), set_by_hand.end(), name) != set_by_hand.end()) continue;
    const std::string value = fmt::format("{:.10g}", evidence::variable_of(parameters, name));
    // Of NAME.spread the passport is NAME.
    const core::Passport& passport =
        parameters.find(parameters.contains(name) ? name : name.substr(0, name.rfind('.')));
    told.push_back(fmt::format(
        "{} of {} is {}, but {} over draws of the posterior takes it from them: use --draws 0{}", name,
        passport.file, value, over, settable ? fmt::format(", or --set parameter.{}={}", name, value) : ""));
  }
  return told;
}

int draws_of_run(const std::optional<evidence::Posterior>& posterior, std::optional<int> asked,
                 int replicates) {
  const int there = posterior ? static_cast<int>(posterior->size()) : 0;
  if (!asked) return std::min({there, k_usual_draws, replicates / 2});
  if (*asked <= there) return std::min(*asked, replicates);
  throw core::InputError(core::Problem{
      {"--draws", 0, 0, {}},
      {},
      there == 0 ? "the data folder has no posterior" : fmt::format("the posterior has {} draws", there),
      there == 0 ? "0, or `hortega calibrate` first" : fmt::format("0 to {}", there),
      {}});
}

int lives_of_draw(const trial::Protocol& protocol) {
  const int lives = protocol.population.lives;
  return std::max(std::min(k_least_lives, lives), lives / k_share_of_lives);
}

int lives_of_run(const trial::Protocol& protocol, int draws) {
  return draws == 0 ? protocol.population.lives : draws * lives_of_draw(protocol);
}

Draws::Draws(const RunInputs& in, trial::ThinPool thin, const std::optional<evidence::Posterior>& posterior,
             int draws, std::optional<int> only_replicate)
    : protocol_(in.protocol) {
  const auto add = [&](core::ParameterSet set) -> Draw& {
    draws_.push_back(std::make_unique<Draw>());
    Draw& d = *draws_.back();
    d.parameters = std::move(set);
    d.therapy = therapy::load_parameters(d.parameters);
    d.environment.parameters = &d.parameters;
    d.environment.courses = [&in, &d](const std::string& id) {
      return therapy::make_course(in.regimens.find(id), d.therapy);
    };
    return d;
  };
  if (draws == 0) {
    Draw& d = add(in.parameters);
    d.recruitment = trial::recruit(in.protocol, d.environment, thin);
    return;
  }
  trial::Protocol protocol = in.protocol;
  const int most_lives = protocol.population.lives;
  const trial::ThinPool grown = thin == trial::ThinPool::allow ? thin : trial::ThinPool::grow;
  protocol.population.lives = lives_of_draw(protocol);
  std::vector<std::size_t> which = chosen_draws(*posterior, draws);
  if (only_replicate) which = {which[static_cast<std::size_t>(*only_replicate % draws)]};
  core::Progress progress("draws: recruiting", static_cast<int>(which.size()));
  for (const std::size_t i : which) {
    core::throw_if_interrupted();
    Draw& d = add(parameters_of(in, *posterior, i));
    d.recruitment = trial::recruit(protocol, d.environment, grown, most_lives);
    progress.tick();
  }
  if (only_replicate) return;
  const double share = report(0).effective_share;
  if (thin == trial::ThinPool::refuse && share < trial::k_least_effective_share) {
    throw core::InputError(core::Problem{
        {"protocol", 0, 0, {}},
        "population.baseline",
        fmt::format("over {} draws of the parameters the published baseline is met by too few lives: mean "
                    "effective share {:.3f}",
                    draws, share),
        fmt::format("at least {:.1f}; loosen the moments, or accept it with --allow-thin",
                    trial::k_least_effective_share),
        {}});
  }
}

trial::Replicate Draws::simulate(int replicate, trial::ConductSwitch conduct,
                                 const trial::Watch* watch) const {
  const Draw& d = of(replicate);
  return trial::simulate_replicate(protocol_, d.environment, d.recruitment, replicate, conduct, watch);
}

trial::PopulationReport Draws::report(int replicates) const {
  if (draws_.size() == 1) {
    trial::PopulationReport one = draws_.front()->recruitment.report;
    one.distinct_lives_used = trial::distinct_lives(protocol_, draws_.front()->recruitment, replicates);
    return one;
  }
  trial::PopulationReport all;
  all.pools = static_cast<int>(draws_.size());
  all.effective_share = 0.0;
  const auto n = static_cast<double>(draws_.size());
  for (std::size_t i = 0; i < draws_.size(); ++i) {
    const trial::PopulationReport& r = draws_[i]->recruitment.report;
    all.lives += r.lives;
    all.smallest_pool = i == 0 ? r.lives : std::min(all.smallest_pool, r.lives);
    all.largest_pool = std::max(all.largest_pool, r.lives);
    all.qualifying += r.qualifying;
    all.effective_share += r.effective_share / n;
    for (std::size_t k = 0; k < r.moments.size(); ++k) {
      if (i == 0) all.moments.push_back({r.moments[k].name, r.moments[k].target, 0.0, 0.0});
      all.moments[k].before += r.moments[k].before / n;
      all.moments[k].after += r.moments[k].after / n;
    }
    if (i == 0) all.rows = r.rows;
    for (std::size_t k = 0; k < r.rows.size(); ++k)
      all.rows[k].effective_lives = std::min(all.rows[k].effective_lives, r.rows[k].effective_lives);
  }
  std::vector<std::vector<bool>> used;
  for (const auto& d : draws_) used.emplace_back(d->recruitment.pool.candidates.size(), false);
  for (int number = 0; number < replicates; ++number) {
    const std::size_t which = static_cast<std::size_t>(number) % draws_.size();
    for (const std::size_t c : trial::enrolled(protocol_, draws_[which]->recruitment, number))
      used[which][c] = true;
  }
  for (const auto& of_draw : used)
    all.distinct_lives_used += static_cast<int>(std::count(of_draw.begin(), of_draw.end(), true));
  return all;
}

std::string digest_of(const std::optional<evidence::Posterior>& posterior, int draws) {
  if (draws == 0 || !posterior) return {};
  core::Sha256 sha;
  for (const std::size_t i : chosen_draws(*posterior, draws)) {
    for (const double x : posterior->values[i]) sha.update(fmt::format("{:a} ", x));
  }
  return sha.hex();
}

}  // namespace hortega::apps
