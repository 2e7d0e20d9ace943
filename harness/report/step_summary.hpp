#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::report {

/// The Markdown page that GitHub Actions shows for a step, appended to the file that
/// `$GITHUB_STEP_SUMMARY` names. GitHub takes at most 1 MiB per step and drops all of what is
/// larger; what would bring the file over 900 KiB is counted instead of told.
class StepSummary {
 public:
  static Result<StepSummary> open(const std::string& path);

  /// The lines that stand on top.
  void counts(std::string text) { counts_ = std::move(text); }
  /// Something that did not pass; `text` is shown as it is.
  void failure(std::string_view word, const std::string& place, const std::string& name,
               const std::string& text);
  Result<void> finish();

 private:
  StepSummary(UniqueFd fd, std::string path, std::size_t budget)
      : fd_(std::move(fd)), path_(std::move(path)), budget_(budget) {}

  UniqueFd fd_;
  std::string path_;
  std::size_t budget_;  // bytes that may still be written
  std::string counts_, failures_;
  std::size_t untold_ = 0;
};

}  // namespace muster::report
