#include "run/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>

#include "base/ids.hpp"

namespace muster::run {

Result<Order> Order::parse(std::string_view text) {
  Order order;
  if (text == "defined") return order;
  if (text == "reverse") {
    order.kind_ = Kind::reverse;
    return order;
  }
  order.kind_ = Kind::random;
  if (text == "random") {
    // short enough to be typed again
    const std::string hex = random_hex(4);
    std::from_chars(hex.data(), hex.data() + hex.size(), order.seed_, 16);
    return order;
  }
  constexpr std::string_view kSeeded = "random:";
  if (text.starts_with(kSeeded)) {
    const std::string_view seed = text.substr(kSeeded.size());
    const auto read = std::from_chars(seed.data(), seed.data() + seed.size(), order.seed_);
    if (read.ec == std::errc() && read.ptr == seed.data() + seed.size()) return order;
  }
  return error("bad_order", fmt::format("\"{}\" is no order", text),
               "give defined, reverse, random or random:SEED with a whole number");
}

std::string Order::text() const {
  switch (kind_) {
    case Kind::defined:
      return "defined";
    case Kind::reverse:
      return "reverse";
    case Kind::random:
      break;
  }
  return fmt::format("random:{}", seed_);
}

void Order::arrange(std::vector<ChosenPickle>& chosen) const {
  if (kind_ == Kind::reverse) std::reverse(chosen.begin(), chosen.end());
  if (kind_ != Kind::random) return;
  // by hand: std::shuffle and the distributions differ between standard libraries
  std::mt19937_64 generator(seed_);
  for (std::size_t left = chosen.size(); left > 1; --left) {
    std::swap(chosen[left - 1], chosen[generator() % left]);
  }
}

}  // namespace muster::run
