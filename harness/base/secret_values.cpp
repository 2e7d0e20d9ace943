#include "base/secret_values.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "base/secret_names.hpp"
#include "base/text.hpp"

namespace muster {
namespace {

constexpr std::size_t kShortest = 6;
constexpr std::size_t kShortestOfOneKind = 12;
constexpr std::size_t kMost = 256;      // secrets of a process
constexpr std::size_t kLongest = 8192;  // bytes of a secret; longer ones are known by these

bool of_one_kind(std::string_view value) {
  const auto all = [&](auto&& is) { return std::all_of(value.begin(), value.end(), is); };
  return all([](char c) { return c >= 'a' && c <= 'z'; }) ||
         all([](char c) { return c >= 'A' && c <= 'Z'; }) ||
         all([](char c) { return c >= '0' && c <= '9'; });
}

bool in_base64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

/// The characters of base64 behind a match in which the secret has a part.
std::size_t behind_base64(std::string_view text, std::size_t end) {
  for (int i = 0; i < 2 && end < text.size() && in_base64(text[end]); ++i) ++end;
  while (end < text.size() && text[end] == '=') ++end;
  return end;
}

}  // namespace

bool SecretValues::add(std::string_view value) {
  value = trim(value.substr(0, kLongest));
  if (value.size() < kShortest || (value.size() < kShortestOfOneKind && of_one_kind(value)))
    return false;
  if (values_.size() >= kMost || std::find(values_.begin(), values_.end(), value) != values_.end())
    return false;
  values_.emplace_back(value);
  std::vector<SecretSpelling> spellings{SecretSpelling::plain(value), SecretSpelling::hex(value)};
  for (int shift = 0; shift < 3; ++shift) spellings.push_back(SecretSpelling::base64(value, shift));
  for (SecretSpelling& spelling : spellings) {
    std::string beginnings = spelling.beginnings();
    std::sort(beginnings.begin(), beginnings.end());
    beginnings.erase(std::unique(beginnings.begin(), beginnings.end()), beginnings.end());
    // behind a character: the next one, or what may stand between the two
    const std::string nexts = spelling.beginnings(1) + "\n\r \t=\\%\"'";
    for (const char first : beginnings) {
      const auto byte = static_cast<unsigned char>(first);
      by_beginning_[byte].push_back(spellings_.size());
      // of a longer spelling of the character itself anything may follow
      const bool itself =
          (byte & 0x80U) == 0 && std::string_view("%\\&").find(first) == std::string_view::npos;
      if (!itself || spelling.size() < 2) next_[byte].set();
      for (const char next : nexts) next_[byte].set(static_cast<unsigned char>(next));
    }
    spellings_.push_back(std::move(spelling));
  }
  return true;
}

/// Two bytes tell most texts from secrets.
bool SecretValues::may_begin(std::string_view text, std::size_t at) const {
  const auto first = static_cast<unsigned char>(text[at]);
  if (by_beginning_[first].empty()) return false;
  return at + 1 >= text.size() || next_[first].test(static_cast<unsigned char>(text[at + 1]));
}

std::string SecretValues::mask(std::string_view text) const {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!may_begin(text, at)) continue;
    std::size_t end = 0;
    for (const std::size_t number : by_beginning_[static_cast<unsigned char>(text[at])]) {
      const auto match = spellings_[number].match(text, at);
      if (!match.whole) continue;
      end = std::max(end,
                     spellings_[number].is_base64() ? behind_base64(text, match.end) : match.end);
    }
    if (end == 0) continue;
    out += text.substr(copied, at - copied);
    out += kRedacted;
    copied = end;
    at = end - 1;
  }
  if (copied == 0) return std::string(text);
  return out += text.substr(copied);
}

SecretValues::OpenEnd SecretValues::open_end(std::string_view text) const {
  // a spelling takes at most some dozen bytes for a character, so the end is all there is to see
  std::size_t reach = 0;
  for (const auto& spelling : spellings_) reach = std::max(reach, 16 * spelling.size());
  for (std::size_t at = text.size() - std::min(text.size(), reach); at < text.size(); ++at) {
    if (!may_begin(text, at)) continue;
    std::size_t whole = 0;  // end of a secret that stands here: none begins within it
    OpenEnd open{text.size(), 0, false};
    for (const std::size_t number : by_beginning_[static_cast<unsigned char>(text[at])]) {
      const auto match = spellings_[number].match(text, at);
      if (match.whole) whole = std::max(whole, match.end);
      if (!match.cut || (open.position == at && match.characters <= open.characters)) continue;
      open = {at, match.characters, 2 * match.characters >= spellings_[number].size()};
    }
    if (whole > 0)
      at = whole - 1;
    else if (open.position == at)
      return open;
  }
  return {text.size(), 0, false};
}

namespace {

/// The secrets of this process: replaced as a whole, so that readers never wait for each other.
struct Known {
  std::mutex mutex;
  std::shared_ptr<const SecretValues> values;
};

Known& known() {
  static Known* const it = new Known;  // outlives whatever is written at exit
  return *it;
}

std::shared_ptr<const SecretValues> known_values() {
  const std::lock_guard lock(known().mutex);
  return known().values;
}

void keep(const std::vector<std::string>& secrets) {
  const std::lock_guard lock(known().mutex);
  auto values = known().values ? std::make_shared<SecretValues>(*known().values)
                               : std::make_shared<SecretValues>();
  bool any = false;
  for (const std::string& secret : secrets) any = values->add(secret) || any;
  if (any) known().values = std::move(values);
}

/// A name that says secret but names where one lies, or how long it holds.
bool names_no_value(std::string_view name) {
  static const RE2 about(
      "(?i)[_-](?:file|path|dir|folder|url|uri|ttl|timeout|seconds|size|length|count|type|name|"
      "expiry|expires|prefix|header|algorithm)$|tokens$");
  return RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), about);
}

}  // namespace

void keep_secret(std::string_view value) {
  keep({std::string(value)});
}

void keep_secrets_of(const std::vector<std::string>& environment) {
  static const RE2 password(R"([a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@]*:([^\s/?#"'<>]+)@)");
  std::vector<std::string> secrets;
  for (const std::string& variable : environment) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos) continue;
    const auto name = std::string_view(variable).substr(0, equals);
    const auto value = std::string_view(variable).substr(equals + 1);
    if (names_secret(name) && !names_no_value(name) && !tells_nothing(name, value))
      secrets.emplace_back(value);
    std::string within;
    if (RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), password, &within))
      secrets.push_back(within);
  }
  if (!secrets.empty()) keep(secrets);
}

std::string mask_known_secrets(std::string_view text) {
  const auto values = known_values();
  return values ? values->mask(text) : std::string(text);
}

SecretValues::OpenEnd open_end_of_known_secrets(std::string_view text) {
  const auto values = known_values();
  return values ? values->open_end(text) : SecretValues::OpenEnd{text.size(), 0, false};
}

}  // namespace muster
