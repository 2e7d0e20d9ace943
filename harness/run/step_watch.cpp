#include "run/step_watch.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>

namespace muster::run {

namespace asio = boost::asio;

class StepWatch::State : public std::enable_shared_from_this<State> {
 public:
  explicit State(asio::any_io_executor service) : timer_(std::move(service)) {}

  void began(steps::Deadline deadline, std::function<void()> overdue) {
    const std::lock_guard lock(mutex_);
    running_ = true;
    deadline_ = deadline;
    overdue_ = std::move(overdue);
    if (deadline.at() < armed_) {
      armed_ = deadline.at();
      asio::post(timer_.get_executor(), [self = shared_from_this()] { self->arm(); });
    }
  }

  bool ended() {
    const std::lock_guard lock(mutex_);
    return std::exchange(running_, false);
  }

 private:
  void arm() {
    {
      const std::lock_guard lock(mutex_);
      timer_.expires_at(armed_);
    }
    timer_.async_wait([self = shared_from_this()](boost::system::error_code failure) {
      if (!failure) self->fired();
    });
  }

  void fired() {
    std::function<void()> overdue;
    {
      const std::lock_guard lock(mutex_);
      if (!running_) {
        armed_ = Clock::time_point::max();
        return;
      }
      if (deadline_.passed()) {
        running_ = false;
        armed_ = Clock::time_point::max();
        overdue = std::move(overdue_);
      } else {
        armed_ = deadline_.at();
      }
    }
    if (overdue) {
      overdue();
    } else {
      arm();
    }
  }

  std::mutex mutex_;
  asio::steady_timer timer_;
  bool running_ = false;
  steps::Deadline deadline_{Clock::time_point::max()};
  Clock::time_point armed_ = Clock::time_point::max();
  std::function<void()> overdue_;
};

StepWatch::StepWatch(asio::any_io_executor service)
    : state_(std::make_shared<State>(std::move(service))) {}
StepWatch::~StepWatch() = default;

void StepWatch::step_began(steps::Deadline deadline, std::function<void()> overdue) {
  state_->began(deadline, std::move(overdue));
}

bool StepWatch::step_ended() {
  return state_->ended();
}

}  // namespace muster::run
