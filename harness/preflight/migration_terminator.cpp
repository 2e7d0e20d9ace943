#include "preflight/migration_terminator.hpp"

#include <algorithm>
#include <array>

namespace muster::preflight {
namespace {

constexpr std::size_t most_tries = 400;

std::string with_terminator(std::string_view sql, std::size_t begin, std::size_t at,
                            std::size_t end) {
  std::string made(sql.substr(begin, at - begin));
  made += ';';
  made += sql.substr(at, end - at);
  return made;
}

bool may_end(const Token& token) {
  return token.kind != TokenKind::semicolon && token.kind != TokenKind::open;
}

/// Words that are a statement by themselves, and so can be taken for an alias or a label.
bool whole_statement(std::string_view word) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"ABORT", "BEGIN", "COMMIT", "END", "ROLLBACK", "VACUUM", "ANALYZE", "CHECKPOINT"});
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<Gap> find_gap(std::string_view sql, const std::vector<Token>& tokens,
                            std::size_t first, std::size_t last, const SyntaxError& error,
                            const Parse& parse, const Deadline& deadline) {
  const std::size_t begin = tokens[first].begin;
  const std::size_t end = tokens[last - 1].end;
  std::optional<Gap> best;
  int best_rank = 0;
  std::size_t tries = 0;
  // From the place of the complaint backwards: the nearest good repair wins within its rank.
  for (std::size_t i = last - 1; i > first && tries < most_tries && !deadline.over(); --i) {
    const Token& next = tokens[i];
    if (next.begin > error.offset || !may_end(tokens[i - 1])) continue;
    const bool starter = next.kind == TokenKind::word && starts_statement(next.word);
    const int rank = (next.first_on_line ? 2 : 0) + (starter ? 1 : 0);
    const bool here = next.begin == error.offset;
    if ((rank == 0 && !here) || rank <= best_rank) continue;
    ++tries;
    const std::size_t at = tokens[i - 1].end;
    const auto still = parse(with_terminator(sql, begin, at, end));
    if (still && begin + still->offset <= error.offset + 1) continue;
    best = Gap{i - 1, true};
    best_rank = rank;
    if (rank == 3) break;
  }
  return best;
}

std::optional<Gap> find_silent_gap(std::string_view sql, const std::vector<Token>& tokens,
                                   std::size_t first, std::size_t last, const Parse& parse,
                                   const Deadline& deadline) {
  const Token& head = tokens[first];
  const std::size_t end = tokens[last - 1].end;
  for (std::size_t i = first + 1; i < last && !deadline.over(); ++i) {
    const Token& token = tokens[i];
    if (token.kind != TokenKind::word || token.depth != head.depth || !starts_statement(token.word))
      continue;
    const bool alone = i + 1 == last && whole_statement(token.word);
    if (!token.first_on_line && !alone) continue;
    const std::size_t at = tokens[i - 1].end;
    const std::string before(sql.substr(head.begin, at - head.begin));
    const std::string after(sql.substr(token.begin, end - token.begin));
    if (parse(before) || parse(after)) continue;
    // SET and RESET also are the last clauses of ALTER ROLE, CREATE FUNCTION and their like.
    const bool clause = token.word == "SET" || token.word == "RESET";
    const bool indented = token.first_on_line && token.column > head.column;
    return Gap{i - 1, alone || (!clause && !indented)};
  }
  return std::nullopt;
}

}  // namespace muster::preflight
