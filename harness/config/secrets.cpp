#include "config/secrets.hpp"

#include <string>
#include <vector>

#include "base/secret_values.hpp"

namespace muster::config {

void keep_secrets_of(const Config& config) {
  std::vector<std::string> named;
  for (const auto& [key, setting] : config.settings()) {
    if (!setting.value) continue;
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
