#include "chain/name_pattern.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "events/event.hpp"

namespace muster::chain {
namespace {

constexpr std::size_t kAlternatives = 256;

Error name_error(std::string_view text, std::size_t at, std::string message,
                 std::string hint = {}) {
  Error made = error("chain_name", std::move(message), std::move(hint));
  made.place.column = static_cast<int>(code_points(text.substr(0, at))) + 1;
  return made;
}

// The `}` that closes the `{` at `open`, or npos.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return at;
  }
  return std::string_view::npos;
}

// Splits at the commas that stand in no brace.
std::vector<std::string_view> alternatives(std::string_view text) {
  std::vector<std::string_view> pieces;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}') --depth;
    if (text[at] != ',' || depth != 0) continue;
    pieces.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

void expand(const std::string& text, std::vector<std::string>& out) {
  if (out.size() > kAlternatives) return;
  const std::size_t open = text.find('{');
  if (open == std::string::npos) {
    out.push_back(text);
    return;
  }
  const std::size_t close = closing(text, open);
  const std::string inside = text.substr(open + 1, close - open - 1);
  for (const std::string_view piece : alternatives(inside))
    expand(text.substr(0, open) + std::string(piece) + text.substr(close + 1), out);
}

bool segments_match(const std::vector<std::string>& segments, std::string_view name) {
  for (std::size_t at = 0; at < segments.size(); ++at) {
    if (segments[at] == "**") return !name.empty();
    const std::size_t dot = name.find('.');
    const std::string_view first = name.substr(0, dot);
    if (first.empty() || (segments[at] != "*" && segments[at] != first)) return false;
    const bool last = at + 1 == segments.size();
    if (dot == std::string_view::npos) return last;
    if (last) return false;
    name.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

Result<NamePattern> NamePattern::parse(std::string_view text) {
  NamePattern made;
  made.text_ = std::string(text);
  for (std::size_t at = 0, depth = 0; at < text.size(); ++at) {
    if (text[at] == '{' && closing(text, at) == std::string_view::npos)
      return name_error(text, at, "this `{` has no `}`");
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && depth-- == 0) return name_error(text, at, "this `}` has no `{`");
  }
  std::vector<std::string> expanded;
  expand(made.text_, expanded);
  if (expanded.size() > kAlternatives)
    return name_error(text, 0, "the alternatives make more than 256 names");
  for (const std::string& name : expanded) {
    Segments segments = split(name, '.');
    for (std::size_t at = 0; at < segments.size(); ++at) {
      const std::string& segment = segments[at];
      if (segment == "*") continue;
      if (segment == "**") {
        if (at + 1 < segments.size())
          return name_error(text, 0, "`**` stands only at the end of a name",
                            "write `*` for one segment");
      } else if (segment.find('*') != std::string::npos) {
        return name_error(text, 0, "`*` stands for a whole segment, not for a part of one",
                          "list the names as alternatives: {a,b}");
      } else if (!events::valid_event_name(segment)) {
        return name_error(text, 0,
                          segment.empty() ? "a segment of the name is empty"
                                          : "`" + segment + "` is no segment of a name");
      }
    }
    made.alternatives_.push_back(std::move(segments));
  }
  made.literal_ = expanded.size() == 1 && made.text_.find('*') == std::string::npos;
  return made;
}

bool NamePattern::matches(std::string_view name) const {
  if (literal_ && alternatives_.front().size() == 1) return name == alternatives_.front().front();
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const Segments& segments) { return segments_match(segments, name); });
}

}  // namespace muster::chain
