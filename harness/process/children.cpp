#include "process/children.hpp"

#include <mutex>
#include <set>

namespace muster::process {
namespace {

struct Registry {
  std::mutex mutex;
  std::set<pid_t> pids;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

void register_child(pid_t pid) {
  std::lock_guard lock(registry().mutex);
  registry().pids.insert(pid);
}

void forget_child(pid_t pid) {
  std::lock_guard lock(registry().mutex);
  registry().pids.erase(pid);
}

std::vector<pid_t> registered_children() {
  std::lock_guard lock(registry().mutex);
  return {registry().pids.begin(), registry().pids.end()};
}

}  // namespace muster::process
