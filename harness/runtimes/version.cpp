#include "runtimes/version.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.hpp"

namespace muster::runtimes {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Takes the digits at the beginning of `text`; nullopt when there are none, or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end == text.data()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Numbers with dots between, at most three of them kept. False when there is none.
bool take_numbers(std::string_view& text, Version& version) {
  const std::array<std::uint64_t*, 3> places{&version.major, &version.minor, &version.patch};
  version.given = 0;
  for (std::size_t i = 0;; ++i) {
    const std::optional<std::uint64_t> number = take_number(text);
    if (!number) return false;
    if (i < places.size()) {
      *places[i] = *number;
      ++version.given;
    }
    if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return true;
    text.remove_prefix(1);
  }
}

/// The pre-release words that are written without a hyphen too (PEP 440, Go, Ruby): the length of
/// the one at the beginning of `text` with its number.
std::size_t word_of_pre_release(std::string_view text) {
  for (const std::string_view word :
       {"alpha", "beta", "preview", "pre", "dev", "rc", "a", "b", "c"}) {
    if (!text.starts_with(word)) continue;
    std::size_t end = word.size();
    if (end < text.size() && text[end] == '.') ++end;
    const std::size_t digits = end;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == digits) end = word.size();
    if (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) return 0;
    return end;
  }
  return 0;
}

bool valid_pre_release(std::string_view text) {
  for (const std::string& part : split(text, '.')) {
    if (part.empty()) return false;
    for (char c : part) {
      if (!is_digit(c) && !is_letter(c) && c != '-') return false;
    }
  }
  return true;
}

int compare_numbers(std::uint64_t a, std::uint64_t b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/// Numbers of any length, without a conversion that could overflow.
int compare_digits(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

/// Identifiers one by one: numbers by value and below words, words bytewise, more above fewer.
int compare_pre_releases(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a.empty() == b.empty() ? 0 : a.empty() ? 1 : -1;
  const std::vector<std::string> left = split(a, '.');
  const std::vector<std::string> right = split(b, '.');
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    const bool left_number = all_digits(left[i]);
    if (left_number != all_digits(right[i])) return left_number ? -1 : 1;
    const int order = left_number ? compare_digits(left[i], right[i]) : left[i].compare(right[i]);
    if (order != 0) return order;
  }
  return compare_numbers(left.size(), right.size());
}

}  // namespace

int Version::compare(const Version& other) const {
  if (const int order = compare_numbers(major, other.major)) return order;
  if (const int order = compare_numbers(minor, other.minor)) return order;
  if (const int order = compare_numbers(patch, other.patch)) return order;
  return compare_pre_releases(pre, other.pre);
}

std::string to_string(const Version& version) {
  const std::string numbers = std::to_string(version.major) + "." + std::to_string(version.minor) +
                              "." + std::to_string(version.patch);
  return version.pre.empty() ? numbers : numbers + "-" + version.pre;
}

Result<Version> parse_version(std::string_view text) {
  const auto bad = [text](const std::string& why) {
    return error("bad_version", "'" + printable(shorten(text, 80)) + "' is no version: " + why,
                 "write numbers with dots between, as in 3.12.1");
  };
  std::string_view rest = trim(text);
  if (!rest.empty() && (rest[0] == 'v' || rest[0] == 'V')) rest.remove_prefix(1);
  Version version;
  if (!take_numbers(rest, version)) return bad("it does not begin with a number");
  if (rest.starts_with('_')) rest = {};  // an update of Java 8: 1.8.0_292
  rest = rest.substr(0, rest.find('+'));
  if (rest.empty()) return version;
  if (rest[0] == '-') {
    rest.remove_prefix(1);
    if (!valid_pre_release(rest)) return bad("its pre-release is malformed");
  } else if (word_of_pre_release(rest) != rest.size()) {
    return bad("'" + printable(rest) + "' stands behind its numbers");
  }
  version.pre = rest;
  return version;
}

std::optional<Version> find_version(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.')))
      continue;
    std::string_view rest = text.substr(at);
    Version version;
    if (!take_numbers(rest, version) || version.given < 2) continue;
    const bool hyphen = rest.starts_with('-');
    const std::size_t length = word_of_pre_release(rest.substr(hyphen ? 1 : 0));
    version.pre = rest.substr(hyphen ? 1 : 0, length);
    return version;
  }
  const std::size_t word = text.find("version");
  const std::size_t digit = text.find_first_of("0123456789", std::min(word, text.size()));
  if (digit == std::string_view::npos || digit > word + 12) return std::nullopt;
  std::string_view rest = text.substr(digit);
  Version version;
  if (!take_numbers(rest, version)) return std::nullopt;
  return version;
}

}  // namespace muster::runtimes
