#include "run/tier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace muster::run {
namespace {

constexpr std::string_view kTag = "@tier-";
constexpr int kUnknown = std::numeric_limits<int>::max();
constexpr int kCai = kUnknown - 1;

}  // namespace

Result<Tier> Tier::parse(std::string_view text) {
  if (text == "cai") return Tier(kCai);
  int rank = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), rank);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || rank < 0 || rank >= kCai) {
    return error("bad_tier", fmt::format("\"{}\" is no tier", text), "give 0, 1, … or cai");
  }
  return Tier(rank);
}

Tier Tier::of(const std::vector<std::string>& tags) {
  Tier highest(0);
  for (const std::string_view tag : tags) {
    if (!tag.starts_with(kTag)) continue;
    const auto tier = parse(tag.substr(kTag.size()));
    highest = std::max(highest, tier ? *tier : Tier(kUnknown));
  }
  return highest;
}

std::string Tier::name() const {
  if (rank_ == kUnknown) return "of a name that is no tier";
  return rank_ == kCai ? "cai" : std::to_string(rank_);
}

Gate tier_gate(Tier highest) {
  return [highest](const std::vector<std::string>& tags) -> std::optional<Closed> {
    const Tier tier = Tier::of(tags);
    if (tier <= highest) return std::nullopt;
    return Closed{false, fmt::format("tier {} is above --tier {}", tier.name(), highest.name())};
  };
}

}  // namespace muster::run
