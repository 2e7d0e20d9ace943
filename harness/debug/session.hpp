#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "debug/recorder.hpp"
#include "journal/directory.hpp"

namespace muster::debug {

/// A session as it was recorded.
struct Session {
  std::string id;
  std::string command;
  std::string version;
  std::string started_at;
  std::string ended_at;  ///< empty: it has not ended
  std::string run_id;    ///< empty: it belongs to none
  std::int64_t pid = 0;
  std::optional<int> exit_code;
  std::string failure_class;
  bool crashed = false;  ///< it has not ended, and its process is gone

  Json document;                ///< session.json
  std::vector<Json> events;     ///< in the order of seq
  std::vector<Json> anomalies;  ///< the same
  std::size_t damaged = 0;      ///< lines that are no events: cut off, or not written by muster
};

/// The sessions of a scope by name, the oldest first.
Result<std::vector<std::string>> sessions(const journal::Directory& scope);

/// Reads a session. Errors: `session_unknown`, `session_shape` for a session.json that is none.
Result<Session> read_session(const journal::Directory& scope, const std::string& id);

/// The newest session; error `no_session`.
Result<Session> last_session(const journal::Directory& scope);

/// Removes the oldest sessions of the folder `debug` that have ended, until `keep` are left.
Result<void> prune_sessions(const journal::Directory& debug, std::size_t keep);

}  // namespace muster::debug
