// dom_probe LOG: checks a log of lifecycle runs with a DOM of nlohmann::json per line and a few
// lines of code, for comparison: what somebody writes who has no chains. Prints `runs events`.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <unordered_map>

namespace {

struct Run {
  int step = 0;
  std::int64_t at = 0;
  std::set<std::string> nodes;
};

/// The step that an event takes a run to, or -1.
int next(Run& run, const nlohmann::json& event) {
  const std::string& name = event["event"].get_ref<const std::string&>();
  switch (run.step) {
    case 0:
      return name == "hearth.provisioning_started" ? 1 : -1;
    case 1:
      return name == "hearth.provisioned" && event["payload"]["last_status"] == "ready" ? 2 : -1;
    case 2:
      return name == "ralph.run.started" ? 3 : -1;
    case 3:
      if (name == "ralph.run.ended") return run.nodes.size() == 4 ? 4 : -1;
      if (name.rfind("ralph.node.", 0) != 0) return -1;
      return run.nodes.insert(event["payload"]["node_id"]).second ? 3 : -1;
    case 4:
      return name == "hearth.decommission_started" ? 5 : -1;
    case 5:
      return name == "hearth.decommissioned" ? 6 : -1;
    default:
      return -1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream in(argc > 1 ? argv[1] : "/dev/stdin", std::ios::binary);
  std::unordered_map<std::string, Run> open;
  std::size_t runs = 0;
  std::size_t events = 0;
  for (std::string line; std::getline(in, line);) {
    const nlohmann::json event = nlohmann::json::parse(line);
    ++events;
    Run& run = open[event["workspace_slug"].get<std::string>()];
    const std::int64_t at = event["recv_mono_ns"].get<std::int64_t>();
    const int step = next(run, event);
    if (step < 0 || (run.step > 0 && at - run.at > 60'000'000'000)) {
      std::cerr << "violated at event " << events << "\n";
      return 1;
    }
    run.step = step;
    run.at = at;
    if (step != 6) continue;
    ++runs;
    open.erase(event["workspace_slug"].get<std::string>());
  }
  std::cout << runs << " " << events << "\n";
  return open.empty() ? 0 : 1;
}
