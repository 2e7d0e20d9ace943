#include "expressions/group_tree.hpp"

#include <utility>

#include "base/text.hpp"

namespace muster::expressions {
namespace {

/// `(` at `at` opens a group that captures: `(x`, `(?<name>x`, `(?P<name>x`, but none of `(?:`,
/// `(?=`, `(?<=`, `(?i)`.
bool captures_at(std::string_view source, std::size_t at) {
  const std::string_view rest = source.substr(at + 1);
  if (rest.substr(0, 1) != "?") return rest.substr(0, 1) != "*";
  if (rest.substr(0, 3) == "?P<") return true;
  return rest.substr(0, 2) == "?<" && rest.substr(2, 1) != "=" && rest.substr(2, 1) != "!";
}

bool is_meta(char c) {
  return std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos;
}

/// The literal text after a leading `^`; the character before a quantifier is not part of it.
std::string prefix_of(std::string_view source) {
  if (source.substr(0, 1) != "^") return {};
  std::string prefix;
  std::size_t last = 0;
  for (std::size_t at = 1; at < source.size();) {
    const char c = source[at];
    if (c == '?' || c == '*' || c == '{') {
      prefix.resize(last);
      break;
    }
    std::size_t skip = 0;
    if (c == '\\' && at + 1 < source.size() && is_meta(source[at + 1])) skip = 1;
    if (skip == 0 && is_meta(c)) break;
    last = prefix.size();
    const std::size_t size = code_point_offset(source.substr(at + skip), 1);
    prefix += source.substr(at + skip, size);
    at += skip + size;
  }
  return prefix;
}

}  // namespace

RegexShape shape_of(std::string_view source) {
  RegexShape shape;
  struct Open {
    GroupShape group;
    bool capturing = false;
    std::size_t start = 0;
  };
  std::vector<Open> stack(1);
  bool in_class = false;
  bool alternates = false;
  for (std::size_t at = 0; at < source.size(); ++at) {
    const char c = source[at];
    if (c == '\\') {
      ++at;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      // a bracket that stands first in a class is a character of it
      if (source.substr(at + 1, 1) == "^") ++at;
      if (source.substr(at + 1, 1) == "]") ++at;
    } else if (c == '|') {
      alternates = alternates || stack.size() == 1;
    } else if (c == '(') {
      Open open;
      open.capturing = captures_at(source, at);
      open.start = at + 1;
      if (open.capturing) open.group.index = ++shape.count;
      stack.push_back(std::move(open));
    } else if (c == ')' && stack.size() > 1) {
      Open closed = std::move(stack.back());
      stack.pop_back();
      std::vector<GroupShape>& outer = stack.back().group.children;
      if (closed.capturing) {
        closed.group.source = source.substr(closed.start, at - closed.start);
        outer.push_back(std::move(closed.group));
      } else {
        for (GroupShape& child : closed.group.children) outer.push_back(std::move(child));
      }
    }
  }
  shape.groups = std::move(stack.front().group.children);
  if (!alternates) shape.literal_prefix = prefix_of(source);
  return shape;
}

RegexShape flat_shape(std::size_t groups) {
  RegexShape shape;
  for (std::size_t index = 1; index <= groups; ++index) shape.groups.push_back({"", index, {}});
  shape.count = groups;
  return shape;
}

Group leaf_group(std::string_view text, const std::optional<Span>& span) {
  Group group;
  if (span) {
    group.value = std::string(text.substr(span->begin, span->end - span->begin));
    group.start = code_points(text.substr(0, span->begin));
  }
  return group;
}

Group build_group(const GroupShape& shape, std::string_view text,
                  const std::vector<std::optional<Span>>& spans) {
  Group group = leaf_group(text, spans[shape.index]);
  for (const GroupShape& child : shape.children)
    group.children.push_back(build_group(child, text, spans));
  return group;
}

std::vector<std::optional<std::string>> captures_of(const Group& group) {
  std::vector<std::optional<std::string>> captures;
  for (const Group& child : group.children) captures.push_back(child.value);
  if (captures.empty()) captures.push_back(group.value);
  return captures;
}

}  // namespace muster::expressions
