#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>

#include "app/env_action_plan.hpp"
#include "app/env_interrupt.hpp"
#include "base/clock.hpp"
#include "config/load.hpp"
#include "journal/location.hpp"
#include "process/group.hpp"
#include "process/watchdog.hpp"

namespace muster::app {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kGrace{5'000};

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

process::LaunchSpec launch_spec(const ActionPlan& plan) {
  process::LaunchSpec spec;
  // several runs of it append to one log
  spec.name = plan.project + "_action-" + plan.name;
  spec.program = plan.argv.front();
  spec.args.assign(plan.argv.begin() + 1, plan.argv.end());
  spec.cwd = plan.cwd;
  config::Environment variables = config::process_environment();
  for (const auto& [name, value] : plan.variables) variables[name] = value;
  for (const auto& [name, value] : variables) spec.env.push_back(name + "=" + value);
  // its session has no terminal to read from
  if (::isatty(STDIN_FILENO) == 0) spec.stdin_fd = STDIN_FILENO;
  return spec;
}

/// One action in a group of its own.
class Action {
 public:
  Action(const ActionPlan& plan, bool quiet_stdout, process::Watchdog& watchdog)
      : plan_(plan), quiet_(quiet_stdout), watchdog_(watchdog), interrupted_(io_) {}

  Result<ActionOutcome> run(const std::string& run_id) {
    process::GroupOptions options;
    options.run_id = run_id;
    options.id = "action-" + plan_.name;
    options.log_dir = plan_.log_folder;
    auto group = process::Group::create(io_.get_executor(), std::move(options));
    if (!group) return group.error();
    if (auto added = watchdog_.add((*group)->record()); !added) return added.error();
    const std::int64_t begin = mono_ns();
    auto program = (*group)->spawn(launch_spec(plan_));
    if (!program) return program.error();
    (*program)->log().on_block([this](process::Stream stream, std::int64_t,
                                      std::string_view lines) {
      write_all(stream == process::Stream::out && !quiet_ ? STDOUT_FILENO : STDERR_FILENO, lines);
    });
    watch_interrupt(*program);
    ActionOutcome outcome;
    outcome.log_path = (*program)->log().file();
    bool was_interrupted = false;
    asio::co_spawn(io_, play(**group, *program, outcome), [&](std::exception_ptr) {
      was_interrupted = stopping_;
      io_.stop();
    });
    io_.run();
    // whatever still waits lets go of the program while its group is there
    interrupted_.close();
    io_.restart();
    io_.poll();
    if (was_interrupted) return error("interrupted", plan_.name + " was interrupted");
    outcome.took_ms = (mono_ns() - begin) / 1'000'000;
    return outcome;
  }

 private:
  static asio::awaitable<void> play(process::Group& group,
                                    std::shared_ptr<process::Process> program,
                                    ActionOutcome& outcome) {
    const process::ExitStatus exit = co_await program->wait();
    outcome.success = exit.success();
    outcome.exit = process::to_string(exit);
    const process::GroupEnd end = co_await group.end(milliseconds(0));
    outcome.leaked = end.leaked.size();
  }

  static asio::awaitable<void> stop(std::shared_ptr<process::Process> program) {
    co_await program->stop(kGrace);
  }

  void watch_interrupt(const std::shared_ptr<process::Process>& program) {
    interrupted_.assign(::dup(interrupt_.fd()));
    interrupted_.async_wait(
        asio::posix::stream_descriptor::wait_read,
        // not kept alive by what waits: it goes with its group
        [this, waiting = std::weak_ptr(program)](const boost::system::error_code& cancelled) {
          const auto running = waiting.lock();
          if (cancelled || !running) return;
          stopping_ = true;
          asio::co_spawn(io_, stop(running), asio::detached);
        });
  }

  const ActionPlan& plan_;
  bool quiet_;
  process::Watchdog& watchdog_;
  EnvInterrupt interrupt_;
  asio::io_context io_{1};
  asio::posix::stream_descriptor interrupted_;
  bool stopping_ = false;
};

}  // namespace

Result<ActionOutcome> run_action(const ActionPlan& plan, bool quiet_stdout) {
  // an id of its own: its watchdog takes the action, never the environment
  const std::string run_id = journal::make_run_id(system_clock().wall());
  auto watchdog = process::start_watchdog(run_id);
  if (!watchdog) return watchdog.error();
  auto outcome = Action(plan, quiet_stdout, *watchdog).run(run_id);
  watchdog->done();
  return outcome;
}

}  // namespace muster::app
