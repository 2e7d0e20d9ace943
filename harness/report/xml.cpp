#include "report/xml.hpp"

#include "base/text.hpp"

namespace muster::report {
namespace {

/// Bytes of the terminal escape sequence that `text` begins with; 0 when it begins with none.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2 || text[0] != '\x1b') return 0;
  const auto within = [&](std::size_t at, unsigned char low, unsigned char high) {
    const auto byte = at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    return byte >= low && byte <= high;
  };
  std::size_t end = 2;
  if (text[1] == '[') {  // CSI: parameters, intermediates, one final byte
    while (within(end, 0x20, 0x3F)) ++end;
    return within(end, 0x40, 0x7E) ? end + 1 : end;
  }
  if (text[1] == ']') {  // OSC: up to BEL or ESC backslash
    while (end < text.size() && text[end] != '\a' && text[end] != '\x1b' && text[end] != '\n')
      ++end;
    if (end < text.size() && text[end] == '\a') return end + 1;
    return end + 1 < text.size() && text[end] == '\x1b' && text[end + 1] == '\\' ? end + 2 : end;
  }
  return within(1, 0x40, 0x5F) ? 2 : 0;
}

std::string escaped(std::string_view text, bool attribute) {
  std::string out;
  for (const char c : xml_legal(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '\r') {
      out += "&#13;";
    } else if (attribute && c == '"') {
      out += "&quot;";
    } else if (attribute && c == '\n') {
      out += "&#10;";
    } else if (attribute && c == '\t') {
      out += "&#9;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string xml_legal(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const auto byte = static_cast<unsigned char>(valid[at]);
    const std::string_view rest = std::string_view(valid).substr(at);
    if (const std::size_t escape = escape_length(rest); escape > 0) {
      at += escape;
    } else if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      at += 3;
    } else {
      if (byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r') out += valid[at];
      ++at;
    }
  }
  return out;
}

std::string xml_text(std::string_view text) {
  return escaped(text, false);
}

std::string xml_attribute(std::string_view text) {
  return '"' + escaped(text, true) + '"';
}

}  // namespace muster::report
