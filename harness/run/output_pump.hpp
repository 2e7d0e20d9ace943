#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "base/unique_fd.hpp"
#include "run/printed.hpp"

namespace muster::run {

/// Takes what bodies print from the pipe that is their stdout, on the service thread, as long as it
/// lives: a body that prints without end is held up, and never grows anything.
class OutputPump {
 public:
  OutputPump(boost::asio::any_io_executor service, UniqueFd pipe, Printed& printed);
  ~OutputPump();

  /// What was printed since the last call; any thread.
  std::string take();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::run
