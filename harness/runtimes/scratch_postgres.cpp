#include "runtimes/scratch_postgres.hpp"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/ids.hpp"
#include "process/group.hpp"
#include "process/readiness.hpp"
#include "runtimes/capabilities.hpp"
#include "runtimes/database.hpp"

namespace muster::runtimes {
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

/// `/.s.PGSQL.5432` behind it must fit into the 107 bytes of a socket's path.
constexpr std::size_t longest_folder = 90;

Error failed(const std::string& what, const std::string& why) {
  return error("postgres_failed", "PostgreSQL: " + what + ": " + why);
}

/// A folder of this process's own; gone with the object.
class Folder {
 public:
  Result<void> make() {
    std::error_code ignored;
    std::string path = (fs::temp_directory_path(ignored) / "muster-postgres-XXXXXX").string();
    if (ignored || path.size() > longest_folder) path = "/tmp/muster-postgres-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
      return failed("its folder " + path + " cannot be made", ::strerror(errno));
    path_ = path;
    return {};
  }
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

struct ScratchPostgres::Impl {
  std::string programs;  ///< folder of initdb and postgres
  Clock::time_point deadline;
  Folder folder;
  boost::asio::io_context io{1};
  std::unique_ptr<process::Group> group;
  std::vector<std::string> as_user;  ///< what stands before each program
  std::shared_ptr<process::Process> server;

  Result<void> prepare() {
    if (Result<void> made = folder.make(); !made) return made;
    process::GroupOptions options;
    options.run_id = random_hex(8);
    options.id = "postgres-" + options.run_id;
    auto group_made = process::Group::create(io.get_executor(), std::move(options));
    if (!group_made) return group_made.error();
    group = std::move(*group_made);
    if (::geteuid() != 0) return {};
    const passwd* user = ::getpwnam("nobody");
    if (user == nullptr) return failed("root cannot run it", "there is no user nobody");
    if (::chown(folder.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      return failed(folder.path() + " cannot be given to nobody", ::strerror(errno));
    // its shared memory dies with the namespace, however the server ends
    as_user = {"/usr/bin/unshare",
               "--ipc",
               "setpriv",
               "--reuid=" + std::to_string(user->pw_uid),
               "--regid=" + std::to_string(user->pw_gid),
               "--clear-groups"};
    return {};
  }

  Result<std::shared_ptr<process::Process>> spawn(const std::string& program,
                                                  const std::vector<std::string>& args) {
    std::vector<std::string> command = as_user;
    command.push_back(programs + "/" + program);
    command.insert(command.end(), args.begin(), args.end());
    process::LaunchSpec spec;
    spec.name = program;
    spec.program = command[0];
    spec.args.assign(command.begin() + 1, command.end());
    spec.env = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    spec.cwd = folder.path();
    return group->spawn(std::move(spec));
  }

  void until_ended(process::Process& program, Clock::time_point limit) {
    auto over = std::make_shared<bool>(false);
    io.restart();
    boost::asio::co_spawn(io, program.wait(),
                          [over](std::exception_ptr, process::ExitStatus) { *over = true; });
    while (!*over && Clock::now() < limit) io.run_one_until(limit);
  }

  Result<void> make_data() {
    auto initdb =
        spawn("initdb", {"--pgdata=" + folder.path() + "/data", "--username=muster", "--auth=trust",
                         "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"});
    if (!initdb) return initdb.error();
    until_ended(**initdb, deadline);
    const auto& status = (*initdb)->exit_status();
    if (status && status->success()) return {};
    return failed("initdb", status ? (*initdb)->log().text() : "has not ended in time");
  }

  Result<void> serve() {
    auto spawned =
        spawn("postgres",
              {"-D", folder.path() + "/data", "-k", folder.path(), "-c", "listen_addresses=", "-c",
               "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=40", "-c",
               "dynamic_shared_memory_type=mmap", "-c", "log_min_messages=fatal"});
    if (!spawned) return spawned.error();
    server = std::move(*spawned);
    Result<process::Readiness> ready;
    bool over = false;
    io.restart();
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    boost::asio::co_spawn(
        io,
        process::until_ready(*server,
                             {{process::ReadyUnixSocket{folder.path() + "/.s.PGSQL.5432"}}}, left),
        [&](std::exception_ptr, Result<process::Readiness> by) {
          ready = std::move(by);
          over = true;
        });
    while (!over) io.run_one();
    if (!ready) return failed("postgres", ready.error().message + " " + ready.error().hint);
    return {};
  }
};

ScratchPostgres::ScratchPostgres(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<ScratchPostgres>> ScratchPostgres::start(const Environment& environment,
                                                                std::chrono::seconds within) {
  auto impl = std::make_unique<Impl>();
  impl->deadline = Clock::now() + within;
  impl->programs = postgres_folder(environment);
  if (impl->programs.empty()) {
    return error("no_postgres",
                 "no PostgreSQL server is installed: initdb and postgres are neither on PATH nor "
                 "in /usr/lib/postgresql",
                 "install Debian's package postgresql, or name a server");
  }
  if (Result<void> prepared = impl->prepare(); !prepared) return prepared.error();
  if (Result<void> made = impl->make_data(); !made) return made.error();
  if (Result<void> served = impl->serve(); !served) return served.error();
  std::unique_ptr<ScratchPostgres> made(new ScratchPostgres(std::move(impl)));
  // it takes connections, but refuses them while it is starting up
  for (;;) {
    const auto connected = open_postgres(made->url());
    if (connected.ok()) return made;
    if (Clock::now() > made->impl_->deadline)
      return failed("it does not come up", connected.error().message);
    std::this_thread::yield();
  }
}

ScratchPostgres::~ScratchPostgres() {
  if (!impl_ || !impl_->server) return;
  impl_->server->signal(SIGCONT);
  impl_->server->signal(SIGINT, false);
  impl_->until_ended(*impl_->server, Clock::now() + std::chrono::seconds(10));
}

std::string ScratchPostgres::url(const std::string& name) const {
  return "postgresql:///" + name + "?host=" + impl_->folder.path() + "&user=muster";
}

void ScratchPostgres::signal(int signal) {
  impl_->server->signal(signal);
}

}  // namespace muster::runtimes
