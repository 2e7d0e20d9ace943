#include "config/key_path.hpp"

#include <algorithm>

namespace muster::config {

std::vector<std::string> pattern_parts(std::string_view pattern) {
  std::vector<std::string> parts;
  while (!pattern.empty()) {
    const auto dot = std::min(pattern.find('.'), pattern.size());
    std::string_view part = pattern.substr(0, dot);
    const bool array = part.ends_with("[]");
    if (array) part.remove_suffix(2);
    parts.emplace_back(part);
    if (array) parts.emplace_back("[]");
    pattern.remove_prefix(std::min(dot + 1, pattern.size()));
  }
  return parts;
}

namespace {

/// Takes a quoted part off `key`, as key_part wrote it.
std::optional<std::string> take_quoted(std::string_view& key) {
  std::string part;
  for (std::size_t i = 1; i < key.size(); ++i) {
    if (key[i] == '"') {
      key.remove_prefix(i + 1);
      return part;
    }
    if (key[i] == '\\' && i + 1 < key.size()) {
      ++i;
      part += key[i] == 'n' ? '\n' : key[i] == 't' ? '\t' : key[i] == 'r' ? '\r' : key[i];
    } else {
      part += key[i];
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> key_parts(std::string_view key) {
  std::vector<std::string> parts;
  while (true) {
    if (key.starts_with('"')) {
      auto part = take_quoted(key);
      if (!part) return std::nullopt;
      parts.push_back(std::move(*part));
    } else {
      const auto end = std::min(key.find_first_of(".["), key.size());
      if (end == 0) return std::nullopt;
      parts.emplace_back(key.substr(0, end));
      key.remove_prefix(end);
    }
    if (key.starts_with('[')) {
      const auto close = key.find(']');
      if (close == std::string_view::npos || close == 1) return std::nullopt;
      parts.emplace_back(key.substr(0, close + 1));
      key.remove_prefix(close + 1);
    }
    if (key.empty()) return parts;
    if (key[0] != '.' || key.size() == 1) return std::nullopt;
    key.remove_prefix(1);
  }
}

bool part_fits(std::string_view pattern, std::string_view part) {
  const bool element = part.size() > 2 && part.front() == '[' && part.back() == ']' &&
                       part.find_first_not_of("0123456789", 1) == part.size() - 1;
  if (pattern == "[]") return element;
  return pattern == part || (pattern == "*" && !element);
}

}  // namespace muster::config
