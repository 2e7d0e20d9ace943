#include "artifacts/event_log.hpp"

#include <utility>

#include "artifacts/run_state.hpp"
#include "base/redact.hpp"

namespace muster::artifacts {

EventLog::EventLog(journal::AppendFile file, std::uint64_t last_seq, std::string trace_id,
                   const Clock& clock)
    : file_(std::move(file)), seq_(last_seq), trace_id_(std::move(trace_id)), clock_(clock) {}

Result<void> EventLog::add(const std::string& event, const std::string& phase, const Json& data) {
  Json line = data.is_object() ? redacted_json(data) : Json::object();
  line["event"] = event;
  line["phase"] = phase;
  line["timestamp"] = to_rfc3339(clock_.wall());
  line["seq"] = ++seq_;
  line["schema_version"] = kStateSchema;
  line["trace_id"] = trace_id_;
  if (auto added = file_.append(dump_json(line) + "\n"); !added) return added;
  return file_.flush();
}

}  // namespace muster::artifacts
