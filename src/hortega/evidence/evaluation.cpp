// SPDX-License-Identifier: Apache-2.0
// Evaluations of the engine, kept on disk.
#include "hortega/evidence/evaluation.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "hortega/core/files.hpp"
#include "hortega/core/interrupt.hpp"
#include "hortega/core/problems.hpp"
#include "hortega/evidence/byte_stream.hpp"

namespace hortega::evidence {

namespace {

constexpr std::string_view k_magic = "HORTEGA evaluations 1\n";
constexpr std::size_t k_digest_size = 64;

}  // namespace

Evaluate in_turn(ForwardModel model) {
  return [model = std::move(model)](std::span<const Job> jobs) {
    std::vector<Evaluation> out;
    for (const Job& job : jobs) {
      Evaluation& evaluation = out.emplace_back();
      try {
        evaluation.predictions = model(job.theta, job.seed);
      } catch (const core::RunError& error) {
        evaluation.failure = error.what();
        if (evaluation.failure.empty()) evaluation.failure = "the engine failed";
      }
    }
    return out;
  };
}

Journal::Journal(std::filesystem::path path, std::string digest, Evaluate evaluate, std::size_t batch)
    : path_(std::move(path)), digest_(std::move(digest)), evaluate_(std::move(evaluate)), batch_(batch) {
  if (digest_.size() != k_digest_size) throw std::invalid_argument("a digest has 64 characters");
  if (batch_ == 0) throw std::invalid_argument("a batch has at least one job");
  read();
}

std::vector<Evaluation> Journal::operator()(std::span<const Job> jobs) {
  std::vector<Evaluation> out;
  out.reserve(jobs.size());
  while (out.size() < jobs.size() && next_ < entries_.size()) {
    if (entries_[next_].job != jobs[out.size()]) {
      rejected_ = "from evaluation " + std::to_string(next_ + 1) + " on it went another way";
      entries_.resize(next_);
      break;
    }
    out.push_back(entries_[next_++].evaluation);
    ++taken_over_;
  }
  while (out.size() < jobs.size()) {
    const auto these = jobs.subspan(out.size(), std::min(batch_, jobs.size() - out.size()));
    std::vector<Evaluation> results = evaluate_(these);
    if (results.size() != these.size()) throw std::logic_error("one evaluation for each job");
    for (std::size_t i = 0; i < these.size(); ++i) {
      entries_.push_back({these[i], results[i]});
      out.push_back(std::move(results[i]));
    }
    next_ = entries_.size();
    evaluated_ += these.size();
    if (!path_.empty()) write();
    core::throw_if_interrupted();
  }
  return out;
}

template <class A, class E>
void Journal::members(A& a, E& entry) {
  a.number(entry.job.seed);
  a.list(entry.job.theta);
  a.text(entry.evaluation.failure);
  a.list(entry.evaluation.predictions, [&a](auto& p) {
    a.number(p.mean);
    a.number(p.sd_study);
    a.number(p.mc_se);
  });
}

void Journal::write() const {
  ByteWriter writer;
  writer.raw(k_magic);
  writer.raw(digest_);
  writer.number(static_cast<std::uint64_t>(entries_.size()));
  for (const Entry& entry : entries_) members(writer, entry);
  writer.raw(core::sha256_hex(writer.bytes()));
  core::write_file_atomically(path_, writer.take());
}

void Journal::read() {
  std::error_code error;
  if (path_.empty() || !std::filesystem::exists(path_, error)) return;
  std::string bytes;
  try {
    bytes = core::read_file(path_);
  } catch (const core::RunError& problem) {
    rejected_ = problem.what();
    return;
  }
  const std::size_t head = k_magic.size() + k_digest_size;
  if (bytes.size() < head + k_digest_size || !bytes.starts_with(k_magic)) {
    rejected_ = "it is cut short or no file of evaluations";
    return;
  }
  const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - k_digest_size);
  if (core::sha256_hex(body) != std::string_view(bytes).substr(body.size())) {
    rejected_ = "it is cut short or damaged";
    return;
  }
  if (body.substr(k_magic.size(), k_digest_size) != digest_) {
    rejected_ = "it belongs to other rows, settings or parameters or to another version";
    return;
  }
  try {
    ByteReader reader(body.substr(head));
    std::uint64_t count = 0;
    reader.number(count);
    for (std::uint64_t i = 0; i < count; ++i) members(reader, entries_.emplace_back());
    if (!reader.at_end()) throw CutShort();
  } catch (const CutShort&) {
    entries_.clear();
    rejected_ = "its lengths do not add up";
  }
}

}  // namespace hortega::evidence
