#include "events/kahn_stream.hpp"

#include <array>

namespace muster::events::kahn {
namespace {

Rejection broken(std::string pointer, std::string expected, std::string found) {
  return {std::move(pointer), std::move(expected), std::move(found), {}};
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

std::optional<Rejection> StreamRules::take(const Frame& frame) {
  const std::string name(event_name(frame));
  if (ended_) return broken("/event", "nothing after run_end", name);
  const bool is_start = std::holds_alternative<RunStart>(frame.body);
  if (!started_ && !is_start) return broken("/event", "run_start as the first frame", name);
  if (started_ && is_start) return broken("/event", "run_start once", "it a second time");
  if (started_ && frame.run_id != run_id_) return broken("/run_id", run_id_, frame.run_id);
  if (is_start) run_id_ = frame.run_id;
  return std::visit([&](const auto& body) { return take_body(body); }, frame.body);
}

StreamRules::Broken StreamRules::take_body(const RunStart& body) {
  started_ = true;
  total_nodes_ = body.total_nodes;
  return std::nullopt;
}

StreamRules::Broken StreamRules::room_for(const std::string& node_id) const {
  if (nodes_.count(node_id) == 0 && static_cast<std::int64_t>(nodes_.size()) >= total_nodes_)
    return broken("/node_id",
                  "one of the " + std::to_string(total_nodes_) + " nodes that run_start announced",
                  "one more, " + node_id);
  return std::nullopt;
}

StreamRules::Broken StreamRules::take_body(const NodeTransition& body) {
  if (auto full = room_for(body.node_id)) return full;
  const auto known = nodes_.find(body.node_id);
  Node node = known == nodes_.end() ? Node{} : known->second;
  if (body.from != node.status)
    return broken("/from", std::string(to_text(node.status)) + ", the status of " + body.node_id,
                  std::string(to_text(body.from)));
  if (!legal_transition(body.from, body.to))
    return broken("/to", "a status to which " + std::string(to_text(body.from)) + " leads",
                  std::string(to_text(body.to)));
  // A blocked node may have been taken out of its attempt, which then has nothing to report.
  if (body.from == NodeStatus::running && body.to != NodeStatus::blocked && !node.reported)
    return broken("/event",
                  "node_attempt of " + body.node_id + ", attempt " + std::to_string(node.attempt),
                  "node_transition to " + std::string(to_text(body.to)));
  if (body.to == NodeStatus::running) {
    const std::int64_t attempt = body.attempt.value_or(0);
    if (attempt != node.attempt + 1)
      return broken("/attempt", std::to_string(node.attempt + 1), std::to_string(attempt));
    node.attempt = attempt;
    node.reported = false;
  }
  node.status = body.to;
  nodes_[body.node_id] = node;
  return std::nullopt;
}

StreamRules::Broken StreamRules::take_body(const NodeAttempt& body) {
  const auto found = nodes_.find(body.node_id);
  if (found == nodes_.end() || found->second.status != NodeStatus::running)
    return broken("/node_id", "a node that is running", body.node_id + ", which is not");
  if (body.attempt != found->second.attempt)
    return broken("/attempt", std::to_string(found->second.attempt), std::to_string(body.attempt));
  if (found->second.reported)
    return broken("/attempt", "one node_attempt of each attempt",
                  "attempt " + std::to_string(body.attempt) + " again");
  found->second.reported = true;
  return std::nullopt;
}

StreamRules::Broken StreamRules::take_body(const RunEnd& body) {
  std::array<std::int64_t, 3> counted = {0, 0, 0};
  for (const auto& [id, node] : nodes_) {
    if (!is_terminal(node.status)) continue;
    ++counted[node.status == NodeStatus::done ? 0 : node.status == NodeStatus::failed ? 1 : 2];
  }
  const std::array<std::int64_t, 3> said = {body.done, body.failed, body.blocked};
  constexpr std::array kNames = {"done", "failed", "blocked"};
  for (std::size_t at = 0; at < said.size(); ++at) {
    if (said[at] != counted[at])
      return broken("/" + std::string(kNames[at]),
                    std::to_string(counted[at]) + ", as many as the stream has",
                    std::to_string(said[at]));
  }
  ended_ = true;
  return std::nullopt;
}

Result<void> StreamRules::finish(bool died) const {
  if (died || ended_) return {};
  return error("kahn_stream",
               started_ ? "the stream ended without run_end" : "the stream has no frame");
}

}  // namespace muster::events::kahn
