// SPDX-License-Identifier: Apache-2.0
#include "hortega/therapy/parameters.hpp"

#include "hortega/core/problems.hpp"

#include <filesystem>
#include <set>

namespace hortega::therapy {

Parameters load_parameters(const core::ParameterSet& set) {
  Parameters p;
  std::set<std::string_view> listed;
#define HORTEGA_X(name)    \
  p.name = set.get(#name); \
  listed.insert(#name);
  HORTEGA_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_TRANSPLANT_PARAMETERS(HORTEGA_X)
  HORTEGA_ALLOGENEIC_PARAMETERS(HORTEGA_X)
  HORTEGA_MORE_DRUG_PARAMETERS(HORTEGA_X)
  HORTEGA_PROGENITOR_PARAMETERS(HORTEGA_X)
  HORTEGA_MESENCHYMAL_PARAMETERS(HORTEGA_X)
  HORTEGA_USE_PARAMETERS(HORTEGA_X)
#undef HORTEGA_X
  for (const core::Passport& x : set.all()) {
    if (!listed.contains(x.name) && std::filesystem::path(x.file).filename().string().starts_with("therapy"))
      p.not_listed[x.name] = {x.value, x.spread};
  }
  return p;
}

core::Parameter Parameters::own(std::string_view name) const {
  const auto found = not_listed.find(name);
  if (found == not_listed.end()) {
    throw core::InputError(core::Problem{{"data/parameters/therapy*.toml", 0, 0, {}},
                                         std::string(name),
                                         "no such parameter",
                                         "a therapy reads it by this name",
                                         {}});
  }
  return found->second;
}

}  // namespace hortega::therapy
