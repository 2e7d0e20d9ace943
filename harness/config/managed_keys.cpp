#include "config/managed_keys.hpp"

#include <algorithm>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "config/flatten.hpp"
#include "config/text_value.hpp"
#include "config/toml_reader.hpp"

namespace muster::config {
namespace {

bool is_single(const KeySpec& spec) {
  return spec.key.find_first_of("*[") == std::string_view::npos;
}

const KeySpec* single_key(const Schema& schema, std::string_view key) {
  for (const KeySpec& spec : schema.keys())
    if (spec.key == key && is_single(spec)) return &spec;
  return nullptr;
}

}  // namespace

Result<ManagedKeys> read_managed_keys(const Schema& schema, const std::string& name,
                                      std::string_view block) {
  const auto table = read_toml(name, block);
  if (!table) return table.error();
  std::vector<Diagnostic> problems;
  Flat flat = flatten(schema, block, *table, false, problems);
  if (!problems.empty()) return problems.front();
  ManagedKeys keys;
  for (auto& entry : flat.entries)
    if (entry.spec != nullptr && is_single(*entry.spec))
      keys.values.insert_or_assign(entry.key, std::move(entry.value));
  if (const Value* services = table->find("service"); services != nullptr) {
    for (const Value& service : *services->array())
      if (service.table() != nullptr) keys.services.push_back(*service.table());
  }
  for (const auto& member : table->members) {
    const bool known =
        member.name == "service" ||
        std::any_of(keys.values.begin(), keys.values.end(), [&](const auto& it) {
          return it.first == member.name || it.first.starts_with(key_part(member.name) + ".");
        });
    if (!known)
      return error("managed_block_broken",
                   "the managed block has a section " + printable(member.name) +
                       " that muster env config does not write",
                   "move it out of the block");
  }
  return keys;
}

std::string write_managed_keys(const ManagedKeys& keys) {
  std::string out;
  std::string section;
  // keys of one section stand together, as the map is sorted; those without come first in TOML
  for (const auto& [key, value] : keys.values)
    if (key.find('.') == key.npos) out += key + " = " + to_toml(value) + "\n";
  for (const auto& [key, value] : keys.values) {
    const std::size_t dot = key.find('.');
    if (dot == key.npos) continue;
    if (key.substr(0, dot) != section) {
      section = key.substr(0, dot);
      out += "[" + section + "]\n";
    }
    out += key.substr(dot + 1) + " = " + to_toml(value) + "\n";
  }
  for (const Table& service : keys.services) {
    out += "[[service]]\n";
    for (const auto& member : service.members)
      out += key_part(member.name) + " = " + to_toml(member.value) + "\n";
  }
  return out;
}

Result<void> set_managed_key(const Schema& schema, ManagedKeys& keys, const std::string& key,
                             std::string_view text) {
  const KeySpec* spec = single_key(schema, key);
  if (spec == nullptr) {
    std::vector<std::string> known;
    for (const KeySpec& it : schema.keys())
      if (is_single(it)) known.emplace_back(it.key);
    const auto near = nearest(key, known);
    return error("config_key_unknown",
                 shorten(printable(key), 80) + " is no key that can be set here",
                 near ? "did you mean " + *near + "?" : "muster show-config lists all keys");
  }
  Refusal refusal;
  auto value = read_text(*spec, key, text, refusal);
  if (!value) return error(refusal.code, refusal.message, refusal.hint);
  keys.values.insert_or_assign(key, std::move(*value));
  return {};
}

}  // namespace muster::config
