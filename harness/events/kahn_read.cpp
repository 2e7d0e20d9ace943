// kahn.schema.json says what a frame is; here stands only what a schema cannot say: days of the
// calendar, bytes instead of characters, numbers that fit.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>

#include "base/text.hpp"
#include "events/event.hpp"
#include "events/kahn.hpp"
#include "schema/schema.hpp"

#include MUSTER_EMBEDDED

namespace muster::events::kahn {
namespace {

constexpr std::size_t kRawBytes = 400;
constexpr std::size_t kTailBytes = 4096;

const schema::Schema& frame_schema() {
  static const auto compiled =
      schema::Schema::compile(parse_json(kahn_schema_json).value_or_throw()).value_or_throw();
  return compiled;
}

/// Too large for the 53 bits that every reader of JSON has.
bool too_large(const Json& value) {
  return value.is_number() && std::fabs(value.get<double>()) > 9'007'199'254'740'992.0;
}

/// What the schema takes and the contract does not.
std::optional<Rejection> beyond_the_schema(const Json& json) {
  if (!valid_timestamp(json["ts"].get_ref<const std::string&>()))
    return Rejection{"/ts", "a day of the calendar", describe_json(json["ts"]), {}};
  for (const char* name : {"total_nodes", "attempt", "done", "failed", "blocked", "total_attempts",
                           "flake_retries", "exit_code"}) {
    const auto found = json.find(name);
    if (found != json.end() && too_large(*found))
      return Rejection{
          "/" + std::string(name), "an integer of at most 53 bits", describe_json(*found), {}};
  }
  const auto results = json.find("done_when_results");
  if (json["event"] != "node_attempt" || results == json.end()) return std::nullopt;
  for (std::size_t at = 0; at < results->size(); ++at) {
    const Json& one = (*results)[at];
    const std::string pointer = "/done_when_results/" + std::to_string(at);
    if (string_at(one, "tail").size() > kTailBytes)
      return Rejection{
          pointer + "/tail", "a string of at most 4096 bytes", describe_json(one["tail"]), {}};
    if (too_large(one["rc"]))
      return Rejection{
          pointer + "/rc", "an integer of at most 53 bits", describe_json(one["rc"]), {}};
  }
  return std::nullopt;
}

std::optional<Rejection> broken_contract(const Json& json) {
  const auto violations = frame_schema().validate(json);
  if (violations.empty()) return beyond_the_schema(json);
  const schema::Violation& first = violations.front();
  std::string pointer = first.instance;
  if (!first.property.empty()) pointer += "/" + first.property;
  return Rejection{std::move(pointer), first.expected, first.found, {}};
}

std::int64_t integer(const Json& json, const char* name) {
  return json[name].get<std::int64_t>();
}

template <class Value>
std::optional<Value> maybe(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() ? std::nullopt : std::optional<Value>(found->get<Value>());
}

/// The members that this version does not know.
Json unknown(const Json& json, std::initializer_list<const char*> known) {
  Json rest = json;
  for (const char* name : known) rest.erase(name);
  return rest;
}

Frame start_of(const Json& json) {
  return {{}, {}, RunStart{integer(json, "total_nodes")}, unknown(json, {"total_nodes"})};
}

Frame transition_of(const Json& json) {
  NodeTransition body;
  body.node_id = string_at(json, "node_id");
  body.from = *node_status(string_at(json, "from"));
  body.to = *node_status(string_at(json, "to"));
  body.attempt = maybe<std::int64_t>(json, "attempt");
  body.reason = maybe<std::string>(json, "reason");
  return {{}, {}, std::move(body), unknown(json, {"node_id", "from", "to", "attempt", "reason"})};
}

DoneWhenResult result_of(const Json& json) {
  return {string_at(json, "cmd"),
          integer(json, "rc"),
          json["duration_s"].get<double>(),
          maybe<std::string>(json, "tail"),
          maybe<bool>(json, "truncated"),
          unknown(json, {"cmd", "rc", "duration_s", "tail", "truncated"})};
}

Frame attempt_of(const Json& json) {
  NodeAttempt body;
  body.node_id = string_at(json, "node_id");
  body.attempt = integer(json, "attempt");
  body.duration_s = json["duration_s"].get<double>();
  body.converged = json["converged"].get<bool>();
  body.backoff_s = maybe<double>(json, "backoff_s");
  for (const Json& result : json["done_when_results"])
    body.done_when_results.push_back(result_of(result));
  return {{},
          {},
          std::move(body),
          unknown(json, {"node_id", "attempt", "duration_s", "converged", "backoff_s",
                         "done_when_results"})};
}

Frame end_of(const Json& json) {
  RunEnd body;
  body.outcome = *outcome(string_at(json, "outcome"));
  body.done = integer(json, "done");
  body.failed = integer(json, "failed");
  body.blocked = integer(json, "blocked");
  body.total_duration_s = json["total_duration_s"].get<double>();
  body.total_attempts = maybe<std::int64_t>(json, "total_attempts");
  body.flake_retries = maybe<std::int64_t>(json, "flake_retries");
  body.exit_code = maybe<std::int64_t>(json, "exit_code");
  return {{},
          {},
          std::move(body),
          unknown(json, {"outcome", "done", "failed", "blocked", "total_duration_s",
                         "total_attempts", "flake_retries", "exit_code"})};
}

Frame frame_of(const Json& json) {
  const std::string name = string_at(json, "event");
  Frame frame = name == "run_start"         ? start_of(json)
                : name == "node_transition" ? transition_of(json)
                : name == "node_attempt"    ? attempt_of(json)
                                            : end_of(json);
  frame.ts = string_at(json, "ts");
  frame.run_id = string_at(json, "run_id");
  for (const char* name_of_all : {"ts", "run_id", "event"}) frame.extra.erase(name_of_all);
  return frame;
}

}  // namespace

std::string_view frame_schema_text() {
  return kahn_schema_json;
}

std::variant<Frame, Rejection> read_frame(std::string_view text) {
  const auto parsed = parse_json(text);
  std::optional<Rejection> rejection;
  if (!parsed) {
    const Error& failed = parsed.error();
    rejection = Rejection{
        "", "JSON", failed.message + " at column " + std::to_string(failed.place.column), {}};
  } else {
    rejection = broken_contract(*parsed);
  }
  if (!rejection) return frame_of(*parsed);
  rejection->raw = raw_beginning(text);
  return std::move(*rejection);
}

std::string raw_beginning(std::string_view text) {
  return std::string(text.substr(0, kRawBytes));
}

}  // namespace muster::events::kahn
