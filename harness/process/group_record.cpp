#include "process/group_record.hpp"

#include "process/cgroup.hpp"

namespace muster::process {

std::string to_string(Backend backend) {
  switch (backend) {
    case Backend::pid_namespace:
      return "pid_namespace";
    case Backend::cgroup:
      return "cgroup";
    case Backend::subreaper:
      break;
  }
  return "subreaper";
}

Result<Backend> backend_from_string(const std::string& name) {
  for (Backend backend : kBackends) {
    if (to_string(backend) == name) return backend;
  }
  return error("unknown_backend", "unknown backend '" + name + "'",
               "backends are pid_namespace, cgroup and subreaper");
}

Json to_json(const GroupRecord& record) {
  Json json{{"id", record.id},
            {"backend", to_string(record.backend)},
            {"init_pid", record.init_pid},
            {"init_start_time", record.init_start_time},
            {"run_id", record.run_id}};
  if (!record.cgroup.empty()) json["cgroup"] = record.cgroup;
  return json;
}

Result<GroupRecord> group_record_from_json(const Json& json) {
  const auto bad = [](const std::string& what) {
    return error("bad_group_record", "a group record " + what);
  };
  if (!json.is_object()) return bad("is not an object");
  for (const char* name : {"id", "backend", "run_id"}) {
    if (!json.contains(name) || !json[name].is_string())
      return bad("lacks the text '" + std::string(name) + "'");
  }
  for (const char* name : {"init_pid", "init_start_time"}) {
    if (!json.contains(name) || !json[name].is_number_integer()) {
      return bad("lacks the number '" + std::string(name) + "'");
    }
  }
  const auto pid = json["init_pid"].get<std::int64_t>();
  // Pids end at 2^22 (proc(5), pid_max); 0 and 1 would mean ourselves and the machine's init.
  if (pid < 2 || pid > (1 << 22)) return bad("names the impossible pid " + std::to_string(pid));
  Result<Backend> backend = backend_from_string(json["backend"].get<std::string>());
  if (!backend) return bad("has an " + backend.error().message);
  GroupRecord record;
  record.id = json["id"].get<std::string>();
  record.backend = *backend;
  record.init_pid = static_cast<pid_t>(pid);
  record.init_start_time = json["init_start_time"].get<std::uint64_t>();
  record.run_id = json["run_id"].get<std::string>();
  record.cgroup = string_at(json, "cgroup");
  if (record.backend == Backend::cgroup && !is_our_cgroup(record.cgroup))
    return bad("names '" + record.cgroup + "', which is no cgroup of muster's");
  return record;
}

}  // namespace muster::process
