#include "shard/attempt_name.hpp"

#include <fmt/format.h>

#include <charconv>

namespace muster::shard {
namespace {

constexpr std::string_view kWhole = ".ndjson";
constexpr std::string_view kPartial = ".ndjson.partial";

/// Takes `before` and a number behind it from the front of `text`.
bool take(std::string_view& text, std::string_view before, std::size_t& number) {
  if (!text.starts_with(before)) return false;
  text.remove_prefix(before.size());
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return true;
}

}  // namespace

std::string AttemptName::text() const {
  return fmt::format("shard-{}-of-{}.attempt-{}{}", shard, shards, attempt,
                     partial ? kPartial : kWhole);
}

std::optional<AttemptName> AttemptName::parse(std::string_view name) {
  AttemptName made;
  if (!take(name, "shard-", made.shard) || !take(name, "-of-", made.shards) ||
      !take(name, ".attempt-", made.attempt)) {
    return std::nullopt;
  }
  made.partial = name == kPartial;
  if (name != kWhole && !made.partial) return std::nullopt;
  return made;
}

}  // namespace muster::shard
