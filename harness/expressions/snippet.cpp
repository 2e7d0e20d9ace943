// The algorithm is that of CucumberExpressionGenerator: the leftmost match that is a word of its
// own wins, the longest among those of one start; types that match the same text give alternatives.
#include "expressions/snippet.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/pattern.hpp"
#include "base/text.hpp"
#include "expressions/builtin.hpp"

namespace muster::expressions {
namespace {

/// Longer texts are escaped as they are: nobody wants the argument of such a step in its text.
constexpr std::size_t kMaxText = 2048;

struct Finder {
  const ParameterType* type;
  Pattern pattern;
};

/// What stands in a proposal for one stretch of the text.
struct Choice {
  Span span;
  std::vector<const ParameterType*> types;  // the preferential ones first
};

std::vector<Finder> finders_of(const ParameterTypes& types) {
  std::vector<Finder> finders;
  for (const ParameterType& type : types.all()) {
    if (!type.use_for_snippets) continue;
    for (const std::string& source : type.patterns)
      if (Result<Pattern> pattern = Pattern::compile(source)) finders.push_back({&type, *pattern});
  }
  return finders;
}

class Words {
 public:
  explicit Words(std::string_view text)
      : text_(text), separator_(Pattern::compile(R"([\pZ\pP\pS])").value_or_throw()) {}

  /// Nothing but separators (Unicode Z, P, S) or the ends of the text stands around.
  bool is_word(Span span) const {
    return (span.begin == 0 || separates(before(span.begin))) &&
           (span.end == text_.size() || separates(after(span.end)));
  }

 private:
  std::string_view before(std::size_t at) const {
    std::size_t begin = at - 1;
    while (begin > 0 && (static_cast<unsigned char>(text_[begin]) & 0xC0u) == 0x80u) --begin;
    return text_.substr(begin, at - begin);
  }
  std::string_view after(std::size_t at) const {
    return text_.substr(at, code_point_offset(text_.substr(at), 1));
  }
  bool separates(std::string_view code_point) const {
    const auto found = separator_.search(code_point);
    return found.ok() && found->has_value();
  }

  std::string_view text_;
  Pattern separator_;
};

std::optional<Span> find_word(const Finder& finder, const Words& words, std::string_view text,
                              std::size_t from) {
  while (from < text.size()) {
    const auto found = finder.pattern.search(text.substr(from));
    if (!found || !found->has_value() || !(**found)[0]) return std::nullopt;
    const Span span{from + (**found)[0]->begin, from + (**found)[0]->end};
    if (span.end > span.begin && words.is_word(span)) return span;
    // every start up to that of this match finds the same one
    from = span.begin + code_point_offset(text.substr(span.begin), 1);
  }
  return std::nullopt;
}

bool better(const Span& a, const Span& b) {
  return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
}

std::vector<Choice> choices_of(std::string_view text, const ParameterTypes& types) {
  std::vector<Choice> choices;
  const std::vector<Finder> finders = finders_of(types);
  const Words words(text);
  for (std::size_t at = 0; at < text.size(); at = choices.back().span.end) {
    std::optional<Choice> best;
    for (const Finder& finder : finders) {
      const std::optional<Span> span = find_word(finder, words, text, at);
      if (!span) continue;
      if (!best || better(*span, best->span)) best = Choice{*span, {}};
      if (*span == best->span &&
          std::find(best->types.begin(), best->types.end(), finder.type) == best->types.end())
        best->types.push_back(finder.type);
    }
    if (!best) break;
    std::stable_sort(
        best->types.begin(), best->types.end(), [](const ParameterType* a, const ParameterType* b) {
          if (a->prefer_for_regular_expression_match != b->prefer_for_regular_expression_match)
            return a->prefer_for_regular_expression_match;
          return a->name < b->name;
        });
    choices.push_back(std::move(*best));
  }
  return choices;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '(' || c == '{' || c == '/' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string identifier(const std::string& type, std::map<std::string, int>& used) {
  static const std::set<std::string> reserved = {"int",  "float", "double", "short", "long",
                                                 "char", "bool",  "auto",   "class", "enum"};
  std::string name;
  for (const char c : type) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += word ? c : '_';
  }
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name.insert(0, "value");
  const int count = ++used[name];
  return count > 1 || reserved.count(name) > 0 ? name + std::to_string(count) : name;
}

Proposal proposal(std::string_view text, const std::vector<Choice>& choices,
                  const std::vector<std::size_t>& picked) {
  Proposal made;
  std::map<std::string, int> used;
  std::size_t at = 0;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const std::string& name = choices[i].types[picked[i]]->name;
    made.expression += escaped(text.substr(at, choices[i].span.begin - at)) + "{" + name + "}";
    made.parameter_types.push_back(name);
    made.parameter_names.push_back(identifier(name, used));
    at = choices[i].span.end;
  }
  made.expression += escaped(text.substr(at));
  return made;
}

/// The next combination in the order of an odometer; false after the last.
bool advance(std::vector<std::size_t>& picked, const std::vector<Choice>& choices) {
  for (std::size_t i = picked.size(); i-- > 0;) {
    if (++picked[i] < choices[i].types.size()) return true;
    picked[i] = 0;
  }
  return false;
}

}  // namespace

std::vector<Proposal> propose(std::string_view text, const ParameterTypes& types,
                              std::size_t limit) {
  std::vector<Proposal> proposals;
  if (limit == 0) return proposals;
  // such a text would be read as a regular expression
  if (text.substr(0, 1) == "^" || (!text.empty() && text.back() == '$'))
    return {{"^" + escape_regex(text) + "$", {}, {}}};
  std::vector<Choice> choices;
  if (text.size() <= kMaxText) choices = choices_of(text, types);
  std::vector<std::size_t> picked(choices.size(), 0);
  do proposals.push_back(proposal(text, choices, picked));
  while (proposals.size() < limit && advance(picked, choices));
  return proposals;
}

}  // namespace muster::expressions
