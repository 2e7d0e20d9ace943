#include "app/env_interrupt.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <csignal>

namespace muster::app {

EnvInterrupt::EnvInterrupt() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

bool EnvInterrupt::pending() const {
  pollfd waiting{fd_.get(), POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

}  // namespace muster::app
