#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/observe.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

struct FileTailOptions {
  bool from_end = false;  ///< only what is appended from now on
  /// Where no inotify tells (a network file system, a file system of another host): how often the
  /// file is looked at.
  std::chrono::milliseconds poll{200};
};

/// Follows the JSONL file of somebody else's recorder and records its events in the order of the
/// file: whatever their `ts`, they are never sorted. The file may not exist yet, may be replaced
/// (it is then read to its end, and the new one from its start) and may be cut back (it is read
/// again from its start, observed as lane `sink`, kind `tail_restarted`). Half a line waits for the
/// rest; at the end it is observed as truncated.
///
/// Observes as Intake. Lives on one executor: made, used and destroyed on its thread.
class FileTail {
 public:
  /// `sink` and `observer` are borrowed. Error `tail_watch` when the file's directory cannot be
  /// watched.
  static Result<std::unique_ptr<FileTail>> open(boost::asio::any_io_executor executor,
                                                std::string path, Sink& sink, Observer& observer,
                                                FileTailOptions options = {});
  ~FileTail();

  /// Records what is there now, without waiting to be told.
  void drain();

  /// Drains once more and ends; a line without its end is told.
  void close();

 private:
  struct State;
  explicit FileTail(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace muster::sinks
