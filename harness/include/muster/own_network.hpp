#pragma once

#include <memory>

#include "muster/scenario.hpp"

namespace muster {

/// A network of the scenario's own, a fixture: only loopback, and every port of it is free, so that
/// programs with fixed ports run in several scenarios at once. From its making on the bodies of
/// steps, their clients and all programs that are started are in it; at the scenario's end they are
/// back. To be made before anything that listens, most simply so:
///
/// `BEFORE("@own-network") = [](OwnNetwork&) {};`
///
/// Skips the scenario where the kernel refuses it.
class OwnNetwork {
 public:
  explicit OwnNetwork(Scenario& scenario);
  ~OwnNetwork();
  OwnNetwork(const OwnNetwork&) = delete;
  OwnNetwork& operator=(const OwnNetwork&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster
