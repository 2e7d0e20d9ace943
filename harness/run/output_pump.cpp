#include "run/output_pump.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <mutex>

namespace muster::run {

namespace asio = boost::asio;

class OutputPump::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::any_io_executor service, UniqueFd pipe, Printed& printed)
      : pipe_(std::move(service), pipe.release()), printed_(printed) {
    pipe_.non_blocking(true);
  }

  void wait() {
    pipe_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](boost::system::error_code failure) {
                       if (failure) return;
                       self->drain();
                       self->wait();
                     });
  }

  void drain() {
    const std::lock_guard lock(mutex_);
    drain_into(printed_, pipe_.native_handle());
  }

  std::string take() {
    const std::lock_guard lock(mutex_);
    drain_into(printed_, pipe_.native_handle());
    std::string text = printed_.text();
    if (!text.empty()) printed_.clear();
    return text;
  }

 private:
  std::mutex mutex_;
  asio::posix::stream_descriptor pipe_;
  Printed& printed_;
};

OutputPump::OutputPump(asio::any_io_executor service, UniqueFd pipe, Printed& printed)
    : state_(std::make_shared<State>(service, std::move(pipe), printed)) {
  asio::post(service, [state = state_] { state->wait(); });
}

OutputPump::~OutputPump() = default;

std::string OutputPump::take() {
  return state_->take();
}

}  // namespace muster::run
