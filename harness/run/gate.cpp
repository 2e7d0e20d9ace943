#include "run/gate.hpp"

#include <utility>

namespace muster::run {

Gate all_of(std::vector<Gate> gates) {
  return [gates = std::move(gates)](const std::vector<std::string>& tags) {
    std::optional<Closed> verdict;
    for (const Gate& gate : gates) {
      auto closed = gate(tags);
      if (!closed) continue;
      if (closed->fails) return closed;
      if (!verdict) verdict = std::move(closed);
    }
    return verdict;
  };
}

}  // namespace muster::run
