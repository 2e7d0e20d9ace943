#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/ports_manifest.hpp"
#include "base/result.hpp"
#include "process/ports.hpp"
#include "services/service_spec.hpp"

namespace muster::environment {

/// The port of a service, held so that nobody else takes it before the service does.
struct HeldPort {
  artifacts::PortPlan plan;
  process::Port socket;
  /// Tells other environments of this host that the port is spoken for, as long as this one lives:
  /// sockets that only hold a port do not exclude each other.
  UniqueFd claim;
};

/// Looks up a variable of the environment; nullopt when it is not set.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Chooses a port for each service that wants one and holds it: what `MUSTER_PORT_<NAME>` says,
/// else the port it had before (`previous`, so that nothing drifts at a restart), else the one it
/// asks for plus `offset` (projects side by side), else the next that is free. Only `selected`
/// services get one; empty: all. Errors:
/// `bind_conflict_unresolved` with the last candidate, `bad_port` for a variable that is no port.
Result<std::map<std::string, HeldPort>> plan_ports(
    const std::vector<services::ServiceSpec>& services, const std::map<std::string, int>& previous,
    const Variables& variables, int offset = 0, const std::vector<std::string>& selected = {});

/// Another port for a service whose own was taken meanwhile: the next that is free above it. Error
/// `bind_conflict_unresolved`.
Result<HeldPort> next_port(const std::string& service, const artifacts::PortPlan& plan);

/// `text` with `{port}` as `own` and `{port:NAME}` as that of NAME; `{{` stands for `{`. Errors
/// `no_port` (the service has none), `service_unknown`.
Result<std::string> expand_ports(const std::string& text, std::optional<int> own,
                                 const std::map<std::string, int>& ports);

}  // namespace muster::environment
