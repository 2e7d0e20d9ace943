#include "run/zygote_link.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "run/defaults.hpp"
#include "run/worker_link.hpp"

namespace muster::run {

namespace asio = boost::asio;
using boost::system::error_code;

ZygoteLink::ZygoteLink(asio::io_context& context, Zygote zygote, Listener& listener)
    : zygote_(std::move(zygote)),
      listener_(listener),
      control_(context, dup(zygote_.control.get())),
      hook_timer_(context) {}

void ZygoteLink::listen() {
  control_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code failure) {
    if (failure || ended_) return;
    if (auto record = receive_record(control_.native_handle())) {
      listener_.record(*record);
    } else {
      gone();
    }
    if (!ended_) listen();
  });
}

bool ZygoteLink::tell(const Frame& frame, const std::vector<UniqueFd>& descriptors) {
  std::vector<int> numbers;
  for (const UniqueFd& descriptor : descriptors) numbers.push_back(descriptor.get());
  return !ended_ && send_record(control_.native_handle(), frame, numbers);
}

void ZygoteLink::expect_hook(std::chrono::milliseconds timeout) {
  hook_timeout_ = timeout;
  hook_deadline_.emplace(steps::Deadline::Clock::now() + timeout + kTakeOverAfter);
  watch_hook();
}

void ZygoteLink::watch_hook() {
  hook_timer_.expires_at(hook_deadline_->at());
  hook_timer_.async_wait([this](error_code failure) {
    if (failure || ended_ || !hook_deadline_) return;
    if (!hook_deadline_->passed()) {
      watch_hook();
      return;
    }
    ended_for_ =
        fmt::format("timed out after {:g} s", static_cast<double>(hook_timeout_.count()) / 1000.0);
    if (!status_) kill(zygote_.pid, SIGKILL);
  });
}

void ZygoteLink::hook_done() {
  hook_deadline_.reset();
  hook_timer_.cancel();
}

void ZygoteLink::reap() {
  int status = 0;
  if (status_ || waitpid(zygote_.pid, &status, WNOHANG) != zygote_.pid) return;
  status_ = status;
  drain();
}

/// What it said before is still in its socket, which a child of a hook may hold open.
void ZygoteLink::drain() {
  pollfd waiting{control_.native_handle(), POLLIN, 0};
  while (!ended_ && ::poll(&waiting, 1, 0) > 0) {
    auto record = receive_record(control_.native_handle());
    if (!record) break;
    listener_.record(*record);
  }
  gone();
}

void ZygoteLink::gone() {
  if (ended_) return;
  hook_done();
  const std::optional<int> status = status_;
  if (!status_) {
    kill(zygote_.pid, SIGKILL);
    int ended = 0;
    if (waitpid(zygote_.pid, &ended, 0) == zygote_.pid) status_ = ended;
  }
  listener_.zygote_gone(!ended_for_.empty() ? ended_for_
                        : status            ? "the zygote " + describe_end(*status)
                        : status_           ? "the zygote " + describe_end(*status_)
                                            : std::string("the zygote is gone"));
}

void ZygoteLink::signal_all(int number) const {
  if (!status_) kill(-zygote_.pid, number);
}

void ZygoteLink::end() {
  if (ended_) return;
  ended_ = true;
  hook_done();
  error_code ignored;
  control_.close(ignored);
  zygote_.control.reset();
  if (status_) return;
  kill(zygote_.pid, SIGKILL);
  int status = 0;
  if (waitpid(zygote_.pid, &status, 0) == zygote_.pid) status_ = status;
}

}  // namespace muster::run
