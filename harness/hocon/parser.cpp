// Follows the reference's ConfigDocumentParser step by step, so that what it accepts and on which
// line it stops are the same. JSON is the same grammar with less allowed.
#include "hocon/parser.hpp"

#include <set>

namespace muster::hocon {
namespace {

class Parser {
 public:
  using Charge = std::function<void(std::size_t, const Spot&)>;

  Parser(const Source& source, std::size_t nesting, std::size_t depth, bool lists,
         const Charge& charge)
      : json_(source.syntax == Syntax::json),
        nesting_(nesting),
        depth_(depth),
        lexer_(source, lists),
        charge_(charge) {}

  ValueSyntax document() {
    Token token = skip_blank();
    ValueSyntax root;
    if (token.kind == TokenKind::open_brace || token.kind == TokenKind::open_bracket) {
      root = value(token);
    } else if (json_) {
      if (token.kind == TokenKind::end) fail(token, "the document is empty");
      unexpected(token, "a JSON document has an object or array at its root");
    } else {
      put_back(token);
      root = object(false, token.spot);
    }
    token = skip_blank();
    if (token.kind != TokenKind::end)
      unexpected(token, "nothing may follow the object or array at the root");
    return root;
  }

 private:
  [[noreturn]] static void fail(const Token& token, std::string message, std::string hint = {}) {
    refuse("syntax", std::move(message), token.spot, std::move(hint));
  }

  // A token that cannot stand here; what the lexer could not read says so itself.
  [[noreturn]] static void unexpected(const Token& token, const std::string& message,
                                      std::string hint = {}) {
    if (token.kind == TokenKind::problem) fail(token, token.text, token.hint());
    fail(token, message + ", not " + describe(token), std::move(hint));
  }

  Token next() {
    Token token;
    if (!back_.empty()) {
      token = std::move(back_.back());
      back_.pop_back();
    } else {
      token = lexer_.pull();
    }
    if (json_ && token.kind == TokenKind::text && !token.is_blank_text())
      unexpected(token, "JSON has no unquoted text");
    if (json_ && token.kind == TokenKind::substitution)
      unexpected(token, "JSON has no substitutions");
    return token;
  }

  void put_back(Token token) { back_.push_back(std::move(token)); }

  Token skip_blank() {
    while (true) {
      Token token = next();
      if (token.kind != TokenKind::space && token.kind != TokenKind::newline &&
          token.kind != TokenKind::comment && !token.is_blank_text())
        return token;
    }
  }

  // Skips to the next element: true when a comma, or outside JSON a line end, was there.
  bool separator() {
    if (json_) {
      Token token = skip_blank();
      if (token.kind == TokenKind::comma) return true;
      put_back(std::move(token));
      return false;
    }
    bool separated = false;
    while (true) {
      Token token = next();
      if (token.kind == TokenKind::newline) {
        separated = true;
      } else if (token.kind == TokenKind::comma) {
        return true;
      } else if (token.kind != TokenKind::space && token.kind != TokenKind::comment &&
                 !token.is_blank_text()) {
        put_back(std::move(token));
        return separated;
      }
    }
  }

  static bool begins_value(const Token& token) {
    return token.is_simple() || token.kind == TokenKind::open_brace ||
           token.kind == TokenKind::open_bracket;
  }

  // One value or a concatenation of all that stand on this line. Whether there is one is the
  // caller's question: `begins_value` of the first token that is not blank.
  ValueSyntax values(Token token) {
    if (json_) return value(token);
    ValueSyntax all;
    all.kind = ValueSyntax::Kind::concatenation;
    all.spot = token.spot;
    while (true) {
      if (begins_value(token)) {
        all.items.push_back(value(std::move(token)));
      } else if (token.kind != TokenKind::space) {
        break;
      }
      token = next();
    }
    put_back(std::move(token));
    if (all.items.size() > 1) return all;
    ValueSyntax only = std::move(all.items.front());
    return only;
  }

  ValueSyntax value(Token token) {
    charge_(sizeof(ValueSyntax) + token.text.size() + token.path.size() * sizeof(Token),
            token.spot);
    if (token.is_simple()) {
      ValueSyntax simple;
      simple.token = std::move(token);
      simple.spot = simple.token.spot;
      return simple;
    }
    if (token.kind == TokenKind::open_brace) return object(true, token.spot);
    if (token.kind == TokenKind::open_bracket) return array(token.spot);
    unexpected(token, "a value is expected", "put it in double quotes if it belongs to the value");
  }

  void enter(std::size_t levels, const Spot& spot) {
    depth_ += levels;
    if (depth_ > nesting_)
      refuse("limit", "values are nested more than " + std::to_string(nesting_) + " deep", spot);
  }

  FieldSyntax field(const Token& first, std::set<std::string>& seen) {
    charge_(sizeof(FieldSyntax) + sizeof(Token) + first.text.size() * 2, first.spot);
    FieldSyntax made;
    made.spot = first.spot;
    Token token = first;
    if (json_) {
      if (token.kind != TokenKind::string) unexpected(token, "a field name or '}' is expected");
      made.path = {token.text};
      made.key.push_back(token);
      if (!seen.insert(token.text).second)
        fail(token, "JSON does not allow the field " + describe(token) + " twice");
    } else {
      while (token.is_simple() && token.kind != TokenKind::substitution) {
        made.key.push_back(token);
        token = next();
      }
      if (made.key.empty()) unexpected(token, "a key is expected");
      put_back(token);
      made.path = path_of(made.key, first.spot, nesting_);
    }
    token = skip_blank();
    enter(made.path.size() - 1, made.spot);
    if (!json_ && token.kind == TokenKind::open_brace) {
      made.value = value(token);
    } else {
      const bool separates =
          token.kind == TokenKind::colon ||
          (!json_ && (token.kind == TokenKind::equals || token.kind == TokenKind::plus_equals));
      if (!separates) unexpected(token, "a key is followed by ':', '=', '+=' or '{'");
      made.adds = token.kind == TokenKind::plus_equals;
      token = skip_blank();
      made.value = begins_value(token) ? values(token) : value(token);
    }
    depth_ -= made.path.size() - 1;
    return made;
  }

  ValueSyntax object(bool braces, const Spot& spot) {
    ValueSyntax made;
    made.kind = ValueSyntax::Kind::object;
    made.spot = spot;
    enter(1, spot);
    std::set<std::string> seen;
    bool after_comma = false;
    while (true) {
      Token token = skip_blank();
      if (token.kind == TokenKind::close_brace) {
        if (json_ && after_comma) unexpected(token, "a field is expected after a comma");
        if (!braces) fail(token, "'}' closes nothing");
        break;
      }
      if (token.kind == TokenKind::end && !braces) {
        put_back(token);
        break;
      }
      if (!json_ && token.kind == TokenKind::text && token.text == "include") {
        made.fields.push_back(include(token.spot));
      } else {
        made.fields.push_back(field(token, seen));
      }
      after_comma = separator();
      if (after_comma) continue;
      token = skip_blank();
      if (token.kind == TokenKind::close_brace && braces) break;
      if (token.kind == TokenKind::close_brace) fail(token, "'}' closes nothing");
      if (token.kind == TokenKind::end && !braces) {
        put_back(token);
        break;
      }
      unexpected(
          token,
          braces ? "a comma, a line end or '}' is expected" : "a comma or a line end is expected",
          "put the value in double quotes if it belongs to it");
    }
    --depth_;
    return made;
  }

  ValueSyntax array(const Spot& spot) {
    ValueSyntax made;
    made.kind = ValueSyntax::Kind::array;
    made.spot = spot;
    enter(1, spot);
    bool first = true;
    while (true) {
      Token token = skip_blank();
      if (begins_value(token)) {
        made.items.push_back(values(token));
      } else if (token.kind == TokenKind::close_bracket && (first || !json_)) {
        break;  // one comma may stand last
      } else {
        unexpected(token, first ? "']' or a first element is expected"
                                : "an element is expected after a comma");
      }
      first = false;
      if (separator()) continue;
      token = skip_blank();
      if (token.kind == TokenKind::close_bracket) break;
      unexpected(token, "a comma, a line end or ']' is expected");
    }
    --depth_;
    return made;
  }

  // `required(` and `file(` are unquoted text that may run on: `required(file(`, `))`.
  void put_back_rest(const Token& token, std::size_t used) {
    if (used == token.text.size()) return;
    Token rest = token;
    rest.text = token.text.substr(used);
    rest.spot.column += static_cast<int>(used);
    put_back(std::move(rest));
  }

  void close_parenthesis(bool outer) {
    const Token token = skip_blank();
    const bool closes =
        token.kind == TokenKind::text && (outer ? token.text == ")" : token.text.starts_with(")"));
    if (!closes) unexpected(token, "')' is expected");
    put_back_rest(token, 1);
  }

  FieldSyntax include(const Spot& spot) {
    FieldSyntax made;
    made.is_include = true;
    made.spot = spot;
    Token token = skip_blank();
    if (token.kind == TokenKind::text && token.text.starts_with("required(")) {
      made.required = true;
      put_back_rest(token, 9);
      token = skip_blank();
    }
    const Token what = token;
    if (token.kind == TokenKind::text) {
      static constexpr std::pair<std::string_view, IncludeKind> kinds[] = {
          {"url(", IncludeKind::url},
          {"file(", IncludeKind::file},
          {"classpath(", IncludeKind::classpath}};
      std::size_t used = 0;
      for (const auto& [text, kind] : kinds) {
        if (!token.text.starts_with(text)) continue;
        made.include_kind = kind;
        used = text.size();
      }
      if (used == 0)
        unexpected(token, "include is followed by a quoted name, file(…), classpath(…) or url(…)",
                   "no space may stand before '('");
      put_back_rest(token, used);
      token = skip_blank();
    }
    if (token.kind != TokenKind::string)
      unexpected(token, "the name of what is included must be in double quotes");
    made.name = token.text;
    if (what.kind == TokenKind::text) close_parenthesis(false);
    if (made.required) close_parenthesis(true);
    return made;
  }

  bool json_;
  std::size_t nesting_;
  std::size_t depth_;
  Lexer lexer_;
  const Charge& charge_;
  std::vector<Token> back_;
};

}  // namespace

ValueSyntax parse(const Source& source, std::size_t nesting, std::size_t depth, bool lists,
                  const std::function<void(std::size_t, const Spot&)>& charge) {
  return Parser(source, nesting, depth, lists, charge).document();
}

}  // namespace muster::hocon
