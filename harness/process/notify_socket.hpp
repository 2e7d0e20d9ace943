#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::process {

/// Receives sd_notify(3) datagrams of one program on a unix socket; removed with the object.
class NotifySocket {
 public:
  /// Binds `path`. Errors `path_too_long`, `socket_failed`.
  static Result<std::unique_ptr<NotifySocket>> make(boost::asio::any_io_executor executor,
                                                    std::string path);
  ~NotifySocket();

  const std::string& path() const;
  /// READY=1 has arrived.
  bool ready() const;
  boost::asio::awaitable<void> until_ready();
  /// The last STATUS= line, made harmless for terminals.
  const std::string& status() const;

 private:
  struct Impl;
  explicit NotifySocket(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::process
