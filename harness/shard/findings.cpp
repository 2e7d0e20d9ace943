#include "shard/findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "journal/io_error.hpp"
#include "shard/attempt_name.hpp"
#include "shard/sealed.hpp"

namespace muster::shard {
namespace {

namespace fs = std::filesystem;

constexpr int kDepth = 4;  // folders below the one that is given

Result<std::vector<fs::path>> files_of(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  auto entry = fs::recursive_directory_iterator(folder, failure);
  if (failure) return journal::io_error("list", folder, failure.value());
  for (; entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    if (entry.depth() >= kDepth) entry.disable_recursion_pending();
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    const bool ours =
        name.starts_with("shard-") && (name.ends_with(".ndjson") || name.ends_with(".partial"));
    if (ours && entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  if (failure) return journal::io_error("list", folder, failure.value());
  std::sort(files.begin(), files.end());
  return files;
}

class Finder {
 public:
  explicit Finder(const PlanIndex& index) : index_(index) {
    found_.attempts.resize(index.plan.shards);
    reasons_.resize(index.plan.shards);
  }

  Result<void> look_at(const fs::path& file) {
    auto text = read_whole(file.string());
    if (!text) return text.error();
    if (file.string().ends_with(".partial")) {
      part(file, *text);
      return {};
    }
    auto judged = read_attempt(std::move(*text), file.string(), index_);
    if (const auto* problem = std::get_if<Problem>(&judged)) {
      damaged(file, *problem);
    } else {
      whole(std::move(std::get<Attempt>(judged)));
    }
    return {};
  }

  Findings finish() {
    for (std::size_t i = 0; i < index_.plan.shards; ++i) {
      if (found_.attempts[i]) {
        found_.notes.insert(found_.notes.end(), reasons_[i].begin(), reasons_[i].end());
        continue;
      }
      const std::string why = reasons_[i].empty() ? "it has no attempt"
                                                  : fmt::format("{}", fmt::join(reasons_[i], "; "));
      found_.problems.push_back(
          {Fault::lost_shard,
           fmt::format("{} of {} planned scenarios have no result: {}", index_.plan.cases_of(i),
                       index_.plan.cases.size(), why),
           i + 1});
    }
    return std::move(found_);
  }

 private:
  void damaged(const fs::path& file, const Problem& problem) {
    found_.problems.push_back(problem);
    const auto name = AttemptName::parse(file.filename().string());
    if (name && name->shard >= 1 && name->shard <= reasons_.size())
      reasons_[name->shard - 1].push_back(file.string() + " does not count");
  }

  /// Of several whole attempts none counts: nobody knows which one is meant.
  void whole(Attempt attempt) {
    const std::size_t shard = attempt.shard;
    if (!attempt.complete(index_.plan)) {
      reasons_[shard].push_back(attempt.path + " ended before every scenario had its result");
      return;
    }
    const auto first = taken_.find(shard);
    if (first != taken_.end()) {
      found_.problems.push_back(
          {Fault::duplicate, fmt::format("shard {} has two whole attempts, {} and {}", shard + 1,
                                         first->second, attempt.path)});
      return;
    }
    taken_[shard] = attempt.path;
    found_.attempts[shard] = std::move(attempt);
  }

  void part(const fs::path& file, const std::string& text) {
    const auto name = AttemptName::parse(file.filename().string());
    if (!name || name->shard < 1 || name->shard > reasons_.size()) return;
    const Remains remains = read_remains(text, index_);
    std::string what = fmt::format("{} was cut off after {} of {} scenarios", file.string(),
                                   remains.done, index_.plan.cases_of(name->shard - 1));
    if (!remains.failed.empty())
      what += fmt::format(", of which {} had failed", fmt::join(remains.failed, ", "));
    reasons_[name->shard - 1].push_back(std::move(what));
  }

  const PlanIndex& index_;
  Findings found_;
  std::vector<std::vector<std::string>> reasons_;  // why a shard may be lost
  std::map<std::size_t, std::string> taken_;
};

}  // namespace

Result<Findings> find_attempts(const std::string& folder, const PlanIndex& index) {
  const auto files = files_of(folder);
  if (!files) return files.error();
  Finder finder(index);
  for (const fs::path& file : *files) {
    if (const auto looked = finder.look_at(file); !looked) return looked.error();
  }
  return finder.finish();
}

}  // namespace muster::shard
