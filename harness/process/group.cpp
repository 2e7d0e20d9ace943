#include "process/group.hpp"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/redact.hpp"
#include "base/secret_values.hpp"
#include "process/cgroup.hpp"
#include "process/children.hpp"
#include "process/group_impl.hpp"
#include "process/notify_socket.hpp"
#include "process/proc_fs.hpp"
#include "process/sweep.hpp"

namespace muster::process {
namespace asio = boost::asio;
namespace {

/// What of a program's output becomes observations; the log file and the tail hold the rest.
constexpr std::size_t observed_bytes = 256 * 1024;
constexpr std::size_t observed_block_bytes = 4096;

void set_env(std::vector<std::string>& env, const std::string& name, const std::string& value) {
  std::erase_if(env, [prefix = name + "="](const std::string& e) { return e.starts_with(prefix); });
  env.push_back(name + "=" + value);
}

/// In the unit of a process's start time; a tick early, as that one is rounded down.
std::uint64_t ticks_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto nanos = static_cast<std::uint64_t>(now.tv_nsec);
  return static_cast<std::uint64_t>(now.tv_sec) * per_second + nanos * per_second / 1'000'000'000 -
         1;
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return error("spawn_failed", std::string("cannot make a pipe: ") + ::strerror(errno));
  }
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// Emits what a program prints as observations, in bounded number.
void observe_output(const std::shared_ptr<Process>& process) {
  process->log().on_block([weak = std::weak_ptr<Process>(process), left = observed_bytes](
                              Stream stream, std::int64_t, std::string_view lines) mutable {
    const auto self = weak.lock();
    if (!self || left == 0) return;
    // hidden here, where the secrets of the program are known, and before the cut
    const std::string hidden = redact(lines.substr(0, 2 * observed_block_bytes));
    const auto shown = std::string_view(hidden).substr(0, std::min(left, observed_block_bytes));
    left -= shown.size();
    Json data{{"stream", stream == Stream::out ? "stdout" : "stderr"},
              {"text", std::string(shown)},
              {"bytes", lines.size()}};
    self->observe("log", std::move(data), left == 0 ? "what follows is in the log only" : "");
  });
}

}  // namespace

Result<std::unique_ptr<Group>> Group::create(asio::any_io_executor executor, GroupOptions options) {
  auto impl = std::make_shared<Impl>();
  if (!options.backend) {
    Result<Backend> best = best_backend();
    if (!best) return best.error();
    options.backend = *best;
  }
  impl->executor = std::move(executor);
  impl->launcher = options.launcher ? std::shared_ptr<Launcher>(options.launcher, [](Launcher*) {})
                                    : std::shared_ptr<Launcher>(system_launcher());
  impl->start_time = ticks_since_boot();
  impl->record.id = options.id;
  impl->record.run_id = options.run_id;
  impl->record.backend = *options.backend;
  if (impl->in_namespace()) {
    Result<NamespaceInit> init = make_namespace_init();
    if (!init) return init.error();
    impl->init = std::move(*init);
    register_child(impl->init.pid);
    impl->record.init_pid = impl->init.pid;
    impl->record.init_start_time = impl->init.start_time;
  } else {
    if (Result<void> reaper = become_subreaper(); !reaper) return reaper.error();
    const std::optional<ProcStat> self = read_stat(::getpid());
    if (!self) return error("group_failed", "/proc does not know this process");
    if (impl->in_cgroup()) {
      // Ids may be anything that people name, and long.
      Result<std::string> path = make_cgroup(sha256_hex(options.id).substr(0, 8) + random_hex(8));
      if (!path) return path.error();
      impl->record.cgroup = *path;
      Result<UniqueFd> procs = open_cgroup_procs(*path);
      if (!procs) return procs.error();
      impl->cgroup_procs = std::move(*procs);
    }
    impl->record.init_pid = ::getpid();
    impl->record.init_start_time = self->start_time;
  }
  impl->options = std::move(options);
  return std::unique_ptr<Group>(new Group(std::move(impl)));
}

Group::Group(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Group::~Group() {
  impl_->end_now();
}

const GroupRecord& Group::record() const {
  return impl_->record;
}

const std::vector<std::shared_ptr<Process>>& Group::programs() const {
  return impl_->programs;
}

Result<std::shared_ptr<Process>> Group::spawn(LaunchSpec spec, bool notify) {
  Impl& impl = *impl_;
  if (impl.ending)
    return error("spawn_failed", "cannot start " + spec.name + ": its group has ended");
  keep_secrets_of(spec.env);
  const int number = ++impl.started;
  const GroupOptions& options = impl.options;
  const std::string program_id = impl.record.id + "/" + spec.name + "#" + std::to_string(number);
  set_env(spec.env, run_id_variable, impl.record.run_id);
  set_env(spec.env, group_variable, impl.record.id);
  set_env(spec.env, program_variable, program_id);

  std::unique_ptr<NotifySocket> socket;
  if (notify) {
    // Ids may be long and a socket's path may not.
    const std::string file = sha256_hex(program_id).substr(0, 12) + ".notify";
    Result<std::unique_ptr<NotifySocket>> made =
        NotifySocket::make(impl.executor, options.socket_dir + "/" + file);
    if (!made) return made.error();
    socket = std::move(*made);
    set_env(spec.env, "NOTIFY_SOCKET", socket->path());
  }
  const std::string file =
      options.log_dir.empty() ? "" : options.log_dir + "/" + log_file_name(spec.name) + ".log";
  Result<std::shared_ptr<LogCapture>> log = LogCapture::make(impl.executor, file, options.log);
  if (!log) return log.error();
  Result<Pipe> out = make_pipe();
  if (!out) return out.error();
  Result<Pipe> err = make_pipe();
  if (!err) return err.error();
  spec.stdout_fd = out->write.get();
  spec.stderr_fd = err->write.get();

  Placement placement;
  placement.namespace_init = impl.in_namespace() ? impl.init.pidfd.get() : -1;
  placement.cgroup_procs = impl.in_cgroup() ? impl.cgroup_procs.get() : -1;
  placement.die_with_thread = !impl.in_namespace();
  LaunchOutcome outcome = impl.launcher->launch(spec, placement);
  if (!outcome.launched) {
    if (options.observer != nullptr) {
      Json data{{"code", outcome.error.error.code},
                {"message", outcome.error.error.message},
                {"step", outcome.error.step},
                {"searched", outcome.error.searched}};
      if (outcome.error.os_error != 0) data["errno"] = outcome.error.os_error;
      options.observer->observe(observation("process", "spawn_failed", spec.name, std::move(data)));
    }
    return outcome.error.error;
  }
  out->write.reset();
  err->write.reset();

  Process::Setting setting;
  setting.executor = impl.executor;
  setting.launcher = impl.launcher;
  setting.observer = options.observer;
  setting.reaper = impl.in_namespace() ? impl.init.pid : ::getpid();
  setting.mark = std::string(program_variable) + "=" + program_id;
  if (!impl.in_namespace()) setting.on_exit = [] { reap_adopted(); };
  LogCapture& capture = **log;
  auto process = Process::make(std::move(setting), spec.name, std::move(*outcome.launched),
                               std::move(*log), std::move(socket));
  process->observe("spawned", {{"program", spec.program}, {"group", impl.record.id}});
  if (options.observer) observe_output(process);
  capture.start(std::move(out->read), std::move(err->read));
  impl.programs.push_back(process);
  return process;
}

}  // namespace muster::process
