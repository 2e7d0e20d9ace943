#include <algorithm>
#include <limits>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "hocon/hocon.hpp"
#include "hocon/number.hpp"

namespace muster::hocon {
namespace {

using Elements = std::vector<std::string>;

void collect_paths(const Value& value, Elements& path, std::vector<std::string>& out) {
  if (value.kind != Kind::object || (value.fields.empty() && !path.empty())) {
    out.push_back(render_path(path));
    return;
  }
  for (const auto& [key, child] : value.fields) {
    path.push_back(key);
    collect_paths(child, path, out);
    path.pop_back();
  }
}

std::string said(const Value& value) {
  if (!value.environment.empty()) return "the value of " + join(value.environment, ", ");
  return "'" + shorten(printable(value.text), 60) + "'";
}

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::string_view names[] = {"null", "boolean", "number", "string", "list", "object"};
  return names[static_cast<int>(kind)];
}

const Value* Value::field(std::string_view key) const {
  for (const auto& [name, value] : fields)
    if (name == key) return &value;
  return nullptr;
}

std::string to_string(const Origin& origin) {
  Place place = origin.place;
  place.column = 0;
  if (origin.environment.empty()) return to_string(place);
  return "environment " + join(origin.environment, ", ") + " (" + to_string(place) + ")";
}

Config::Config(Value root, std::vector<Lint> lints, std::map<std::string, std::string> texts)
    : root_(std::move(root)), lints_(std::move(lints)), texts_(std::move(texts)) {}

const Value* Config::find(std::string_view path) const {
  const Result<Elements> elements = parse_path(path);
  if (!elements.ok()) return nullptr;
  const Value* value = &root_;
  for (const std::string& element : *elements) {
    value = value->field(element);
    if (!value) return nullptr;
  }
  return value;
}

Result<const Value*> Config::require(std::string_view path) const {
  const Result<Elements> elements = parse_path(path);
  if (!elements.ok()) return elements.error();
  const Value* value = &root_;
  for (const std::string& element : *elements) {
    const Value* next = value->field(element);
    if (!next) {
      const auto near = path.size() < 200 ? nearest(path, paths()) : std::nullopt;
      Error missing = refuse("missing", "there is no " + printable(path), *value);
      if (near) missing.hint = "did you mean " + *near + "?";
      return missing;
    }
    value = next;
  }
  return value;
}

Error Config::refuse(std::string code, std::string message, const Value& value) const {
  Error made = error(std::move(code), std::move(message));
  made.place = value.place;
  const auto text = texts_.find(value.place.uri);
  if (text != texts_.end() && value.place.line > 0)
    made.excerpt = std::string(line_of(text->second, value.place.line));
  if (made.excerpt.size() > 400) made.excerpt.clear();
  return made;
}

Result<Origin> Config::origin(std::string_view path) const {
  const Result<const Value*> value = require(path);
  if (!value.ok()) return value.error();
  return Origin{(*value)->place, (*value)->environment};
}

Result<std::string> Config::get_string(std::string_view path) const {
  const Result<const Value*> found = require(path);
  if (!found.ok()) return found.error();
  const Value& value = **found;
  switch (value.kind) {
    case Kind::string:
    case Kind::number:
      return value.text;
    case Kind::boolean:
      return std::string(value.boolean ? "true" : "false");
    case Kind::null:
      return refuse("null", printable(path) + " is null", value);
    default:
      return refuse("type",
                    printable(path) + " should be a string, not a value of type " +
                        std::string(name_of(value.kind)),
                    value);
  }
}

Result<bool> Config::get_bool(std::string_view path) const {
  const Result<const Value*> found = require(path);
  if (!found.ok()) return found.error();
  const Value& value = **found;
  if (value.kind == Kind::boolean) return value.boolean;
  if (value.kind == Kind::string) {
    for (const std::string_view yes : {"true", "yes", "on"})
      if (value.text == yes) return true;
    for (const std::string_view no : {"false", "no", "off"})
      if (value.text == no) return false;
  }
  if (value.kind == Kind::null) return refuse("null", printable(path) + " is null", value);
  return refuse("type", printable(path) + " should be true or false", value);
}

Result<double> Config::get_double(std::string_view path) const {
  const Result<const Value*> found = require(path);
  if (!found.ok()) return found.error();
  const Value& value = **found;
  const bool numeric =
      value.kind == Kind::number || (value.kind == Kind::string && is_number(value.text));
  if (numeric) return real(value.text);
  if (value.kind == Kind::null) return refuse("null", printable(path) + " is null", value);
  return refuse("type",
                printable(path) + " should be a number" +
                    (value.kind == Kind::string ? ", not " + said(value) : ""),
                value);
}

Result<std::int64_t> Config::get_int(std::string_view path) const {
  const Result<double> number = get_double(path);
  if (!number.ok()) return number.error();
  const Value& value = *find(path);
  if (const auto integer = whole(value.text)) return *integer;
  return refuse(
      "type", printable(path) + " should be a whole number of 64 bits, not " + said(value), value);
}

Result<std::int64_t> Config::get_duration_ns(std::string_view path) const {
  const Result<std::string> text = get_string(path);
  if (!text.ok()) return text.error();
  const Result<std::int64_t> parsed = parse_duration_ns(*text);
  if (parsed.ok()) return *parsed;
  const Value& value = *find(path);
  const std::string why = value.environment.empty() ? parsed.error().message : "no duration";
  Error bad = refuse("value", printable(path) + " is " + said(value) + ": " + why, value);
  bad.hint = parsed.error().hint;
  return bad;
}

Result<std::int64_t> Config::get_duration_ms(std::string_view path) const {
  const Result<std::int64_t> nanoseconds = get_duration_ns(path);
  if (!nanoseconds.ok()) return nanoseconds.error();
  return *nanoseconds / 1'000'000;
}

Result<std::int64_t> Config::get_bytes(std::string_view path) const {
  const Result<std::string> text = get_string(path);
  if (!text.ok()) return text.error();
  const Result<std::int64_t> parsed = parse_bytes(*text);
  if (parsed.ok()) return *parsed;
  const Value& value = *find(path);
  const std::string why = value.environment.empty() ? parsed.error().message : "no size";
  Error bad = refuse("value", printable(path) + " is " + said(value) + ": " + why, value);
  bad.hint = parsed.error().hint;
  return bad;
}

Result<std::vector<Value>> Config::get_list(std::string_view path) const {
  const Result<const Value*> found = require(path);
  if (!found.ok()) return found.error();
  const Value& value = **found;
  if (value.kind == Kind::list) return value.items;
  if (value.kind == Kind::null) return refuse("null", printable(path) + " is null", value);
  std::map<std::int64_t, Value> numbered;
  for (const auto& [key, item] : value.fields) {
    const bool digits = !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
    const auto index = digits && is_number(key) ? whole(key) : std::nullopt;
    if (index && *index <= std::numeric_limits<std::int32_t>::max()) numbered[*index] = item;
  }
  if (numbered.empty())
    return refuse("type",
                  printable(path) + " should be a list, not a value of type " +
                      std::string(name_of(value.kind)),
                  value);
  std::vector<Value> items;
  for (auto& [index, item] : numbered) items.push_back(std::move(item));
  return items;
}

Result<std::vector<std::string>> Config::get_strings(std::string_view path) const {
  const Result<std::vector<Value>> items = get_list(path);
  if (!items.ok()) return items.error();
  std::vector<std::string> texts;
  for (const Value& item : *items) {
    if (item.kind == Kind::boolean) {
      texts.emplace_back(item.boolean ? "true" : "false");
    } else if (item.kind == Kind::string || item.kind == Kind::number) {
      texts.push_back(item.text);
    } else {
      return refuse("type",
                    printable(path) + " should be a list of strings, but has a value of type " +
                        std::string(name_of(item.kind)),
                    item);
    }
  }
  return texts;
}

std::vector<std::string> Config::paths() const {
  std::vector<std::string> out;
  Elements path;
  collect_paths(root_, path, out);
  return out;
}

std::string Config::to_json(Secrets secrets, bool indented) const {
  return hocon::to_json(root_, secrets, indented);
}

}  // namespace muster::hocon
