#include "process/backends.hpp"

#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>

#include "base/ids.hpp"
#include "process/cgroup.hpp"
#include "process/namespace_init.hpp"
#include "process/proc_fs.hpp"

namespace muster::process {
namespace {

/// Set before any thread is there (force_backend), inherited by what is forked.
std::optional<Backend>& forced() {
  static std::optional<Backend> backend;
  return backend;
}

Result<void> try_namespace() {
  Result<NamespaceInit> init = make_namespace_init();
  if (!init) return init.error();
  signal_pidfd(init->pidfd.get(), SIGKILL);
  wait_pidfd(init->pidfd.get(), -1);
  reap_namespace_init(*init);
  return {};
}

Result<void> try_cgroup() {
  Result<std::string> path = make_cgroup("try-" + random_hex(6));
  if (!path) return path.error();
  Result<UniqueFd> procs = open_cgroup_procs(*path);
  remove_cgroup(*path);
  if (!procs) return procs.error();
  return {};
}

std::string what_it_does(Backend backend) {
  switch (backend) {
    case Backend::pid_namespace:
      return "the kernel ends all of it with the namespace's init";
    case Backend::cgroup:
      return "cgroup.kill ends all of it at once";
    case Backend::subreaper:
      return "orphans come to muster, which finds and kills descendants";
  }
  return "";
}

}  // namespace

Result<Backend> best_backend() {
  if (forced()) return *forced();
  for (const Backend backend : {Backend::pid_namespace, Backend::cgroup}) {
    if (backend_available(backend)) return backend;
  }
  if (Result<void> possible = backend_available(Backend::subreaper); !possible)
    return possible.error();
  return Backend::subreaper;
}

Result<void> backend_available(Backend backend) {
  switch (backend) {
    case Backend::pid_namespace:
      return try_namespace();
    case Backend::cgroup:
      return try_cgroup();
    case Backend::subreaper:
      break;
  }
  if (open_pidfd(::getpid())) return {};
  return error("backend_unavailable", std::string("no pidfd: ") + ::strerror(errno),
               "muster needs Linux 5.9 or later");
}

Result<void> force_backend(const std::string& name) {
  if (name == "auto") {
    forced().reset();
    return {};
  }
  const Result<Backend> backend = backend_from_string(name);
  if (!backend) return backend.error();
  if (Result<void> works = backend_available(*backend); !works) {
    Error why = works.error();
    why.hint = "process.backend = \"auto\" takes the best that works here";
    return why;
  }
  forced() = *backend;
  return {};
}

std::vector<BackendReport> describe_backends() {
  std::vector<BackendReport> reports;
  const Result<Backend> best = best_backend();
  for (const Backend backend : kBackends) {
    const Result<void> works = backend_available(backend);
    reports.push_back({backend, static_cast<bool>(works), best && *best == backend,
                       works ? what_it_does(backend) : works.error().message});
  }
  return reports;
}

}  // namespace muster::process
