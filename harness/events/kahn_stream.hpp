#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "events/kahn.hpp"

namespace muster::events::kahn {

/// Whether a node may go from one status to another: pending→ready, ready→running,
/// running→ready|done|failed, and from each that is not terminal to blocked.
bool legal_transition(NodeStatus from, NodeStatus to);

/// The rules that the frames of one run keep between them: run_start first and once, run_end last,
/// one run_id, each transition legal and from the status the node has, attempts counted 1, 2, 3, …,
/// a node_attempt of the same attempt before a node leaves running, no more nodes than announced,
/// and the counts of run_end true.
class StreamRules {
 public:
  /// The first rule that `frame` breaks, with the field that breaks it; `raw` is left empty. The
  /// frame is then not taken.
  std::optional<Rejection> take(const Frame& frame);

  /// The stream is over. A run without run_end is an error of code `kahn_stream`, unless the
  /// worker's death is known (`died`).
  Result<void> finish(bool died = false) const;

  bool started() const { return started_; }
  bool ended() const { return ended_; }

 private:
  struct Node {
    NodeStatus status = NodeStatus::pending;
    std::int64_t attempt = 0;
    bool reported = false;  // node_attempt of the current attempt seen
  };

  using Broken = std::optional<Rejection>;
  Broken take_body(const RunStart& body);
  Broken take_body(const NodeTransition& body);
  Broken take_body(const NodeAttempt& body);
  Broken take_body(const RunEnd& body);
  Broken room_for(const std::string& node_id) const;

  std::string run_id_;
  std::int64_t total_nodes_ = 0;
  bool started_ = false;
  bool ended_ = false;
  std::map<std::string, Node> nodes_;
};

}  // namespace muster::events::kahn
