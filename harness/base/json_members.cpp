#include "base/json_members.hpp"

namespace muster {
namespace {

bool is_text(const Json& json) {
  return json.is_string();
}
bool is_integer(const Json& json) {
  return json.is_number_integer();
}
bool is_number(const Json& json) {
  return json.is_number();
}
bool is_flag(const Json& json) {
  return json.is_boolean();
}
bool is_object(const Json& json) {
  return json.is_object();
}
bool is_array(const Json& json) {
  return json.is_array();
}

}  // namespace

Members::Members(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
  if (!json_.is_object()) blame(path_.empty() ? "." : path_, "an object");
}

std::string Members::text(std::string_view name) {
  const Json* member = find(name, is_text, "a string", true);
  return member != nullptr ? member->get<std::string>() : std::string();
}

std::int64_t Members::number(std::string_view name) {
  const Json* member = find(name, is_integer, "an integer", true);
  return member != nullptr ? member->get<std::int64_t>() : 0;
}

bool Members::flag(std::string_view name) {
  const Json* member = find(name, is_flag, "true or false", true);
  return member != nullptr && member->get<bool>();
}

std::optional<std::string> Members::optional_text(std::string_view name) {
  const Json* member = find(name, is_text, "a string", false);
  if (member == nullptr) return std::nullopt;
  return member->get<std::string>();
}

std::optional<std::int64_t> Members::optional_number(std::string_view name) {
  const Json* member = find(name, is_integer, "an integer", false);
  if (member == nullptr) return std::nullopt;
  return member->get<std::int64_t>();
}

std::optional<double> Members::optional_real(std::string_view name) {
  const Json* member = find(name, is_number, "a number", false);
  if (member == nullptr) return std::nullopt;
  return member->get<double>();
}

bool Members::flag_or(std::string_view name, bool fallback) {
  const Json* member = find(name, is_flag, "true or false", false);
  return member != nullptr ? member->get<bool>() : fallback;
}

std::vector<std::int64_t> Members::numbers(std::string_view name) {
  std::vector<std::int64_t> numbers;
  if (const Json* member = find(name, is_array, "an array", false)) {
    for (const Json& element : *member) {
      if (element.is_number_integer())
        numbers.push_back(element.get<std::int64_t>());
      else
        blame(path_of(name), "an array of integers");
    }
  }
  return numbers;
}

std::vector<std::string> Members::texts(std::string_view name) {
  std::vector<std::string> texts;
  if (const Json* member = find(name, is_array, "an array", false)) {
    for (const Json& element : *member) {
      if (element.is_string())
        texts.push_back(element.get<std::string>());
      else
        blame(path_of(name), "an array of strings");
    }
  }
  return texts;
}

void Members::each(std::string_view name,
                   const std::function<void(const std::string&, Members&)>& each) {
  const Json* member = find(name, is_object, "an object", false);
  if (member == nullptr) return;
  for (const auto& [key, value] : member->items()) {
    Members inner(value, path_of(name) + "." + key);
    each(key, inner);
    if (!inner.bad_.empty()) blame(inner.bad_, inner.expected_.c_str());
  }
}

void Members::each_of(std::string_view name, const std::function<void(Members&)>& each) {
  const Json* member = find(name, is_array, "an array", false);
  if (member == nullptr) return;
  for (std::size_t i = 0; i < member->size(); ++i) {
    Members inner((*member)[i], path_of(name) + "[" + std::to_string(i) + "]");
    each(inner);
    if (!inner.bad_.empty()) blame(inner.bad_, inner.expected_.c_str());
  }
}

Result<void> Members::verdict(const std::string& code, const std::string& what) const {
  if (bad_.empty()) return {};
  return error(code, what + " has no proper member " + bad_ + ": " + expected_ + " expected");
}

const Json* Members::find(std::string_view name, IsType is_type, const char* type, bool required) {
  if (!json_.is_object()) return nullptr;
  const auto member = json_.find(name);
  const bool absent = member == json_.end() || member->is_null();
  if (!absent && is_type(*member)) return &*member;
  if (!absent || required) blame(path_of(name), type);
  return nullptr;
}

void Members::blame(const std::string& path, const char* type) {
  if (!bad_.empty()) return;
  bad_ = path;
  expected_ = type;
}

std::string Members::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

}  // namespace muster
