#include "muster/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace muster {

namespace asio = boost::asio;

Task<> all(std::vector<Task<>> tasks) {
  if (tasks.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using Op = decltype(asio::co_spawn(executor, std::declval<Task<>>(), asio::deferred));
  std::vector<Op> operations;
  operations.reserve(tasks.size());
  for (Task<>& task : tasks) {
    operations.push_back(asio::co_spawn(executor, std::move(task), asio::deferred));
  }
  auto [order, failures] =
      co_await asio::experimental::make_parallel_group(std::move(operations))
          .async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
  for (const std::size_t index : order) {
    if (failures[index]) std::rethrow_exception(failures[index]);
  }
}

}  // namespace muster
