#include "run/attention.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace muster::run {

using boost::system::error_code;

Attention::Attention(boost::asio::io_context& context, Onlooker* onlooker)
    : onlooker_(onlooker), timer_(context), signals_(context), keys_(context) {}

void Attention::listen() {
  if (onlooker_ == nullptr) return;
  error_code ignored;
  signals_.add(SIGUSR1, ignored);
  wait_for_signal();
  timer_.expires_after(kTick);
  tick();
  listen_to_keys();
}

void Attention::listen_to_keys() {
  if (onlooker_ == nullptr || ended_ || before_ || !onlooker_->wants_keys()) return;
  // a process in the background that touches the terminal would be stopped
  if (isatty(STDIN_FILENO) != 1 || tcgetpgrp(STDIN_FILENO) != getpgrp()) return;
  termios mode{};
  if (tcgetattr(STDIN_FILENO, &mode) != 0) return;
  if (!keys_.is_open()) {
    const int copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    error_code failure;
    if (copy >= 0) keys_.assign(copy, failure);
    if (copy < 0 || failure) return;
  }
  before_ = mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C and Ctrl-Z stay signals
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &mode);
  wait_for_key();
}

void Attention::release() {
  if (!before_) return;
  error_code ignored;
  keys_.cancel(ignored);
  if (tcgetpgrp(STDIN_FILENO) == getpgrp()) tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  before_.reset();
}

void Attention::end() {
  ended_ = true;
  release();
  error_code ignored;
  signals_.cancel(ignored);
  timer_.cancel();
  keys_.close(ignored);
  if (onlooker_ != nullptr) onlooker_->leave();
}

void Attention::tick() {
  timer_.async_wait([this](error_code failure) {
    if (failure || ended_) return;
    onlooker_->tick();
    timer_.expires_after(kTick);
    tick();
  });
}

void Attention::wait_for_signal() {
  signals_.async_wait([this](error_code failure, int) {
    if (failure || ended_) return;
    onlooker_->asked();
    wait_for_signal();
  });
}

void Attention::wait_for_key() {
  keys_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](error_code failure) {
    if (failure || ended_ || !before_) return;
    char pressed[64];
    const ssize_t count = read(keys_.native_handle(), pressed, sizeof pressed);
    if (count <= 0) return;  // the terminal went away
    for (ssize_t i = 0; i < count; ++i)
      if (pressed[i] == 't') onlooker_->asked();
    wait_for_key();
  });
}

}  // namespace muster::run
