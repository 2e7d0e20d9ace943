#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// What an environment leaves for people and tools to read (docs/formats/environment.md). Values
/// and their JSON; where the files lie is the Repository's.
namespace muster::artifacts {

/// The version that is written.
inline constexpr int kStateSchema = 2;
inline constexpr const char* kProducer = "muster";

/// What is known of a service.
enum class Status {
  running,      ///< alive, and its port is listened to by it (or it has none)
  starting,     ///< alive, within its time to become ready
  stale,        ///< its process has ended, or the pid is another's by now
  unreachable,  ///< alive, but nothing of it listens
  simulated,    ///< synthetic: there is no process at all
  unknown,
  stopped,  ///< ended because it was asked to, or completed
};

std::string_view to_string(Status status);
/// `healthy` reads as running; anything else that is none is unknown.
Status status_from_string(std::string_view text);
/// A URL may be shown: running or starting.
bool reachable(Status status);

/// One program of an environment.
struct Service {
  std::string project;
  std::string type;  ///< its name within the project, e.g. `backend`
  std::string cwd;
  std::optional<std::int64_t> pid;
  std::optional<std::uint64_t> pid_start;  ///< clock ticks since boot; tells a reused pid
  std::optional<int> requested_port;
  std::optional<int> actual_port;
  std::string log_path;
  Status status = Status::unknown;
  bool synthetic = false;
  double started_at = 0;  ///< seconds since 1970; 0: never
  std::vector<std::int64_t> listener_pids;
  std::optional<std::string> failure_detail;
  bool critical = true;

  friend bool operator==(const Service&, const Service&) = default;
};

/// A database or the like that services need.
struct Component {
  std::string id;
  bool enabled = true;
  bool success = false;
  bool simulated = false;
  std::string health = "unknown";        ///< `healthy`, `unhealthy`, `unknown`
  std::map<std::string, int> resources;  ///< ports by name, `primary` first among them
  std::optional<int> requested;          ///< port
  std::optional<int> final_port;         ///< `final` in JSON
  int retries = 0;
  std::optional<std::string> reason_code;
  std::optional<std::string> failure_class;
  std::optional<std::string> error;
  std::optional<std::string> runtime_status;
  std::optional<std::string> container_name;
  std::optional<std::int64_t> pid;  ///< of a native server
  std::optional<std::uint64_t> pid_start;

  friend bool operator==(const Component&, const Component&) = default;
};

struct Requirements {
  std::map<std::string, Component> components;
  std::string health = "unknown";
  std::vector<std::string> failures;

  friend bool operator==(const Requirements&, const Requirements&) = default;
};

/// run_state.json.
struct RunState {
  std::string run_id;
  std::string mode = "main";                ///< `main`, `trees`
  std::string backend_mode = "process";     ///< how programs are held
  std::map<std::string, Service> services;  ///< by name, `<Project> <Service>`
  std::map<std::string, Requirements> requirements;
  std::map<std::string, std::string> pointers;  ///< artifact → path
  Json metadata = Json::object();
  /// Read from a state of schema version 1 without a producer, which another tool wrote.
  bool legacy = false;
};

Json to_json(const RunState& state);

/// Errors: `state_schema` (another version, or version 2 of another producer), `state_shape`, which
/// names the member.
Result<RunState> run_state_from_json(const Json& json);

}  // namespace muster::artifacts
