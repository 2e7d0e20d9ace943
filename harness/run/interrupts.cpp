#include "run/interrupts.hpp"

#include <signal.h>
#include <unistd.h>

namespace muster::run {

using boost::system::error_code;

Interrupts::Interrupts(boost::asio::io_context& context, Listener& listener)
    : listener_(listener),
      signals_(context, SIGINT, SIGTERM, SIGTSTP),
      children_(context, SIGCHLD),
      run_timer_(context) {}

void Interrupts::listen(std::chrono::milliseconds limit) {
  listen_to_signals();
  listen_to_children();
  if (limit.count() <= 0) return;
  run_deadline_.emplace(steps::Deadline::Clock::now() + limit);
  watch_run();
}

void Interrupts::end() {
  ended_ = true;
  error_code ignored;
  signals_.cancel(ignored);
  children_.cancel(ignored);
  run_timer_.cancel();
}

void Interrupts::listen_to_signals() {
  signals_.async_wait([this](error_code failure, int number) {
    if (failure || ended_) return;
    if (number == SIGTSTP) {
      listener_.pause();
    } else {
      if (interrupted_) {
        listener_.leave_at_once();
        _exit(2);
      }
      interrupted_ = true;
      listener_.interrupted();
    }
    if (!ended_) listen_to_signals();
  });
}

void Interrupts::listen_to_children() {
  children_.async_wait([this](error_code failure, int) {
    if (failure || ended_) return;
    listener_.child_ended();
    if (!ended_) listen_to_children();
  });
}

void Interrupts::watch_run() {
  run_timer_.expires_at(run_deadline_->at());
  run_timer_.async_wait([this](error_code failure) {
    if (failure || ended_) return;
    if (run_deadline_->passed()) {
      listener_.run_timed_out();
    } else {
      watch_run();
    }
  });
}

}  // namespace muster::run
