#pragma once

#include "artifacts/run_state.hpp"

namespace muster::artifacts {

/// runtime_map.json, which answers "where is what" from a state: `{schema_version, producer,
/// backend_mode, run_id, mode, projects{project → {services{type → {…}}}}, port_to_service,
/// service_to_actual_port, projection{project → {<type>_port, <type>_url, <type>_status}}}`. A URL
/// is given only for what is reachable.
Json runtime_map(const RunState& state);

/// The projection as variables for programs: `<TYPE>_PORT`, `<TYPE>_URL` of the services of
/// `project`, `<ID>_PORT` of its requirements; upper case, what is no letter or digit as `_`.
std::map<std::string, std::string> projected_environment(const RunState& state,
                                                         const std::string& project);

}  // namespace muster::artifacts
