#pragma once

#include <cstddef>

namespace muster::gherkin {

/// What may still be spent; over once more is asked for.
class Budget {
 public:
  explicit Budget(std::size_t left) : left_(left) {}

  bool spend(std::size_t amount) {
    over_ = over_ || amount > left_;
    left_ -= over_ ? left_ : amount;
    return !over_;
  }
  bool over() const { return over_; }

 private:
  std::size_t left_;
  bool over_ = false;
};

}  // namespace muster::gherkin
