// Redis from the installed program, reached over 127.0.0.1 with a password, which stands in a file
// of its data directory and not in its command line.
#include "requirements/data_directory.hpp"
#include "requirements/native_server.hpp"

namespace muster::requirements::detail {

Result<NativePlan> plan_redis(const RequirementSpec&, const Ground& ground) {
  auto server = find_installed("redis-server", ground.path, {}, "redis-server");
  if (!server) return server.error();
  auto client = find_installed("redis-cli", ground.path, {}, "redis-tools");
  if (!client) return client.error();
  if (auto written = write_private(ground, "redis.conf", "requirepass " + ground.password + "\n");
      !written)
    return written.error();
  NativePlan plan;
  plan.command = {*server,
                  ground.seen + "/redis.conf",
                  "--port",
                  "{port}",
                  "--bind",
                  "127.0.0.1",
                  "--dir",
                  ground.seen,
                  "--daemonize",
                  "no",
                  "--proc-title-template",
                  "{{title} {{listen-addr} " + ground.nonce};
  plan.ready = {{services::ReadyKind::log, "Ready to accept connections"}};
  plan.variables = {{"REDIS_URL", "redis://:" + ground.password + "@127.0.0.1:{port}/0"}};
  plan.identity =
      OneShot{"identity",
              {*client, "-h", "127.0.0.1", "-p", "{port}", "CONFIG", "GET", "proc-title-template"},
              {{"REDISCLI_AUTH", ground.password}},
              ground.nonce};
  return plan;
}

}  // namespace muster::requirements::detail
