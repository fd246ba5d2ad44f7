// SPDX-License-Identifier: Apache-2.0
// Which simulated statistic stands beside which published row: data/evidence/map.toml.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hortega/core/problems.hpp"
#include "hortega/core/schema.hpp"
#include "hortega/evidence/estimator.hpp"
#include "hortega/evidence/published.hpp"

namespace hortega::evidence {

/// One entry: a row, or one of the several numbers of a row (`part`, from 1). Either `none` says why nothing
/// gives it, or protocol, arm or contrast, endpoint and estimator are named.
struct MapEntry {
  std::string id;
  std::optional<int> part;
  std::optional<std::string> protocol;
  bool planned = false;     ///< the protocol is not written yet; its arms and endpoints are not checked
  bool experiment = false;  ///< of animals: the experiment (hortega-experiment) sets the row beside itself
  std::optional<std::string> arm;     ///< `all`: every arm together
  std::vector<std::string> contrast;  ///< two arms: the first against the second
  std::optional<std::string> subgroup;
  std::optional<std::string> endpoint;
  std::optional<Estimator> estimator;
  std::optional<double> time_day;     ///< horizon or visit; empty: over the whole follow-up
  std::optional<double> denominator;  ///< people behind the number, where the row's n is another
  std::optional<double> exposure;     ///< person-years or scans behind a rate
  std::optional<double> sd, se;       ///< spread or standard error that the row's note gives
  bool range = false;                 ///< the value cell holds two limits of published values
  bool ignore_interval = false;       ///< the row's interval is that of another number
  std::optional<std::string> none;
  std::optional<std::string> note;
  std::optional<std::string> remark;  ///< why the simulated number differs, where it does; printed beside it

  /// Is a trial of people that gives it?
  bool is_mapped() const { return !none && !planned && !experiment; }
};

/// A study whose numbers may be off by more than others are, and why that is suspected.
struct StudyBias {
  std::string study;  ///< its family (evidence/holdout.hpp)
  double sd = 0.0;    ///< in multiples of what tau is a multiple of (evidence/likelihood.hpp)
  std::string reason;
};

/// A study that is set aside and was looked at all the same while the model was mended: the headline is given
/// without it too.
struct StudyLookedAt {
  std::string study;  ///< its family (evidence/holdout.hpp)
  std::string reason;
};

struct EvidenceMap {
  std::vector<MapEntry> entries;
  std::vector<StudyBias> biases;
  std::vector<StudyLookedAt> looked_at;
  core::Locations places;  ///< entry i stands at `row[i]`
};

/// The keys of map.toml, for reading and reference.
core::Schema<EvidenceMap> evidence_map_schema();

/// Names that a protocol defines.
struct ProtocolNames {
  std::vector<std::string> arms;
  std::map<std::string, std::string> endpoints;  ///< id -> kind
  std::vector<std::string> subgroups;
  bool experiment = false;  ///< of animals: `format` is that of an experiment
};

/// Takes the names from a protocol file's TOML without judging the rest of it. Throws core::InputError.
ProtocolNames protocol_names(const core::Document& protocol);

/// Reads the map and holds it against the rows: every row of role calibration or validation has exactly one
/// entry, or one for each of the parts 1 .. K it is split into; no other id stands there; a part is one of
/// the numbers of the cell. Throws core::InputError with every problem and its place.
EvidenceMap read_evidence_map(const core::Document& document, const PublishedRows& published);

/// Holds the mapped entries against the protocols in `directory` (ID.toml): the file, arms, subgroup and
/// endpoint exist and the estimator fits the endpoint's kind; a planned protocol must not exist. Throws
/// core::InputError with every problem and its place.
void check_against_protocols(const EvidenceMap& map, const std::string& directory);

/// Rows by what becomes of them. A row in parts is mapped if any part is, else planned if any part is.
struct MapCounts {
  int mapped = 0, planned = 0, none = 0;             ///< experiments count as mapped
  std::vector<std::pair<std::string, int>> reasons;  ///< of rows that nothing gives, the most frequent first
  int total() const { return mapped + planned + none; }
};
MapCounts count(const EvidenceMap& map);

}  // namespace hortega::evidence
