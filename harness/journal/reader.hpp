#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/observe.hpp"
#include "base/result.hpp"
#include "journal/directory.hpp"
#include "journal/manifest.hpp"
#include "messages/messages.hpp"

namespace muster::journal {

/// A run as its directory tells it.
class RunRecord {
 public:
  /// `finished` is the only state in which the record is whole; `running` holds its lock; all else
  /// is `incomplete`.
  enum class State { running, finished, incomplete };

  /// Opens a run of `scope`; an empty id is the one that `latest` names. Errors: `path_missing` and
  /// the others of Directory, those of manifest_from_json and parse_json.
  static Result<RunRecord> open(const std::string& runtime_directory, const std::string& scope,
                                const std::string& run_id = {});

  const Manifest& manifest() const { return manifest_; }
  State state() const { return state_; }
  /// Why the record is incomplete, e.g. `the run was cut off`, `messages.ndjson has 10 of 12
  /// lines`.
  const std::string& reason() const { return reason_; }
  const std::string& path() const { return directory_.path(); }

  using Line = std::function<Result<void>(std::string_view line)>;
  /// Every whole line of a file, without its end; stops at the first error of `take`. A last line
  /// without an end is `line_truncated` with its place and is never handed out.
  Result<void> lines(std::string_view file, const Line& take) const;
  /// The messages and observations; a line that is none is an error with its place.
  Result<void> messages(const std::function<void(messages::Envelope)>& take) const;
  Result<void> observations(const std::function<void(Observation)>& take) const;

 private:
  RunRecord(Directory directory, Manifest manifest)
      : directory_(std::move(directory)), manifest_(std::move(manifest)) {}
  void judge();

  Directory directory_;
  Manifest manifest_;
  State state_ = State::incomplete;
  std::string reason_;
};

/// The ids of the runs of a scope, oldest first; none when there is no such scope.
Result<std::vector<std::string>> run_ids(const std::string& runtime_directory,
                                         const std::string& scope);

}  // namespace muster::journal
