#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "journal/append_file.hpp"
#include "journal/directory.hpp"
#include "journal/manifest.hpp"
#include "messages/messages.hpp"

namespace muster::journal {

/// What a run directory is made of.
struct RunStart {
  std::string runtime_directory;  ///< of runtime_directory()
  std::string project;            ///< path of the repository; gives the scope
  std::string version;            ///< of muster
  std::string plan_digest;
  std::string run_id;  ///< made when empty
};

/// How a run ended.
struct RunEnd {
  std::string verdict;  ///< `passed`, `failed` or `interrupted`
  int exit_code = 0;
  std::map<std::string, std::int64_t> scenarios;
  std::map<std::string, std::int64_t> steps;
};

/// The record of one run, as it is written: `<runtime>/<scope>/runs/<id>/{manifest.json,
/// messages.ndjson, observe.jsonl, hatch.jsonl, logs/}` (docs/formats/journal.md). An exclusive
/// flock on the run directory tells readers that the run lasts. Not for several threads but for the
/// files, each of which may have a thread of its own.
class Journal {
 public:
  /// Makes the directory, its files and a manifest in state `running`, and points `latest` to it.
  static Result<Journal> begin(RunStart start, const Clock& clock = system_clock());

  /// The files: Cucumber Messages, observations, HATCH events.
  AppendFile& messages() { return messages_; }
  AppendFile& observations() { return observations_; }
  AppendFile& hatch() { return hatch_; }
  Result<void> append(const messages::Envelope& envelope);

  /// A new file in logs/; `name` may be anything (safe_file_name). A second one of a name gets a
  /// number.
  Result<AppendFile> log(std::string_view name);

  /// Flushes the files.
  Result<void> flush();

  /// Closes the files and writes the manifest as `finished`. When a file has an error, that error
  /// is the answer and the manifest stays `running`: the run reads as incomplete.
  Result<void> finish(const RunEnd& end);

  const std::string& run_id() const { return manifest_.run_id; }
  const std::string& path() const { return directory_.path(); }

 private:
  Journal(Directory directory, Directory logs, AppendFile messages, AppendFile observations,
          AppendFile hatch, Manifest manifest, const Clock& clock);

  Directory directory_;
  Directory logs_;
  AppendFile messages_;
  AppendFile observations_;
  AppendFile hatch_;
  Manifest manifest_;
  const Clock* clock_;
  std::string line_;
};

}  // namespace muster::journal
