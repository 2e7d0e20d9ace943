#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

/// KAHN frames: what a RALPH worker streams about a run (docs/formats/kahn.md). Times are in
/// seconds.
namespace muster::events::kahn {

enum class NodeStatus { pending, ready, running, done, failed, blocked };
enum class Outcome { clean, clean_with_flake, partial, stuck, catastrophic };

std::string_view to_text(NodeStatus status);
std::string_view to_text(Outcome outcome);
std::optional<NodeStatus> node_status(std::string_view text);
std::optional<Outcome> outcome(std::string_view text);

/// `done`, `failed` or `blocked`: no way leads out of it.
bool is_terminal(NodeStatus status);

struct RunStart {
  std::int64_t total_nodes = 0;
};

struct NodeTransition {
  std::string node_id;
  NodeStatus from = NodeStatus::pending;
  NodeStatus to = NodeStatus::ready;
  std::optional<std::int64_t> attempt;  ///< from 1; present exactly when `to` is running
  std::optional<std::string> reason;    ///< `<kind>` or `<kind>:<detail>`
};

/// The outcome of one `done_when` command.
struct DoneWhenResult {
  std::string cmd;
  std::int64_t rc = 0;
  double duration_s = 0;
  std::optional<std::string> tail;  ///< last output, ≤ 4096 bytes; present exactly when rc ≠ 0
  std::optional<bool> truncated;
  Json extra = Json::object();
};

struct NodeAttempt {
  std::string node_id;
  std::int64_t attempt = 1;
  double duration_s = 0;
  bool converged = false;
  std::optional<double> backoff_s;  ///< absent on attempt 1
  std::vector<DoneWhenResult> done_when_results;
};

struct RunEnd {
  Outcome outcome = Outcome::clean;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t blocked = 0;
  double total_duration_s = 0;
  std::optional<std::int64_t> total_attempts;
  std::optional<std::int64_t> flake_retries;
  std::optional<std::int64_t> exit_code;
};

struct Frame {
  std::string ts;      ///< RFC 3339 with milliseconds and Z
  std::string run_id;  ///< `^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$`
  std::variant<RunStart, NodeTransition, NodeAttempt, RunEnd> body;
  Json extra = Json::object();  ///< fields this version does not know, passed through
};

/// A frame of now.
Frame frame(WallTime now, std::string run_id,
            std::variant<RunStart, NodeTransition, NodeAttempt, RunEnd> body);

/// `run_start`, `node_transition`, `node_attempt` or `run_end`.
std::string_view event_name(const Frame& frame);

Json to_json(const Frame& frame);

/// `to_json` as one line without line end: the `data:` of one SSE event, one line of run.jsonl.
std::string to_line(const Frame& frame);

/// Why a frame was rejected: the first field that breaks the contract.
struct Rejection {
  std::string pointer;   ///< RFC 6901; empty for the frame as a whole
  std::string expected;  ///< e.g. `string matching ^[a-z0-9][a-z0-9-]{0,63}$`
  std::string found;     ///< e.g. `number 7`, `absent`
  std::string raw;       ///< the frame as it came, ≤ 400 bytes

  /// Code `kahn_frame`, message `<pointer>: expected <expected>, found <found>`.
  Error to_error() const;
};

/// `{pointer, expected, found, raw}`: the payload of `ralph.frame.rejected`.
Json to_json(const Rejection& rejection);

/// Reads one frame strictly, by the schema of frames: types, patterns, status and outcome words,
/// `attempt` exactly on the way to running, no `backoff_s` on attempt 1, `tail` exactly when rc ≠
/// 0. Unknown fields pass through.
std::variant<Frame, Rejection> read_frame(std::string_view text);

/// The JSON Schema (draft 7) of a frame.
std::string_view frame_schema_text();

/// What a Rejection keeps of a frame.
std::string raw_beginning(std::string_view text);

bool valid_run_id(std::string_view text);
bool valid_node_id(std::string_view text);

/// Whether `text` is RFC 3339 with exactly three fractional digits and Z, and a real date.
bool valid_timestamp(std::string_view text);

}  // namespace muster::events::kahn
