#include "run/shard.hpp"

#include <fmt/format.h>

#include <charconv>

namespace muster::run {
namespace {

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<Shard> Shard::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return error("bad_shard", fmt::format("the shard \"{}\" has no total", text),
                 "write I/N, e.g. 2/5");
  }
  const auto index = number(text.substr(0, slash));
  const auto total = number(text.substr(slash + 1));
  if (!index || !total || *index < 1 || *index > *total) {
    return error("bad_shard", fmt::format("\"{}\" is no shard", text),
                 "write I/N with 1 <= I <= N, e.g. 2/5");
  }
  return Shard{*index - 1, *total};
}

Result<std::optional<Shard>> Shard::from_environment(
    const std::function<std::optional<std::string>(std::string_view)>& environment) {
  static constexpr const char* kNames[][2] = {{"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS"},
                                              {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"}};
  for (const auto& [index_name, total_name] : kNames) {
    const auto index_text = environment(index_name);
    const auto total_text = environment(total_name);
    if (!index_text && !total_text) continue;
    if (!index_text || !total_text) {
      return error("bad_shard",
                   fmt::format("{} is set without {}", index_text ? index_name : total_name,
                               index_text ? total_name : index_name));
    }
    const auto index = number(*index_text);
    const auto total = number(*total_text);
    if (!index || !total || *index >= *total) {
      return error("bad_shard", fmt::format("{}={} with {}={} is no shard", index_name, *index_text,
                                            total_name, *total_text));
    }
    return std::optional<Shard>(Shard{*index, *total});
  }
  return std::optional<Shard>();
}

std::string Shard::text() const {
  return fmt::format("{}/{}", index + 1, total);
}

void Shard::keep(std::vector<ChosenPickle>& chosen) const {
  std::size_t kept = 0;
  for (std::size_t i = index; i < chosen.size(); i += total) chosen[kept++] = chosen[i];
  chosen.resize(kept);
}

}  // namespace muster::run
