#include "truth/service_truth.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include "process/proc_fs.hpp"

namespace muster::truth {
namespace {

using artifacts::Service;
using artifacts::Status;

double seconds(WallTime time) {
  return static_cast<double>(time.seconds) + time.nanos / 1e9;
}

/// Ports that the tree of `pid` listens on, each with those that have its socket.
std::map<int, std::vector<std::int64_t>> ports_of(pid_t pid,
                                                  const std::vector<Listener>& listeners) {
  std::map<int, std::vector<std::int64_t>> ports;
  for (const pid_t member : tree_of(pid)) {
    const auto sockets = sockets_of(member);
    for (const Listener& listener : listeners) {
      if (!sockets.contains(listener.inode)) continue;
      auto& holders = ports[listener.port];
      if (holders.empty() || holders.back() != member) holders.push_back(member);
    }
  }
  return ports;
}

void judge_process(const Service& service, ServiceTruth& truth) {
  const auto stat = process::read_stat(static_cast<pid_t>(*service.pid));
  truth.reused = stat && service.pid_start && stat->start_time != *service.pid_start;
  truth.alive = stat && stat->alive() && !truth.reused;
  if (truth.reused)
    truth.detail = fmt::format("pid {} is another process by now", *service.pid);
  else if (!truth.alive)
    truth.detail = fmt::format("pid {} has ended", *service.pid);
}

void judge_listener(const Service& service, const std::vector<Listener>& listeners,
                    ServiceTruth& truth) {
  const int expected = service.actual_port ? *service.actual_port : *service.requested_port;
  const auto ports = ports_of(static_cast<pid_t>(*service.pid), listeners);
  const auto at = ports.find(expected);
  truth.listening = at != ports.end();
  if (truth.listening) {
    truth.port = expected;
    truth.listener_pids = at->second;
  } else if (!ports.empty()) {
    truth.port = ports.begin()->first;
    truth.listener_pids = ports.begin()->second;
  }
}

}  // namespace

Result<Snapshot> Snapshot::take() {
  auto found = listeners();
  if (!found) return std::move(found).error();
  Snapshot snapshot;
  snapshot.listeners_ = std::move(*found);
  return snapshot;
}

ServiceTruth Snapshot::judge(const Service& service, std::chrono::milliseconds grace,
                             WallTime now) const {
  ServiceTruth truth;
  if (service.synthetic) {
    truth.status = Status::simulated;
    truth.detail = "there is no process: the service is simulated";
    return truth;
  }
  if (!service.pid) {
    truth.status = service.status == Status::stopped ? Status::stopped : Status::unknown;
    truth.detail = truth.status == Status::stopped ? "stopped" : "the state names no process";
    return truth;
  }
  judge_process(service, truth);
  if (!truth.alive) {
    truth.status = service.status == Status::stopped ? Status::stopped : Status::stale;
    return truth;
  }
  if (!service.actual_port && !service.requested_port) {
    truth.status = Status::running;
    return truth;
  }
  judge_listener(service, listeners_, truth);
  if (truth.port) {
    truth.status = Status::running;
    return truth;
  }
  const bool young = seconds(now) - service.started_at < static_cast<double>(grace.count()) / 1e3;
  truth.status = young ? Status::starting : Status::unreachable;
  truth.detail = fmt::format("pid {} listens on no port, {} is expected", *service.pid,
                             service.actual_port ? *service.actual_port : *service.requested_port);
  return truth;
}

std::vector<pid_t> Snapshot::listeners_on(int port) const {
  std::vector<pid_t> holders;
  for (const Listener& listener : listeners_) {
    if (listener.port != port) continue;
    for (const pid_t pid : process::all_pids()) {
      if (sockets_of(pid).contains(listener.inode)) holders.push_back(pid);
    }
  }
  return holders;
}

bool Snapshot::listened_by_other(int port, const std::vector<pid_t>& ours,
                                 const std::function<bool(pid_t)>& also) const {
  std::set<std::uint64_t> sockets;
  for (const pid_t pid : ours) {
    // one that keeps its descriptors to itself (it has more rights than we) may have any socket
    const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
    if (::access(folder.c_str(), R_OK) != 0 && errno == EACCES) return false;
    sockets.merge(sockets_of(pid));
  }
  const auto is_ours = [&](const Listener& listener) {
    if (sockets.contains(listener.inode)) return true;
    const std::vector<pid_t> pids = process::all_pids();
    return std::any_of(pids.begin(), pids.end(), [&](pid_t pid) {
      return sockets_of(pid).contains(listener.inode) && also(pid);
    });
  };
  return std::any_of(listeners_.begin(), listeners_.end(), [&](const Listener& listener) {
    return listener.port == port && !is_ours(listener);
  });
}

void apply(const ServiceTruth& truth, Service& service) {
  service.status = truth.status;
  service.listener_pids = truth.listener_pids;
  if (truth.port) service.actual_port = truth.port;
  if (truth.detail.empty())
    service.failure_detail.reset();
  else if (truth.status != Status::stopped && !service.failure_detail)
    service.failure_detail = truth.detail;
}

std::vector<pid_t> tree_of(pid_t pid) {
  std::vector<pid_t> tree{pid};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const pid_t child : process::children_of(tree[i])) tree.push_back(child);
  }
  return tree;
}

std::vector<int> ports_held_by(pid_t pid, const std::vector<Listener>& listeners) {
  std::vector<int> ports;
  for (const pid_t each : tree_of(pid)) {
    const std::set<std::uint64_t> sockets = sockets_of(each);
    for (const Listener& listener : listeners)
      if (sockets.contains(listener.inode)) ports.push_back(listener.port);
  }
  return ports;
}

}  // namespace muster::truth
