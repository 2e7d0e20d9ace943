#include "config/flatten.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "config/excerpt.hpp"
#include "config/key_path.hpp"
#include "config/text_value.hpp"

namespace muster::config {
namespace {

/// A KeySpec with its key taken apart.
struct Pattern {
  const KeySpec* spec;
  std::vector<std::string> parts;
};
using Patterns = std::vector<const Pattern*>;

/// Beyond so many problems nobody reads on, and their excerpts would cost the square of a file.
constexpr std::size_t kMaxProblems = 20;

class Flattener {
 public:
  Flattener(const Schema& schema, std::string_view text, std::vector<Diagnostic>& problems)
      : text_(text), problems_(problems) {
    for (const auto& spec : schema.keys()) patterns_.push_back({&spec, pattern_parts(spec.key)});
  }

  Flat run(const Table& table, bool top) {
    Patterns all;
    for (const auto& pattern : patterns_) all.push_back(&pattern);
    walk(table, all, 0, {}, top);
    return std::move(flat_);
  }

 private:
  void walk(const Table& table, const Patterns& among, std::size_t depth,
            const std::string& section, bool top) {
    for (const auto& member : table.members) {
      if (top && member.name == "profiles") continue;
      if (problems_.size() >= kMaxProblems) return;
      const std::string key =
          section.empty() ? key_part(member.name) : section + "." + key_part(member.name);
      bool named = false;
      const Patterns fits = fitting(among, depth, member.name, named);
      if (fits.empty()) {
        unknown(member, among, depth, key);
        continue;
      }
      if (named) flat_.named.emplace_back(section, key_part(member.name));
      take(member, fits, depth + 1, key);
    }
  }

  /// Those of `among` whose part at `depth` is `name`; else those that take any name there.
  static Patterns fitting(const Patterns& among, std::size_t depth, const std::string& name,
                          bool& named) {
    Patterns exact;
    Patterns any;
    for (const auto* pattern : among) {
      if (depth >= pattern->parts.size()) continue;
      if (pattern->parts[depth] == name) exact.push_back(pattern);
      if (pattern->parts[depth] == "*") any.push_back(pattern);
    }
    named = exact.empty();
    return named ? any : exact;
  }

  void take(const Member& member, const Patterns& fits, std::size_t depth, const std::string& key) {
    const auto leaf = std::find_if(fits.begin(), fits.end(), [&](const Pattern* pattern) {
      return pattern->parts.size() == depth;
    });
    const bool deeper = std::any_of(fits.begin(), fits.end(), [&](const Pattern* pattern) {
      return pattern->parts.size() > depth && pattern->parts[depth] != "[]";
    });
    const bool elements = std::any_of(fits.begin(), fits.end(), [&](const Pattern* pattern) {
      return pattern->parts.size() > depth && pattern->parts[depth] == "[]";
    });
    const auto* table = member.value.table();
    if (deeper && table != nullptr) {
      walk(*table, fits, depth, key, false);
    } else if (elements && member.value.array() != nullptr) {
      walk_elements(member, fits, depth, key);
    } else if (leaf != fits.end()) {
      take_value(member.value, *(*leaf)->spec, key);
    } else {
      complain(member.value.place, member.value.width, "config_type",
               elements
                   ? fmt::format("{} is an array of tables, not {}", key, what_it_is(member.value))
                   : fmt::format("{} is a section, not {}", key, what_it_is(member.value)),
               elements ? "write [[" + key + "]]" : "write [" + key + "] and its keys below");
    }
  }

  void walk_elements(const Member& member, const Patterns& fits, std::size_t depth,
                     const std::string& key) {
    flat_.arrays.push_back(key);
    std::size_t index = 0;
    for (const auto& element : *member.value.array()) {
      const std::string name = fmt::format("[{}]", index++);
      if (element.table() == nullptr) {
        complain(element.place, element.width, "config_type",
                 fmt::format("{}{} is a table, not {}", key, name, what_it_is(element)), {});
        return;
      }
      flat_.named.emplace_back(key, name);
      Patterns inside;
      for (const auto* pattern : fits) {
        if (pattern->parts.size() > depth && pattern->parts[depth] == "[]")
          inside.push_back(pattern);
      }
      walk(*element.table(), inside, depth + 1, key + name, false);
    }
  }

  void take_value(const Value& value, const KeySpec& spec, const std::string& key) {
    Value checked = value;
    if (auto refused = refuse_value(spec, key, checked)) {
      complain(value.place, value.width, refused->code, refused->message, refused->hint);
      if (spec.secret) problems_.back().excerpt.clear();
      return;
    }
    flat_.entries.push_back({key, &spec, std::move(checked)});
  }

  void unknown(const Member& member, const Patterns& among, std::size_t depth,
               const std::string& key) {
    const std::string section =
        key.substr(0, key.size() - std::min(key.size(), key_part(member.name).size()));
    std::set<std::string> names;
    for (const auto* pattern : among) {
      if (depth < pattern->parts.size() && pattern->parts[depth] != "*" &&
          pattern->parts[depth] != "[]") {
        names.insert(pattern->parts[depth]);
      }
    }
    std::string hint;
    if (const auto near = nearest(member.name, {names.begin(), names.end()})) {
      hint = "did you mean " + section + *near + "?";
    } else if (const auto* elsewhere = named_elsewhere(member.name)) {
      hint = fmt::format("did you mean {}?", elsewhere->spec->key);
    } else if (!names.empty()) {
      hint = shorten("known here: " + join({names.begin(), names.end()}, ", "), 200);
    }
    complain(member.place, static_cast<int>(code_points(member.name)), "config_key_unknown",
             "unknown key " + shorten(printable(key), 120), std::move(hint));
  }

  const Pattern* named_elsewhere(const std::string& name) const {
    for (const auto& pattern : patterns_) {
      if (pattern.parts.back() == name) return &pattern;
    }
    return nullptr;
  }

  void complain(const Place& place, int width, std::string code, std::string message,
                std::string hint) {
    problems_.push_back(
        at(text_, place, width, std::move(code), std::move(message), std::move(hint)));
  }

  std::string_view text_;
  std::vector<Diagnostic>& problems_;
  std::vector<Pattern> patterns_;
  Flat flat_;
};

}  // namespace

Flat flatten(const Schema& schema, std::string_view text, const Table& table, bool top,
             std::vector<Diagnostic>& problems) {
  return Flattener(schema, text, problems).run(table, top);
}

}  // namespace muster::config
