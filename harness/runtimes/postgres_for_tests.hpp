#pragma once

#include <pwd.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/ids.hpp"
#include "process/group.hpp"
#include "process/readiness.hpp"
#include "runtimes/capabilities.hpp"
#include "runtimes/database.hpp"
#include "testing/temp_tree.hpp"

namespace muster::runtimes::testing {

/// A PostgreSQL server of a test's own: made by initdb in a temporary folder, run by a plain user,
/// heard on a unix socket alone, gone with the object.
class ScratchPostgres {
 public:
  /// Whether its programs are installed.
  static bool installed() { return !postgres_folder().empty(); }

  ScratchPostgres() {
    process::GroupOptions options;
    options.run_id = random_hex(8);
    options.id = "postgres";
    group_ = process::Group::create(io_.get_executor(), std::move(options)).value_or_throw();
    if (::geteuid() == 0) {
      const passwd* user = ::getpwnam("nobody");
      if (user == nullptr) throw std::runtime_error("no user nobody to run the server as");
      if (::chown(tree_.str().c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error("the server's folder cannot be given to nobody");
      // its shared memory dies with the namespace, however the server ends
      as_user_ = {"/usr/bin/unshare",
                  "--ipc",
                  "setpriv",
                  "--reuid=" + std::to_string(user->pw_uid),
                  "--regid=" + std::to_string(user->pw_gid),
                  "--clear-groups"};
    }
    make();
    start();
  }
  ScratchPostgres(const ScratchPostgres&) = delete;
  ScratchPostgres& operator=(const ScratchPostgres&) = delete;
  ~ScratchPostgres() {
    server_->signal(SIGCONT);
    server_->signal(SIGINT, false);
    until_ended(*server_, std::chrono::seconds(10));
  }

  /// A URL of the database `name`.
  std::string url(const std::string& name = "postgres") const {
    return "postgresql:///" + name + "?host=" + tree_.str() + "&user=muster";
  }
  process::Process& server() { return *server_; }

 private:
  std::shared_ptr<process::Process> spawn(const std::string& program,
                                          const std::vector<std::string>& args) {
    process::LaunchSpec spec;
    spec.name = program;
    std::vector<std::string> command = as_user_;
    command.push_back(postgres_folder() + "/" + program);
    command.insert(command.end(), args.begin(), args.end());
    spec.program = command[0];
    spec.args.assign(command.begin() + 1, command.end());
    spec.env = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    spec.cwd = tree_.str();
    return group_->spawn(std::move(spec)).value_or_throw();
  }

  void until_ended(process::Process& program, std::chrono::seconds within) {
    bool over = false;
    io_.restart();
    boost::asio::co_spawn(io_, program.wait(),
                          [&over](std::exception_ptr, process::ExitStatus) { over = true; });
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!over && std::chrono::steady_clock::now() < deadline) io_.run_one_until(deadline);
  }

  void make() {
    const auto initdb =
        spawn("initdb", {"--pgdata=" + tree_.str("data"), "--username=muster", "--auth=trust",
                         "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"});
    until_ended(*initdb, std::chrono::seconds(60));
    if (!initdb->exit_status() || !initdb->exit_status()->success())
      throw std::runtime_error("initdb: " + initdb->log().text());
  }

  void start() {
    server_ = spawn("postgres",
                    {"-D", tree_.str("data"), "-k", tree_.str(), "-c", "listen_addresses=", "-c",
                     "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=40", "-c",
                     "dynamic_shared_memory_type=mmap", "-c", "log_min_messages=fatal"});
    Result<process::Readiness> ready;
    bool over = false;
    io_.restart();
    boost::asio::co_spawn(
        io_,
        process::until_ready(*server_, {{process::ReadyUnixSocket{tree_.str(".s.PGSQL.5432")}}},
                             std::chrono::seconds(30)),
        [&](std::exception_ptr, Result<process::Readiness> by) {
          ready = std::move(by);
          over = true;
        });
    while (!over) io_.run_one();
    if (!ready) throw std::runtime_error(ready.error().message + ready.error().hint);
    // it takes connections, but refuses them while it is starting up
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!open_postgres(url()).ok()) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("the server does not come up: " + server_->log().text());
    }
  }

  muster::testing::TempTree tree_;
  boost::asio::io_context io_;
  std::unique_ptr<process::Group> group_;
  std::vector<std::string> as_user_;
  std::shared_ptr<process::Process> server_;
};

}  // namespace muster::runtimes::testing
