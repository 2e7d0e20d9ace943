#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "journal/append_file.hpp"

namespace muster::artifacts {

/// events.jsonl: what happened to an environment, a line each as it happens, `{event, phase,
/// timestamp, seq, schema_version, trace_id, …}`. Every line is handed to the system at once, so
/// that none is lost with its writer, and is redacted before.
class EventLog {
 public:
  /// `last_seq` is that of the last line which is there already. `trace_id` names the command.
  EventLog(journal::AppendFile file, std::uint64_t last_seq, std::string trace_id,
           const Clock& clock = system_clock());

  /// `data` is an object whose members go beside the ones above.
  Result<void> add(const std::string& event, const std::string& phase,
                   const Json& data = Json::object());

  std::uint64_t seq() const { return seq_; }
  const std::string& path() const { return file_.path(); }

 private:
  journal::AppendFile file_;
  std::uint64_t seq_;
  std::string trace_id_;
  const Clock& clock_;
};

}  // namespace muster::artifacts
