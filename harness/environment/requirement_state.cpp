#include "environment/requirement_state.hpp"

namespace muster::environment {
namespace {

using artifacts::Component;
using artifacts::Status;

std::string health_of(const Unit& unit) {
  if (unit.failure) return "unhealthy";
  return unit.record.status == Status::running ? "healthy" : "unknown";
}

Component component_of(const Unit& unit) {
  Component component;
  component.id = unit.requirement->spec.id;
  component.success = unit.ready.reached() && !unit.failure;
  component.health = health_of(unit);
  if (unit.port) {
    component.requested = unit.port->plan.requested;
    component.final_port = unit.port->plan.final_port;
    component.retries = unit.port->plan.retries;
    component.resources["primary"] = unit.port->plan.final_port;
  }
  const auto& failure = unit.failure ? unit.failure : unit.requirement->soft;
  if (failure) {
    component.reason_code = failure->code;
    component.failure_class = failure->failure_class;
    component.error = failure->message;
  }
  component.runtime_status = std::string(artifacts::to_string(unit.record.status));
  if (!unit.requirement->container_name.empty())
    component.container_name = unit.requirement->container_name;
  component.pid = unit.record.pid;
  component.pid_start = unit.record.pid_start;
  return component;
}

}  // namespace

services::ServiceSpec as_service(const requirements::RequirementSpec& spec) {
  services::ServiceSpec service;
  service.name = spec.id;
  service.cwd = spec.folder;
  service.port = spec.port;
  service.ready = spec.ready;
  service.ready_within = spec.ready_within;
  service.stop_signal = spec.stop_signal;
  service.stop_grace = spec.stop_grace;
  service.restart = services::Restart::on_failure;
  service.critical = spec.critical;
  return service;
}

artifacts::Requirements requirements_of(const std::map<std::string, std::shared_ptr<Unit>>& units) {
  artifacts::Requirements made;
  made.health = "healthy";
  for (const auto& [id, unit] : units) {
    const Component component = component_of(*unit);
    if (component.health != "healthy" && unit->spec.critical) made.health = component.health;
    if (component.error) made.failures.push_back(id + ": " + *component.error);
    made.components[id] = component;
  }
  return made;
}

}  // namespace muster::environment
