#include "journal/location.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.hpp"
#include "base/ids.hpp"

namespace muster::journal {
namespace {

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

Result<std::string> runtime_directory(const Environment& environment) {
  const auto value = [&](std::string_view name) { return environment(name).value_or(""); };
  if (const std::string own = value("MUSTER_RUNTIME_DIR"); !own.empty()) return own;
  if (const std::string state = value("XDG_STATE_HOME"); !state.empty() && state[0] == '/')
    return state + "/muster";
  if (const std::string home = value("HOME"); !home.empty()) return home + "/.local/state/muster";
  return error("runtime_dir_unknown", "there is no directory to keep runs in",
               "set MUSTER_RUNTIME_DIR, XDG_STATE_HOME or HOME");
}

std::string scope_of(const std::string& repository) {
  std::error_code failure;
  std::filesystem::path path = std::filesystem::weakly_canonical(repository, failure);
  if (failure) path = std::filesystem::path(repository).lexically_normal();
  std::string text = path.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return "repo-" + sha256_hex(text).substr(0, 12);
}

std::string run_id_of(WallTime now, std::string_view hex8) {
  const time_t seconds = now.seconds;
  tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z-{}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, hex8);
}

std::string make_run_id(WallTime now) {
  return run_id_of(now, random_hex(4));
}

bool is_run_id(std::string_view text) {
  if (text.size() != 25 || text[8] != 'T' || text[15] != 'Z' || text[16] != '-') return false;
  for (std::size_t i = 0; i < 15; ++i)
    if (i != 8 && (text[i] < '0' || text[i] > '9')) return false;
  return is_hex(text.substr(17));
}

bool is_scope(std::string_view text) {
  return text.size() == 17 && text.substr(0, 5) == "repo-" && is_hex(text.substr(5));
}

}  // namespace muster::journal
