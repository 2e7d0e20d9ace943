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

/// The door of a keeper: a unix socket, one JSON object per line each way, for processes of the
/// same user only. It lies in a folder that the keeper's watchdog takes away; `keeper.sock` in the
/// folder of the scope is a link to it.
class ControlDoor {
 public:
  /// Tells the one who asked how things go, before the answer.
  using Say = std::function<void(const Json&)>;
  /// Answers a request; it may take its time, others are answered meanwhile.
  using Answer = std::function<boost::asio::awaitable<Json>(Json request, Say say)>;

  /// Error `control_failed`.
  static Result<ControlDoor> open(boost::asio::any_io_executor executor,
                                  const journal::Directory& folder,
                                  const std::string& socket_directory, Answer answer);
  ControlDoor(ControlDoor&&) noexcept;
  /// Takes socket and link away.
  ~ControlDoor();

  struct Impl;

 private:
  explicit ControlDoor(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

/// Asks the keeper of a scope; blocks for at most `within`. What it says before its answer (objects
/// with `event`) goes to `progress`. Errors: `no_keeper` when none answers the door,
/// `control_failed`, `interrupted` when `interrupt` (a descriptor, or -1) becomes readable.
Result<Json> ask_keeper(const journal::Directory& folder, const Json& request,
                        std::chrono::milliseconds within,
                        const std::function<void(const Json&)>& progress = {}, int interrupt = -1);

}  // namespace muster::environment
