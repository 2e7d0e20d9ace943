#pragma once

#include <utility>

namespace muster {

/// Puts `one` in the place of the machine's own for this thread, for as long as it lives: a
/// simulation gives its programs its own clock, network and random bytes. `Interface` says which.
template <class Interface>
class InPlace {
 public:
  explicit InPlace(Interface& one) : before_(std::exchange(current_, &one)) {}
  InPlace(const InPlace&) = delete;
  InPlace& operator=(const InPlace&) = delete;
  ~InPlace() { current_ = before_; }

  /// What stands in the place in this thread, else `machine`.
  static Interface& or_else(Interface& machine) {
    return current_ == nullptr ? machine : *current_;
  }

 private:
  inline static thread_local Interface* current_ = nullptr;
  Interface* before_;
};

}  // namespace muster
