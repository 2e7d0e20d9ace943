#pragma once

#include "base/unique_fd.hpp"

namespace muster::app {

/// SIGINT and SIGTERM as a descriptor, from its making on: a command that waits for something also
/// waits for it, and ends with exit 2 when it becomes readable. Programs that are started get their
/// signals as usual.
class EnvInterrupt {
 public:
  EnvInterrupt();
  int fd() const { return fd_.get(); }
  /// A signal has come.
  bool pending() const;

 private:
  UniqueFd fd_;
};

}  // namespace muster::app
