#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "base/result.hpp"
#include "net/server.hpp"
#include "net/wire.hpp"

namespace muster::net {

/// Takes the connections of one server.
class Acceptor {
 public:
  virtual ~Acceptor() = default;
  /// With the port that the transport chose.
  virtual const Address& address() const = 0;
  /// The next connection; cancelled, or after close(), it throws operation_aborted. One at a time.
  virtual boost::asio::awaitable<std::unique_ptr<Wire>> accept() = 0;
  /// Nobody can connect any more when this returns.
  virtual void close() = 0;
};

/// What carries the bytes between programs: the kernel's sockets, or what this thread has in their
/// place (InPlace<Transport>).
class Transport {
 public:
  virtual ~Transport() = default;
  /// See Wire::connect.
  virtual boost::asio::awaitable<Result<std::unique_ptr<Wire>>> connect(
      Address address, Wire::Deadline deadline) = 0;
  /// See Server::listen for the rules and errors.
  virtual Result<std::shared_ptr<Acceptor>> listen(boost::asio::any_io_executor executor,
                                                   const Listen& where) = 0;
};

Transport& transport();

}  // namespace muster::net
