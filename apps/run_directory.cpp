// SPDX-License-Identifier: Apache-2.0
// The directory of a run while it runs.
#include "run_directory.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "hortega/core/files.hpp"
#include "hortega/core/problems.hpp"

namespace hortega::apps {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_manifest = "manifest.json";

void check(const std::error_code& error, const fs::path& path) {
  if (error) throw core::RunError(path.string() + ": " + error.message());
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  check(error, to);
}

}  // namespace

RunDirectory::RunDirectory(fs::path path, Resume resume) : path_(std::move(path)) {
  // `a/b/` and `a/b` name the same directory.
  if (!path_.has_filename() && path_.has_parent_path()) path_ = path_.parent_path();
  std::error_code error;
  for (fs::path at = path_; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
    made_.push_back(at);
    if (at == at.parent_path()) break;
  }
  const core::OutputDirectory directory(path_);
  if (resume == Resume::no) {
    fs::remove_all(partial(), error);
    check(error, partial());
  } else {
    fs::remove_all(fresh(), error);
    check(error, fresh());
  }
}

RunDirectory::~RunDirectory() {
  std::error_code ignored;
  fs::remove_all(fresh(), ignored);
  fs::remove(partial(), ignored);  // only if it is empty
  for (const fs::path& made : made_) fs::remove(made, ignored);
}

fs::path RunDirectory::partial() const { return path_ / ".partial"; }

fs::path RunDirectory::fresh() const { return partial() / "new"; }

namespace {

// What the user keeps in a folder of the run's name goes back: files that neither run wrote.
void give_back(const fs::path& path, const fs::path& old, const fs::path& name, const std::string& manifest) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(old / name, error)) {
    if (!entry.is_directory()) files.push_back(fs::relative(entry.path(), old));
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (fs::exists(path / file, error) || manifest.find('"' + file.string() + '"') != std::string::npos)
      continue;
    fs::create_directories((path / file).parent_path(), error);
    check(error, path / file);
    move(old / file, path / file);
  }
}

}  // namespace

void RunDirectory::publish() {
  std::error_code error;
  const fs::path old = partial() / "old";
  fs::remove_all(old, error);
  check(error, old);
  fs::create_directories(old, error);
  check(error, old);
  std::string manifest;
  if (fs::exists(path_ / k_manifest, error)) {
    manifest = core::read_file((path_ / k_manifest).string());
    move(path_ / k_manifest, old / k_manifest);
  }
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(fresh())) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end(), [](const fs::path& a, const fs::path& b) {
    return std::make_pair(a == k_manifest, a) < std::make_pair(b == k_manifest, b);
  });
  for (const fs::path& name : names) {
    if (fs::exists(path_ / name, error)) move(path_ / name, old / name);
    move(fresh() / name, path_ / name);
    if (fs::is_directory(old / name, error)) give_back(path_, old, name, manifest);
  }
  fs::remove_all(partial(), error);
  check(error, partial());
}

}  // namespace hortega::apps
