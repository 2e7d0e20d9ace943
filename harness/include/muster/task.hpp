#pragma once

#include <boost/asio/awaitable.hpp>
#include <utility>
#include <vector>

namespace muster {

/// What a coroutine step returns. It runs on the body thread's io_context against the step's
/// deadline and is cancelled there.
template <class T = void>
using Task = boost::asio::awaitable<T>;

/// Runs all tasks at once and ends when all have ended. The first failure cancels the others and is
/// thrown.
Task<> all(std::vector<Task<>> tasks);

/// The same, for tasks at hand: `co_await muster::all(ralph.follow("a"), ralph.follow("b"));`
template <class... More>
Task<> all(Task<> first, More... more) {
  std::vector<Task<>> tasks;
  tasks.reserve(1 + sizeof...(more));
  tasks.push_back(std::move(first));
  (tasks.push_back(std::move(more)), ...);
  return all(std::move(tasks));
}

}  // namespace muster
