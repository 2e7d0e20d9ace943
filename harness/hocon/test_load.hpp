#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "hocon/hocon.hpp"

namespace muster::hocon {

/// Options of a fixed environment and of files that are only in memory.
inline Options options_of(std::map<std::string, std::string> environment = {},
                          std::map<std::string, std::string> files = {}) {
  Options options;
  options.environment = std::move(environment);
  options.reader = [files](const std::string& path) -> Result<std::optional<std::string>> {
    const auto file = files.find(path);
    if (file == files.end()) return std::optional<std::string>();
    return std::optional<std::string>(file->second);
  };
  return options;
}

/// What `text` resolves to as JSON, or `code:line:column` of the error.
inline std::string resolved(std::string_view text, const Options& options = options_of()) {
  const auto config = load_text("a.conf", text, options);
  if (config.ok()) return config->to_json(Secrets::shown);
  const Error& bad = config.error();
  return bad.code + ":" + std::to_string(bad.place.line) + ":" + std::to_string(bad.place.column);
}

inline Config loaded(std::string_view text, const Options& options = options_of()) {
  auto config = load_text("a.conf", text, options);
  if (config.ok()) return std::move(config).value();
  ADD_FAILURE() << render(config.error());
  return Config({}, {}, {});
}

}  // namespace muster::hocon
