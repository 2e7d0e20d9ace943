// PostgreSQL from the installed programs: a cluster of the requirement's own, made once, reached
// over 127.0.0.1 with a password. It never listens on a unix socket, since its data directory may
// have a path that is too long for one.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "process/proc_fs.hpp"
#include "requirements/native_server.hpp"

namespace muster::requirements::detail {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDebianPrograms = "/usr/lib/postgresql";

std::string first_line(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// `15` of `…/postgresql/15/bin/postgres`; empty for another layout.
std::string version_in(const std::string& program) {
  const std::string version = fs::path(program).parent_path().parent_path().filename().string();
  const bool digits = !version.empty() && version.find_first_not_of("0123456789.") == version.npos;
  return digits ? version : "";
}

/// Whether a living process works in the folder. What `postmaster.pid` says is of no use for that:
/// in a pid namespace its number may be anybody's.
bool in_use(const std::string& folder) {
  struct stat wanted {};
  if (::stat(folder.c_str(), &wanted) != 0) return false;
  for (const pid_t pid : process::all_pids()) {
    struct stat at {};
    const std::string cwd = "/proc/" + std::to_string(pid) + "/cwd";
    if (::stat(cwd.c_str(), &at) == 0 && at.st_dev == wanted.st_dev && at.st_ino == wanted.st_ino)
      return true;
  }
  return false;
}

Result<void> check_cluster(const std::string& cluster, const std::string& program) {
  const std::string made_by = first_line(cluster + "/PG_VERSION");
  const std::string version = version_in(program);
  if (!version.empty() && !made_by.empty() && made_by != version)
    return error("data_version",
                 cluster + " was made by PostgreSQL " + made_by + ", and " + version + " is here",
                 "install postgresql-" + made_by + ", or remove the folder with what is in it");
  if (in_use(cluster))
    return error("data_in_use", "another server runs in " + cluster, "end it first");
  // of a server that was killed; we know that it has ended
  ::unlink((cluster + "/postmaster.pid").c_str());
  return {};
}

/// Gives up root, and shared memory that would outlive a killed server, before the server begins.
std::vector<std::string> as_account(const std::string& account) {
  const passwd* user = account.empty() ? nullptr : ::getpwnam(account.c_str());
  if (user == nullptr || ::geteuid() != 0) return {};
  return {"/usr/bin/unshare",
          "--ipc",
          "/usr/bin/setpriv",
          "--reuid=" + std::to_string(user->pw_uid),
          "--regid=" + std::to_string(user->pw_gid),
          "--init-groups"};
}

}  // namespace

std::vector<std::string> postgres_places() {
  std::vector<std::string> places;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(kDebianPrograms, none))
    places.push_back(entry.path().string() + "/bin");
  std::sort(places.begin(), places.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) > std::pair(b.size(), b);
  });
  return places;
}

Result<NativePlan> plan_postgres(const RequirementSpec& spec, const Ground& ground) {
  auto server = find_installed("postgres", ground.path, postgres_places(), "postgresql");
  if (!server) return server.error();
  const fs::path programs = fs::canonical(*server).parent_path();
  const std::string cluster = ground.folder + "/cluster";
  const std::string seen = ground.seen + "/cluster";
  NativePlan plan;
  if (!fs::exists(cluster + "/PG_VERSION")) {
    // beside its place first, so that one that was cut short is never taken for a whole one
    std::error_code ignored;
    fs::remove_all(cluster + ".new", ignored);
    plan.prepare.push_back(
        {"initdb",
         {(programs / "initdb").string(), "--pgdata=" + seen + ".new", "--username=" + spec.role,
          "--pwfile=" + ground.seen + "/password", "--auth=scram-sha-256", "--encoding=UTF8",
          "--locale=C.UTF-8", "--no-instructions"},
         {{"LC_ALL", "C"}},
         ""});
    plan.prepare.push_back({"mv", {"/bin/mv", "-T", seen + ".new", seen}, {}, ""});
  } else if (auto fit = check_cluster(cluster, (programs / "postgres").string()); !fit) {
    return fit.error();
  }
  plan.command = as_account(ground.account);
  for (const std::string& word : {(programs / "postgres").string(), std::string("-D"), seen,
                                  std::string("-p"), std::string("{port}")})
    plan.command.push_back(word);
  for (const std::string& setting :
       {std::string("listen_addresses=127.0.0.1"), std::string("unix_socket_directories="),
        "cluster_name=" + ground.nonce, std::string("log_destination=stderr"),
        std::string("logging_collector=off"), std::string("dynamic_shared_memory_type=mmap")}) {
    plan.command.push_back("-c");
    plan.command.push_back(setting);
  }
  plan.env = {{"LC_ALL", "C"}};
  plan.ready = {{services::ReadyKind::log, "database system is ready to accept connections"}};
  plan.stop_signal = 2;  // SIGINT: does not wait until clients have left
  plan.variables = {{"PGHOST", "127.0.0.1"},
                    {"PGPORT", "{port}"},
                    {"PGUSER", spec.role},
                    {"PGPASSWORD", ground.password},
                    {"PGDATABASE", spec.database},
                    {"DATABASE_URL", "postgresql://" + spec.role + ":" + ground.password +
                                         "@127.0.0.1:{port}/" + spec.database}};
  auto maintenance = plan.variables;
  maintenance.erase("DATABASE_URL");
  maintenance["PGDATABASE"] = "postgres";
  const std::string psql = (programs / "psql").string();
  plan.identity =
      OneShot{"identity", {psql, "-XAtc", "SHOW cluster_name"}, maintenance, ground.nonce};
  // names of roles and databases were checked: they need no quotes in either language
  plan.bootstrap.push_back(
      {"createdb",
       {"/bin/sh", "-c",
        "echo \"SELECT 'CREATE DATABASE " + spec.database +
            "' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '" + spec.database +
            "') \\gexec\" | " + psql + " -XAtq -v ON_ERROR_STOP=1"},
       maintenance,
       ""});
  return plan;
}

}  // namespace muster::requirements::detail
