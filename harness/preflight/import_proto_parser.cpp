#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include "preflight/import_proto.hpp"
#include "preflight/import_proto_lexer.hpp"
#include "preflight/import_proto_value.hpp"

namespace muster::preflight {
namespace {

using Kind = ProtoTokenKind;

constexpr int deepest = 64;

bool is_scalar(std::string_view type) {
  static const std::set<std::string_view> names{
      "double",  "float",   "int32", "int64",    "uint32",   "uint64", "sint32", "sint64",
      "fixed32", "fixed64", "bool",  "sfixed32", "sfixed64", "string", "bytes"};
  return names.count(type) != 0;
}

/// Grammar: protobuf.dev/reference/protobuf/proto2-spec, proto3-spec and edition-2023-spec.
class Parser {
 public:
  explicit Parser(std::vector<ProtoToken> tokens) : tokens_(std::move(tokens)) {}

  Result<ProtoFile> parse() {
    file_.statements["syntax"] = {"proto2", {}, 0};
    while (ok() && now().kind != Kind::end) top_level();
    if (!ok()) {
      Error why = error("proto", problem_);
      why.place = Place{"", problem_line_, problem_column_};
      return why;
    }
    resolve();
    return std::move(file_);
  }

 private:
  struct Unresolved {
    std::string statement;
    std::string scope;
  };

  bool ok() const { return problem_.empty(); }
  const ProtoToken& now() const { return tokens_[at_]; }
  bool is(std::string_view text) const {
    return now().text == text && (now().kind == Kind::symbol || now().kind == Kind::word);
  }

  ProtoToken take() {
    ProtoToken token = now();
    if (token.kind != Kind::end) ++at_;
    return token;
  }

  bool accept(std::string_view text) {
    if (!is(text)) return false;
    take();
    return true;
  }

  void fail(const std::string& expected) {
    if (!ok()) return;
    problem_ = "expected " + expected + ", found " +
               (now().kind == Kind::end ? "the end of the file" : "`" + now().text + "`");
    problem_line_ = now().line;
    problem_column_ = now().column;
    at_ = tokens_.size() - 1;
  }

  void expect(std::string_view text) {
    if (!accept(text)) fail("`" + std::string(text) + "`");
  }

  std::string word(const char* what) {
    if (now().kind != Kind::word) {
      fail(what);
      return "";
    }
    return take().text;
  }

  std::string string(const char* what) {
    if (now().kind != Kind::string) {
      fail(what);
      return "";
    }
    std::string text;
    while (now().kind == Kind::string) text += take().text;
    return text;
  }

  std::string number() {
    std::string text = accept("-") ? "-" : "";
    if (now().kind != Kind::number) {
      fail("a number");
      return "";
    }
    return plain_integer(text + take().text);
  }

  static std::string within(const std::string& scope, const std::string& name) {
    return scope.empty() ? name : scope + "." + name;
  }

  void add(const std::string& key, ProtoStatement statement, const std::string& scope) {
    unresolved_.push_back({key, scope});
    if (!file_.statements.emplace(key, std::move(statement)).second && key != "syntax")
      fail("only one " + key);
  }

  void top_level() {
    const int line = now().line;
    if (accept(";")) return;
    if (accept("syntax") || accept("edition")) {
      expect("=");
      const std::string version = string("a version");
      file_.statements["syntax"] = {version.starts_with("proto") ? version : "editions", {}, line};
      proto3_ = version == "proto3";
      proto2_ = version == "proto2";
      expect(";");
    } else if (accept("package")) {
      file_.package = word("a package");
      file_.statements["package"] = {file_.package, {}, line};
      expect(";");
    } else if (accept("import")) {
      std::string how = "import";
      if (is("public") || is("weak") || is("option")) how += " " + take().text;
      const std::string path = string("a path");
      file_.statements["import of " + path] = {how, {}, line};
      expect(";");
    } else if (!definition(file_.package, 0)) {
      if (accept("service"))
        service();
      else
        fail("a definition");
    }
  }

  /// What may stand in a file as well as in a message.
  bool definition(const std::string& scope, int depth) {
    if (accept("option")) {
      skip_statement();
    } else if (is("message") && next_is_word()) {
      take();
      message(scope, word("a name"), depth);
    } else if (is("enum") && next_is_word()) {
      take();
      enumeration(scope);
    } else if (is("extend") && next_is_word()) {
      take();
      extension(scope, depth);
    } else {
      return false;
    }
    return true;
  }

  bool next_is_word() const {
    return at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Kind::word;
  }

  void message(const std::string& scope, const std::string& name, int depth) {
    const std::string full = within(scope, name);
    defined_.insert(full);
    add("message " + full, {"defined", {}, now().line}, scope);
    if (depth > deepest) return fail("less nesting");
    expect("{");
    while (ok() && !accept("}")) {
      if (accept(";")) continue;
      if (is("extensions") || is("reserved")) {
        skip_statement();
      } else if (is("oneof") && next_is_word()) {
        take();
        const std::string oneof = word("a name");
        expect("{");
        while (ok() && !accept("}")) {
          if (accept("option"))
            skip_statement();
          else if (!accept(";"))
            field(full, "of " + full, oneof, depth);
        }
      } else if (!definition(full, depth + 1)) {
        field(full, "of " + full, "", depth);
      }
    }
  }

  void extension(const std::string& scope, int depth) {
    const std::string extended = word("a type");
    expect("{");
    while (ok() && !accept("}")) {
      if (!accept(";")) field(scope, "that extends " + last_part(extended), "", depth, extended);
    }
  }

  static std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

  void field(const std::string& scope, const std::string& whose, const std::string& oneof,
             int depth, const std::string& extended = "") {
    ProtoStatement statement;
    statement.line = now().line;
    std::string label;
    if ((is("optional") || is("required") || is("repeated")) && next_is_word()) label = take().text;
    // What protoc spells out in one version of the language and leaves out in another.
    if (label.empty() && proto2_ && oneof.empty() && !is("map")) label = "optional";
    statement.shape = label.empty() ? "" : label + " ";
    if (accept("group")) return group(scope, whose, oneof, std::move(statement), depth);
    if (is("map") && tokens_[at_ + 1].text == "<") {
      take();
      take();
      statement.types.push_back(word("a key type"));
      expect(",");
      statement.types.push_back(word("a value type"));
      expect(">");
      statement.shape += "map<%, %>";
    } else {
      statement.types.push_back(word("a type"));
      statement.shape += "%";
    }
    statement.shape += " " + word("a name");
    finish_field(scope, whose, oneof, std::move(statement), extended);
    expect(";");
  }

  void group(const std::string& scope, const std::string& whose, const std::string& oneof,
             ProtoStatement statement, int depth) {
    const std::string name = word("a name");
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    statement.types.push_back(name);
    statement.shape += "group % " + lower;
    finish_field(scope, whose, oneof, std::move(statement), "");
    message(scope, name, depth + 1);
  }

  void finish_field(const std::string& scope, const std::string& whose, const std::string& oneof,
                    ProtoStatement statement, const std::string& extended) {
    expect("=");
    const std::string tag = number();
    if (!oneof.empty()) statement.shape += " in oneof " + oneof;
    field_options(statement);
    if (!extended.empty()) {
      statement.shape += " extends %";
      statement.types.push_back(extended);
    }
    add("field " + tag + " " + whose, std::move(statement), scope);
  }

  void field_options(ProtoStatement& statement) {
    if (!accept("[")) return;
    const std::string type = statement.types.front();
    while (ok() && !accept("]")) {
      std::string name;
      while (ok() && !is("=")) name += take().text;
      expect("=");
      if (name == "default") {
        const std::string sign = accept("-") ? "-" : "";
        std::string value;
        if (now().kind == Kind::string) {
          while (now().kind == Kind::string) value += take().text;
        } else {
          value = sign + take().text;
        }
        statement.shape += default_text(type, value);
      } else if (name == "packed") {
        statement.shape += " packed " + take().text;
      } else {
        skip_value();
      }
      if (!accept(",") && !is("]")) fail("`,` or `]`");
    }
  }

  void enumeration(const std::string& scope) {
    const std::string full = within(scope, word("a name"));
    defined_.insert(full);
    add("enum " + full, {"defined", {}, now().line}, scope);
    expect("{");
    while (ok() && !accept("}")) {
      if (accept(";")) continue;
      if (is("option") || is("reserved")) {
        // A value may have these names: `option = 1;`
        if (tokens_[at_ + 1].text != "=") {
          skip_statement();
          continue;
        }
      }
      const int line = now().line;
      const std::string name = word("a name");
      expect("=");
      add("value " + name + " of " + full, {number(), {}, line}, scope);
      if (is("[")) skip_value();
      expect(";");
    }
  }

  void service() {
    const int line = now().line;
    const std::string full = within(file_.package, word("a name"));
    file_.services = true;
    add("service " + full, {"defined", {}, line}, file_.package);
    expect("{");
    while (ok() && !accept("}")) {
      if (accept(";")) continue;
      if (accept("option")) {
        skip_statement();
        continue;
      }
      ProtoStatement statement;
      statement.line = now().line;
      expect("rpc");
      const std::string name = word("a name");
      statement.shape = side(statement) + " returns ";
      expect("returns");
      statement.shape += side(statement);
      add("rpc " + name + " of " + full, std::move(statement), file_.package);
      file_.methods.push_back("/" + full + "/" + name);
      if (is("{"))
        skip_value();
      else
        expect(";");
    }
  }

  std::string side(ProtoStatement& statement) {
    expect("(");
    const bool stream = is("stream") && next_is_word();
    if (stream) take();
    statement.types.push_back(word("a type"));
    expect(")");
    return stream ? "(stream %)" : "(%)";
  }

  /// Up to the `;` that ends it.
  void skip_statement() {
    while (ok() && !accept(";")) skip_value();
  }

  /// A token, or all between parentheses of any kind.
  void skip_value() {
    int open = 0;
    do {
      if (now().kind == Kind::end) return fail("the end of an option");
      const ProtoToken token = take();
      if (token.kind != Kind::symbol) continue;
      if (token.text == "{" || token.text == "[" || token.text == "(") ++open;
      if (token.text == "}" || token.text == "]" || token.text == ")") --open;
    } while (ok() && open > 0);
  }

  /// Names of types to full names: the innermost scope that has them wins; what is defined in
  /// another file stays as written.
  void resolve() {
    for (const Unresolved& one : unresolved_) {
      for (std::string& type : file_.statements.at(one.statement).types) {
        if (is_scalar(type)) continue;
        if (type.starts_with(".")) {
          type = type.substr(1);
          continue;
        }
        type = full_name(type, one.scope);
      }
    }
  }

  std::string full_name(const std::string& type, std::string scope) const {
    for (;;) {
      const std::string candidate = within(scope, type);
      if (defined_.count(candidate) != 0) return candidate;
      if (scope.empty()) return "?" + type;
      const std::size_t dot = scope.rfind('.');
      scope = dot == std::string::npos ? "" : scope.substr(0, dot);
    }
  }

  std::vector<ProtoToken> tokens_;
  std::size_t at_ = 0;
  bool proto2_ = true;
  bool proto3_ = false;
  ProtoFile file_;
  std::set<std::string> defined_;
  std::vector<Unresolved> unresolved_;
  std::string problem_;
  int problem_line_ = 0;
  int problem_column_ = 0;
};

}  // namespace

Result<ProtoFile> parse_proto(std::string_view text) {
  Result<std::vector<ProtoToken>> tokens = lex_proto(text);
  if (!tokens) return tokens.error();
  return Parser(std::move(*tokens)).parse();
}

}  // namespace muster::preflight
