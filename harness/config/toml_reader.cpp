#include "config/toml_reader.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/excerpt.hpp"
#include "config/toml_shape.hpp"

namespace muster::config {
namespace {

Place place_of(const std::string& name, const toml::source_position& position) {
  return {name, static_cast<int>(position.line), static_cast<int>(position.column)};
}

int width_of(const toml::source_region& region) {
  if (region.end.line != region.begin.line || region.end.column <= region.begin.column) return 1;
  return static_cast<int>(region.end.column - region.begin.column);
}

Table convert(const std::string& name, const toml::table& table);

Value convert(const std::string& name, const toml::node& node) {
  Value value;
  value.place = place_of(name, node.source().begin);
  value.width = width_of(node.source());
  if (const auto* table = node.as_table()) {
    value.data = convert(name, *table);
  } else if (const auto* array = node.as_array()) {
    Array items;
    for (const auto& item : *array) items.push_back(convert(name, item));
    value.data = std::move(items);
  } else if (const auto* text = node.as_string()) {
    value.data = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.data = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.data = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.data = flag->get();
  } else {
    value.data = Date{};
  }
  return value;
}

Table convert(const std::string& name, const toml::table& table) {
  Table made;
  for (const auto& [key, node] : table) {
    Member member{std::string(key.str()), place_of(name, key.source().begin), convert(name, node)};
    // the key of an array of tables would stand at its last element
    const auto* array = node.as_array();
    if (array != nullptr && !array->empty() && array->is_array_of_tables() &&
        array->source().begin.line < key.source().begin.line) {
      member.place = place_of(name, array->source().begin);
    }
    made.members.push_back(std::move(member));
  }
  // toml++ keeps members by name
  std::stable_sort(made.members.begin(), made.members.end(), [](const Member& a, const Member& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  return made;
}

/// `Error while parsing array: Encountered …` as `array: encountered …`.
std::string sentence(std::string_view description) {
  constexpr std::string_view kPrefix = "Error while parsing ";
  if (description.starts_with(kPrefix)) description.remove_prefix(kPrefix.size());
  std::string text(trim(description));
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] += 'a' - 'A';
  if (text.ends_with('.')) text.pop_back();
  return printable(text);
}

}  // namespace

Result<Table> read_toml(const std::string& name, std::string_view text) {
  if (auto refused = refuse_shape(name, text)) return *refused;
  try {
    return convert(name, toml::parse(text, name));
  } catch (const toml::parse_error& failure) {
    return at(text, place_of(name, failure.source().begin), width_of(failure.source()),
              "config_syntax", sentence(failure.description()));
  }
}

}  // namespace muster::config
