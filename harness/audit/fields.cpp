#include "audit/fields.hpp"

#include <algorithm>

namespace muster::audit {

Fields::Fields() {
  nodes_.emplace_back();
  for (const char* pointer : {"/event", "/recv_mono_ns", "/ts"})
    want(events::Pointer::parse(pointer).value_or_throw());
  ask("/event", Rule::name, 0x01);
  ask("/ts", Rule::time, 0x02);
  ask("/source", Rule::filled, 0x04);
  ask("/src_seq", Rule::positive, 0x08);
  ask("/actor", Rule::actor, 0x10);
  ask("/workspace_slug", Rule::text, 0x20);
  ask("/payload", Rule::object, 0x40);
  // asked for when the actor is an object
  ask("/actor/user", Rule::text, 0x80);
  ask("/actor/role", Rule::text, 0x100);
  ask("/recv_mono_ns", Rule::whole, 0);
  ask("/seq", Rule::positive, 0);
  ask("/run_id", Rule::text_or_null, 0);
}

int Fields::make(const std::vector<std::string>& tokens) {
  int at = 0;
  for (const std::string& token : tokens) {
    auto& below = nodes_[static_cast<std::size_t>(at)].below;
    const auto known = std::find_if(below.begin(), below.end(),
                                    [&](const auto& entry) { return entry.first == token; });
    if (known != below.end()) {
      at = known->second;
      continue;
    }
    const int made = static_cast<int>(nodes_.size());
    below.emplace_back(token, made);
    nodes_.emplace_back();
    at = made;
  }
  return at;
}

int Fields::want(const events::Pointer& pointer) {
  Node& node = nodes_[static_cast<std::size_t>(make(pointer.tokens()))];
  if (node.wanted < 0) node.wanted = wanted_++;
  return node.wanted;
}

void Fields::ask(const char* pointer, Rule rule, unsigned required) {
  const auto parsed = events::Pointer::parse(pointer).value_or_throw();
  Node& node = nodes_[static_cast<std::size_t>(make(parsed.tokens()))];
  node.rule = rule;
  node.required = required;
}

const Fields::Node* Fields::below(const Node* node, std::string_view key) const {
  if (node == nullptr) return nullptr;
  for (const auto& [name, at] : node->below) {
    if (name == key) return &nodes_[static_cast<std::size_t>(at)];
  }
  return nullptr;
}

Absence absence_of(std::string_view pointer) {
  if (pointer == "/run_id") return Absence::null;
  return pointer == "/recv_mono_ns" || pointer == "/seq" ? Absence::zero : Absence::none;
}

}  // namespace muster::audit
