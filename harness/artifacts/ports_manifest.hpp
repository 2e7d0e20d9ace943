#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::artifacts {

/// How a port came about.
enum class PortSource { environment, planner, retry, existing_container };

/// `env`, `planner`, `retry`, `existing_container`.
std::string_view to_string(PortSource source);

/// One port of a project: what was asked for, what was planned, what it came to.
struct PortPlan {
  int requested = 0;
  int assigned = 0;
  int final_port = 0;  ///< `final` in JSON
  PortSource source = PortSource::planner;
  int retries = 0;

  friend bool operator==(const PortPlan&, const PortPlan&) = default;
};

struct ProjectPorts {
  std::string project;
  std::string root;
  std::map<std::string, PortPlan> ports;  ///< by service or requirement

  friend bool operator==(const ProjectPorts&, const ProjectPorts&) = default;
};

/// ports_manifest.json.
struct PortsManifest {
  std::string run_id;
  std::string mode = "main";
  std::vector<ProjectPorts> projects;
};

Json to_json(const PortsManifest& manifest);
/// Also of schema version 1. Error `ports_shape`.
Result<PortsManifest> ports_manifest_from_json(const Json& json);

}  // namespace muster::artifacts
