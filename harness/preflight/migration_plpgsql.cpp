#include "preflight/migration_plpgsql.hpp"

#include <pg_query.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "base/text.hpp"

// libpg_query 15-4.0.0 loses one byte at each error of pg_query_parse_plpgsql. Here, so that it
// comes with whatever program links the call.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:pg_query_raw_parse";
}

namespace muster::preflight {
namespace {

struct BodyError {
  std::string message;
  int near_line = 0;  ///< of the body, from 1; 0: unknown
};

std::optional<BodyError> compile(const std::string& statement) {
  const PgQueryPlpgsqlParseResult result = pg_query_parse_plpgsql(statement.c_str());
  std::optional<BodyError> error;
  if (result.error != nullptr) {
    error = BodyError{result.error->message, 0};
    const std::string context = result.error->context != nullptr ? result.error->context : "";
    const std::size_t line = context.rfind("line ");
    if (line != std::string::npos) error->near_line = std::atoi(context.c_str() + line + 5);
  }
  pg_query_free_plpgsql_parse_result(result);
  return error;
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words that begin a statement of PL/pgSQL beside those of SQL.
bool starts_body_statement(std::string_view word) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"ASSERT",    "CASE", "CLOSE", "CONTINUE", "DECLARE", "ELSE", "ELSEIF", "ELSIF",
       "EXCEPTION", "EXIT", "FETCH", "FOR",      "FOREACH", "GET",  "IF",     "LOOP",
       "MOVE",      "NULL", "OPEN",  "RAISE",    "RETURN",  "WHEN", "WHILE"});
  return one_of(word, words) || starts_statement(word);
}

bool opens_list(const Token& token) {
  static constexpr auto words =
      std::to_array<std::string_view>({"BEGIN", "DECLARE", "ELSE", "LOOP", "THEN"});
  return token.kind == TokenKind::semicolon || one_of(token.word, words);
}

class BodyChecker {
 public:
  BodyChecker(const SqlText& text, const Statement& statement, const Routine& routine,
              const Deadline& deadline, std::vector<Finding>& findings)
      : body_(text.sql.substr(routine.begin, routine.end - routine.begin)),
        head_(text.sql.substr(statement.begin, routine.begin - statement.begin)),
        tail_(text.sql.substr(routine.end, statement.end - routine.end)),
        first_line_(line_in_file(text, routine.begin)),
        deadline_(deadline),
        findings_(findings),
        tokens_(lex(body_, Dialect::postgres).tokens) {}

  void run() {
    declarations();
    if (auto error = compile(head_ + body_ + tail_)) {
      if (!repair()) complain(*error);
    } else {
      silent();
    }
    final_end();
  }

 private:
  std::optional<BodyError> with_terminator(std::size_t token) const {
    const std::size_t at = tokens_[token].end;
    return compile(head_ + body_.substr(0, at) + ";" + body_.substr(at) + tail_);
  }

  /// Finds the tokens behind which a `;` makes the body compile; nearest to a statement's word.
  bool repair() {
    std::optional<std::size_t> found;
    for (std::size_t i = 1; i < tokens_.size() && !deadline_.over(); ++i) {
      const Token& next = tokens_[i];
      const bool starter = starts_body_statement(next.word);
      if ((!next.first_on_line && !starter) || tokens_[i - 1].kind == TokenKind::semicolon)
        continue;
      if (found && !starter) continue;
      if (with_terminator(i - 1)) continue;
      found = i - 1;
      if (starter) break;
    }
    if (found) missing(*found, Level::error);
    return found.has_value();
  }

  /// A line that starts with a statement's word where the text before could have ended.
  void silent() {
    for (std::size_t i = 1; i < tokens_.size() && !deadline_.over(); ++i) {
      const Token& next = tokens_[i];
      if (!next.first_on_line || next.kind != TokenKind::word || !starts_body_statement(next.word))
        continue;
      if (opens_list(tokens_[i - 1]) || next.depth > 0 || with_terminator(i - 1)) continue;
      const bool indented = next.column > line_indent(i - 1);
      missing(i - 1, indented ? Level::warning : Level::error);
      return;
    }
  }

  /// The column at which the line of a token begins.
  int line_indent(std::size_t token) const {
    while (token > 0 && !tokens_[token].first_on_line) --token;
    return tokens_[token].column;
  }

  /// The compiler reads any words as a type, so two declarations without a `;` are one to it.
  void declarations() {
    static constexpr auto inside = std::to_array<std::string_view>(
        {"ARRAY", "COLLATE", "CONSTANT", "CURSOR", "DEFAULT", "FOR", "IS", "NO", "NOT", "NULL",
         "PRECISION", "SCROLL", "TIME", "VARYING", "WITH", "WITHOUT", "ZONE"});
    bool declaring = false;
    std::size_t words = 0;
    bool valued = false;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.word == "DECLARE" || token.word == "BEGIN") {
        declaring = token.word == "DECLARE";
        words = 0;
        valued = false;
        if (i > 0 && words_before_begin_ > 1 && token.word == "BEGIN") missing(i - 1, Level::error);
        words_before_begin_ = 0;
        continue;
      }
      if (!declaring) continue;
      if (token.kind == TokenKind::semicolon) {
        words = 0;
        valued = false;
      } else {
        const bool name = token.kind == TokenKind::word || token.kind == TokenKind::quoted_name;
        if (name && token.first_on_line && words >= 2 && !valued && !one_of(token.word, inside)) {
          missing(i - 1, Level::error);
          words = 0;
        }
        valued = valued || token.word == "DEFAULT" || token.word == "CURSOR" ||
                 token.kind == TokenKind::symbol;
        if (token.kind == TokenKind::symbol && is_type_mark(token)) valued = false;
        ++words;
      }
      words_before_begin_ = valued ? 0 : words;
    }
  }

  /// `.` and `%` belong to names and types, as in `public.item%ROWTYPE`.
  bool is_type_mark(const Token& token) const {
    const char c = body_[token.begin];
    return c == '.' || c == '%';
  }

  void final_end() {
    if (tokens_.empty() || tokens_.back().word != "END") return;
    const int line = first_line_ + tokens_.back().end_line - 1;
    findings_.push_back(
        {line, Level::note, "unterminated-body", "the last END of the body has no `;`", ""});
  }

  void missing(std::size_t token, Level level) {
    const int line = first_line_ + tokens_[token].end_line - 1;
    for (const Finding& known : findings_) {
      if (known.line == line && known.code == "missing-terminator") return;
    }
    const Token& next = tokens_[token + 1];
    const std::string word = shorten(body_.substr(next.begin, next.end - next.begin), 40);
    findings_.push_back(
        {line, level, "missing-terminator",
         (level == Level::error ? "the `;` is missing before `" : "a `;` may be missing before `") +
             word + "` in line " + std::to_string(first_line_ + next.line - 1),
         "end the statement with `;`"});
  }

  void complain(const BodyError& error) {
    for (const Finding& known : findings_) {
      if (known.code == "missing-terminator" && known.line >= first_line_) return;
    }
    // Complaints about names and types are of a compiler that has no catalogue.
    const bool syntax = error.message.find("syntax error") != std::string::npos ||
                        error.message.find("missing") != std::string::npos ||
                        error.message.find("unterminated") != std::string::npos ||
                        error.message.find("expected") != std::string::npos;
    const int line = first_line_ + std::max(0, error.near_line - 1);
    findings_.push_back({line, syntax ? Level::error : Level::warning, "syntax",
                         "PL/pgSQL, near this line: " + error.message, ""});
  }

  std::string body_;
  std::string head_;
  std::string tail_;
  int first_line_;
  const Deadline& deadline_;
  std::vector<Finding>& findings_;
  std::vector<Token> tokens_;
  std::size_t words_before_begin_ = 0;
};

}  // namespace

std::optional<Routine> find_routine(std::string_view sql, const std::vector<Token>& tokens,
                                    const Statement& statement) {
  const bool create = tokens[statement.first].word == "CREATE";
  if (!create && tokens[statement.first].word != "DO") return std::nullopt;
  std::optional<Routine> routine;
  std::string language = create ? "" : "PLPGSQL";
  for (std::size_t i = statement.first; i < statement.last; ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::body && !routine) {
      const std::size_t mark = sql.find('$', token.begin + 1) + 1 - token.begin;
      if (token.end - token.begin < 2 * mark) return std::nullopt;
      routine = Routine{"", token.begin + mark, token.end - mark};
    }
    if (token.word != "LANGUAGE" || i + 1 >= statement.last) continue;
    const Token& name = tokens[i + 1];
    language.clear();
    for (const char c : sql.substr(name.begin, name.end - name.begin)) {
      if (c != '\'' && c != '"')
        language += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  if (routine) routine->language = language;
  return routine;
}

void check_plpgsql(const SqlText& text, const Statement& statement, const Routine& routine,
                   const Deadline& deadline, std::vector<Finding>& findings) {
  BodyChecker(text, statement, routine, deadline, findings).run();
}

}  // namespace muster::preflight
