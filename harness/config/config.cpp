#include "config/config.hpp"

#include <fmt/format.h>

#include <limits>

#include "config/excerpt.hpp"
#include "config/text_value.hpp"

namespace muster::config {
namespace {

template <class T>
std::optional<T> read_as(const Value& value) {
  if (const auto* held = std::get_if<T>(&value.data)) return *held;
  return std::nullopt;
}

template <>
std::optional<int> read_as<int>(const Value& value) {
  const auto number = read_as<std::int64_t>(value);
  if (!number || *number < std::numeric_limits<int>::min() ||
      *number > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

template <>
std::optional<std::vector<std::string>> read_as<std::vector<std::string>>(const Value& value) {
  const auto* array = value.array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : *array) {
    const auto* text = std::get_if<std::string>(&item.data);
    if (text == nullptr) return std::nullopt;
    items.push_back(*text);
  }
  return items;
}

template <>
std::optional<std::chrono::milliseconds> read_as<std::chrono::milliseconds>(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  return text == nullptr ? std::nullopt : read_duration(*text);
}

template <class T>
constexpr std::string_view kAskedFor = "a string";
template <>
constexpr std::string_view kAskedFor<bool> = "true or false";
template <>
constexpr std::string_view kAskedFor<std::int64_t> = "an integer";
template <>
constexpr std::string_view kAskedFor<int> = "an integer of 32 bits";
template <>
constexpr std::string_view kAskedFor<double> = "a number";
template <>
constexpr std::string_view kAskedFor<std::vector<std::string>> = "a list of strings";
template <>
constexpr std::string_view kAskedFor<std::chrono::milliseconds> = "a duration";

}  // namespace

std::string_view to_string(Layer layer) {
  switch (layer) {
    case Layer::fallback:
      return "default";
    case Layer::file:
      return "file";
    case Layer::profile:
      return "profile";
    case Layer::environment:
      return "environment";
    case Layer::command_line:
      return "command line";
  }
  return "";
}

std::string to_string(const Origin& origin) {
  switch (origin.layer) {
    case Layer::fallback:
      return "default";
    case Layer::file:
      return to_string(origin.place);
    case Layer::profile:
      return to_string(origin.place) + " (profile " + origin.name + ")";
    case Layer::environment:
    case Layer::command_line:
      return origin.name;
  }
  return {};
}

const Setting* Config::setting(std::string_view key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : &settings_[found->second].second;
}

template <class T>
Result<std::optional<T>> Config::find(std::string_view key) const {
  const Setting* known = setting(key);
  if (known == nullptr) {
    return error("config_key_unknown", fmt::format("no table of keys has {}", key));
  }
  if (!known->value) return std::optional<T>();
  auto value = read_as<T>(*known->value);
  if (!value) {
    return error_at(
        key, "config_type",
        fmt::format("{} is {}, asked for as {}", key, what_it_is(*known->value), kAskedFor<T>));
  }
  return value;
}

template <class T>
Result<T> Config::get(std::string_view key) const {
  auto found = find<T>(key);
  if (!found) return found.error();
  if (!*found) {
    return error("config_key_unset", fmt::format("{} is not set", key),
                 file_.empty() ? "there is no muster.toml" : "set it in " + file_);
  }
  return std::move(**found);
}

#define MUSTER_CONFIG_TYPE(T)                                \
  template Result<T> Config::get<T>(std::string_view) const; \
  template Result<std::optional<T>> Config::find<T>(std::string_view) const;
MUSTER_CONFIG_TYPE(bool)
MUSTER_CONFIG_TYPE(std::int64_t)
MUSTER_CONFIG_TYPE(int)
MUSTER_CONFIG_TYPE(double)
MUSTER_CONFIG_TYPE(std::string)
MUSTER_CONFIG_TYPE(std::vector<std::string>)
MUSTER_CONFIG_TYPE(std::chrono::milliseconds)
#undef MUSTER_CONFIG_TYPE

const Value* Config::value(std::string_view key) const {
  const Setting* known = setting(key);
  return known == nullptr || !known->value ? nullptr : &*known->value;
}

bool Config::is_set(std::string_view key) const {
  const Setting* known = setting(key);
  return known != nullptr && known->value && known->origin.layer != Layer::fallback;
}

Origin Config::origin(std::string_view key) const {
  const Setting* known = setting(key);
  return known == nullptr ? Origin{} : known->origin;
}

std::vector<std::string> Config::names(std::string_view section) const {
  std::vector<std::string> found;
  for (const auto& [above, name] : tables_) {
    if (above == section && !name.starts_with('[')) found.push_back(name);
  }
  return found;
}

std::size_t Config::count(std::string_view section) const {
  const auto found = counts_.find(section);
  return found == counts_.end() ? 0 : found->second;
}

Error Config::error_at(std::string_view key, std::string code, std::string message,
                       std::string hint) const {
  const Setting* known = setting(key);
  if (known == nullptr || known->origin.layer == Layer::fallback) {
    return error(std::move(code), std::move(message), std::move(hint));
  }
  if (known->origin.place.line > 0 && known->origin.place.uri == file_) {
    return at(*text_, known->origin.place, known->value ? known->value->width : 1, std::move(code),
              std::move(message), std::move(hint));
  }
  Error made = error(std::move(code), std::move(message), std::move(hint));
  made.place = known->origin.place;  // of another file, whose text is not at hand
  if (made.place.line == 0) made.place.uri = known->origin.name;
  return made;
}

}  // namespace muster::config
