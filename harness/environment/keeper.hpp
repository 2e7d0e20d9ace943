#pragma once

#include <functional>
#include <string>
#include <vector>

#include "artifacts/repository.hpp"
#include "environment/plan_ports.hpp"
#include "services/service_spec.hpp"

namespace muster::environment {

/// What an environment is made of.
struct Blueprint {
  std::string run_id;
  std::string scope;
  std::string runtime_directory;
  std::string project = "Main";  ///< its name in names of services
  std::string root;              ///< folder of the project
  std::string mode = "main";
  std::vector<services::ServiceSpec> services;
  std::map<std::string, int> previous_ports;  ///< of the last run, so that nothing drifts
  int port_offset = 0;
  Variables variables;      ///< of whoever starts it: services inherit them
  std::string compat_root;  ///< empty: none
};

/// `Main Web`: how a service is called in artifacts.
std::string display_name(const std::string& project, const std::string& service);

/// The program that stays while an environment runs. It owns every service (their group ends with
/// it, however it ends), keeps their logs, restarts them, publishes the artifacts, and answers on
/// `<scope>/keeper.sock`. Runs until it is told to stop, or every service has ended; the exit code.
/// To be called in a process of its own with one thread. `report` gets a JSON object for each step
/// of the start, the last of them `{"event": "up"|"failed", …}`; it may be called until then.
int keep(const Blueprint& blueprint, const std::function<void(const Json&)>& report);

}  // namespace muster::environment
