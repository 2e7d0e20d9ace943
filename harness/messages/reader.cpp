#include <limits>

#include "base/json.hpp"
#include "messages/kinds.hpp"
#include "messages/run_fields.hpp"

namespace muster::messages {
namespace {

/// Members nest less than 16 deep; what is left is for nested capture groups.
constexpr int kMaxDepth = 128;

class Reader {
 public:
  Reader(const Json& object, std::string& failure) : object_(object), failure_(failure) {}

  template <class T>
  void operator()(std::string_view name, T& member) {
    if (!failure_.empty()) return;
    const auto found = object_.find(name);
    if (found == object_.end()) {
      fail(name, "is missing");
      return;
    }
    read_member(name, *found, member);
  }
  template <class T>
  void operator()(std::string_view name, std::optional<T>& member) {
    if (!failure_.empty()) return;
    const auto found = object_.find(name);
    if (found == object_.end() || found->is_null()) return;
    read_member(name, *found, member.emplace());
  }

  template <class T>
  void read(const Json& json, T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) return fail("", "is not a string");
      value = json.get_ref<const std::string&>();
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) return fail("", "is not a boolean");
      value = json.get<bool>();
    } else if constexpr (std::is_integral_v<T>) {
      read_integer(json, value);
    } else if constexpr (std::is_enum_v<T>) {
      read_enumerator(json, value);
    } else {
      if (!json.is_object()) return fail("", "is not an object");
      Reader inner(json, failure_);
      fields(inner, value);
    }
  }
  template <class T>
  void read(const Json& json, std::vector<T>& items) {
    if (!json.is_array()) return fail("", "is not an array");
    items.reserve(json.size());
    for (std::size_t i = 0; i < json.size() && failure_.empty(); ++i) {
      read(json[i], items.emplace_back());
      if (!failure_.empty()) prefix("[" + std::to_string(i) + "]");
    }
  }

 private:
  template <class T>
  void read_member(std::string_view name, const Json& json, T& member) {
    read(json, member);
    if (!failure_.empty()) prefix(std::string(name));
  }

  template <class T>
  void read_integer(const Json& json, T& value) {
    if (!json.is_number_integer()) return fail("", "is not an integer");
    const bool too_big =
        json.is_number_unsigned() &&
        json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    const bool too_small =
        !json.is_number_unsigned() && json.get<std::int64_t>() < std::numeric_limits<T>::min();
    if (too_big || too_small) return fail("", "is out of range");
    value = json.get<T>();
  }

  template <class E>
  void read_enumerator(const Json& json, E& value) {
    if (json.is_string()) {
      const auto& text = json.get_ref<const std::string&>();
      for (std::size_t i = 0; i < kTexts<E>.size(); ++i) {
        if (kTexts<E>[i] != text) continue;
        value = static_cast<E>(i);
        return;
      }
    }
    fail("", "is none of the values that the protocol knows");
  }

  void fail(std::string_view name, std::string_view what) {
    failure_ = std::string(name) + " " + std::string(what);
  }
  void prefix(std::string name) {
    const bool joined = failure_.starts_with(' ') || failure_.starts_with('[');
    failure_ = std::move(name) + (joined ? "" : ".") + failure_;
  }

  const Json& object_;
  std::string& failure_;
};

template <std::size_t I = 0>
Result<Envelope> read_kind(std::size_t index, const Json& json) {
  if constexpr (I == std::variant_size_v<Envelope>) {
    return error("message_kind", "not a message");
  } else {
    if (index != I) return read_kind<I + 1>(index, json);
    std::variant_alternative_t<I, Envelope> message;
    std::string failure;
    Reader(json, failure).read(json, message);
    if (failure.empty()) return Envelope(std::move(message));
    const bool joined = failure.starts_with(' ');
    return error("message_member", std::string(kKinds[I]) + (joined ? "" : ".") + failure);
  }
}

}  // namespace

Result<Envelope> from_ndjson(std::string_view line) {
  const Result<Json> parsed = parse_json(line, kMaxDepth);
  if (!parsed) return parsed.error();
  const Json& json = *parsed;
  if (!json.is_object()) return error("message_kind", "a message is a JSON object");
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (const auto found = json.find(kKinds[i]); found != json.end()) return read_kind(i, *found);
  }
  return error("message_kind", json.empty() ? "an empty object is no message"
                                            : "no message of this protocol is named \"" +
                                                  json.begin().key() + "\"");
}

}  // namespace muster::messages
