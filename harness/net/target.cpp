#include "net/target.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"

namespace muster::net {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes percent signs; nullopt when one is malformed.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return true;
  }
  return false;
}

Error bad(std::string message) {
  return error("bad_target", std::move(message));
}

/// What is wrong with the path, as sent and decoded; empty if nothing is.
std::string path_fault(std::string_view raw, std::string_view path) {
  for (std::size_t i = 0; i + 2 < raw.size(); ++i) {
    if (raw[i] != '%') continue;
    const int byte = hex_value(raw[i + 1]) * 16 + hex_value(raw[i + 2]);
    if (byte == '/' || byte == '\\') return "the path has an encoded slash";
  }
  if (has_control(path)) return "the path has an encoded control character";
  if (valid_utf8(path) != path) return "the path is not UTF-8";
  for (const auto& segment : split(path, '/')) {
    if (segment == "." || segment == "..") return "the path has a dot segment";
  }
  return {};
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return bad("the target does not begin with a slash");
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '#' || c == '\\') {
      return bad("the target has a character that no target has");
    }
  }
  const auto mark = target.find('?');
  const auto raw_path = target.substr(0, mark);
  const auto raw_query = mark == target.npos ? std::string_view{} : target.substr(mark + 1);
  auto path = percent_decode(raw_path);
  const auto query = percent_decode(raw_query);
  if (!path || !query) return bad("the target has a malformed percent sign");
  if (has_control(*query)) return bad("the query has an encoded control character");
  if (auto fault = path_fault(raw_path, *path); !fault.empty()) return bad(std::move(fault));
  return Target{std::move(*path), std::string(raw_query)};
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string query_value(std::string_view query, std::string_view name, std::string_view fallback) {
  for (const auto& pair : split(query, '&')) {
    const std::string_view view = pair;
    const auto equals = view.find('=');
    const auto key = percent_decode(view.substr(0, equals));
    if (!key || *key != name) continue;
    const auto value =
        percent_decode(equals == view.npos ? std::string_view{} : view.substr(equals + 1));
    if (value) return *value;
  }
  return std::string(fallback);
}

}  // namespace muster::net
