// SPDX-License-Identifier: Apache-2.0
// Evaluations over MPI ranks.
#include "ranks.hpp"

#ifdef HORTEGA_MPI

#include <mpi.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace hortega::apps {

namespace {

constexpr int k_jobs = 1, k_results = 2, k_end = 3;  // tags

// Numbers and texts one after the other; ranks run the same program.
class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::vector<char> data) : data_(std::move(data)) {}
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto* from = reinterpret_cast<const char*>(&value);
    data_.insert(data_.end(), from, from + sizeof value);
  }
  void put_text(const std::string& text) {
    put(text.size());
    data_.insert(data_.end(), text.begin(), text.end());
  }
  template <class T>
  T take() {
    T value;
    if (at_ + sizeof value > data_.size()) throw std::runtime_error("a message between ranks is cut short");
    std::memcpy(&value, data_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string take_text() {
    const auto size = take<std::size_t>();
    if (at_ + size > data_.size()) throw std::runtime_error("a message between ranks is cut short");
    std::string text(data_.data() + at_, size);
    at_ += size;
    return text;
  }
  void send(int to, int tag) const {
    MPI_Send(data_.data(), static_cast<int>(data_.size()), MPI_BYTE, to, tag, MPI_COMM_WORLD);
  }
  // From a rank; tells the tag.
  static Bytes receive(int from, int& tag) {
    MPI_Status status;
    MPI_Probe(from, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    int count = 0;
    MPI_Get_count(&status, MPI_BYTE, &count);
    std::vector<char> data(static_cast<std::size_t>(count));
    MPI_Recv(data.data(), count, MPI_BYTE, from, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    tag = status.MPI_TAG;
    return Bytes(std::move(data));
  }

 private:
  std::vector<char> data_;
  std::size_t at_ = 0;
};

Bytes message_of(const std::vector<evidence::Job>& jobs) {
  Bytes out;
  out.put(jobs.size());
  for (const evidence::Job& job : jobs) {
    out.put(job.seed);
    out.put(job.theta.size());
    for (const double x : job.theta) out.put(x);
  }
  return out;
}

std::vector<evidence::Job> jobs_of(Bytes& in) {
  std::vector<evidence::Job> jobs(in.take<std::size_t>());
  for (evidence::Job& job : jobs) {
    job.seed = in.take<std::uint64_t>();
    job.theta.resize(in.take<std::size_t>());
    for (double& x : job.theta) x = in.take<double>();
  }
  return jobs;
}

Bytes message_of(const std::vector<evidence::Evaluation>& results) {
  Bytes out;
  out.put(results.size());
  for (const evidence::Evaluation& one : results) {
    out.put_text(one.failure);
    out.put(one.predictions.size());
    for (const evidence::Prediction& p : one.predictions) out.put(p);
  }
  return out;
}

std::vector<evidence::Evaluation> results_of(Bytes& in) {
  std::vector<evidence::Evaluation> results(in.take<std::size_t>());
  for (evidence::Evaluation& one : results) {
    one.failure = in.take_text();
    one.predictions.resize(in.take<std::size_t>());
    for (evidence::Prediction& p : one.predictions) p = in.take<evidence::Prediction>();
  }
  return results;
}

// Started by mpirun, or by Slurm with PMI: else a process alone need not wake MPI.
bool is_launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(name) != nullptr) return true;
  }
  return false;
}

}  // namespace

Ranks::Ranks() {
  if (!is_launched()) return;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

Ranks::~Ranks() {
  int awake = 0;
  MPI_Initialized(&awake);
  if (awake == 0) return;
  if (rank_ == 0) {
    for (int r = 1; r < size_; ++r) Bytes().send(r, k_end);
  }
  MPI_Finalize();
}

evidence::Evaluate Ranks::shared_out(evidence::Evaluate local) const {
  if (size_ == 1) return local;
  const auto n = static_cast<std::size_t>(size_);
  return [n, local = std::move(local)](std::span<const evidence::Job> jobs) {
    std::vector<std::vector<evidence::Job>> share(n);
    for (std::size_t i = 0; i < jobs.size(); ++i) share[i % n].push_back(jobs[i]);
    for (std::size_t r = 1; r < n; ++r) {
      if (!share[r].empty()) message_of(share[r]).send(static_cast<int>(r), k_jobs);
    }
    std::vector<std::vector<evidence::Evaluation>> done(n);
    done[0] = local(share[0]);
    for (std::size_t r = 1; r < n; ++r) {
      if (share[r].empty()) continue;
      int tag = 0;
      Bytes message = Bytes::receive(static_cast<int>(r), tag);
      done[r] = results_of(message);
    }
    std::vector<evidence::Evaluation> all(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) all[i] = std::move(done[i % n].at(i / n));
    return all;
  };
}

void Ranks::serve(const evidence::Evaluate& local) const {
  while (true) {
    int tag = 0;
    Bytes message = Bytes::receive(0, tag);
    if (tag == k_end) return;
    message_of(local(jobs_of(message))).send(0, k_results);
  }
}

}  // namespace hortega::apps

#else

namespace hortega::apps {

Ranks::Ranks() = default;
Ranks::~Ranks() = default;
evidence::Evaluate Ranks::shared_out(evidence::Evaluate local) const { return local; }
void Ranks::serve(const evidence::Evaluate&) const {}

}  // namespace hortega::apps

#endif
