#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "journal/append_file.hpp"
#include "journal/directory.hpp"

namespace muster::debug {

inline constexpr int kSchema = 1;
inline constexpr const char* kFolder = "debug";
inline constexpr const char* kEventsFile = "events.debug.jsonl";
inline constexpr const char* kAnomaliesFile = "anomalies.jsonl";
inline constexpr const char* kSessionFile = "session.json";

/// What is recorded of a session, and how much.
struct RecorderOptions {
  std::string command;             ///< e.g. `env start`, without arguments
  std::vector<std::string> words;  ///< the whole command line: kept as salted hash and length
  std::string version;             ///< of muster
  bool printable_input = false;    ///< what people type is kept as it is, redacted
  std::size_t keep_sessions = 20;  ///< with this one; older ones that have ended go
};

/// Something that should not be so, seen while recording.
struct Anomaly {
  std::string code;      ///< e.g. `service_failed`
  std::string severity;  ///< `high`, `medium`, `low`
  std::string message;
  Json data = Json::object();
};

/// The flight recorder of one session, `<scope>/debug/session-<id>/` (docs/formats/debug.md). Each
/// line is handed to the system at once, so that a crash loses none, and is redacted before.
class Recorder {
 public:
  /// Makes the session's folder below the folder of the scope. Errors: those of journal::Directory.
  static Result<Recorder> begin(const journal::Directory& scope, const RecorderOptions& options,
                                const Clock& clock = system_clock());

  /// Writes an event `{seq, t_mono_ns, wall, event, …data}`.
  Result<void> event(const std::string& name, const Json& data = Json::object());
  /// A command line that was or will be run: its salted hash and length, never its words.
  Result<void> command_line(const std::string& name, const std::vector<std::string>& words);
  /// What somebody typed: its length and kinds of characters, its text only when that was allowed.
  Result<void> input(std::string_view text);
  /// Writes an anomaly, and an event that points to it.
  Result<void> anomaly(const Anomaly& anomaly);
  /// The session belongs to this run of an environment.
  void belongs_to(const std::string& run_id);

  /// How the command ended; the last thing that is written.
  Result<void> end(int exit_code, const std::string& failure_class);

  const std::string& id() const { return id_; }
  std::uint64_t anomalies() const { return anomaly_count_; }
  const std::string& path() const { return folder_.path(); }

 private:
  Recorder(journal::Directory folder, std::string id, journal::AppendFile events,
           journal::AppendFile anomalies, RecorderOptions options, const Clock& clock);
  Json hashed(const std::vector<std::string>& words) const;
  Result<void> write_session() const;
  Result<void> write_line(journal::AppendFile& file, Json line);

  journal::Directory folder_;
  std::string id_;
  journal::AppendFile events_;
  journal::AppendFile anomalies_;
  RecorderOptions options_;
  const Clock* clock_;
  std::string salt_;  // of this session; never written
  std::string started_at_;
  std::int64_t started_mono_ns_ = 0;
  std::int64_t last_mono_ns_ = 0;
  WallTime last_wall_;
  std::uint64_t seq_ = 0;
  std::uint64_t anomaly_count_ = 0;
  std::string run_id_;
  std::optional<int> exit_code_;
  std::string failure_class_;
  std::string ended_at_;
};

}  // namespace muster::debug
