#include "preflight/import_source.hpp"

#include <fstream>

#include "base/diagnostic.hpp"

namespace muster::preflight {

std::optional<std::string> read_source(const std::string& file, std::size_t limit) {
  std::ifstream in(file, std::ios::binary);
  std::string text;
  char buffer[16384];
  while (text.size() < limit && (in.read(buffer, sizeof buffer) || in.gcount() > 0))
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
  if (in.bad() || (!in.eof() && text.empty())) return std::nullopt;
  if (text.size() > limit) text.resize(limit);
  return text;
}

std::string source_line_of(const std::string& file, int line) {
  const std::optional<std::string> text = read_source(file);
  return text ? std::string(line_of(*text, line)) : std::string();
}

void append_utf8(std::string& text, unsigned code) {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (code & 0x3f));
  }
}

}  // namespace muster::preflight
