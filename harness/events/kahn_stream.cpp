#include "events/kahn_stream.hpp"

#include <array>

namespace muster::events::kahn {
namespace {

Error broken(std::string message) {
  return error("kahn_stream", std::move(message));
}

std::string in_ticks(std::string_view text) {
  return "`" + std::string(text) + "`";
}

}  // namespace

bool legal_transition(NodeStatus from, NodeStatus to) {
  switch (to) {
    case NodeStatus::pending:
      return false;
    case NodeStatus::ready:
      return from == NodeStatus::pending || from == NodeStatus::running;
    case NodeStatus::running:
      return from == NodeStatus::ready;
    case NodeStatus::done:
    case NodeStatus::failed:
      return from == NodeStatus::running;
    case NodeStatus::blocked:
      return !is_terminal(from);
  }
  return false;
}

Result<void> StreamRules::take(const Frame& frame) {
  if (ended_) return broken(in_ticks(event_name(frame)) + " came after run_end");
  const bool is_start = std::holds_alternative<RunStart>(frame.body);
  if (!started_ && !is_start)
    return broken("the first frame is " + in_ticks(event_name(frame)) + ", not run_start");
  if (started_ && is_start) return broken("run_start came a second time");
  if (started_ && frame.run_id != run_id_)
    return broken("a frame of run " + in_ticks(frame.run_id) + " in the stream of run " +
                  in_ticks(run_id_));
  if (is_start) run_id_ = frame.run_id;
  return std::visit([&](const auto& body) { return take_body(body); }, frame.body);
}

Result<void> StreamRules::take_body(const RunStart& body) {
  started_ = true;
  total_nodes_ = body.total_nodes;
  return {};
}

Result<void> StreamRules::room_for(const std::string& node_id) const {
  if (nodes_.count(node_id) == 0 && static_cast<std::int64_t>(nodes_.size()) >= total_nodes_)
    return broken("node " + in_ticks(node_id) + " is one more than the " +
                  std::to_string(total_nodes_) + " that run_start announced");
  return {};
}

Result<void> StreamRules::take_body(const NodeTransition& body) {
  if (auto room = room_for(body.node_id); !room) return room;
  const auto known = nodes_.find(body.node_id);
  Node node = known == nodes_.end() ? Node{} : known->second;
  const std::string name = "node " + in_ticks(body.node_id);
  if (body.from != node.status)
    return broken(name + " is " + std::string(to_text(node.status)) +
                  ", but its transition is from " + std::string(to_text(body.from)));
  if (!legal_transition(body.from, body.to))
    return broken(name + " cannot go from " + std::string(to_text(body.from)) + " to " +
                  std::string(to_text(body.to)));
  // A blocked node may have been taken out of its attempt, which then has nothing to report.
  if (body.from == NodeStatus::running && body.to != NodeStatus::blocked && !node.reported)
    return broken(name + " left running without a node_attempt of attempt " +
                  std::to_string(node.attempt));
  if (body.to == NodeStatus::running) {
    const std::int64_t attempt = body.attempt.value_or(0);
    if (attempt != node.attempt + 1)
      return broken(name + " starts attempt " + std::to_string(attempt) + " after attempt " +
                    std::to_string(node.attempt));
    node.attempt = attempt;
    node.reported = false;
  }
  node.status = body.to;
  nodes_[body.node_id] = node;
  return {};
}

Result<void> StreamRules::take_body(const NodeAttempt& body) {
  const auto found = nodes_.find(body.node_id);
  const std::string name = "node " + in_ticks(body.node_id);
  if (found == nodes_.end() || found->second.status != NodeStatus::running)
    return broken("node_attempt of " + name + ", which is not running");
  if (body.attempt != found->second.attempt)
    return broken(name + " runs attempt " + std::to_string(found->second.attempt) +
                  ", but reports attempt " + std::to_string(body.attempt));
  if (found->second.reported)
    return broken(name + " reports attempt " + std::to_string(body.attempt) + " twice");
  found->second.reported = true;
  return {};
}

Result<void> StreamRules::take_body(const RunEnd& body) {
  std::array<std::int64_t, 3> counted = {0, 0, 0};
  for (const auto& [id, node] : nodes_) {
    if (!is_terminal(node.status)) continue;
    ++counted[node.status == NodeStatus::done ? 0 : node.status == NodeStatus::failed ? 1 : 2];
  }
  const std::array<std::int64_t, 3> said = {body.done, body.failed, body.blocked};
  constexpr std::array kNames = {"done", "failed", "blocked"};
  for (std::size_t at = 0; at < said.size(); ++at) {
    if (said[at] != counted[at])
      return broken("run_end says " + std::to_string(said[at]) + " " + kNames[at] +
                    ", but the stream has " + std::to_string(counted[at]));
  }
  ended_ = true;
  return {};
}

Result<void> StreamRules::finish(bool died) const {
  if (died || ended_) return {};
  return broken(started_ ? "the stream ended without run_end" : "the stream has no frame");
}

}  // namespace muster::events::kahn
