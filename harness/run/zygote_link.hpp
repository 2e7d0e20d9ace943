#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/channel.hpp"
#include "run/zygote.hpp"
#include "steps/pauses.hpp"

namespace muster::run {

/// The zygote as the coordinator talks with it.
class ZygoteLink {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void record(Record& record) = 0;
    /// It is gone before its last word; `why` says how.
    virtual void zygote_gone(const std::string& why) = 0;
  };

  ZygoteLink(boost::asio::io_context& context, Zygote zygote, Listener& listener);

  pid_t pid() const { return zygote_.pid; }
  void listen();
  /// False: it takes no orders any more.
  bool tell(const Frame& frame, const std::vector<UniqueFd>& descriptors = {});
  /// A hook of the run has begun: it is ended when the hook is not in time.
  void expect_hook(std::chrono::milliseconds timeout);
  void hook_done();
  /// A child of this process may have ended.
  void reap();
  /// A signal to it and all workers.
  void signal_all(int number) const;
  /// It has said its last word, or must not say more; kills and reaps it.
  void end();

 private:
  void drain();
  void gone();
  void watch_hook();

  Zygote zygote_;
  Listener& listener_;
  boost::asio::posix::stream_descriptor control_;
  boost::asio::steady_timer hook_timer_;
  std::optional<steps::Deadline> hook_deadline_;
  std::chrono::milliseconds hook_timeout_{0};
  std::string ended_for_;  ///< why we ended it
  std::optional<int> status_;
  bool ended_ = false;
};

}  // namespace muster::run
