#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/address.hpp"

namespace muster::net {

/// A listening descriptor (CLOEXEC, non-blocking) and the socket file that goes with it, if it made
/// one.
class Listener {
 public:
  /// See Server::listen for the rules and errors.
  static Result<Listener> open(const Address& address);
  /// Takes over a descriptor that listens already.
  static Result<Listener> adopt(int descriptor);

  Listener(Listener&&) noexcept = default;
  Listener& operator=(Listener&&) = delete;
  /// Closes, and removes the socket file if it is still the one that open() made.
  ~Listener();

  /// For tests and for handing over; stays owned.
  int descriptor() const { return fd_.get(); }
  const Address& address() const { return address_; }

  /// The next connection, CLOEXEC and non-blocking; none with errno set (EAGAIN: nobody waits).
  UniqueFd accept();

 private:
  Listener(UniqueFd fd, Address address);

  UniqueFd fd_;
  Address address_;
  dev_t device_ = 0;
  ino_t inode_ = 0;  ///< 0: no file of ours
};

}  // namespace muster::net
