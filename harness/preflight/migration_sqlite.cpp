#include "preflight/migration_sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "preflight/migration_lexer.hpp"

namespace muster::preflight {
namespace {

constexpr int most_bytes = 64 << 20;         // of one string, blob or statement
constexpr const char* most_pages = "65536";  // of 4 KiB

int authorize(void*, int action, const char* first, const char*, const char*, const char*) {
  if (action != SQLITE_ATTACH) return SQLITE_OK;
  const bool memory = first != nullptr && (*first == '\0' || std::strcmp(first, ":memory:") == 0);
  return memory ? SQLITE_OK : SQLITE_DENY;
}

int interrupt_when_over(void* deadline) {
  return static_cast<const Deadline*>(deadline)->over() ? 1 : 0;
}

bool grammar_refuses(const std::string& message) {
  return (message.starts_with("near \"") && message.ends_with("syntax error")) ||
         message == "incomplete input" || message.starts_with("unrecognized token");
}

/// A definition in the form in which two spellings of it are equal: SQLite keeps the text that
/// created a table and edits it at each ALTER.
std::string normalized(const std::string& sql) {
  std::string made;
  for (const Token& token : lex(sql, Dialect::sqlite).tokens) {
    std::string_view piece = std::string_view(sql).substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::quoted_name && piece.size() > 2) {
      piece = piece.substr(1, piece.size() - 2);
    }
    if (!made.empty()) made += ' ';
    made += piece;
  }
  return made;
}

}  // namespace

MemoryDatabase::MemoryDatabase(const Deadline& deadline) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
  if (sqlite3_open_v2(":memory:", &database_, flags, nullptr) != SQLITE_OK) throw std::bad_alloc();
  sqlite3_limit(database_, SQLITE_LIMIT_LENGTH, most_bytes);
  sqlite3_exec(database_, (std::string("PRAGMA max_page_count = ") + most_pages).c_str(), nullptr,
               nullptr, nullptr);
  sqlite3_set_authorizer(database_, authorize, nullptr);
  sqlite3_progress_handler(database_, 10'000, interrupt_when_over,
                           const_cast<Deadline*>(&deadline));
}

MemoryDatabase::~MemoryDatabase() {
  sqlite3_close(database_);
}

/// A single statement, with or without its terminator.
std::optional<MemoryDatabase::Failure> MemoryDatabase::one(const std::string& sql, bool run) {
  const char* at = sql.c_str();
  while (*at != '\0') {
    const auto from = static_cast<std::size_t>(at - sql.c_str());
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(database_, at, -1, &statement, &at);
    if (code == SQLITE_OK && run && statement != nullptr) {
      do {
        code = sqlite3_step(statement);
      } while (code == SQLITE_ROW);
      if (code == SQLITE_DONE) code = SQLITE_OK;
    }
    std::optional<Failure> failure;
    if (code != SQLITE_OK) {
      failure = Failure{from, sqlite3_errmsg(database_), false};
      failure->syntax = grammar_refuses(failure->message);
      const int offset = sqlite3_error_offset(database_);
      if (failure->message == "incomplete input") {
        failure->offset = sql.size();
      } else if (offset >= 0) {
        failure->offset = from + static_cast<std::size_t>(offset);
      }
    }
    sqlite3_finalize(statement);
    if (failure) return failure;
  }
  return std::nullopt;
}

std::optional<MemoryDatabase::Failure> MemoryDatabase::parse(const std::string& sql) {
  for (const Statement& statement :
       split_statements(lex(sql, Dialect::sqlite).tokens, Dialect::sqlite)) {
    // With its terminator, as a compound statement is incomplete without.
    std::string text = sql.substr(statement.begin, statement.end - statement.begin);
    const std::size_t size = text.size();
    text += ';';
    auto failure = one(text, false);
    if (!failure || !failure->syntax) continue;
    failure->offset = statement.begin + std::min(failure->offset, size);
    return failure;
  }
  return std::nullopt;
}

std::optional<MemoryDatabase::Failure> MemoryDatabase::run(const std::string& sql) {
  for (const Statement& statement :
       split_statements(lex(sql, Dialect::sqlite).tokens, Dialect::sqlite)) {
    auto failure = one(sql.substr(statement.begin, statement.end - statement.begin) + ";", true);
    if (!failure) continue;
    failure->offset += statement.begin;
    return failure;
  }
  return std::nullopt;
}

std::vector<std::string> MemoryDatabase::schema() {
  std::vector<std::string> lines;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database_,
                     "SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
                     " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                     -1, &statement, nullptr);
  const auto column = [statement](int i) {
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)));
  };
  while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
    lines.push_back(column(0) + " " + column(1) + ": " + normalized(column(2)));
  }
  sqlite3_finalize(statement);
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace muster::preflight
