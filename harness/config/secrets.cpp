#include "config/secrets.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret_assignment.hpp"
#include "base/secret_names.hpp"
#include "base/secret_values.hpp"

namespace muster::config {
namespace {

/// What a command is given: `--password x` as a text, or as words of a list.
void secrets_of_command(const Value& value, std::vector<std::string>& secrets) {
  const auto take = [&](std::string_view text) {
    for (std::string& secret : assigned_secrets(text)) secrets.push_back(std::move(secret));
  };
  if (const auto* text = std::get_if<std::string>(&value.data)) take(*text);
  if (value.array() == nullptr) return;
  const std::string* before = nullptr;
  for (const Value& item : *value.array()) {
    const auto* word = std::get_if<std::string>(&item.data);
    if (word == nullptr) continue;
    take(*word);
    if (before != nullptr && before->starts_with("--") && !word->starts_with('-') &&
        before->find('=') == std::string::npos && names_secret(*before))
      secrets.push_back(*word);
    before = word;
  }
}

}  // namespace

void keep_secrets_of(const Config& config) {
  std::vector<std::string> named;
  for (const auto& [key, setting] : config.settings()) {
    if (!setting.value) continue;
    if (key.ends_with("command")) {
      std::vector<std::string> secrets;
      secrets_of_command(*setting.value, secrets);
      for (const std::string& secret : secrets) keep_secret(secret);
      continue;
    }
    const auto* text = std::get_if<std::string>(&setting.value->data);
    if (text == nullptr) continue;
    if (setting.spec->secret) {
      keep_secret(*text);
      continue;
    }
    const std::size_t dot = key.rfind('.');
    named.push_back((dot == key.npos ? key : key.substr(dot + 1)) + "=" + *text);
  }
  muster::keep_secrets_of(named);
}

}  // namespace muster::config
