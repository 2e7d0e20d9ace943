#include "events/kahn.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "events/timestamp.hpp"

namespace muster::events::kahn {
namespace {

constexpr std::array<std::pair<NodeStatus, std::string_view>, 6> kStatuses = {
    {{NodeStatus::pending, "pending"},
     {NodeStatus::ready, "ready"},
     {NodeStatus::running, "running"},
     {NodeStatus::done, "done"},
     {NodeStatus::failed, "failed"},
     {NodeStatus::blocked, "blocked"}}};

constexpr std::array<std::pair<Outcome, std::string_view>, 5> kOutcomes = {
    {{Outcome::clean, "clean"},
     {Outcome::clean_with_flake, "clean_with_flake"},
     {Outcome::partial, "partial"},
     {Outcome::stuck, "stuck"},
     {Outcome::catastrophic, "catastrophic"}}};

template <class Words, class Value>
std::string_view text_of(const Words& words, Value value) {
  for (const auto& [candidate, text] : words) {
    if (candidate == value) return text;
  }
  return {};
}

template <class Words>
auto value_of(const Words& words, std::string_view text)
    -> std::optional<typename Words::value_type::first_type> {
  for (const auto& [value, candidate] : words) {
    if (candidate == text) return value;
  }
  return std::nullopt;
}

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_alphanumeric(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

template <class Value>
void put(Json& json, const char* name, const std::optional<Value>& value) {
  if (value) json[name] = *value;
}

void write(Json& json, const RunStart& body) {
  json["total_nodes"] = body.total_nodes;
}

void write(Json& json, const NodeTransition& body) {
  json["node_id"] = body.node_id;
  json["from"] = to_text(body.from);
  json["to"] = to_text(body.to);
  put(json, "attempt", body.attempt);
  put(json, "reason", body.reason);
}

void write(Json& json, const NodeAttempt& body) {
  json["node_id"] = body.node_id;
  json["attempt"] = body.attempt;
  json["duration_s"] = body.duration_s;
  json["converged"] = body.converged;
  put(json, "backoff_s", body.backoff_s);
  Json& results = json["done_when_results"] = Json::array();
  for (const DoneWhenResult& result : body.done_when_results) {
    Json one = result.extra;
    one["cmd"] = result.cmd;
    one["rc"] = result.rc;
    one["duration_s"] = result.duration_s;
    put(one, "tail", result.tail);
    put(one, "truncated", result.truncated);
    results.push_back(std::move(one));
  }
}

void write(Json& json, const RunEnd& body) {
  json["outcome"] = to_text(body.outcome);
  json["done"] = body.done;
  json["failed"] = body.failed;
  json["blocked"] = body.blocked;
  json["total_duration_s"] = body.total_duration_s;
  put(json, "total_attempts", body.total_attempts);
  put(json, "flake_retries", body.flake_retries);
  put(json, "exit_code", body.exit_code);
}

}  // namespace

std::string_view to_text(NodeStatus status) {
  return text_of(kStatuses, status);
}
std::string_view to_text(Outcome outcome) {
  return text_of(kOutcomes, outcome);
}
std::optional<NodeStatus> node_status(std::string_view text) {
  return value_of(kStatuses, text);
}
std::optional<Outcome> outcome(std::string_view text) {
  return value_of(kOutcomes, text);
}

bool is_terminal(NodeStatus status) {
  return status == NodeStatus::done || status == NodeStatus::failed ||
         status == NodeStatus::blocked;
}

Frame frame(WallTime now, std::string run_id,
            std::variant<RunStart, NodeTransition, NodeAttempt, RunEnd> body) {
  return {to_rfc3339(now), std::move(run_id), std::move(body), Json::object()};
}

std::string_view event_name(const Frame& frame) {
  constexpr std::array<std::string_view, 4> kNames = {"run_start", "node_transition",
                                                      "node_attempt", "run_end"};
  return kNames[frame.body.index()];
}

Json to_json(const Frame& frame) {
  Json json = frame.extra.is_object() ? frame.extra : Json::object();
  json["ts"] = frame.ts;
  json["run_id"] = frame.run_id;
  json["event"] = event_name(frame);
  std::visit([&](const auto& body) { write(json, body); }, frame.body);
  return json;
}

std::string to_line(const Frame& frame) {
  return dump_json(to_json(frame));
}

Error Rejection::to_error() const {
  return error("kahn_frame", (pointer.empty() ? std::string("the frame") : pointer) +
                                 ": expected " + expected + ", found " + found);
}

Json to_json(const Rejection& rejection) {
  return {{"pointer", rejection.pointer},
          {"expected", rejection.expected},
          {"found", rejection.found},
          {"raw", rejection.raw}};
}

bool valid_run_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_alphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; });
}

bool valid_node_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_lower_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool valid_timestamp(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
  return text.size() == kShape.size() && text[10] == 'T' && text[19] == '.' && text.back() == 'Z' &&
         parse_rfc3339(text).has_value();
}

}  // namespace muster::events::kahn
