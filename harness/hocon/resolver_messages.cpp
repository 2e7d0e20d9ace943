// What the resolver says when something is missing, circular or suspicious.
#include <algorithm>

#include "base/diff.hpp"
#include "hocon/resolver.hpp"

namespace muster::hocon {

std::string Resolver::name_of(const Reference& reference) const {
  return std::string(reference.optional ? "${?" : "${") + render_path(elements_of(reference.path)) +
         (reference.list ? "[]}" : "}");
}

std::vector<std::string> Resolver::known_paths() const {
  constexpr std::size_t most = 2'000;  // enough for a hint
  std::vector<std::string> paths;
  std::vector<std::pair<std::vector<std::string>, const Node*>> waiting{{{}, root_}};
  while (!waiting.empty() && paths.size() < most) {
    const auto [prefix, node] = std::move(waiting.back());
    waiting.pop_back();
    std::vector<const Fields*> entries;
    each(node->as<Object>()->fields, entries);
    for (const Fields* entry : entries) {
      if (paths.size() >= most) break;
      std::vector<std::string> path = prefix;
      path.push_back(entry->key->text);
      paths.push_back(render_path(path));
      if (entry->value->is_object() && path.size() < 20) waiting.emplace_back(path, entry->value);
    }
  }
  return paths;
}

void Resolver::refuse_missing(const Node& node, const Reference& reference) {
  std::vector<std::string> candidates = known_paths();
  for (const auto& [name, value] : environment_) candidates.push_back(name);
  const std::string path = render_path(elements_of(reference.path));
  const std::optional<std::string> near =
      path.size() < 200 ? nearest(path, candidates) : std::nullopt;
  refuse("substitution", name_of(reference) + " is neither in the configuration nor a variable",
         node.spot, near ? "did you mean ${" + *near + "}?" : "");
}

void Resolver::refuse_cycle(const Node& node, const Reference& reference) {
  std::string chain;
  std::size_t shown = 0;
  for (const Node* part : cycle_) {
    if (++shown > 8) {
      chain += "… → ";
      break;
    }
    chain += name_of(*part->as<Reference>()) + " (" + to_string(place_of(part->spot)) + ") → ";
  }
  if (!cycle_.empty()) chain += name_of(*cycle_.front()->as<Reference>());
  refuse("cycle", name_of(reference) + " is part of a cycle: " + chain, node.spot,
         "an optional ${?…} breaks it, and an older value of the same key is looked back at");
}

// An optional variable can never be missed: a misspelt one goes unnoticed for ever.
void Resolver::note_unknown(const Node& node, const Reference& reference) {
  const std::string name = elements_of(reference.path).back();
  const std::vector<std::string>& declared = reading_.options().declared;
  const bool environment_like =
      reference.path->length == reference.prefix + 1 && !name.empty() &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  if (!environment_like || std::find(declared.begin(), declared.end(), name) != declared.end())
    return;
  std::vector<std::string> candidates = declared;
  for (const auto& [variable, value] : environment_) candidates.push_back(variable);
  const std::optional<std::string> near =
      name.size() < 200 ? nearest(name, candidates) : std::nullopt;
  reading_.notes().add("unknown_environment",
                       name_of(reference) +
                           " is neither set nor declared: a misspelt name would "
                           "never be noticed",
                       node.spot, near ? "did you mean " + *near + "?" : "");
}

}  // namespace muster::hocon
