#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>

#include "process/latch.hpp"
#include "process/log_capture.hpp"
#include "process/notify_socket.hpp"
#include "process/process.hpp"

namespace muster::process {

struct Process::Impl {
  Impl(Setting given, std::string its_name, Launched its_launch)
      : setting(std::move(given)),
        name(std::move(its_name)),
        launched(std::move(its_launch)),
        exited(setting.executor),
        drained(setting.executor),
        rest_ended(setting.executor),
        stopped(setting.executor) {}

  Setting setting;
  std::string name;
  Launched launched;
  std::int64_t started_mono_ns = 0;
  std::shared_ptr<LogCapture> log;
  std::unique_ptr<NotifySocket> notify;

  /// Watches the pidfd, which stays `launched`'s.
  std::optional<boost::asio::posix::stream_descriptor> watch;
  std::optional<ExitStatus> status;
  Latch exited;
  Latch drained;

  bool stopping = false;
  StopReport report;
  Latch rest_ended;  ///< while stopping: what the program left behind is dead
  Latch stopped;
};

}  // namespace muster::process
