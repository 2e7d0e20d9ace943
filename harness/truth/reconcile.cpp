#include "truth/reconcile.hpp"

#include <algorithm>

namespace muster::truth {
namespace {

/// A native requirement by its process and its listener; what a container is its engine knows.
void reconcile(artifacts::Component& component, const Snapshot& snapshot, WallTime now) {
  if (!component.pid || component.container_name) return;
  artifacts::Service server;
  server.pid = component.pid;
  server.pid_start = component.pid_start;
  server.actual_port = component.final_port;
  server.status = artifacts::status_from_string(component.runtime_status.value_or(""));
  const ServiceTruth truth = snapshot.judge(server, std::chrono::milliseconds(0), now);
  component.runtime_status = std::string(artifacts::to_string(truth.status));
  if (truth.status == artifacts::Status::running || truth.status == artifacts::Status::stopped)
    return;
  component.success = false;
  component.health = "unhealthy";
  if (!component.error) component.error = truth.detail;
}

}  // namespace

Result<std::map<std::string, ServiceTruth>> reconcile(artifacts::RunState& state, WallTime now) {
  const auto snapshot = Snapshot::take();
  if (!snapshot) return snapshot.error();
  std::map<std::string, ServiceTruth> truths;
  for (auto& [name, service] : state.services) {
    // what was ready has no grace any more: its listener is gone
    const bool young = service.status == artifacts::Status::starting;
    const ServiceTruth truth =
        snapshot->judge(service, young ? kStartingGrace : std::chrono::milliseconds(0), now);
    apply(truth, service);
    truths.emplace(name, truth);
  }
  for (auto& [project, needed] : state.requirements) {
    for (auto& [id, component] : needed.components) {
      reconcile(component, *snapshot, now);
      if (component.health == "unhealthy") needed.health = "unhealthy";
    }
  }
  return truths;
}

bool completed(const artifacts::RunState& state, const std::string& service) {
  const auto names = state.metadata.find("completed");
  if (names == state.metadata.end() || !names->is_array()) return false;
  return std::find(names->begin(), names->end(), Json(service)) != names->end();
}

bool as_it_should_be(const artifacts::RunState& state, const std::string& service) {
  const auto at = state.services.find(service);
  if (at == state.services.end()) return false;
  return at->second.status == artifacts::Status::running || completed(state, service);
}

}  // namespace muster::truth
