#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "journal/directory.hpp"

namespace muster::environment {

/// The door of a keeper: a unix socket `keeper.sock` in the folder of the scope, one JSON object
/// per line each way, for processes of the same user only.
class ControlDoor {
 public:
  /// Answers a request; it may take its time, others are answered meanwhile.
  using Answer = std::function<boost::asio::awaitable<Json>(Json request)>;

  /// Error `control_failed`.
  static Result<ControlDoor> open(boost::asio::any_io_executor executor,
                                  const journal::Directory& folder, Answer answer);
  ControlDoor(ControlDoor&&) noexcept;
  /// Takes the socket away.
  ~ControlDoor();

  struct Impl;

 private:
  explicit ControlDoor(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

/// Asks the keeper of a scope; blocks for at most `within`. Errors: `no_keeper` when none answers
/// the door, `control_failed`.
Result<Json> ask_keeper(const journal::Directory& folder, const Json& request,
                        std::chrono::milliseconds within);

}  // namespace muster::environment
