#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "runtimes/sources.hpp"

namespace muster::runtimes {

/// Something that a host can do, beside its runtimes. Each function tries it for real, leaves
/// nothing behind, and says why not.
struct Capability {
  std::string name;
  bool available = false;
  std::string reason;   ///< lower-case phrase: what was seen, or what refused
  std::string version;  ///< where there is one
};

/// `{name, available, reason, version?}`.
Json to_json(const Capability& capability);

/// A container engine answers `GET /version` at DOCKER_HOST (unix:// or tcp://), else at
/// /var/run/docker.sock, within `within`.
Capability docker(const Environment& environment = process_environment(),
                  std::chrono::milliseconds within = std::chrono::milliseconds(2'000));

/// A plain process may make a user namespace.
Capability userns();

/// It may make a network namespace (in a user namespace of its own unless it is root).
Capability netns();

/// It may make a control group of version 2 that has cgroup.kill (Linux 5.14).
Capability cgroup_kill();

/// What a proof needs that nothing was sent out: fresh user, network, mount and pid namespaces, and
/// seccomp user notification.
Capability egress_proof();

/// The programs of a PostgreSQL server: initdb and postgres of one folder, on `search_path`, in
/// /usr/lib/postgresql/*/bin (the highest) or in the folder PGBIN names.
Capability postgres(const Environment& environment = process_environment());
/// The folder with initdb and postgres that `postgres()` has found; empty when there is none.
std::string postgres_folder(const Environment& environment = process_environment());

/// A browser that runs headless: the one BROWSER_BIN or CHROME_BIN names, else chromium, chrome or
/// firefox on PATH; it answers `--version`.
Capability browser(const Environment& environment = process_environment());

/// All names that `capability` knows, sorted.
const std::vector<std::string>& capability_names();

/// Those of `names`, in their order, all tried at the same time.
std::vector<Capability> capabilities(const std::vector<std::string>& names,
                                     const Environment& environment = process_environment());

/// The capability of that name, tried now. `available` is false for a name that is none of them.
Capability capability(std::string_view name,
                      const Environment& environment = process_environment());

}  // namespace muster::runtimes
