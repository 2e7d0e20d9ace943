// Gaps of a run and of the teardown: bearer, frames, stuck.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/text.hpp"
#include "chain/gap_rules.hpp"

namespace muster::chain {
namespace {

constexpr std::int64_t kBearerWindowS = 30;
constexpr std::string_view kHeartbeatRoute = "/stream";
constexpr std::int64_t kHeartbeatNs = 2'000'000'000;  ///< of silence: a heartbeat is missing

struct Key {
  std::string kid;
  std::string fingerprint;
};

/// What each program was given, from evidence that holds fingerprints and never keys.
std::map<std::string, std::vector<Key>> keys_of(const Facts& facts) {
  std::map<std::string, std::vector<Key>> keys;
  for (const Observation* seen : facts.of("process", "key"))
    keys[seen->subject].push_back(
        {string_at(seen->data, "kid"), string_at(seen->data, "fingerprint")});
  return keys;
}

std::string prints_of(const std::vector<Key>& keys) {
  std::vector<std::string> texts;
  for (const Key& key : keys) texts.push_back(key.fingerprint.substr(0, 4) + "…");
  return join(texts, " ");
}

void rejected_bearer(const Facts& facts, const Exchange& call, Gap& gap) {
  const std::string rejected = "the worker rejected the console's bearer";
  const std::int64_t skew =
      call.signed_at_s && call.worker_s ? *call.signed_at_s - *call.worker_s : 0;
  if (std::llabs(skew) > kBearerWindowS) {
    gap.headline = fmt::format("{}: the console's clock is {} s {} the worker's (401)", rejected,
                               std::llabs(skew), skew > 0 ? "ahead of" : "behind");
    gap.why.push_back(
        {call.at_ns(), fmt::format("bearer signed at {}, worker's time {}, allowed ±{} s",
                                   *call.signed_at_s, *call.worker_s, kBearerWindowS)});
    return;
  }
  const auto replayed =
      std::find_if(facts.exchanges.begin(), facts.exchanges.end(), [&](const Exchange& one) {
        return &one != &call && !call.nonce.empty() && one.nonce == call.nonce &&
               one.at_ns() < call.at_ns();
      });
  if (replayed != facts.exchanges.end()) {
    gap.headline = rejected + ": its nonce was used before, a replay (401)";
    gap.why.push_back({replayed->at_ns(), "the same nonce  " + replayed->to_text()});
    return;
  }
  gap.headline = rejected + " (401)";
  auto keys = keys_of(facts);
  const auto& console = keys["console"];
  const auto& ralph = keys["ralph"];
  if (console.empty() || ralph.empty()) return;
  const std::string prints =
      "key fingerprints: console " + prints_of(console) + "  ralph " + prints_of(ralph);
  const std::string kid = call.kid.empty() ? console.front().kid : call.kid;
  const auto known =
      std::find_if(ralph.begin(), ralph.end(), [&](const Key& key) { return key.kid == kid; });
  const auto own =
      std::find_if(console.begin(), console.end(), [&](const Key& key) { return key.kid == kid; });
  if (!kid.empty() && known == ralph.end()) {
    gap.headline = rejected + ": it does not know the key " + kid + " (401)";
    gap.why.push_back({call.at_ns(), prints + "   unknown key " + kid});
    return;
  }
  const bool same =
      known != ralph.end() && own != console.end() && known->fingerprint == own->fingerprint;
  gap.why.push_back(
      {call.at_ns(), prints + (same ? "   the same secret" : "   different secrets")});
}

/// Nodes found of those expected, by the steps that name `ralph.node.…`.
std::string nodes_text(const Facts& facts) {
  std::uint64_t found = 0;
  std::uint64_t missing = 0;
  for (const Operation& one : facts.trouble.alignment.operations) {
    if (one.step < 0) continue;
    const std::string& name =
        facts.trouble.chain.steps()[static_cast<std::size_t>(one.step)].step.name.text();
    if (name.rfind("ralph.node", 0) != 0) continue;
    if (one.kind == Operation::Kind::missing) {
      missing += one.count;
    } else {
      ++found;
    }
  }
  return fmt::format("{} of {} nodes", found, found + missing);
}

bool misses_nodes(const Facts& facts) {
  return facts.misses("ralph.node.done") || facts.misses("ralph.run.ended");
}

Json frame_of(const Json& data) {
  Json frame = Json::object();
  for (const char* name : {"pointer", "expected", "found", "raw", "offset"}) {
    if (data.contains(name)) frame[name] = data[name];
  }
  return frame;
}

std::string frame_text(const Json& frame) {
  std::string text = "frame rejected  " + string_at(frame, "pointer") + ": expected " +
                     string_at(frame, "expected") + ", found " + string_at(frame, "found");
  if (frame.contains("offset")) text += "  at byte " + frame["offset"].dump();
  const std::string raw = string_at(frame, "raw");
  if (!raw.empty()) text += "  " + shorten(raw, 400);
  return text;
}

/// `ready ×1, tearing_down ×58`: runs of equal answers.
std::string status_history(const Facts& facts) {
  std::vector<std::pair<std::string, int>> runs;
  const auto add = [&](const std::string& status) {
    if (status.empty()) return;
    if (runs.empty() || runs.back().first != status) runs.emplace_back(status, 0);
    ++runs.back().second;
  };
  const auto polls = facts.of("wait", "status");
  for (const Observation* seen : polls) add(string_at(seen->data, "status"));
  if (polls.empty()) {
    for (const Exchange* one : facts.calls("hearth", "POST", "/v1/status"))
      add(one->answer.is_object() ? string_at(one->answer, "status") : "");
  }
  std::vector<std::string> texts;
  for (const auto& [status, count] : runs) texts.push_back(status + " ×" + std::to_string(count));
  return join(texts, ", ");
}

}  // namespace

std::optional<Gap> bearer_drift(const Facts& facts) {
  if (!facts.misses("ralph.run.started")) return std::nullopt;
  Gap gap{'C', {}, false, {}};
  for (const Exchange* call : facts.calls("ralph", "POST", "/runs")) {
    if (!facts.in_gap(call->at_ns())) continue;
    if (call->status == 401) {
      gap.why.push_back({call->at_ns(), call->to_text()});
      rejected_bearer(facts, *call, gap);
      return gap;
    }
    if (!call->reached()) {
      gap.headline = "the worker could not be reached at submit";
      if (!call->error.empty()) gap.headline += ": " + call->error;
      gap.why.push_back({call->at_ns(), call->to_text()});
      return gap;
    }
  }
  // without taps the console's own word has to do
  for (const events::Event& event : facts.recorded("ralph.run.rejected")) {
    const auto status = event.payload.find("status");
    if (status == event.payload.end() || *status != 401) continue;
    Exchange call;
    call.begin_ns = call.end_ns = event.recv_mono_ns;
    rejected_bearer(facts, call, gap);
    gap.why.push_back({event.recv_mono_ns, "ralph.run.rejected  " + dump_json(event.payload)});
    return gap;
  }
  return std::nullopt;
}

std::optional<Gap> schema_drift(const Facts& facts) {
  if (!misses_nodes(facts)) return std::nullopt;
  std::vector<std::pair<std::int64_t, Json>> frames;
  for (const events::Event& event : facts.recorded("ralph.frame.rejected")) {
    if (facts.in_gap(event.recv_mono_ns))
      frames.emplace_back(event.recv_mono_ns, frame_of(event.payload));
  }
  // The console's word and the tap's are of the same frames: count one of the two.
  if (frames.empty()) {
    for (const Observation* seen : facts.of("sse", "rejected")) {
      if (facts.in_gap(seen->t_mono_ns)) frames.emplace_back(seen->t_mono_ns, frame_of(seen->data));
    }
  }
  if (frames.empty()) return std::nullopt;
  Gap gap{'D', {}, false, {}};
  gap.headline = fmt::format("KAHN schema drift: {}, {} frame{} rejected", nodes_text(facts),
                             frames.size(), frames.size() == 1 ? "" : "s");
  for (const auto& [t_ns, frame] : frames) gap.why.push_back({t_ns, frame_text(frame)});
  return gap;
}

std::optional<Gap> stream_broken(const Facts& facts) {
  if (!misses_nodes(facts) || facts.misses("ralph.run.started")) return std::nullopt;
  Gap gap;
  for (const Observation* seen : facts.of("sse", "stalled")) {
    if (!facts.in_gap(seen->t_mono_ns)) continue;
    gap.headline = "the worker's heartbeat stalled: " + nodes_text(facts);
    gap.why.push_back(
        {seen->t_mono_ns, seen->subject + "  stream stalled  " + dump_json(seen->data)});
    return gap;
  }
  for (const Observation* seen : facts.of("sse", "cut")) {
    if (!facts.in_gap(seen->t_mono_ns)) continue;
    gap.headline = "the stream of frames was cut: " + nodes_text(facts);
    gap.why.push_back({seen->t_mono_ns, seen->subject + "  stream cut  " + dump_json(seen->data)});
    return gap;
  }
  for (const Exchange* call : facts.calls("ralph", "GET", "/runs/")) {
    if (!std::string_view(call->path).ends_with(kHeartbeatRoute) || !facts.in_gap(call->at_ns()))
      continue;
    if (call->error.empty()) continue;
    // who gives up a stream that has become silent ends it, and did not cut it
    const bool silent = call->last_byte_ns > 0 && call->end_ns - call->last_byte_ns > kHeartbeatNs;
    gap.headline =
        (silent ? "the worker's heartbeat stalled: " : "the stream of frames was cut: ") +
        nodes_text(facts);
    gap.why.push_back({call->at_ns(), call->to_text()});
    return gap;
  }
  if (facts.exchanges.empty()) return std::nullopt;
  gap.headline = "the frames were never sent: " + nodes_text(facts);
  return gap;
}

std::optional<Gap> teardown_stuck(const Facts& facts) {
  // what breaks further up is another gap, and hides whether this one would have been there
  const Operation* missing = facts.missing("hearth.decommissioned");
  if (missing == nullptr || !facts.lacks_first(*missing)) return std::nullopt;
  Gap gap{'E', {}, false, {}};
  gap.headline = fmt::format("teardown is stuck: hearth.decommissioned did not come within {:g} s",
                             static_cast<double>(missing->bound_ns) / 1e9);
  for (const events::Event& event : facts.recorded("hearth.failed")) {
    if (string_at(event.payload, "verb") == "teardown")
      gap.why.push_back({event.recv_mono_ns, "hearth.failed  " + string_at(event.payload, "code") +
                                                 ": " + string_at(event.payload, "message")});
  }
  for (const Exchange& one : facts.exchanges) {
    const bool teardown = one.method == "DELETE" || one.path == "/v1/teardown";
    if (teardown && (one.end_ns == 0 || one.status >= 400 || one.status == 0))
      gap.why.push_back({one.begin_ns, one.to_text()});
  }
  if (const std::string history = status_history(facts); !history.empty())
    gap.why.push_back({facts.trouble.end_ns, "status: " + history});
  // before its bound, only what is seen of it says that it is stuck
  if (missing->waited_ns < missing->bound_ns && gap.why.empty()) return std::nullopt;
  for (const Observation* seen : facts.of("process", "left"))
    gap.why.push_back(
        {seen->t_mono_ns, "left: " + seen->subject + "  " + string_at(seen->data, "what")});
  return gap;
}

}  // namespace muster::chain
