#include <utility>

#include "base/text.hpp"
#include "expressions/ast.hpp"
#include "expressions/builtin.hpp"
#include "expressions/compiled.hpp"
#include "expressions/problem.hpp"

namespace muster::expressions {
namespace {

/// The literal text between blanks, as far as it reaches up to a blank on one side at least. What a
/// parameter takes may hold blanks itself, so that a piece between two of them stands anywhere.
std::vector<Fragment> fragments_of(const Node& root) {
  constexpr char kVariable = '\0';
  std::string skeleton;
  for (const Node& node : root.nodes)
    skeleton += node.type == NodeType::text ? node.token : std::string(1, kVariable);
  std::vector<Fragment> fragments;
  const auto add = [&](Fragment::Kind kind, std::string_view text) {
    if (!text.empty()) fragments.push_back({kind, std::string(text)});
  };
  for (const std::string& piece : split(skeleton, ' ')) {
    const std::size_t first = piece.find(kVariable);
    if (first == std::string::npos) {
      add(Fragment::Kind::word, piece);
      continue;
    }
    add(Fragment::Kind::beginning, std::string_view(piece).substr(0, first));
    add(Fragment::Kind::end, std::string_view(piece).substr(piece.rfind(kVariable) + 1));
  }
  return fragments;
}

/// Walks the tree once and writes the program, the regular expression in cucumber's words and the
/// one for the engines side by side.
class Writer {
 public:
  Writer(std::string_view source, const ParameterTypes& types) : source_(source), types_(types) {}

  Result<Expression> run(const Node& root) {
    for (const Node& node : root.nodes) {
      if (Result<void> written = write(node); !written) return written.error();
      if (node.type != NodeType::text) in_prefix_ = false;
    }
    made_.source = std::string(source_);
    made_.fragments = fragments_of(root);
    made_.pattern = "^" + cucumber_ + "$";
    if (custom_) {
      // \z is the end of the text for both engines; $ might also stand before a last line end
      Result<Pattern> pattern = Pattern::compile("^(?:" + engine_ + ")\\z");
      if (!pattern) return regex_refused(source_, pattern.error().message);
      made_.groups = shape_of(engine_).groups;
      made_.regex = std::move(*pattern);
    } else {
      made_.program = std::move(program_);
    }
    return Expression(std::make_shared<const Expression::Compiled>(std::move(made_)));
  }

 private:
  static const Node* first_of(const Node& node, NodeType type) {
    for (const Node& child : node.nodes)
      if (child.type == type) return &child;
    return nullptr;
  }

  void both(std::string_view text) {
    cucumber_ += text;
    engine_ += text;
  }

  Result<void> write(const Node& node) {
    switch (node.type) {
      case NodeType::text:
        both(escape_regex(node.token));
        program_.literal(node.token);
        if (in_prefix_) made_.literal_prefix += node.token;
        return {};
      case NodeType::optional:
        return optional(node);
      case NodeType::alternation:
        return alternation(node);
      case NodeType::parameter:
        return parameter(node);
      case NodeType::alternative:
      case NodeType::expression:
        return write_all(node);
    }
    return {};
  }

  Result<void> write_all(const Node& node) {
    for (const Node& child : node.nodes)
      if (Result<void> written = write(child); !written) return written;
    return {};
  }

  Result<void> optional(const Node& node) {
    in_prefix_ = false;
    if (const Node* found = first_of(node, NodeType::parameter))
      return parameter_in_optional(source_, *found);
    if (const Node* found = first_of(node, NodeType::optional))
      return optional_in_optional(source_, *found);
    if (first_of(node, NodeType::text) == nullptr) return optional_empty(source_, node);
    both("(?:");
    const std::size_t fork = program_.split();
    program_.prefer(fork, program_.here());
    Result<void> written = write_all(node);
    program_.otherwise(fork, program_.here());
    both(")?");
    return written;
  }

  Result<void> alternation(const Node& node) {
    in_prefix_ = false;
    for (const Node& alternative : node.nodes) {
      if (alternative.nodes.empty()) return alternative_empty(source_, alternative);
      if (first_of(alternative, NodeType::text) == nullptr)
        return alternative_only_optionals(source_, alternative);
    }
    both("(?:");
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < node.nodes.size(); ++i) {
      const bool last = i + 1 == node.nodes.size();
      const std::size_t fork = last ? 0 : program_.split();
      if (!last) program_.prefer(fork, program_.here());
      if (Result<void> written = write(node.nodes[i]); !written) return written;
      if (last) break;
      ends.push_back(program_.jump());
      program_.otherwise(fork, program_.here());
      both("|");
    }
    for (const std::size_t end : ends) program_.prefer(end, program_.here());
    both(")");
    return {};
  }

  Result<void> parameter(const Node& node) {
    const ParameterType* type = types_.find(node.text());
    if (type == nullptr) return undefined_parameter_type(source_, node);
    made_.parameter_types.push_back(type->name);
    made_.registered.push_back(true);
    cucumber_ += capture_of(*type);
    engine_ += engine_capture_of(*type);
    if (!type->builtin) {
      custom_ = true;
      return {};
    }
    made_.groups.push_back(append_builtin(program_, *type, program_.groups() + 1));
    return {};
  }

  std::string_view source_;
  const ParameterTypes& types_;
  Expression::Compiled made_;
  Program program_;
  std::string cucumber_;
  std::string engine_;
  bool custom_ = false;
  bool in_prefix_ = true;
};

}  // namespace

Result<Expression> compile_cucumber(std::string_view source, const ParameterTypes& types) {
  Result<Node> root = parse(source);
  if (!root) return std::move(root).error();
  return Writer(source, types).run(*root);
}

}  // namespace muster::expressions
