#include "environment/program_runner.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "process/latch.hpp"
#include "process/log_capture.hpp"
#include "process/proc_fs.hpp"
#include "truth/service_truth.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLastLines = 20;
constexpr milliseconds kProbeTime{5'000};

std::string port_variable(const std::string& service) {
  std::string name;
  for (const char c : service)
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name + "_PORT";
}

void set(std::vector<std::string>& env, const std::string& name, const std::string& value) {
  std::erase_if(env, [&](const std::string& entry) { return entry.starts_with(name + "="); });
  env.push_back(name + "=" + value);
}

std::vector<std::string> shell_line(std::string line) {
  return {"/bin/sh", "-c", std::move(line)};
}

Ending ending_of(const process::ExitStatus& exit) {
  return {exit.success(), process::to_string(exit), process::to_json(exit)};
}

void limit(const std::optional<std::int64_t>& value, int resource, process::LaunchSpec& spec) {
  if (value) spec.limits.push_back({resource, static_cast<std::uint64_t>(*value)});
}

}  // namespace

std::map<std::string, int> ports_of(const Surroundings& around) {
  std::map<std::string, int> ports;
  for (const auto* units : {around.units, around.requirements}) {
    if (units == nullptr) continue;
    for (const auto& [name, unit] : *units)
      if (unit->port) ports[name] = unit->port->plan.final_port;
  }
  return ports;
}

std::map<std::string, std::string> requirement_variables(const Surroundings& around) {
  std::map<std::string, std::string> variables;
  if (around.requirements == nullptr) return variables;
  for (const auto& [id, unit] : *around.requirements) {
    if (!unit->ready.reached() || unit->failure || !unit->port) continue;
    const int port = unit->port->plan.final_port;
    for (const auto& [name, text] : unit->requirement->variables) {
      if (auto value = expand_ports(text, port, ports_of(around))) variables[name] = *value;
    }
  }
  return variables;
}

asio::awaitable<std::optional<StartFailure>> ProgramRunner::before() {
  co_return std::nullopt;
}

asio::awaitable<std::optional<StartFailure>> ProgramRunner::after() {
  co_return std::nullopt;
}

void ProgramRunner::arrange(process::LaunchSpec&) const {}

asio::awaitable<std::optional<StartFailure>> ProgramRunner::try_once(
    std::function<void()> launched) {
  auto failure = co_await before();
  if (failure) co_return failure;
  if (unit_.stopping) co_return start_failure(error("stopped", "it was stopped meanwhile"));
  nonce_ = random_hex(8);
  auto spec = launch_spec();
  if (!spec) co_return start_failure(spec.error());
  const bool notify = std::any_of(
      unit_.spec.ready.begin(), unit_.spec.ready.end(),
      [](const services::ReadySpec& ready) { return ready.kind == services::ReadyKind::notify; });
  auto program = around_.group->spawn(std::move(*spec), notify);
  if (!program) co_return start_failure(program.error());
  program_ = *program;
  unit_.record.pid = program_->pid();
  unit_.record.pid_start = program_->start_time();
  unit_.record.log_path = program_->log().file();
  launched();
  if (!unit_.spec.ready.empty()) {
    process::Ready ready = readiness();
    const auto seen =
        co_await process::until_ready(*program_, std::move(ready), unit_.spec.ready_within);
    const bool by_other = answered_by_other();
    if (!seen) {
      failure = start_failure(seen.error(), by_other);
      failure->exit = program_->exit_status();
      failure->last_lines = last_lines();
    } else if (by_other) {
      failure = start_failure(wrong_server(), true);
    }
  }
  if (!failure) failure = co_await after();
  if (failure && !failure->soft) co_await program_->stop(milliseconds(200));
  co_return failure;
}

asio::awaitable<Ending> ProgramRunner::until_ended() {
  const process::ExitStatus exit = co_await program_->wait();
  co_return ending_of(exit);
}

asio::awaitable<Json> ProgramRunner::stop() {
  Json told;
  if (!program_ || program_->state() != process::State::running) co_return told;
  const process::StopReport report =
      co_await program_->stop(unit_.spec.stop_grace, unit_.spec.stop_signal);
  told["exit"] = process::to_json(report.exit);
  told["forced"] = report.forced;
  told["leaked"] = report.leaked.size();
  co_return told;
}

Result<process::LaunchSpec> ProgramRunner::spec_of(
    const std::vector<std::string>& command, const std::map<std::string, std::string>& env) const {
  const std::optional<int> own =
      unit_.port ? std::optional(unit_.port->plan.final_port) : std::nullopt;
  const std::map<std::string, int> ports = ports_of(around_);
  process::LaunchSpec spec;
  spec.name = around_.project + "_" + unit_.spec.name;
  spec.cwd = unit_.spec.cwd;
  spec.user = unit_.spec.user;
  for (std::size_t i = 0; i < command.size(); ++i) {
    auto word = expand_ports(command[i], own, ports);
    if (!word) return word.error();
    if (i == 0)
      spec.program = *word;
    else
      spec.args.push_back(*word);
  }
  spec.env = around_.base_environment;
  for (const auto& [name, port] : ports) set(spec.env, port_variable(name), std::to_string(port));
  for (const auto& [name, value] : requirement_variables(around_)) set(spec.env, name, value);
  if (own) set(spec.env, "PORT", std::to_string(*own));
  set(spec.env, "MUSTER_NONCE", nonce_);
  for (const auto& [name, value] : env) {
    auto text = expand_ports(value, own, ports);
    if (!text) return text.error();
    set(spec.env, name, *text);
  }
  arrange(spec);
  return spec;
}

Result<process::LaunchSpec> ProgramRunner::launch_spec() {
  const services::ServiceSpec& service = unit_.spec;
  auto spec = spec_of(service.command, service.env);
  if (!spec) return spec;
  limit(service.limits.open_files, RLIMIT_NOFILE, *spec);
  limit(service.limits.address_space, RLIMIT_AS, *spec);
  limit(service.limits.processes, RLIMIT_NPROC, *spec);
  limit(service.limits.cpu_seconds, RLIMIT_CPU, *spec);
  limit(service.limits.file_size, RLIMIT_FSIZE, *spec);
  if (service.port_mode == services::PortMode::passed && unit_.port) {
    if (auto listening = listen(); !listening) return listening.error();
    process::pass_listener(*spec, unit_.port->socket);
  }
  return spec;
}

/// The held socket becomes one that listens, once.
Result<void> ProgramRunner::listen() {
  unit_.port->socket.fd.reset();
  auto listening =
      process::listen_loopback(static_cast<std::uint16_t>(unit_.port->plan.final_port));
  if (!listening) return listening.error();
  unit_.port->socket = std::move(*listening);
  return {};
}

process::Ready ProgramRunner::readiness() {
  process::Ready ready;
  const auto port = static_cast<std::uint16_t>(unit_.port ? unit_.port->plan.final_port : 0);
  for (const services::ReadySpec& wanted : unit_.spec.ready) {
    switch (wanted.kind) {
      case services::ReadyKind::notify:
        ready.any.push_back(process::ReadyNotify{});
        break;
      case services::ReadyKind::listener:
        ready.any.push_back(process::ReadyListener{});
        break;
      case services::ReadyKind::tcp:
        ready.any.push_back(process::ReadyTcp{port});
        break;
      case services::ReadyKind::http:
        ready.any.push_back(process::ReadyHttp{net::Address::tcp("127.0.0.1", port),
                                               wanted.argument.empty() ? "/" : wanted.argument,
                                               nonce_});
        break;
      case services::ReadyKind::log:
        ready.any.push_back(process::ReadyLogLine{wanted.argument});
        break;
      case services::ReadyKind::unix_socket:
        ready.any.push_back(process::ReadyUnixSocket{wanted.argument.starts_with('/')
                                                         ? wanted.argument
                                                         : unit_.spec.cwd + "/" + wanted.argument});
        break;
      case services::ReadyKind::exec:
        ready.any.push_back(process::ReadyExec{
            wanted.argument, [this, line = wanted.argument] { return probe_by_command(line); }});
        break;
    }
  }
  return ready;
}

asio::awaitable<Result<void>> ProgramRunner::probe_by_command(std::string line) {
  std::vector<std::string> command = shell_line(std::move(line));
  const auto output = co_await run_once("ready", std::move(command), unit_.spec.env, kProbeTime);
  if (output) co_return Result<void>();
  co_return output.error();
}

asio::awaitable<Result<std::string>> ProgramRunner::run_once(std::string name,
                                                             std::vector<std::string> command,
                                                             std::map<std::string, std::string> env,
                                                             milliseconds within) {
  auto spec = spec_of(command, env);
  if (!spec) co_return spec.error();
  spec->name += "." + name;
  auto spawned = around_.group->spawn(std::move(*spec));
  if (!spawned) co_return spawned.error();
  const std::shared_ptr<process::Process> program = *spawned;
  // its end, or that of its time, whatever comes first; stopping it makes the former come
  struct Timed {
    asio::steady_timer timer;
    bool late = false;
  };
  auto timed = std::make_shared<Timed>(Timed{asio::steady_timer(program->executor(), within)});
  timed->timer.async_wait([timed, program](boost::system::error_code cancelled) {
    if (cancelled) return;
    timed->late = true;
    asio::co_spawn(program->executor(), program->stop(milliseconds(200)), asio::detached);
  });
  const process::ExitStatus exit = co_await program->wait();
  timed->timer.cancel();
  if (exit.success() && !timed->late) co_return program->log().text();
  const std::string how = timed->late
                              ? "has not ended within " + std::to_string(within.count()) + " ms"
                              : process::to_string(exit);
  co_return error("command_failed", name + " " + how, join(program->log().tail(kLastLines), "\n"));
}

/// Whether somebody listens on the port who is neither the program nor comes from it.
bool ProgramRunner::answered_by_other() const {
  if (!unit_.port || unit_.spec.port_mode == services::PortMode::passed) return false;
  const auto snapshot = truth::Snapshot::take();
  if (!snapshot) return false;
  // a daemon has left the tree, but carries the mark
  return snapshot->listened_by_other(
      unit_.port->plan.final_port, truth::tree_of(program_->pid()), [this](pid_t pid) {
        return process::environment_has(process::environment_of(pid), program_->mark());
      });
}

Error ProgramRunner::wrong_server() const {
  return error("wrong_server",
               "another program answers on port " + std::to_string(unit_.port->plan.final_port));
}

std::string ProgramRunner::last_lines() const {
  return join(program_->log().tail(kLastLines), "\n");
}

}  // namespace muster::environment
