#include "debug/causes.hpp"

#include <map>

#include "base/text.hpp"

namespace muster::debug {

std::vector<std::string> causes_of(std::string_view code, std::string_view message) {
  static const std::map<std::string_view, std::vector<std::string>> kCauses{
      {"bind_conflict_unresolved",
       {"other programs hold all the ports that were tried",
        "a service of an earlier run still listens: muster env blast-all ends what muster "
        "started"}},
      {"died_before_ready",
       {"the program ended on its own: its last lines say why",
        "a dependency was not up: add depends_on"}},
      {"not_ready",
       {"the program takes longer than its time to get ready: raise it in ready",
        "the check of readiness looks at another port or path than the program serves"}},
      {"spawn_failed",
       {"the program is not installed, or not executable", "its cwd or user does not exist here"}},
      {"program_not_found", {"the program is not installed, or its folder is not in PATH"}},
      {"not_executable", {"the file has no execute permission, or its interpreter is missing"}},
      {"keeper_lost", {"the keeper was killed, or ran out of memory"}},
      {"keeper_running", {"an environment of this repository runs already"}},
      {"service_stale",
       {"the program crashed or was killed after it was ready",
        "the machine was started anew since"}},
      {"service_unreachable",
       {"the program listens on another port or address", "the program hangs before it listens"}},
      {"restart_loop",
       {"the program ends soon after its start, each time: see its log",
        "its readiness is reached although it does not stay up"}},
      {"session_crashed",
       {"muster was killed (SIGKILL, out of memory) or the machine went down",
        "a bug in muster: please report it with this bundle"}},
      {"record_damaged", {"the writer was killed in the middle of a line", "the disk was full"}},
      {"clock_jump", {"time was set by hand or by NTP", "the machine was suspended"}},
      {"config_invalid", {"muster.toml has an error: muster show-config names it"}},
      {"locked", {"another muster works on this environment"}},
  };
  std::vector<std::string> causes;
  const std::string text = to_lower(message);
  if (text.find("no space left") != text.npos) causes.emplace_back("the disk is full");
  if (text.find("permission denied") != text.npos)
    causes.emplace_back("this user may not do it: look at the permissions of the path named");
  if (text.find("too many open files") != text.npos)
    causes.emplace_back("the limit of open files is reached: ulimit -n");
  const auto known = kCauses.find(code);
  if (known != kCauses.end())
    causes.insert(causes.end(), known->second.begin(), known->second.end());
  return causes;
}

}  // namespace muster::debug
