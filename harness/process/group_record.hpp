#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::process {

/// How a group holds its programs together.
enum class Backend {
  pid_namespace,  ///< killing the namespace's init kills every process in it, by the kernel
  cgroup,         ///< cgroup.kill kills every process in it; orphans come to the worker
  subreaper,      ///< orphans come to the worker, which finds and kills descendants
};

/// All of them, the best first.
inline constexpr Backend kBackends[] = {Backend::pid_namespace, Backend::cgroup,
                                        Backend::subreaper};

std::string to_string(Backend backend);
/// Error `unknown_backend`.
Result<Backend> backend_from_string(const std::string& name);

/// What another process needs to sweep a group when its owner is gone. `init_pid` is the
/// namespace's init, or the owner (the reaper) with the other backends, both as seen by the owner;
/// the start time (clock ticks since boot) tells it from a later process with its number.
struct GroupRecord {
  std::string id;
  Backend backend = Backend::subreaper;
  pid_t init_pid = 0;
  std::uint64_t init_start_time = 0;
  std::string run_id;
  std::string cgroup{};  ///< path of its folder, with the cgroup backend

  friend bool operator==(const GroupRecord&, const GroupRecord&) = default;
};

Json to_json(const GroupRecord& record);
/// Error `bad_group_record`.
Result<GroupRecord> group_record_from_json(const Json& json);

/// What every program of a group carries in its environment, so that a sweep finds it.
inline constexpr const char* run_id_variable = "MUSTER_RUN_ID";
inline constexpr const char* group_variable = "MUSTER_GROUP";
inline constexpr const char* program_variable = "MUSTER_PROGRAM";

}  // namespace muster::process
