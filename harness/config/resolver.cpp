#include "config/resolver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "config/excerpt.hpp"
#include "config/key_path.hpp"
#include "config/text_value.hpp"
#include "config/toml_reader.hpp"

namespace muster::config {
namespace {

std::string below(const std::string& section, const std::string& part) {
  if (section.empty() || part.starts_with('[')) return section + part;
  return section + "." + part;
}

bool is_wild(const std::string& part) {
  return part == "*" || part == "[]";
}

bool inside(std::string_view key, const std::string& array) {
  return key.starts_with(array) && key.substr(array.size()).starts_with('[');
}

}  // namespace

void Resolver::read(const std::string& name, std::string text) {
  name_ = name;
  text_ = std::move(text);
  const auto table = read_toml(name_, text_);
  if (!table) {
    complain(table.error());
    return;
  }
  lay(flatten(*schema_, text_, *table, true, problems_), Layer::file, {});
  read_profiles(*table);
}

void Resolver::read_below(const std::string& name, const std::string& text) {
  const auto table = read_toml(name, text);
  if (!table) {
    complain(table.error());
    return;
  }
  lay(flatten(*schema_, text, *table, false, problems_), Layer::file, {});
}

void Resolver::read_profiles(const Table& file) {
  const Value* profiles = file.find("profiles");
  if (profiles == nullptr) return;
  const auto must_be_table = [&](const Value& value, const std::string& key) {
    if (value.table() != nullptr) return true;
    complain(at(text_, value.place, value.width, "config_type",
                fmt::format("{} is a section, not {}", key, what_it_is(value))));
    return false;
  };
  if (!must_be_table(*profiles, "profiles")) return;
  for (const auto& [name, place, value] : profiles->table()->members) {
    if (!must_be_table(value, "profiles." + key_part(name))) continue;
    profiles_.emplace_back(name, flatten(*schema_, text_, *value.table(), false, problems_));
  }
}

void Resolver::name(const std::string& section, const std::string& part) {
  auto& tables = config_.tables_;
  const std::pair entry(section, part);
  if (std::find(tables.begin(), tables.end(), entry) == tables.end()) tables.push_back(entry);
}

void Resolver::lay(Flat flat, Layer layer, const std::string& profile) {
  // elements have no names of their own, so that an array can only be replaced as a whole
  for (const auto& array : flat.arrays) {
    std::erase_if(layered_, [&](const auto& entry) { return inside(entry.first, array); });
    std::erase_if(config_.tables_, [&](const auto& named) {
      return named.first == array || inside(named.first, array);
    });
  }
  for (const auto& [section, part] : flat.named) name(section, part);
  for (auto& entry : flat.entries) {
    Origin origin{layer, profile, entry.value.place};
    layered_.insert_or_assign(entry.key,
                              Layered{entry.spec, std::move(entry.value), std::move(origin)});
  }
}

void Resolver::choose_profile() {
  std::string chosen = request_.profile.value_or("");
  std::string by = "--profile";
  if (const auto variable = request_.environment.find("MUSTER_PROFILE");
      chosen.empty() && variable != request_.environment.end()) {
    chosen = variable->second;
    by = "MUSTER_PROFILE";
  }
  if (chosen.empty()) return;
  config_.profile_ = chosen;
  std::vector<std::string> names;
  for (auto& [name, flat] : profiles_) {
    if (name == chosen) return lay(std::move(flat), Layer::profile, chosen);
    names.push_back(name);
  }
  const auto near = nearest(chosen, names);
  complain(
      error("config_profile_unknown",
            fmt::format("{} asks for the profile {}, which {} does not have", by,
                        shorten(printable(chosen), 60), name_.empty() ? "no muster.toml" : name_),
            near            ? "did you mean " + *near + "?"
            : names.empty() ? "profiles are sections [profiles.NAME.run]"
                            : "profiles: " + join(names, ", ")));
}

void Resolver::lay_command_line() {
  for (const auto& option : request_.command_line) {
    const auto parts = key_parts(option.key);
    const KeySpec* fitting = nullptr;
    std::string section;
    for (const auto& spec : schema_->keys()) {
      const auto pattern = pattern_parts(spec.key);
      if (parts && pattern.size() == parts->size() &&
          std::equal(pattern.begin(), pattern.end(), parts->begin(), part_fits)) {
        fitting = &spec;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
          const std::string part = pattern[i] == "[]" ? (*parts)[i] : key_part((*parts)[i]);
          if (is_wild(pattern[i])) name(section, part);
          section = below(section, part);
        }
        break;
      }
    }
    if (fitting != nullptr) {
      lay_option(option, *fitting);
      continue;
    }
    complain(error("config_key_unknown", fmt::format("{} sets {}, which is no key", option.option,
                                                     shorten(printable(option.key), 120))));
  }
}

void Resolver::lay_option(const Override& option, const KeySpec& spec) {
  Value value;
  std::optional<Refusal> refused;
  if (spec.kind == Kind::list) {
    Array items;
    for (const auto& text : option.values) {
      Value item;
      item.data = valid_utf8(text);
      items.push_back(std::move(item));
    }
    value.data = std::move(items);
    refused = refuse_value(spec, option.key, value);
  } else {
    Refusal why;
    auto read = read_text(spec, option.key, option.values.empty() ? "" : option.values.back(), why);
    if (read) {
      value = std::move(*read);
    } else {
      refused = std::move(why);
    }
  }
  if (refused) {
    auto problem = error(refused->code, refused->message, refused->hint);
    problem.place.uri = option.option;
    complain(std::move(problem));
    return;
  }
  options_.insert_or_assign(
      option.key, Layered{&spec, std::move(value), {Layer::command_line, option.option, {}}});
}

std::optional<Resolver::Layered> Resolver::from_environment(const KeySpec& spec,
                                                            const std::string& key) {
  const std::string variable = variable_of(spec, key);
  if (variable.empty()) return std::nullopt;
  variables_.push_back(variable);
  const auto found = request_.environment.find(variable);
  if (found == request_.environment.end()) return std::nullopt;
  const bool may_be_empty =
      spec.kind == Kind::text || spec.kind == Kind::list || spec.kind == Kind::any;
  if (found->second.empty() && !may_be_empty) return std::nullopt;
  Refusal refusal;
  auto value = read_text(spec, key, found->second, refusal);
  if (!value) {
    auto problem = error(refusal.code, refusal.message, refusal.hint);
    problem.place.uri = variable;
    complain(std::move(problem));
    return std::nullopt;
  }
  return Layered{&spec, std::move(*value), {Layer::environment, variable, {}}};
}

void Resolver::settle_key(const KeySpec& spec, const std::string& key) {
  Setting setting;
  setting.spec = &spec;
  const auto take = [&](Layered&& layered) {
    setting.value = std::move(layered.value);
    setting.origin = std::move(layered.origin);
  };
  auto variable = from_environment(spec, key);
  if (const auto option = options_.find(key); option != options_.end()) {
    take(std::move(option->second));
  } else if (variable) {
    take(std::move(*variable));
  } else if (const auto file = layered_.find(key); file != layered_.end()) {
    take(std::move(file->second));
  } else if (Refusal none; spec.fallback) {
    setting.value = read_text(spec, key, *spec.fallback, none);
  }
  config_.index_.emplace(key, config_.settings_.size());
  config_.settings_.emplace_back(key, std::move(setting));
}

void Resolver::settle_below(const KeySpec& spec, const std::vector<std::string>& pattern,
                            std::size_t depth, const std::string& key) {
  if (depth == pattern.size()) return settle_key(spec, key);
  if (!is_wild(pattern[depth])) {
    return settle_below(spec, pattern, depth + 1, below(key, key_part(pattern[depth])));
  }
  const bool elements = pattern[depth] == "[]";
  const auto tables = config_.tables_;
  for (const auto& [section, part] : tables) {
    if (section == key && part.starts_with('[') == elements) {
      settle_below(spec, pattern, depth + 1, below(key, part));
    }
  }
}

void Resolver::settle_group(std::size_t first,
                            const std::vector<std::vector<std::string>>& patterns) {
  const auto wild = static_cast<std::size_t>(
      std::find_if(patterns[first].begin(), patterns[first].end(), is_wild) -
      patterns[first].begin());
  std::string section;
  for (std::size_t i = 0; i < wild; ++i) section = below(section, key_part(patterns[first][i]));
  const bool elements = patterns[first][wild] == "[]";
  const auto tables = config_.tables_;
  for (const auto& [above, part] : tables) {
    if (above != section || part.starts_with('[') != elements) continue;
    for (std::size_t i = first; i < patterns.size(); ++i) {
      if (patterns[i].size() > wild &&
          std::equal(patterns[i].begin(), patterns[i].begin() + static_cast<long>(wild) + 1,
                     patterns[first].begin())) {
        settle_below(schema_->keys()[i], patterns[i], wild + 1, below(section, part));
      }
    }
  }
}

void Resolver::settle() {
  std::vector<std::vector<std::string>> patterns;
  std::vector<std::vector<std::string>> groups;  // beginnings up to the first wild part
  for (const auto& spec : schema_->keys()) patterns.push_back(pattern_parts(spec.key));
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const auto wild = std::find_if(patterns[i].begin(), patterns[i].end(), is_wild);
    if (wild == patterns[i].end()) {
      std::string key;
      for (const auto& part : patterns[i]) key = below(key, key_part(part));
      settle_key(schema_->keys()[i], key);
      continue;
    }
    std::vector<std::string> beginning(patterns[i].begin(), wild + 1);
    if (std::find(groups.begin(), groups.end(), beginning) != groups.end()) continue;
    groups.push_back(std::move(beginning));
    settle_group(i, patterns);
  }
  for (const auto& [section, part] : config_.tables_) {
    if (part.starts_with('[')) ++config_.counts_[section];
  }
}

void Resolver::warn_of_variables() {
  for (const char* ours : {"MUSTER_CONFIG", "MUSTER_PROFILE"}) variables_.emplace_back(ours);
  std::sort(variables_.begin(), variables_.end());
  for (const auto& [variable, value] : request_.environment) {
    if (!variable.starts_with("MUSTER_") ||
        std::binary_search(variables_.begin(), variables_.end(), variable)) {
      continue;
    }
    const auto near = nearest(variable, variables_);
    // other programs have variables of this prefix, too; two letters apart is a slip of the pen
    if (!near || edit_distance(variable, *near) > 2) continue;
    config_.warnings_.push_back(error("config_variable_unknown",
                                      "the variable " + printable(variable) + " sets nothing",
                                      "did you mean " + *near + "?"));
  }
}

std::variant<Config, std::vector<Diagnostic>> Resolver::finish() {
  choose_profile();
  lay_command_line();
  settle();
  if (!problems_.empty()) return std::move(problems_);
  warn_of_variables();
  config_.file_ = name_;
  const auto slash = name_.rfind('/');
  config_.folder_ = name_.empty()                ? request_.folder
                    : slash == std::string::npos ? std::string(".")
                    : slash == 0                 ? std::string("/")
                                                 : name_.substr(0, slash);
  config_.schema_ = schema_;
  config_.text_ = std::make_shared<const std::string>(std::move(text_));
  return std::move(config_);
}

}  // namespace muster::config
