#include "run/service_thread.hpp"

#include <signal.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "steps/host.hpp"

namespace muster::run {

namespace asio = boost::asio;

class ServiceThread::Impl {
 public:
  Impl() : context(1), guard(asio::make_work_guard(context)) {
    // signals are the body thread's: this thread must not be interrupted in the middle of a spawn
    sigset_t all{}, before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread = std::thread([this] { context.run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Impl() {
    guard.reset();
    context.stop();
    thread.join();
  }

  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  std::thread thread;
};

namespace {

/// One wait: shared by the two threads.
struct Pending {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::exception_ptr failure;
  asio::cancellation_signal cancel;
};

}  // namespace

ServiceThread::ServiceThread() : impl_(std::make_unique<Impl>()) {}
ServiceThread::~ServiceThread() = default;

asio::any_io_executor ServiceThread::executor() {
  return impl_->context.get_executor();
}

void ServiceThread::wait(std::function<asio::awaitable<void>()> work, steps::Deadline deadline) {
  auto pending = std::make_shared<Pending>();
  asio::post(impl_->context, [this, pending, work = std::move(work)]() mutable {
    // the function object lives in the frame of the coroutine that calls it
    auto run = [](std::function<asio::awaitable<void>()> body) -> asio::awaitable<void> {
      co_await body();
    };
    asio::co_spawn(
        impl_->context, run(std::move(work)),
        asio::bind_cancellation_slot(pending->cancel.slot(), [pending](std::exception_ptr failure) {
          const std::lock_guard lock(pending->mutex);
          pending->failure = failure;
          pending->done = true;
          pending->changed.notify_one();
        }));
  });
  std::unique_lock lock(pending->mutex);
  const auto done = [&] { return pending->done; };
  while (!pending->changed.wait_until(lock, deadline.at(), done) && !deadline.passed()) {
  }
  if (!pending->done) {
    asio::post(impl_->context,
               [pending] { pending->cancel.emit(asio::cancellation_type::terminal); });
    pending->changed.wait(lock, done);
    throw steps::DeadlinePassed();
  }
  if (pending->failure) std::rethrow_exception(pending->failure);
}

}  // namespace muster::run
