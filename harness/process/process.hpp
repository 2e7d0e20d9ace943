#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/observe.hpp"
#include "process/exit_status.hpp"
#include "process/launcher.hpp"

namespace muster::process {

class LogCapture;
class NotifySocket;

enum class State {
  running,
  exited,   ///< reaped; its output may still be drained
  drained,  ///< reaped, and its output is whole
};

/// A process that was killed beside the programs themselves.
struct Casualty {
  pid_t pid = 0;
  std::string command;
};

/// What stopping took.
struct StopReport {
  ExitStatus exit;               ///< `unknown` when even KILL has not ended it within 2 s
  bool forced = false;           ///< the program itself needed KILL
  std::vector<Casualty> leaked;  ///< what outlived the program's process group leader, and died
  std::chrono::nanoseconds took{};
};

/// A program that was started; made by Group::spawn. Lives on its group's io_context and thread.
/// Coroutines of it keep it alive.
class Process : public std::enable_shared_from_this<Process> {
 public:
  /// What a group gives to its programs.
  struct Setting {
    boost::asio::any_io_executor executor;
    std::shared_ptr<Launcher> launcher;
    Observer* observer = nullptr;   ///< or nullptr
    pid_t reaper = 0;               ///< who inherits orphans of the program
    std::string mark;               ///< `MUSTER_PROGRAM=…`, unique to the program
    std::function<void()> on_exit;  ///< after each reaping
  };
  static std::shared_ptr<Process> make(Setting setting, std::string name, Launched launched,
                                       std::shared_ptr<LogCapture> log,
                                       std::unique_ptr<NotifySocket> notify);
  ~Process();

  const std::string& name() const;
  pid_t pid() const;
  /// Clock ticks since boot; with the pid it names the process for ever.
  std::uint64_t start_time() const;
  /// CLOCK_MONOTONIC nanoseconds of the start.
  std::int64_t started_mono_ns() const;
  State state() const;
  /// Once it was reaped.
  const std::optional<ExitStatus>& exit_status() const;
  LogCapture& log();
  /// `MUSTER_PROGRAM=…`, which it and what it starts carry in their environment.
  const std::string& mark() const;
  /// Where it says READY=1; nullptr when it was started without.
  NotifySocket* notify_socket();
  boost::asio::any_io_executor executor() const;

  /// Returns when the program has ended and its output is drained: to the end, or for 100 ms when a
  /// leaked child holds it. Any number may wait.
  boost::asio::awaitable<ExitStatus> wait();

  /// Sends a signal to the program's process group, or to the program alone. False when it has
  /// ended.
  bool signal(int signal, bool group = true);

  /// `first` (unset: TERM) to the process group; at the end of `grace` KILL to it and to all that
  /// descends from the program. Returns once all of it is dead; a second caller waits with the
  /// first.
  boost::asio::awaitable<StopReport> stop(std::chrono::milliseconds grace,
                                          std::optional<int> first = std::nullopt);

  /// Emits an observation of the lane `process` about this program.
  void observe(const std::string& kind, Json data = Json::object(), std::string cause = {});

  /// For the end of a group without an io_context to run, after KILL: waits for the end, at most
  /// 2 s, takes the status and what is in the pipes. Blocks.
  void finish_now();

 private:
  struct Impl;
  explicit Process(std::unique_ptr<Impl> impl);
  void watch_exit();
  bool reap();
  void cut_output();
  static boost::asio::awaitable<void> drain(std::shared_ptr<Process> self);
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::process
