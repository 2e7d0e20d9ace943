#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/observe.hpp"
#include "sinks/faults.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

/// The door through which spawned programs deliver: a unix stream socket, JSON lines in, one byte
/// of answer each, `+` accepted, `-` refused and not recorded. Any number of producers; a producer
/// is read one line at a time, so a sink that is slow slows it down.
///
/// Observes, lane `event`, subject = the program: `recorded` (the event), `refused` (`{reason,
/// code, line}`), `truncated`
/// (`{bytes, line}`: half a line at the end of a connection, never read as an event),
/// `source_closed`
/// (`{source, last_src_seq, pid}`: the producer's connection ended).
///
/// Lives on one executor: made, used and destroyed on its thread. Only the injections may be called
/// from others.
class UnixDoor {
 public:
  static constexpr std::size_t kLineLimit = 1 << 20;

  /// Listens at `path` (made with mode 0600, removed when closed). `sink` and `observer` are
  /// borrowed. Error `door_bind`, also when something stands at `path`.
  static Result<std::unique_ptr<UnixDoor>> open(boost::asio::any_io_executor executor,
                                                std::string path, Sink& sink, Observer& observer);
  ~UnixDoor();

  /// `unix:/path`, the value for MUSTER_SINK.
  std::string address() const;

  /// Ends listening and all connections.
  void close();

  /// Connections that are open now.
  std::size_t connections() const;

  /// Its faults; a refused write is answered `-`. Any thread.
  Faults& faults();

  void refuse_next(std::size_t count) { faults().refuse_next(count); }
  void delay_next(std::size_t count, std::chrono::milliseconds delay) {
    faults().delay_next(count, delay);
  }
  void drop_next_acks(std::size_t count) { faults().drop_next_acks(count); }

 private:
  struct State;
  explicit UnixDoor(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace muster::sinks
