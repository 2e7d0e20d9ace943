#pragma once

#include <string>

#include "report/story.hpp"

namespace muster::report {

/// What became of an attempt, and why.
struct Outcome {
  messages::Status status = messages::Status::unknown;
  std::string word;                     ///< its result word: `failed`, `timed-out`, …
  bool flaky = false;                   ///< it passed, but an earlier attempt had not
  const StepResult* culprit = nullptr;  ///< the first step or hook with that status, if it is known
  bool by_hook = false;                 ///< the culprit is a hook
  std::string title;                    ///< of the culprit
  /// What it said, or what is known without its words; empty for what passed, and for what was
  /// skipped without a reason.
  std::string problem;

  bool good() const {
    return status == messages::Status::passed || status == messages::Status::skipped;
  }
  /// `When it is ready: no answer`, on one line of at most 500 bytes.
  std::string headline() const;
};

Outcome outcome_of(const Story& story, const Attempt& attempt);

/// The lines of `text` as one: trimmed, joined by blanks, shortened to `limit` bytes.
std::string one_line(std::string_view text, std::size_t limit = 500);

}  // namespace muster::report
