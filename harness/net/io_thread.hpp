#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>
#include <utility>

namespace muster::net {

/// An io_context with a thread of its own; what lives on it is made, used and destroyed through
/// on() and await(), which block the caller.
class IoThread {
 public:
  IoThread() : work_(boost::asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  ~IoThread() {
    work_.reset();
    context_.stop();
    thread_.join();
  }

  boost::asio::any_io_executor executor() { return context_.get_executor(); }

  /// Runs `task` on the thread and gives its value back.
  template <class Task>
  auto on(Task task) {
    std::packaged_task<decltype(task())()> packaged(std::move(task));
    auto future = packaged.get_future();
    boost::asio::post(context_, [&packaged] { packaged(); });
    return future.get();
  }

  /// Begins a coroutine on the thread; its value is to come.
  template <class T>
  std::future<T> begin(boost::asio::awaitable<T> coroutine) {
    return boost::asio::co_spawn(context_, std::move(coroutine), boost::asio::use_future);
  }

  /// Runs a coroutine on the thread and gives its value back.
  template <class T>
  T await(boost::asio::awaitable<T> coroutine) {
    return begin(std::move(coroutine)).get();
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace muster::net
