#include "preflight/migration_grammar.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/text.hpp"
#include "preflight/migration_lexer.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Go's %q for what the inputs hold.
std::string quoted(const std::string& text) {
  std::string made = "\"";
  for (const char c : text) {
    switch (c) {
      case '\n':
        made += "\\n";
        break;
      case '\r':
        made += "\\r";
        break;
      case '\t':
        made += "\\t";
        break;
      case '"':
        made += "\\\"";
        break;
      case '\\':
        made += "\\\\";
        break;
      default:
        made += c;
    }
  }
  return made + "\"";
}

const char* word(bool yes) {
  return yes ? "true" : "false";
}

/// An outcome in the form in which dbmate's was recorded.
std::string outcome(const std::string& contents) {
  const auto parsed = parse_migration(contents);
  if (!parsed) return "ERR\t" + parsed.error().message;
  std::string text = "OK\tsections=" + std::to_string(parsed->size());
  for (const MigrationSection& section : *parsed) {
    text += " up=" + quoted(section.up.text) + " tx=" + word(section.up.transaction) +
            " down=" + quoted(section.down.text) + " dtx=" + word(section.down.transaction);
  }
  return text;
}

TEST(MigrationConformance, EveryRecordedInputReadsAsDbmateReadsIt) {
  const char* folder = std::getenv("MUSTER_CONFORMANCE");
  const fs::path data =
      fs::path(folder != nullptr ? folder : MUSTER_SOURCE_DIR "/../shared/conformance") /
      "migrations";
  if (!fs::exists(data / "expected.tsv")) GTEST_SKIP() << "no conformance data";
  std::size_t equal = 0;
  std::size_t all = 0;
  for (const std::string& row : split(read(data / "expected.tsv"), '\n')) {
    const std::size_t tab = row.find('\t');
    if (tab == std::string::npos) continue;
    ++all;
    const std::string file = row.substr(0, tab);
    const std::string found = outcome(read(data / file));
    EXPECT_EQ(found, row.substr(tab + 1)) << file;
    if (found == row.substr(tab + 1)) ++equal;
  }
  EXPECT_GT(all, 20u);
  std::cout << "migrations " << equal << "/" << all << "\n";
}

std::string up(const std::string& directive) {
  return directive + "\nselect 1;\n-- migrate:down\n";
}

bool reads(const std::string& directive) {
  return parse_migration(up(directive)).ok();
}

TEST(MigrationGrammar, ADirectiveStandsAtColumnOneAndEndsWithABlank) {
  EXPECT_TRUE(reads("-- migrate:up"));
  EXPECT_TRUE(reads("--migrate:up"));
  EXPECT_TRUE(reads("--\t \fmigrate:up"));
  EXPECT_TRUE(reads("-- migrate:up\r"));
  EXPECT_TRUE(reads("--\n\n  migrate:up"));
  EXPECT_TRUE(reads("-- migrate:up \xFF")) << "bytes that are no UTF-8 are no blanks";
  EXPECT_FALSE(reads(" -- migrate:up"));
  EXPECT_FALSE(reads("-- migrate: up"));
  EXPECT_FALSE(reads("-- Migrate:up"));
  EXPECT_FALSE(reads("-- migrate:up-section"));
  EXPECT_FALSE(reads("-- migrate:up\v")) << "a vertical tab is no blank to Go";
  EXPECT_FALSE(reads("--\xC2\xA0migrate:up")) << "nor is a no-break space";
  EXPECT_FALSE(reads("--- migrate:up"));
  EXPECT_FALSE(reads("# migrate:up"));
}

TEST(MigrationGrammar, CountsDirectivesWithinStringsAndCommentsToo) {
  const auto parsed =
      parse_migration("-- migrate:up\nselect '\n-- migrate:down\n';\n/*\n-- migrate:down\n*/\n");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, "missing_up") << "two down blocks after one up block";
  EXPECT_EQ(parsed.error().place.line, 6);
}

TEST(MigrationGrammar, DownBeforeUpIsAComment) {
  const auto parsed = parse_migration("-- migrate:down\n-- migrate:up\nselect 1;\n");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, "missing_down");
  const auto with_statement =
      parse_migration("-- migrate:down\ndrop table t;\n-- migrate:up\nselect 1;\n");
  ASSERT_FALSE(with_statement.ok());
  EXPECT_EQ(with_statement.error().code, "statement_before_up");
  EXPECT_EQ(with_statement.error().place.line, 2);
}

bool transaction(const std::string& options) {
  return parse_migration(up("-- migrate:up" + options)).value_or_throw()[0].up.transaction;
}

TEST(MigrationGrammar, OptionsAreExactPairsOnTheDirectivesLine) {
  EXPECT_FALSE(transaction(" transaction:false"));
  EXPECT_FALSE(transaction("\ttransaction:false\r"));
  EXPECT_FALSE(transaction(" x y:z transaction:false"));
  EXPECT_FALSE(transaction(" transaction:true transaction:false")) << "the last one counts";
  EXPECT_FALSE(transaction(" transaction:false\xC2\xA0")) << "TrimSpace takes Unicode blanks off";
  EXPECT_FALSE(transaction(" transaction:false\xE2\x80\x83"));
  EXPECT_TRUE(transaction(" transaction:false transaction:true"));
  EXPECT_TRUE(transaction(" transaction:false transaction:"));
  EXPECT_TRUE(transaction(" transaction:false:"));
  EXPECT_TRUE(transaction(" Transaction:false"));
  EXPECT_TRUE(transaction(" transaction=false"));
  EXPECT_TRUE(transaction(" transaction: false"));
  EXPECT_TRUE(transaction(" 'transaction:false'"));
  EXPECT_TRUE(transaction("\n-- transaction:false"));
}

TEST(MigrationGrammar, NamesWhatIsIgnored) {
  const auto ignored = [](const std::string& options) {
    return parse_migration(up("-- migrate:up" + options)).value_or_throw()[0].up.ignored;
  };
  EXPECT_TRUE(ignored(" transaction:false").empty());
  EXPECT_TRUE(ignored(" transaction:true").empty());
  EXPECT_EQ(ignored(" transaction=false"), std::vector<std::string>{"transaction=false"});
  EXPECT_EQ(ignored(" transaction: false"), (std::vector<std::string>{"transaction:", "false"}));
  EXPECT_EQ(ignored(" transaction:FALSE"), std::vector<std::string>{"transaction:FALSE"});
  const auto broken = parse_migration(up("--\nmigrate:up transaction:false")).value_or_throw();
  EXPECT_TRUE(broken[0].up.transaction);
  EXPECT_EQ(broken[0].up.ignored, std::vector<std::string>{"transaction:false"});
}

TEST(MigrationGrammar, ExplainsWhyALineIsNoDirective) {
  const auto line = [](const std::string& contents) {
    return parse_migration(contents).error().place.line;
  };
  EXPECT_EQ(line("-- one\n\n  -- migrate:up\nselect 1;\n-- migrate:down\n"), 3);
  EXPECT_EQ(line("\n-- MIGRATE:UP\nselect 1;\n-- migrate:down\n"), 2);
  EXPECT_NE(parse_migration("\xEF\xBB\xBF-- migrate:up\n-- migrate:down\n")
                .error()
                .hint.find("byte order mark"),
            std::string::npos);
}

TEST(MigrationGrammar, VersionsAreTheLeadingDigitsOfSqlFiles) {
  EXPECT_EQ(migration_version("20240102030405_x.sql"), "20240102030405");
  EXPECT_EQ(migration_version("1.sql"), "1");
  EXPECT_EQ(migration_version("7x.sql"), "7");
  EXPECT_EQ(migration_version("x1.sql"), "");
  EXPECT_EQ(migration_version("1.SQL"), "");
  EXPECT_EQ(migration_version("1.sql.bak"), "");
  EXPECT_EQ(migration_version("1sql"), "");
  EXPECT_EQ(migration_version("1\n.sql"), "") << "`.` stops at a line end";
}

TEST(MigrationGrammar, TheApplicationsReaderGoesLineByLine) {
  EXPECT_EQ(up_line_of("\n-- migrate:up\nx;\n"), 2);
  EXPECT_EQ(up_line_of("--migrate:up x\n"), 1);
  EXPECT_EQ(up_line_of("-- migrate:up\r\n"), 1);
  EXPECT_EQ(up_line_of("--\nmigrate:up\n"), 0);
  EXPECT_EQ(up_line_of("-- migrate:upp\n"), 0);
  EXPECT_EQ(up_line_of("create table t(i int);\n"), 0);
}

std::size_t count(const std::string& sql, Dialect dialect) {
  return split_statements(lex(sql, dialect).tokens, dialect).size();
}

TEST(MigrationLexer, TellsTerminatorsFromSemicolonsInsideThings) {
  EXPECT_EQ(count("a 'x;y'; b \"n;m\"; -- c;\n/* d; /* e; */ f; */ g", Dialect::postgres), 3u);
  EXPECT_EQ(count("do $a$ x; $b$ y; $b$ $a$; z", Dialect::postgres), 2u);
  EXPECT_EQ(count("select E'\\';'; b", Dialect::postgres), 2u);
  EXPECT_EQ(count("select '\\'; b", Dialect::postgres), 2u);
  EXPECT_EQ(count("create rule r as on insert to t do (a; b); c", Dialect::postgres), 2u);
  EXPECT_EQ(count("create function f() returns int begin atomic select case when a then b end; c; "
                  "end; d;",
                  Dialect::postgres),
            2u);
  EXPECT_EQ(count("create trigger t after insert on a begin x; select case when 1 then 2 end; end; "
                  "select [a;b], `c;d`;;",
                  Dialect::sqlite),
            2u);
  EXPECT_EQ(count("select 'a\\';b'; # c;\nselect \"d;e\";", Dialect::mysql), 2u);
  EXPECT_EQ(
      count("create procedure p() begin if a then b; end if; while c do d; end while; end; e;",
            Dialect::mysql),
      2u);
  EXPECT_EQ(count("begin; insert into t values (1); end;", Dialect::sqlite), 3u);
}

TEST(MigrationLexer, NamesWhatDoesNotEnd) {
  EXPECT_TRUE(lex("select 'x", Dialect::postgres).problem);
  EXPECT_TRUE(lex("/* x", Dialect::sqlite).problem);
  EXPECT_TRUE(lex("do $x$ y $z$", Dialect::postgres).problem);
  EXPECT_FALSE(lex("select $1, a$b", Dialect::postgres).problem);
  EXPECT_EQ(lex("a;\nselect\n 'x", Dialect::mysql).problem->offset, 11u);
}

}  // namespace
}  // namespace muster::preflight
