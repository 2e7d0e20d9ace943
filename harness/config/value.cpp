#include "config/value.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::config {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

std::string number_text(double number) {
  std::string text = fmt::format("{}", number);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

struct Writer {
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
  std::string operator()(double number) const { return number_text(number); }
  std::string operator()(const std::string& text) const { return toml_string(text); }
  std::string operator()(const Date&) const { return "(a date)"; }
  std::string operator()(const Array& array) const {
    std::string out;
    for (const auto& value : array) out += (out.empty() ? "" : ", ") + to_toml(value);
    return "[" + out + "]";
  }
  std::string operator()(const Table& table) const {
    std::string out;
    for (const auto& member : table.members) {
      out += (out.empty() ? " " : ", ") + key_part(member.name) + " = " + to_toml(member.value);
    }
    return "{" + out + (out.empty() ? "}" : " }");
  }
};

struct Namer {
  std::string_view operator()(bool) const { return "a boolean"; }
  std::string_view operator()(std::int64_t) const { return "an integer"; }
  std::string_view operator()(double) const { return "a floating-point number"; }
  std::string_view operator()(const std::string&) const { return "a string"; }
  std::string_view operator()(const Date&) const { return "a date or time"; }
  std::string_view operator()(const Array&) const { return "an array"; }
  std::string_view operator()(const Table&) const { return "a table"; }
};

}  // namespace

const Value* Table::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == members.end() ? nullptr : &found->value;
}

std::string_view what_it_is(const Value& value) {
  return std::visit(Namer{}, value.data);
}

std::string to_toml(const Value& value) {
  return std::visit(Writer{}, value.data);
}

std::string key_part(std::string_view name) {
  const bool bare = !name.empty() && std::all_of(name.begin(), name.end(), is_bare);
  return bare ? std::string(name) : toml_string(name);
}

}  // namespace muster::config
