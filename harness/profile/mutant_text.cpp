#include "profile/mutant_text.hpp"

#include <algorithm>
#include <cctype>

namespace muster::profile {
namespace {

/// Where line `number` begins; the end of `text` when it has fewer.
std::size_t start_of(std::string_view text, int number) {
  std::size_t at = 0;
  for (; number > 1; --number) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

std::size_t end_of(std::string_view text, std::size_t start) {
  return std::min(text.find('\n', start), text.size());
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::optional<std::string> replaced(std::string_view text, int number, std::string_view old,
                                    std::string_view by, bool whole) {
  const auto start = start_of(text, number);
  const auto end = end_of(text, start);
  for (auto at = text.find(old, start); at != std::string_view::npos && at + old.size() <= end;
       at = text.find(old, at + 1)) {
    const bool before = at > start && is_word(text[at - 1]);
    const bool behind = at + old.size() < end && is_word(text[at + old.size()]);
    if (whole && (before || behind)) continue;
    return std::string(text.substr(0, at)) + std::string(by) +
           std::string(text.substr(at + old.size()));
  }
  return std::nullopt;
}

}  // namespace

std::string insert_line(std::string_view text, int number, std::string_view line) {
  const auto start = start_of(text, number);
  if (start >= text.size()) return append_line(text, line);
  return std::string(text.substr(0, start)) + std::string(line) + "\n" +
         std::string(text.substr(start));
}

std::string without_line(std::string_view text, int number) {
  const auto start = start_of(text, number);
  const auto end = end_of(text, start);
  return std::string(text.substr(0, start)) +
         std::string(text.substr(std::min(end + 1, text.size())));
}

std::optional<std::string> replace_in_line(std::string_view text, int number, std::string_view old,
                                           std::string_view by) {
  return replaced(text, number, old, by, false);
}

std::optional<std::string> replace_word(std::string_view text, int number, std::string_view old,
                                        std::string_view by) {
  return replaced(text, number, old, by, true);
}

std::string append_line(std::string_view text, std::string_view line) {
  std::string out(text);
  if (!out.empty() && out.back() != '\n') out += '\n';
  return out + std::string(line) + "\n";
}

int line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<int>(std::count(
             text.begin(), text.begin() + static_cast<long>(std::min(offset, text.size())), '\n'));
}

}  // namespace muster::profile
