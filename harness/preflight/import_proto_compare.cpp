#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "preflight/import_proto.hpp"
#include "preflight/import_proto_lexer.hpp"
#include "preflight/import_proto_value.hpp"

namespace muster::preflight {
namespace {

bool same_type(const std::string& said, const std::string& found) {
  if (!said.starts_with("?")) return said == found;
  const std::string name = said.substr(1);
  return found == name || found.ends_with("." + name);
}

bool same(const ProtoStatement& said, const ProtoStatement& found) {
  return said.shape == found.shape && said.types.size() == found.types.size() &&
         std::equal(said.types.begin(), said.types.end(), found.types.begin(), same_type);
}

/// The end of the Python string literal that begins at `at` (with its quote); npos if it has none.
std::size_t end_of_literal(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string ProtoStatement::text() const {
  std::string out;
  std::size_t next = 0;
  for (const char c : shape) {
    if (c != '%' || next >= types.size()) {
      out += c;
      continue;
    }
    const std::string& type = types[next++];
    out += type.starts_with("?") ? type.substr(1) : type;
  }
  return out;
}

std::string plain_integer(const std::string& text) {
  const bool negative = text.starts_with("-");
  const std::string_view digits = std::string_view(text).substr(negative ? 1 : 0);
  const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
  const int base = hex ? 16 : digits.size() > 1 && digits[0] == '0' ? 8 : 10;
  const std::string_view body = digits.substr(hex ? 2 : 0);
  unsigned long long value = 0;
  const auto read = std::from_chars(body.data(), body.data() + body.size(), value, base);
  if (read.ec != std::errc() || read.ptr != body.data() + body.size()) return text;
  return (negative && value != 0 ? "-" : "") + std::to_string(value);
}

std::string default_text(std::string_view type, const std::string& value) {
  if (type == "bytes") return "";
  if (type == "string") return " default \"" + value + "\"";
  if (type == "float" || type == "double") {
    char* end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    if (end != nullptr && *end == '\0') {
      const std::string text =
          type == "float" ? std::to_string(static_cast<float>(number)) : std::to_string(number);
      return " default " + text;
    }
  }
  return " default " + plain_integer(value);
}

Result<std::string> embedded_descriptor(std::string_view python) {
  std::size_t at = std::string_view::npos;
  for (const std::string_view marker : {"AddSerializedFile(", "serialized_pb="}) {
    at = python.find(marker);
    if (at != std::string_view::npos) {
      at += marker.size();
      break;
    }
  }
  if (at == std::string_view::npos) return error("no_descriptor", "holds no serialized descriptor");
  std::string bytes;
  bool any = false;
  // Literals beside each other are one.
  for (;;) {
    while (at < python.size() && (python[at] == ' ' || python[at] == '\n' || python[at] == '\r' ||
                                  python[at] == '\t' || python[at] == '\\'))
      ++at;
    if (at < python.size() && python[at] == 'b') ++at;
    if (at >= python.size() || (python[at] != '\'' && python[at] != '"')) break;
    const std::size_t end = end_of_literal(python, at);
    if (end == std::string_view::npos)
      return error("no_descriptor", "its serialized descriptor does not end");
    bytes += unescape_bytes(python.substr(at + 1, end - at - 1));
    at = end + 1;
    any = true;
  }
  if (!any) return error("no_descriptor", "its serialized descriptor is no bytes literal");
  return bytes;
}

std::vector<ProtoDifference> compare_protos(const ProtoFile& proto, const ProtoFile& stub) {
  std::vector<ProtoDifference> differences;
  for (const auto& [key, said] : proto.statements) {
    const auto found = stub.statements.find(key);
    if (found == stub.statements.end()) {
      differences.push_back({said.line, key, said.text(), "not there"});
    } else if (!same(said, found->second)) {
      differences.push_back({said.line, key, said.text(), found->second.text()});
    }
  }
  for (const auto& [key, found] : stub.statements) {
    if (proto.statements.count(key) == 0)
      differences.push_back({0, key, "not there", found.text()});
  }
  std::stable_sort(differences.begin(), differences.end(),
                   [](const ProtoDifference& a, const ProtoDifference& b) {
                     // What was removed has no line, and comes last.
                     return (a.line == 0 ? 1 << 30 : a.line) < (b.line == 0 ? 1 << 30 : b.line);
                   });
  return differences;
}

}  // namespace muster::preflight
