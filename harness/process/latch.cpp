#include "process/latch.hpp"

#include <fcntl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "process/proc_fs.hpp"

namespace muster::process {
namespace asio = boost::asio;

Latch::Latch(asio::any_io_executor executor) : state_(std::make_shared<State>()) {
  state_->executor = std::move(executor);
}

void Latch::set() {
  if (state_->set) return;
  state_->set = true;
  for (asio::steady_timer* waiter : state_->waiters) waiter->cancel();
}

asio::awaitable<void> Latch::wait() const {
  // Not as the condition of a loop: g++ 12 makes a trap of that.
  for (bool set = false; !set;) {
    set = co_await wait_until(std::chrono::steady_clock::time_point::max());
  }
}

asio::awaitable<bool> Latch::wait_until(std::chrono::steady_clock::time_point deadline) const {
  const std::shared_ptr<State> state = state_;
  if (state->set) co_return true;
  asio::steady_timer timer(state->executor, deadline);
  state->waiters.push_back(&timer);
  // The entry goes with the frame, also when the frame is destroyed without being resumed.
  struct Entry {
    std::list<asio::steady_timer*>& waiters;
    std::list<asio::steady_timer*>::iterator at;
    ~Entry() { waiters.erase(at); }
  } entry{state->waiters, std::prev(state->waiters.end())};
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return state->set;
}

asio::awaitable<bool> until_ended(int pidfd, std::chrono::steady_clock::time_point deadline) {
  if (pidfd_ended(pidfd)) co_return true;
  const int copy = ::fcntl(pidfd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) co_return false;
  auto descriptor =
      std::make_shared<asio::posix::stream_descriptor>(co_await asio::this_coro::executor, copy);
  Latch ended(descriptor->get_executor());
  descriptor->async_wait(asio::posix::stream_descriptor::wait_read,
                         [ended, descriptor](boost::system::error_code failed) mutable {
                           if (!failed) ended.set();
                         });
  const bool in_time = co_await ended.wait_until(deadline);
  descriptor->cancel();
  co_return in_time;
}

}  // namespace muster::process
