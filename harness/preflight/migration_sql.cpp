#include "preflight/migration_sql.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::preflight {
namespace {

constexpr std::size_t most_gaps = 50;

/// The first byte that is not UTF-8, or npos.
std::size_t malformed_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view piece = text.substr(i, size);
    if (lead >= 0x80 && valid_utf8(piece) != piece) return i;
    i += size;
  }
  return std::string_view::npos;
}

struct Checker {
  const SqlText& text;
  const StatementRules& rules;
  const Deadline& deadline;
  const std::vector<Token>& tokens;
  std::vector<Finding>& findings;
  bool stopped = false;

  void add(int line, Level level, std::string code, std::string message, std::string hint) {
    findings.push_back({line, level, std::move(code), std::move(message), std::move(hint)});
  }

  void report_gap(const Gap& gap) {
    const Token& before = tokens[gap.token];
    const Token& after = tokens[gap.token + 1];
    const std::string next(shorten(text.sql.substr(after.begin, after.end - after.begin), 40));
    const int line = text.first_line + before.end_line - 1;
    if (gap.certain) {
      add(line, Level::error, "missing-terminator",
          "the `;` is missing before `" + next + "` in line " +
              std::to_string(text.first_line + after.line - 1),
          "end the statement with `;`");
    } else {
      add(line, Level::warning, "missing-terminator",
          "a `;` may be missing before `" + next + "` in line " +
              std::to_string(text.first_line + after.line - 1) +
              ": both parts also parse as statements of their own",
          "if it is a clause of this statement, write it on the line before");
    }
  }

  std::string piece(std::size_t begin, std::size_t end) const {
    return std::string(text.sql.substr(begin, end - begin));
  }

  void apply(std::size_t begin, const std::string& statement) {
    if (!rules.apply || stopped) return;
    const auto failure = rules.apply(statement);
    if (!failure) return;
    stopped = true;
    add(line_in_file(text, begin + std::min(failure->offset, statement.size())), Level::error,
        "round-trip", rules.label + ": " + failure->message, "");
  }

  /// The statement [first, last), and what is left of it behind each gap.
  void statement(std::size_t first, std::size_t last) {
    for (std::size_t gaps = 0; gaps < most_gaps && first < last; ++gaps) {
      const std::size_t begin = tokens[first].begin;
      const std::size_t end = tokens[last - 1].end;
      const std::string whole = piece(begin, end);
      auto error = rules.parse(whole);
      std::optional<Gap> gap;
      if (error) {
        error->offset += begin;
        gap = find_gap(text.sql, tokens, first, last, *error, rules.parse, deadline);
      } else if (rules.silent_gaps) {
        gap = find_silent_gap(text.sql, tokens, first, last, rules.parse, deadline);
      }
      if (gap) report_gap(*gap);
      if (!gap && error) {
        add(line_in_file(text, error->offset), Level::error, "syntax",
            rules.label + ": " + error->message, "");
      }
      if (!gap || !gap->certain) {
        if (!error) apply(begin, whole);
        stopped = stopped || error.has_value();
        return;
      }
      // Inside a compound statement the rest is no statement of its own.
      const std::string head = piece(begin, tokens[gap->token].end);
      if (rules.parse(head)) {
        stopped = true;
        return;
      }
      apply(begin, head);
      first = gap->token + 1;
    }
  }
};

}  // namespace

int line_in_file(const SqlText& text, std::size_t offset) {
  offset = std::min(offset, text.sql.size());
  return text.first_line +
         static_cast<int>(
             std::count(text.sql.begin(), text.sql.begin() + static_cast<long>(offset), '\n'));
}

std::size_t count_statements(std::string_view sql, Dialect dialect) {
  return split_statements(lex(sql, dialect).tokens, dialect).size();
}

void check_statements(const SqlText& text, const StatementRules& rules, const Deadline& deadline,
                      std::vector<Finding>& findings) {
  const Dialect dialect = rules.dialect;
  if (const std::size_t nul = text.sql.find('\0'); nul != std::string_view::npos) {
    findings.push_back({line_in_file(text, nul), Level::error, "encoding",
                        "a NUL byte ends the statement for every database", "remove it"});
    return;
  }
  if (const std::size_t bad = malformed_byte(text.sql); bad != std::string_view::npos) {
    findings.push_back({line_in_file(text, bad), Level::error, "encoding", "this line is not UTF-8",
                        "save the file as UTF-8"});
    return;
  }
  const Lexed lexed = lex(text.sql, dialect);
  if (lexed.problem) {
    findings.push_back({line_in_file(text, lexed.problem->offset), Level::error, "unterminated",
                        lexed.problem->message, ""});
    return;
  }
  Checker checker{text, rules, deadline, lexed.tokens, findings};
  const std::vector<Statement> statements = split_statements(lexed.tokens, dialect);
  for (const Statement& statement : statements) {
    if (deadline.over()) {
      findings.push_back({text.first_line + lexed.tokens[statement.first].line - 1, Level::error,
                          "timeout", "not checked from here on: the time for this check is over",
                          ""});
      return;
    }
    checker.statement(statement.first, statement.last);
  }
  if (statements.empty() || statements.back().terminated) return;
  const Token& last = lexed.tokens[statements.back().last - 1];
  const int line = text.first_line + last.end_line - 1;
  if (text.final_optional) {
    findings.push_back(
        {line, Level::note, "unterminated-body", "the last statement of the body has no `;`", ""});
  } else {
    findings.push_back({line, Level::error, "unterminated-block",
                        "the last statement of the block has no `;`",
                        "end it with `;`: what is appended later is glued to it"});
  }
}

}  // namespace muster::preflight
