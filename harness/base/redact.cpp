#include "base/redact.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/secret_assignment.hpp"
#include "base/secret_values.hpp"
#include "base/text.hpp"

namespace muster {
namespace {

constexpr std::size_t kHeld = 3;  // characters of a secret in a row that are held back
constexpr std::string_view kKeyBegins = "-----BEGIN ";
constexpr std::string_view kKeyEnds = "PRIVATE KEY-----";

/// Whatever the patterns below may find has one of these: most texts have none.
bool may_hold_secrets(const std::string& text) {
  static const RE2 any(
      "(?i)token|secret|passw|passphrase|credential|key|[_-]pwd|authorization|cookie|"
      "bearer|basic|negotiate|://|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA|AIza|eyJ");
  return RE2::PartialMatch(text, any);
}

void redact_shapes(std::string& text) {
  static const RE2 pem(
      "(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|\\z)");
  static const RE2 issued(
      R"(\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,})"
      R"(|sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|AIza[\w-]{35})"
      R"(|eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*))");
  RE2::GlobalReplace(&text, pem, R"(\1[redacted]\2)");
  RE2::GlobalReplace(&text, issued, "[redacted]");
}

void redact_credentials(std::string& text) {
  // with the lines by which a header is continued
  static const RE2 header(
      R"((?im)^([ \t<>*]*(?:authorization|proxy-authorization|cookie|set-cookie)[ \t]*:[ \t]*))"
      R"([^\r\n]*[^\s](?:\r?\n[ \t]+[^\r\n]+)*)");
  static const RE2 scheme(R"((?i)\b(bearer|basic|negotiate)(?:[ \t+]|%20|\\?\r?\n|\\+[nrt])+)"
                          R"((?:[A-Za-z0-9._~+/=-]|%2[BbFfDd]|%3[Dd]|\\/)+)");
  static const RE2 url(R"(([a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@"'<>]*):[^\s/?#"'<>]+@)");
  RE2::GlobalReplace(&text, header, R"(\1[redacted])");
  RE2::GlobalReplace(&text, scheme, R"(\1 [redacted])");
  RE2::GlobalReplace(&text, url, R"(\1:[redacted]@)");
}

/// Everything below a name that says secret.
Json hidden(std::string_view name, const Json& value) {
  if (value.is_structured() && !value.empty()) {
    Json out = value;
    for (Json& item : out) item = hidden(name, item);
    return out;
  }
  if (value.is_null() || value.is_boolean() || value.is_structured()) return value;
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return tells_nothing(name, text) ? value : Json(kRedacted);
}

bool secret_word(const Json& word) {
  return word.is_string() && names_secret(word.get_ref<const std::string&>());
}

Json redact_list(const Json& list) {
  Json out = Json::array();
  const bool pair = list.size() == 2 && secret_word(list[0]) && list[1].is_string();
  bool hide = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json& item = list[i];
    const bool text = item.is_string();
    const std::string word = text ? item.get<std::string>() : "";
    out.push_back((hide && text && !word.starts_with('-')) || (pair && i == 1)
                      ? hidden({}, item)
                      : redacted_json(item));
    hide = text && word.starts_with("--") && word.find('=') == word.npos && names_secret(word);
  }
  return out;
}

/// `{"name": "Authorization", "value": …}`: whether this object gives a value to a secret's name.
bool gives_secret(const Json& object) {
  for (const char* name : {"name", "key", "header"}) {
    const auto at = object.find(name);
    if (at != object.end() && secret_word(*at)) return true;
  }
  return false;
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out = mask_known_secrets(text);
  if (!may_hold_secrets(out)) return out;
  redact_shapes(out);
  redact_credentials(out);
  return redact_assignments(out);
}

Json redacted_json(const Json& value) {
  if (value.is_string()) return redact(std::string_view(value.get_ref<const std::string&>()));
  if (value.is_array()) return redact_list(value);
  if (!value.is_object()) return value;
  Json members = Json::object();
  const bool given = gives_secret(value);
  for (const auto& [name, member] : value.items()) {
    const bool secret = names_secret(name) || (given && name == "value");
    members[mask_known_secrets(name)] = secret ? hidden(name, member) : redacted_json(member);
  }
  return members;
}

Json redacted_strings(const Json& value) {
  if (value.is_string()) return redact(std::string_view(value.get_ref<const std::string&>()));
  if (!value.is_structured()) return value;
  if (value.is_array()) {
    Json items = Json::array();
    for (const Json& item : value) items.push_back(redacted_strings(item));
    return items;
  }
  Json members = Json::object();
  for (const auto& [name, member] : value.items())
    members[mask_known_secrets(name)] = redacted_strings(member);
  return members;
}

std::string RedactedStream::pass(std::string_view piece) {
  held_ += piece;
  std::string text = std::move(held_);
  held_.clear();
  std::string out;
  if (in_private_key_) {
    const std::size_t end = text.find(kKeyEnds);
    if (end == text.npos) return out;
    in_private_key_ = false;
    text.erase(0, text.rfind("-----END ", end) == text.npos ? 0 : text.rfind("-----END ", end));
  }
  // a key that ends in a later piece is hidden up to its end
  const std::size_t key = text.rfind(kKeyBegins);
  const std::size_t begun = key == text.npos ? text.npos : text.find(kKeyEnds, key);
  if (begun != text.npos && text.find("-----END ", begun) == text.npos) {
    in_private_key_ = true;
    return redact(std::string_view(text).substr(std::exchange(shown_, 0))) + "\n";
  }
  // the longest that a secret may have begun stays for the next piece
  const auto open = open_end_of_known_secrets(text);
  held_ = text.substr(open.position);
  text.resize(open.position);
  const std::size_t shown = std::min(shown_, text.size());
  if (shown > 0) {
    const std::string masked = mask_known_secrets(text);
    if (masked.starts_with(std::string_view(text).substr(0, shown)))
      out = redact(std::string_view(masked).substr(shown));
    else
      out = redact(masked);  // what was shown is the beginning of a secret
  } else {
    out = redact(text);
  }
  shown_ -= shown;
  if (open.characters < kHeld) {
    // a line that ends in the first letter of a secret shall not wait
    out += std::string_view(held_).substr(shown_);
    shown_ = held_.size();
  }
  return out;
}

std::string RedactedStream::finish() {
  const std::string text = std::exchange(held_, {}).substr(std::exchange(shown_, 0));
  // cut off within a secret: what is there of it may be most of it
  const auto open = open_end_of_known_secrets(text);
  return redact(std::string_view(text).substr(0, open.position)) +
         (open.most ? std::string(kRedacted) + "\n"
                    : redact(std::string_view(text).substr(open.position)));
}

}  // namespace muster
