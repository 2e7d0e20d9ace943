#pragma once

#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"

namespace muster::expressions {

/// Reads the subset of YAML that the conformance cases are written in: block mappings and
/// sequences, plain and quoted scalars, `|-` literals, `[]` and `[null]`. For tests only; throws on
/// anything else.
class ConformanceYaml {
 public:
  static Json parse(std::string_view text) {
    ConformanceYaml reader;
    reader.lines_ = split(text, '\n');
    if (!reader.lines_.empty() && reader.lines_[0] == "---") reader.at_ = 1;
    return reader.mapping(0);
  }

 private:
  static std::size_t indent_of(std::string_view line) { return line.find_first_not_of(' '); }

  void skip_empty() {
    while (at_ < lines_.size() && trim(lines_[at_]).empty()) ++at_;
  }

  bool sequence_at(std::size_t indent) {
    skip_empty();
    return at_ < lines_.size() && indent_of(lines_[at_]) == indent && lines_[at_][indent] == '-';
  }

  Json mapping(std::size_t indent) {
    Json made = Json::object();
    for (skip_empty(); at_ < lines_.size(); skip_empty()) {
      const std::string line = lines_[at_];
      if (indent_of(line) != indent || line[indent] == '-') break;
      const std::size_t colon = line.find(':', indent);
      if (colon == std::string::npos) throw std::runtime_error("no key in: " + line);
      const std::string key = line.substr(indent, colon - indent);
      made[key] = value(trim(line.substr(colon + 1)), indent);
    }
    return made;
  }

  Json value(std::string_view rest, std::size_t indent) {
    ++at_;
    if (rest == "|-") return literal(indent);
    if (!rest.empty()) return scalar(rest);
    if (sequence_at(indent)) return sequence(indent);
    if (sequence_at(indent + 2)) return sequence(indent + 2);
    if (at_ < lines_.size() && indent_of(lines_[at_]) == indent + 2) return mapping(indent + 2);
    return nullptr;
  }

  Json sequence(std::size_t indent) {
    Json made = Json::array();
    while (sequence_at(indent)) {
      const std::string item(trim(lines_[at_].substr(indent + 1)));
      const bool is_mapping = !item.empty() && std::isalpha(static_cast<unsigned char>(item[0])) &&
                              item.find(": ") != std::string::npos;
      if (is_mapping) {
        lines_[at_][indent] = ' ';
        made.push_back(mapping(indent + 2));
      } else {
        ++at_;
        made.push_back(scalar(item));
      }
    }
    return made;
  }

  Json literal(std::size_t indent) {
    std::string text;
    while (at_ < lines_.size() && (lines_[at_].empty() || indent_of(lines_[at_]) > indent)) {
      text += lines_[at_].empty() ? "\n" : lines_[at_].substr(indent + 2) + "\n";
      ++at_;
    }
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  static Json scalar(std::string_view text) {
    if (text.empty() || text == "null" || text == "~") return nullptr;
    if (text[0] == '[') return parse_json(text).value_or_throw();
    if (text[0] == '"') return parse_json(text).value_or_throw();
    if (text[0] == '\'') {
      std::string plain;
      for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        plain += text[i];
        if (text[i] == '\'') ++i;
      }
      return plain;
    }
    if (Result<Json> number = parse_json(text); number && number->is_number()) return *number;
    return std::string(text);
  }

  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

}  // namespace muster::expressions
