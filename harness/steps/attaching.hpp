#pragma once

#include <functional>

#include "muster/attachment.hpp"

namespace muster::steps {

/// While it lives, what bodies on this thread attach goes to `take`.
class Attaching {
 public:
  using Take = std::function<void(const Attachment&)>;
  explicit Attaching(Take take);
  ~Attaching();
  Attaching(const Attaching&) = delete;
  Attaching& operator=(const Attaching&) = delete;

 private:
  Take take_;
  const Take* outer_;
};

}  // namespace muster::steps
