#include "base/ids.hpp"

#include <sys/random.h>

#include <stdexcept>

#include "base/digest.hpp"
#include "base/in_place.hpp"

namespace muster {

namespace {

class KernelRandom final : public RandomSource {
 public:
  void fill(std::span<char> into) override {
    while (!into.empty()) {
      const ssize_t got = getrandom(into.data(), into.size(), 0);
      if (got < 0) throw std::runtime_error("getrandom failed");
      into = into.subspan(static_cast<std::size_t>(got));
    }
  }
};

}  // namespace

std::string random_bytes(std::size_t bytes) {
  static KernelRandom kernel;
  std::string out(bytes, '\0');
  InPlace<RandomSource>::or_else(kernel).fill(out);
  return out;
}

std::string random_hex(std::size_t bytes) {
  return to_hex(random_bytes(bytes));
}

IncrementalIds IncrementalIds::unique() {
  // RFC 9562: the digits after the second and third dash begin with the version and the variant
  const std::string random = random_hex(9);
  IncrementalIds ids;
  ids.beginning_ = random.substr(0, 8) + "-" + random.substr(8, 4) + "-4" + random.substr(12, 3) +
                   "-8" + random.substr(15, 3) + "-";
  return ids;
}

std::string IncrementalIds::unique_text(std::uint64_t number) const {
  constexpr std::size_t kDigits = 12;
  constexpr const char* kHex = "0123456789abcdef";
  std::string id = beginning_ + std::string(kDigits, '0');
  for (std::size_t at = id.size(); number != 0 && at > beginning_.size(); number >>= 4) {
    id[--at] = kHex[number & 15];
  }
  return id;
}

}  // namespace muster
