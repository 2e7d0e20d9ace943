#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::process {

/// A network namespace (network_namespaces(7)) with loopback up and nothing else: every port is
/// free in it, and nobody outside sees what listens there. Sockets stay in the namespace of the
/// thread that made them; a program is born into that of the thread that starts it. Path names of
/// unix sockets are seen from everywhere.
class Network {
 public:
  /// Makes one; the calling thread stays where it is. Error `network_unavailable` with the step
  /// that the kernel refused.
  static Result<Network> make();

  /// Moves the calling thread into it. Error `network_unavailable`.
  Result<void> enter() const;

  int fd() const { return fd_.get(); }

 private:
  explicit Network(UniqueFd fd) : fd_(std::move(fd)) {}
  friend class NetworkVisit;
  UniqueFd fd_;
};

/// The calling thread is in another network until the object is destroyed, on the same thread.
class NetworkVisit {
 public:
  /// Error `network_unavailable`.
  static Result<NetworkVisit> begin(const Network& network);
  NetworkVisit(NetworkVisit&&) noexcept = default;
  NetworkVisit& operator=(NetworkVisit&&) noexcept = delete;
  ~NetworkVisit();

 private:
  explicit NetworkVisit(Network home) : home_(std::move(home)) {}
  Network home_;
};

}  // namespace muster::process
