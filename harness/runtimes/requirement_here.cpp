#include "base/text.hpp"
#include "runtimes/requirement.hpp"

// Apart from requirement.cpp, so that a program that only compares what others have told links no
// detector.
namespace muster::runtimes {

Answer meets(const Requirement& requirement, const Detection& detection,
             const std::vector<Capability>& capabilities) {
  for (const Capability& capability : capabilities) {
    if (capability.name != requirement.name) continue;
    if (!capability.available) return {false, capability.name + ": " + capability.reason};
    return judge(requirement, capability.version);
  }
  const Verdict* verdict = verdict_on(detection, requirement.name);
  if (verdict == nullptr) return {false, requirement.name + " is not known here"};
  if (verdict->available) return judge(requirement, verdict->version);
  std::string reason = requirement.name + ": " + to_string(verdict->reason);
  if (!verdict->detail.empty()) reason += ": " + verdict->detail;
  return {false, std::move(reason)};
}

}  // namespace muster::runtimes
