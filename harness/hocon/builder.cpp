#include "hocon/dialect.hpp"
#include "hocon/merge.hpp"
#include "hocon/reading.hpp"

namespace muster::hocon {
namespace {

class Builder {
 public:
  Builder(Reading& reading, const Source& source, const Position& position)
      : reading_(reading),
        tree_(reading.tree()),
        source_(source),
        path_(position.path),
        prefix_(position.path.size()),
        depth_(position.depth),
        dialect_(reading.notes(), source) {}

  const Node* value(const ValueSyntax& syntax) {
    switch (syntax.kind) {
      case ValueSyntax::Kind::simple:
        return simple(syntax.token);
      case ValueSyntax::Kind::object:
        return object(syntax);
      case ValueSyntax::Kind::array:
        return array(syntax);
      case ValueSyntax::Kind::concatenation:
        break;
    }
    dialect_.concatenation(syntax);
    std::vector<const Node*> pieces;
    pieces.reserve(syntax.items.size());
    for (const ValueSyntax& item : syntax.items) pieces.push_back(value(item));
    return concatenate(tree_, pieces, syntax.spot);
  }

 private:
  const Node* simple(const Token& token) {
    switch (token.kind) {
      case TokenKind::text:
      case TokenKind::string:
        dialect_.text(token);
        return tree_.text(token.text, token.kind == TokenKind::string, token.spot);
      case TokenKind::number:
        return tree_.number(token.text, token.spot);
      case TokenKind::boolean:
        return tree_.boolean(token.text == "true", token.spot);
      case TokenKind::null:
        return tree_.null(token.spot);
      default:
        return substitution(token);
    }
  }

  const Node* substitution(const Token& token) {
    const PathElements elements =
        path_of(token.path, token.spot, reading_.options().limits.nesting);
    std::vector<const Key*> keys(path_.begin(),
                                 path_.begin() + static_cast<std::ptrdiff_t>(prefix_));
    for (const std::string& element : elements) keys.push_back(tree_.key(element));
    const Path* path = path_to(keys);
    dialect_.reference(path, token);
    return tree_.reference({path, prefix_, token.optional, token.list}, token.spot);
  }

  const Path* path_to(const std::vector<const Key*>& keys) {
    const Path* path = nullptr;
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) path = tree_.path(*key, path);
    return path;
  }

  const Node* array(const ValueSyntax& syntax) {
    ++lists_;
    ++depth_;
    std::vector<const Node*> items;
    items.reserve(syntax.items.size());
    for (const ValueSyntax& item : syntax.items) items.push_back(value(item));
    --depth_;
    --lists_;
    return tree_.list(std::move(items), syntax.spot);
  }

  const Node* object(const ValueSyntax& syntax) {
    ++depth_;
    const Fields* fields = nullptr;
    for (const FieldSyntax& field : syntax.fields)
      fields = field.is_include ? included(fields, field) : with_field(fields, field);
    --depth_;
    return tree_.object(fields, false, syntax.spot);
  }

  const Fields* included(const Fields* fields, const FieldSyntax& statement) {
    dialect_.include(statement);
    const Node* brought = reading_.include(statement, source_, {path_, depth_ - 1});
    if (lists_ > 0 && brought->unresolved)
      refuse("include", "a file with substitutions cannot be included inside a list",
             statement.spot, "include it outside the list and refer to it with ${…}");
    for (const Fields* entry : in_table_order(brought->as<Object>()->fields)) {
      Fields brought_field = *entry;
      const Fields* existing = find(fields, entry->key);
      if (existing) brought_field.value = over(tree_, entry->value, existing->value);
      brought_field.order = tree_.next_last();
      fields = tree_.put(fields, brought_field, true);
    }
    return fields;
  }

  const Fields* with_field(const Fields* fields, const FieldSyntax& field) {
    dialect_.key(field);
    const std::size_t outer = path_.size();
    for (const std::string& element : field.path) path_.push_back(tree_.key(element));
    depth_ += field.path.size() - 1;
    const Path* self = path_to(path_);
    dialect_.begin_field(self);
    const Node* made = field.adds ? added(field, self) : value(field.value);
    for (std::size_t i = path_.size() - 1; i > outer; --i)
      made = tree_.object(tree_.set(nullptr, path_[i], made), false, made->spot);
    const Key* key = path_[outer];
    depth_ -= field.path.size() - 1;
    path_.resize(outer);
    const Fields* existing = find(fields, key);
    dialect_.end_field(self, field, existing ? existing->value : nullptr, *made);
    if (existing) made = over(tree_, made, existing->value);
    return tree_.set(fields, key, made);
  }

  // `path += value` is `path = ${?path} [value]`.
  const Node* added(const FieldSyntax& field, const Path* self) {
    if (lists_ > 0)
      refuse("syntax", "'+=' does not work inside a list", field.spot,
             "a path cannot lead through a list");
    ++lists_;
    const Node* item = value(field.value);
    --lists_;
    const Node* list = tree_.list({item}, item->spot);
    return concatenate(tree_, {tree_.reference({self, prefix_, true, false}, field.spot), list},
                       field.spot);
  }

  Reading& reading_;
  Tree& tree_;
  const Source& source_;
  std::vector<const Key*> path_;  // of the value being built, from the root
  std::size_t prefix_;
  std::size_t depth_;
  int lists_ = 0;
  Dialect dialect_;
};

}  // namespace

const Node* build(Reading& reading, const Source& source, const ValueSyntax& root,
                  const Position& position) {
  return Builder(reading, source, position).value(root);
}

}  // namespace muster::hocon
