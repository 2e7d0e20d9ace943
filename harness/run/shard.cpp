#include "run/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

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

Result<std::optional<Shard>> Shard::from_environment(const Environment& environment) {
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

Result<std::optional<Shard>> Shard::of_job(const Environment& environment) {
  static constexpr std::pair<const char*, std::size_t> kIndices[] = {
      {"SLURM_ARRAY_TASK_ID", 1}, {"JOB_COMPLETION_INDEX", 0}, {"PARALLEL_SEQ", 1}};
  std::string name;
  std::size_t first = 0;
  for (const auto& [candidate, from] : kIndices) {
    if (!environment(candidate)) continue;
    if (!name.empty()) {
      return error("bad_shard", fmt::format("both {} and {} are set", name, candidate),
                   "say which shard is meant: --shard I/N");
    }
    name = candidate;
    first = from;
  }
  if (name.empty()) return std::optional<Shard>();
  auto total_text = environment("MUSTER_SHARDS");
  std::string total_name = "MUSTER_SHARDS";
  // of an array of which only some tasks run, the count is not the number of shards
  if (!total_text && name.starts_with("SLURM") && environment("SLURM_ARRAY_TASK_MIN") == "1" &&
      environment("SLURM_ARRAY_TASK_MAX") == environment("SLURM_ARRAY_TASK_COUNT")) {
    total_name = "SLURM_ARRAY_TASK_COUNT";
    total_text = environment(total_name);
  }
  if (!total_text) {
    return error("bad_shard", fmt::format("{} is set without a total", name),
                 "set MUSTER_SHARDS to the number of shards, or say --shard I/N");
  }
  const auto index = number(*environment(name));
  const auto total = number(*total_text);
  if (!index || !total || *index < first || *index - first >= *total) {
    return error("bad_shard",
                 fmt::format("{}={} with {}={} is no shard", name, *environment(name), total_name,
                             *total_text),
                 fmt::format("{} counts from {}", name, first));
  }
  return std::optional<Shard>(Shard{*index - first, *total});
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
