#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "events/event.hpp"
#include "events/kahn.hpp"

namespace muster::events::kahn {
namespace {

constexpr std::size_t kRawBytes = 400;
constexpr std::size_t kTailBytes = 4096;

/// Reads the members of one object; the first that breaks the contract is kept, and all reads after
/// it are idle.
class Reader {
 public:
  Reader(const Json& object, std::string at, std::optional<Rejection>& rejection)
      : object_(object), at_(std::move(at)), rejection_(rejection) {}

  void reject(const std::string& name, std::string expected) {
    if (rejection_) return;
    const Json* found = find(name);
    rejection_ = Rejection{at_ + "/" + name,
                           std::move(expected),
                           found == nullptr ? "nothing" : describe_json(*found),
                           {}};
  }

  const Json* find(const std::string& name) {
    known_.push_back(name);
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }

  template <class Valid>
  std::string text(const std::string& name, const std::string& expected, Valid valid) {
    const Json* found = find(name);
    if (found != nullptr && found->is_string() && valid(found->get_ref<const std::string&>()))
      return found->get<std::string>();
    reject(name, expected);
    return {};
  }

  std::string text(const std::string& name) {
    return text(name, "a string", [](const std::string&) { return true; });
  }

  std::int64_t integer(const std::string& name, std::int64_t least) {
    const Json* found = find(name);
    if (found != nullptr && found->is_number_integer() && fits(*found) &&
        found->get<std::int64_t>() >= least)
      return found->get<std::int64_t>();
    reject(name, "an integer from " + std::to_string(least));
    return 0;
  }

  std::int64_t any_integer(const std::string& name) {
    const Json* found = find(name);
    if (found != nullptr && found->is_number_integer() && fits(*found))
      return found->get<std::int64_t>();
    reject(name, "an integer");
    return 0;
  }

  double seconds(const std::string& name) {
    const Json* found = find(name);
    if (found != nullptr && found->is_number() && found->get<double>() >= 0)
      return found->get<double>();
    reject(name, "a number of seconds from 0");
    return 0;
  }

  bool boolean(const std::string& name) {
    const Json* found = find(name);
    if (found != nullptr && found->is_boolean()) return found->get<bool>();
    reject(name, "true or false");
    return false;
  }

  bool has(const std::string& name) { return find(name) != nullptr; }

  /// The members that nobody asked for.
  Json extra() const {
    Json rest = Json::object();
    for (const auto& [name, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), name) == known_.end()) rest[name] = value;
    }
    return rest;
  }

 private:
  static bool fits(const Json& number) {
    return !number.is_number_unsigned() || number.get<std::uint64_t>() <= INT64_MAX;
  }

  const Json& object_;
  std::string at_;
  std::optional<Rejection>& rejection_;
  std::vector<std::string> known_;
};

NodeStatus read_status(Reader& reader, const std::string& name) {
  const std::string word =
      reader.text(name, "one of pending, ready, running, done, failed, blocked",
                  [](const auto& text) { return node_status(text).has_value(); });
  return node_status(word).value_or(NodeStatus::pending);
}

std::string read_node_id(Reader& reader) {
  return reader.text("node_id", "a string matching ^[a-z0-9][a-z0-9-]{0,63}$", valid_node_id);
}

// `<kind>` or `<kind>:<detail>`, the kind not empty.
bool valid_reason(const std::string& text) {
  return !text.empty() && text.front() != ':';
}

RunStart read_run_start(Reader& reader) {
  return {reader.integer("total_nodes", 0)};
}

NodeTransition read_transition(Reader& reader) {
  NodeTransition body;
  body.node_id = read_node_id(reader);
  body.from = read_status(reader, "from");
  body.to = read_status(reader, "to");
  if (body.to == NodeStatus::running) {
    body.attempt = reader.integer("attempt", 1);
  } else if (reader.has("attempt")) {
    reader.reject("attempt", "nothing, because the node does not go to running");
  }
  if (reader.has("reason"))
    body.reason = reader.text("reason", "a string <kind> or <kind>:<detail>", valid_reason);
  return body;
}

DoneWhenResult read_result(const Json& json, const std::string& at,
                           std::optional<Rejection>& rejection) {
  DoneWhenResult result;
  if (!json.is_object()) {
    if (!rejection) rejection = Rejection{at, "an object", describe_json(json), {}};
    return result;
  }
  Reader reader(json, at, rejection);
  result.cmd = reader.text("cmd");
  result.rc = reader.any_integer("rc");
  result.duration_s = reader.seconds("duration_s");
  if (result.rc != 0) {
    result.tail = reader.text("tail", "a string of at most 4096 bytes, because rc is not 0",
                              [](const auto& text) { return text.size() <= kTailBytes; });
  } else if (reader.has("tail")) {
    reader.reject("tail", "nothing, because rc is 0");
  }
  if (reader.has("truncated")) result.truncated = reader.boolean("truncated");
  result.extra = reader.extra();
  return result;
}

NodeAttempt read_attempt(Reader& reader, std::optional<Rejection>& rejection) {
  NodeAttempt body;
  body.node_id = read_node_id(reader);
  body.attempt = reader.integer("attempt", 1);
  body.duration_s = reader.seconds("duration_s");
  body.converged = reader.boolean("converged");
  if (reader.has("backoff_s")) {
    body.backoff_s = reader.seconds("backoff_s");
    if (body.attempt == 1) reader.reject("backoff_s", "nothing on attempt 1");
  }
  const Json* results = reader.find("done_when_results");
  if (results == nullptr || !results->is_array()) {
    reader.reject("done_when_results", "an array");
    return body;
  }
  for (std::size_t at = 0; at < results->size(); ++at)
    body.done_when_results.push_back(
        read_result((*results)[at], "/done_when_results/" + std::to_string(at), rejection));
  return body;
}

RunEnd read_run_end(Reader& reader) {
  RunEnd body;
  const std::string word =
      reader.text("outcome", "one of clean, clean_with_flake, partial, stuck, catastrophic",
                  [](const auto& text) { return outcome(text).has_value(); });
  body.outcome = outcome(word).value_or(Outcome::catastrophic);
  body.done = reader.integer("done", 0);
  body.failed = reader.integer("failed", 0);
  body.blocked = reader.integer("blocked", 0);
  body.total_duration_s = reader.seconds("total_duration_s");
  if (reader.has("total_attempts")) body.total_attempts = reader.integer("total_attempts", 0);
  if (reader.has("flake_retries")) body.flake_retries = reader.integer("flake_retries", 0);
  if (reader.has("exit_code")) body.exit_code = reader.any_integer("exit_code");
  return body;
}

}  // namespace

std::variant<Frame, Rejection> read_frame(std::string_view text) {
  const auto rejected = [&](Rejection rejection) {
    rejection.raw = text.substr(0, std::min(text.size(), kRawBytes));
    return rejection;
  };
  auto parsed = parse_json(text);
  if (!parsed) {
    const Error& failed = parsed.error();
    return rejected(
        {"", "JSON", failed.message + " at column " + std::to_string(failed.place.column), {}});
  }
  if (!parsed->is_object()) return rejected({"", "an object", describe_json(*parsed), {}});

  std::optional<Rejection> rejection;
  Reader reader(*parsed, "", rejection);
  Frame frame;
  frame.ts = reader.text("ts", "an RFC 3339 time with milliseconds and Z", valid_timestamp);
  frame.run_id =
      reader.text("run_id", "a string matching ^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$", valid_run_id);
  constexpr std::array kNames = {"run_start", "node_transition", "node_attempt", "run_end"};
  const std::string name = reader.text(
      "event", "one of run_start, node_transition, node_attempt, run_end", [&](const auto& word) {
        return std::find(kNames.begin(), kNames.end(), word) != kNames.end();
      });
  if (name == "run_start") frame.body = read_run_start(reader);
  if (name == "node_transition") frame.body = read_transition(reader);
  if (name == "node_attempt") frame.body = read_attempt(reader, rejection);
  if (name == "run_end") frame.body = read_run_end(reader);
  if (rejection) return rejected(std::move(*rejection));
  frame.extra = reader.extra();
  return frame;
}

}  // namespace muster::events::kahn
