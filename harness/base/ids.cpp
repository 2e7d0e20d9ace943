#include "base/ids.hpp"

#include <sys/random.h>

#include <stdexcept>

#include "base/digest.hpp"

namespace muster {

std::string random_bytes(std::size_t bytes) {
  std::string out(bytes, '\0');
  std::size_t have = 0;
  while (have < bytes) {
    const ssize_t got = getrandom(out.data() + have, bytes - have, 0);
    if (got < 0) throw std::runtime_error("getrandom failed");
    have += static_cast<std::size_t>(got);
  }
  return out;
}

std::string random_hex(std::size_t bytes) {
  return to_hex(random_bytes(bytes));
}

}  // namespace muster
