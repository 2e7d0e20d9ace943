#pragma once

#include <stdexcept>
#include <string>

namespace muster::steps {

/// Thrown by muster::pending and muster::skip.
class Pending : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class Skipped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace muster::steps
