#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace muster {

/// The body of a request as name and value, without the JSON library in a step file:
/// `console.post("/api/hearth/workspaces", {{"slug", slug}, {"tier", tier}});`
/// A value is a string, number, bool, list of strings, nested Fields, or any type with a free
/// function `to_text`.
class Fields {
 public:
  class Value {
   public:
    Value(const char* text) : json_(quoted(text)) {}
    Value(const std::string& text) : json_(quoted(text)) {}
    Value(std::string_view text) : json_(quoted(text)) {}
    Value(bool value) : json_(value ? "true" : "false") {}
    template <class T>
    requires(std::integral<T> && !std::same_as<T, bool>) Value(T value)
        : json_(std::to_string(value)) {}
    Value(double value);
    Value(const std::vector<std::string>& texts);
    Value(const Fields& nested) : json_(nested.json()) {}
    template <class T>
    requires requires(const T& value) {
      { to_text(value) } -> std::convertible_to<std::string>;
    }
    Value(const T& value) : json_(quoted(to_text(value))) {}

    const std::string& json() const { return json_; }

   private:
    static std::string quoted(std::string_view text);
    std::string json_;
  };

  Fields() = default;
  Fields(std::initializer_list<std::pair<std::string_view, Value>> members);

  /// Adds a member; a later one of the same name stays beside the earlier one.
  Fields& add(std::string_view name, const Value& value);

  /// One JSON object.
  std::string json() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace muster
