#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>

#include "steps/pauses.hpp"

namespace muster::run {

/// What may end or halt a run from outside: SIGINT and SIGTERM, Ctrl-Z, children that end, and the
/// run's own deadline.
class Interrupts {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// The first SIGINT or SIGTERM; the second ends this process at once, and the watchdog sweeps.
    virtual void interrupted() = 0;
    /// Ctrl-Z: what counts time has to stop before this process does, and goes on afterwards.
    virtual void pause() = 0;
    virtual void child_ended() = 0;
    virtual void run_timed_out() = 0;
    /// This process ends within its next line: a terminal has to be as it was.
    virtual void leave_at_once() = 0;
  };

  Interrupts(boost::asio::io_context& context, Listener& listener);

  /// `limit`: of the whole run; none when it is zero.
  void listen(std::chrono::milliseconds limit);
  void end();

 private:
  void listen_to_signals();
  void listen_to_children();
  void watch_run();

  Listener& listener_;
  boost::asio::signal_set signals_;
  boost::asio::signal_set children_;
  boost::asio::steady_timer run_timer_;
  std::optional<steps::Deadline> run_deadline_;
  bool interrupted_ = false;
  bool ended_ = false;
};

}  // namespace muster::run
