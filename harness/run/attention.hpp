#pragma once

#include <termios.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>

#include "run/onlooker.hpp"

namespace muster::run {

/// How often an onlooker's clock ticks.
constexpr std::chrono::milliseconds kTick{100};

/// Gives an onlooker its clock, SIGUSR1, and the key `t` of the terminal, whose line mode is off
/// meanwhile: from listen() to release().
class Attention {
 public:
  /// `onlooker` may be null: then nothing is listened to.
  Attention(boost::asio::io_context& context, Onlooker* onlooker);
  ~Attention() { release(); }
  Attention(const Attention&) = delete;
  Attention& operator=(const Attention&) = delete;

  void listen();
  /// The terminal is given back, e.g. before this process stops; listen_to_keys() takes it again.
  void release();
  void listen_to_keys();
  /// Nothing is listened to any more.
  void end();

 private:
  void tick();
  void wait_for_signal();
  void wait_for_key();

  Onlooker* onlooker_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set signals_;
  boost::asio::posix::stream_descriptor keys_;
  std::optional<termios> before_;  ///< how the terminal was
  bool ended_ = false;
};

}  // namespace muster::run
