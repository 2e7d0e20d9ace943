#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chain/play_for_tests.hpp"

/// Ways to break the play, each with the headline that names it.
namespace muster::chain::play {

/// The exit criterion leaves the order of the nodes open; here each has its place, so that no edit
/// is left that is allowed.
inline constexpr const char* kPinned =
    "key /workspace_slug\n"
    "scope hearth.**, ralph.**, auth.**\n"
    "hearth.provisioning_started\n"
    "hearth.provisioned where /payload/last_status == \"ready\"\n"
    "between ralph.run.started and ralph.run.ended {\n"
    "  ralph.node.done where /payload/node_id == \"prompt-1\"\n"
    "  ralph.node.done where /payload/node_id == \"prompt-2\"\n"
    "  ralph.node.done where /payload/node_id == \"prompt-3\"\n"
    "  ralph.node.done where /payload/node_id == \"prompt-4\"\n"
    "}\n"
    "hearth.decommission_started\n"
    "hearth.decommissioned within 30s\n"
    "never hearth.failed\n";

struct Edit {
  std::string name;
  std::vector<events::Event> log;
  std::string headline;  ///< of the edit alone
};

/// Every deletion, duplication, swap of neighbours, renaming and insertion. A copy or a neighbour
/// keeps the times of the places, so that nothing is late.
inline std::vector<Edit> single_edits(const std::vector<events::Event>& from) {
  std::vector<Edit> all;
  const auto number = [](std::size_t at) { return " (#" + std::to_string(at + 1) + ")"; };
  const auto is_node = [](const events::Event& one) { return one.event == "ralph.node.done"; };
  const auto wrong_node = [&](std::size_t at, std::size_t wants, const events::Event& found) {
    return "ralph.node.done" + number(at) + " is not as expected: /payload/node_id == \"prompt-" +
           std::to_string(wants) + "\"; found " + dump_json(found.payload["node_id"]);
  };
  for (std::size_t at = 0; at < from.size(); ++at) {
    const long place = static_cast<long>(at);
    const std::string& name = from[at].event;

    Edit deleted{"deleted " + std::to_string(at), from, name + " never came"};
    deleted.log.erase(deleted.log.begin() + place);
    all.push_back(std::move(deleted));

    Edit doubled{"doubled " + std::to_string(at), from,
                 name + number(at + 1) + " was not expected"};
    doubled.log.insert(doubled.log.begin() + place, from[at]);
    all.push_back(std::move(doubled));

    Edit renamed{"renamed " + std::to_string(at), from,
                 "hearth.renamed" + number(at) + " was not expected"};
    renamed.log[at].event = "hearth.renamed";
    all.push_back(std::move(renamed));

    Edit extra{"extra " + std::to_string(at), from,
               "auth.extra" + number(at) + " was not expected"};
    extra.log.insert(extra.log.begin() + place, from[at]);
    extra.log[at].event = "auth.extra";
    extra.log[at].payload = Json::object();
    all.push_back(std::move(extra));

    if (at + 1 == from.size()) continue;
    Edit swapped{"swapped " + std::to_string(at), from,
                 from[at + 1].event + number(at) + " came too early"};
    std::swap(swapped.log[at], swapped.log[at + 1]);
    std::swap(swapped.log[at].recv_mono_ns, swapped.log[at + 1].recv_mono_ns);
    // two nodes of a wrong id cost no more than one that moved, and match longer
    if (is_node(from[at]) && is_node(from[at + 1]))
      swapped.headline = wrong_node(at, at - 2, from[at + 1]);
    all.push_back(std::move(swapped));
  }
  return all;
}

struct Fault {
  std::string name;
  std::vector<events::Event> log;
  Evidence evidence;
  char letter = 0;
  std::string headline;
};

/// What a play leaves at taps and processes when nothing is wrong.
inline Evidence healthy_evidence() {
  return {
      seen(1, "process", "ready", "hearth"),
      seen(2, "process", "ready", "console"),
      seen(3, "process", "ready", "ralph"),
      seen(4, "process", "key", "console", {{"kid", "k1"}, {"fingerprint", "9f3c11aa"}}),
      seen(4, "process", "key", "ralph", {{"kid", "k1"}, {"fingerprint", "9f3c11aa"}}),
      exchange(1'839, "console → hearth", "POST", "/v1/provision", 200),
      exchange(1'841, "test → console", "POST", "/api/hearth/workspaces", 201),
      exchange(1'861, "console → ralph", "POST", "/runs", 202),
      exchange(2'390, "console → ralph", "GET", "/runs/r1/stream", 200),
      exchange(2'910, "test → console", "DELETE", "/api/hearth/workspaces/test", 200),
      seen(3'000, "event", "source_closed", "console", {{"last_src_seq", 10}}),
      seen(3'100, "process", "exited", "console", {{"exited", 0}, {"requested", true}}),
  };
}

}  // namespace muster::chain::play
