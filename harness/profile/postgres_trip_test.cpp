#include "profile/postgres_trip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "preflight/migration_check.hpp"
#include "runtimes/database.hpp"
#include "runtimes/scratch_postgres.hpp"
#include "testing/temp_tree.hpp"

namespace muster::profile {
namespace {

using preflight::MigrationReport;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// One server for all tests.
class PostgresTrip : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = runtimes::ScratchPostgres::start();
    if (started.ok()) {
      server = std::move(*started);
    } else {
      ASSERT_EQ(started.error().code, "no_postgres") << started.error().message;
    }
  }
  static void TearDownTestSuite() { server.reset(); }
  void SetUp() override {
    if (!server) GTEST_SKIP() << "no PostgreSQL server is installed (Debian package postgresql)";
  }

  void write(const std::string& name, const std::string& up, const std::string& down,
             const std::string& option = {}) {
    tree.write("m/" + name, "-- migrate:up" + option + "\n" + up + "\n-- migrate:down\n" + down);
  }
  MigrationReport check() {
    preflight::MigrationOptions options;
    options.postgres = postgres_trip(server->url());
    return preflight::check_migrations(tree.str("m"), options);
  }
  /// `file:line code message` of every error.
  static std::vector<std::string> errors(const MigrationReport& report) {
    std::vector<std::string> all;
    for (const auto& file : report.files) {
      for (const auto& finding : file.findings) {
        if (finding.level != preflight::Level::error) continue;
        all.push_back(file.file + ":" + std::to_string(finding.line) + " " + finding.code + " " +
                      finding.message);
      }
    }
    return all;
  }
  static std::string done(const MigrationReport& report) {
    return report.round_trips.at("postgres");
  }
  static std::size_t databases() {
    const auto admin = runtimes::open_postgres(server->url()).value_or_throw();
    return std::stoul(
        *admin->run("SELECT count(*) FROM pg_database", {}).value_or_throw().at(0).at(0));
  }

  static inline std::unique_ptr<runtimes::ScratchPostgres> server;
  muster::testing::TempTree tree;
};

TEST_F(PostgresTrip, AppliesMustersOwnMigrations) {
  const std::size_t before = databases();
  preflight::MigrationOptions options;
  options.postgres = postgres_trip(server->url());
  const auto report = preflight::check_migrations(
      std::string(MUSTER_SOURCE_DIR) + "/harness/runtimes/migrations/postgres", options);
  EXPECT_THAT(errors(report), IsEmpty());
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(done(report), "applied UP, DOWN, UP: " + std::to_string(report.files.size()) + " of " +
                              std::to_string(report.files.size()));
  EXPECT_GE(report.files.size(), 5u);
  EXPECT_EQ(databases(), before) << "its database is dropped";
}

TEST(OwnMigrations, HoldInMemoryToo) {
  preflight::MigrationOptions options;
  options.dialects = {preflight::Dialect::sqlite};
  const auto report = preflight::check_migrations(
      std::string(MUSTER_SOURCE_DIR) + "/harness/runtimes/migrations/sqlite", options);
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_GE(report.files.size(), 5u);
}

TEST_F(PostgresTrip, NamesTheLineWhereTheServerPoints) {
  write("20260101000000_a.sql", "CREATE TABLE a (id bigint PRIMARY KEY);", "DROP TABLE a;");
  write("20260102000000_b.sql", "-- ö\nCREATE TABLE b (id bigint,\n  a bigint REFERENCES aa(id));",
        "DROP TABLE b;");
  write("20260103000000_c.sql", "CREATE TABLE c (id bigint);", "DROP TABLE c;");
  const auto report = check();
  EXPECT_THAT(errors(report),
              ElementsAre("20260102000000_b.sql:3 round-trip PostgreSQL, applied, UP: relation "
                          "\"aa\" does not exist"));
  EXPECT_EQ(report.files[2].findings.back().message,
            "not tried on PostgreSQL: 20260102000000_b.sql has failed before it");
  EXPECT_EQ(done(report), "applied UP, DOWN, UP: 1 of 3");
}

TEST_F(PostgresTrip, FindsTheColumnThatIsUnknownByItsPlace) {
  write("20260101000000_a.sql",
        "CREATE TABLE a (id bigint);\nCREATE VIEW v AS\n  SELECT id,\n    nmae\n  FROM a;",
        "DROP VIEW v;\nDROP TABLE a;");
  EXPECT_THAT(errors(check()),
              ElementsAre("20260101000000_a.sql:5 round-trip PostgreSQL, applied, UP: column "
                          "\"nmae\" does not exist"));
}

TEST_F(PostgresTrip, NamesTheStatementWhereTheServerPointsNowhere) {
  write("20260101000000_a.sql", "CREATE TABLE a (id bigint);\n\n-- twice\nCREATE TABLE a (id int);",
        "DROP TABLE a;");
  EXPECT_THAT(errors(check()), ElementsAre("20260101000000_a.sql:5 round-trip PostgreSQL, applied, "
                                           "UP: relation \"a\" already exists"));
}

TEST_F(PostgresTrip, SeesWhatDownLeavesAndWhatUpCannotMakeAgain) {
  write("20260101000000_a.sql", "CREATE TABLE a (id bigserial PRIMARY KEY, s text NOT NULL);",
        "DROP TABLE a;");
  write("20260102000000_b.sql", "CREATE TYPE mood AS ENUM ('ok');\nALTER TABLE a ADD m mood;",
        "ALTER TABLE a DROP m;");
  const auto report = check();
  EXPECT_THAT(
      errors(report),
      ElementsAre(
          "20260102000000_b.sql:2 round-trip PostgreSQL, applied, UP after DOWN: type \"mood\" "
          "already exists",
          "20260102000000_b.sql:4 round-trip after DOWN the schema is not what it was: there is "
          "type public.mood"));
}

TEST_F(PostgresTrip, ComparesMoreThanTables) {
  write("20260101000000_a.sql",
        "CREATE TABLE a (id bigint, s text);\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS "
        "'SELECT 1';",
        "DROP TABLE a;\nDROP FUNCTION f;");
  write("20260102000000_b.sql",
        "ALTER TABLE a ALTER s SET DEFAULT 'x', ADD CONSTRAINT k CHECK (id > 0);\n"
        "CREATE INDEX i ON a (s);\n"
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
        "SELECT 1;");
  const auto report = check();
  ASSERT_FALSE(errors(report).empty());
  EXPECT_THAT(errors(report).back(),
              HasSubstr("there is constraint k of public.a, function public.f(), index public.i, "
                        "table public.a; missing is function public.f(), table public.a"));
}

TEST_F(PostgresTrip, RunsABlockWithoutTransactionAsOne) {
  write("20260101000000_a.sql", "CREATE TABLE a (id bigint);", "DROP TABLE a;");
  write("20260102000000_b.sql", "CREATE INDEX CONCURRENTLY i ON a (id);", "DROP INDEX i;",
        " transaction:false");
  EXPECT_THAT(errors(check()), IsEmpty());
  // two statements in one message are a transaction to the server, and dbmate sends one message
  write("20260102000000_b.sql", "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON a (id);",
        "DROP INDEX i;", " transaction:false");
  const auto report = check();
  EXPECT_THAT(errors(report),
              Contains(AllOf(HasSubstr("_b.sql:3 round-trip PostgreSQL, applied, UP: "),
                             HasSubstr("cannot run inside"))));
}

TEST_F(PostgresTrip, ChecksWhatIsDeferredAtTheCommit) {
  write("20260101000000_a.sql",
        "CREATE TABLE a (id bigint PRIMARY KEY, b bigint REFERENCES a DEFERRABLE INITIALLY "
        "DEFERRED);\nINSERT INTO a VALUES (1, 2);",
        "DROP TABLE a;");
  EXPECT_THAT(errors(check()).at(0), HasSubstr("violates foreign key constraint"));
}

TEST_F(PostgresTrip, TriesNothingThatTheParserRefuses) {
  write("20260101000000_a.sql", "CREATE TABEL a (id bigint);", "DROP TABLE a;");
  const auto report = check();
  ASSERT_EQ(errors(report).size(), 1u);
  EXPECT_THAT(errors(report)[0], HasSubstr(" syntax "));
  EXPECT_EQ(done(report), "applied UP, DOWN, UP: 0 of 1");
}

TEST_F(PostgresTrip, AServerThatWasNamedMustBeThere) {
  write("20260101000000_a.sql", "CREATE TABLE a (id bigint);", "DROP TABLE a;");
  preflight::MigrationOptions options;
  options.postgres = postgres_trip("postgresql:///x?host=/nonexistent&password=hunter2");
  const auto report = preflight::check_migrations(tree.str("m"), options);
  EXPECT_FALSE(report.ok());
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_THAT(report.findings[0].message, HasSubstr("cannot be applied: PostgreSQL: "));
  EXPECT_THAT(render(report), ::testing::Not(HasSubstr("hunter2")));
}

TEST_F(PostgresTrip, StartsAServerWhenNoneIsNamed) {
  write("20260101000000_a.sql", "CREATE TABLE a (id bigint);", "DROP TABLE a;");
  preflight::MigrationOptions options;
  options.postgres = postgres_trip();
  const auto report = preflight::check_migrations(tree.str("m"), options);
  EXPECT_EQ(done(report), "applied UP, DOWN, UP: 1 of 1");
  EXPECT_TRUE(report.ok()) << render(report);
}

TEST(WithoutPostgres, TheReportSaysThatItOnlyParsed) {
  const muster::testing::TempTree tree;
  tree.write("20260101000000_a.sql",
             "-- migrate:up\nCREATE TABLE a (id bigint);\n-- migrate:down\nDROP TABLE a;\n");
  preflight::MigrationOptions options;
  EXPECT_THAT(render(preflight::check_migrations(tree.str(), options)),
              HasSubstr("postgres: parsed, not applied: no server was given\n"));
  options.postgres = []() -> Result<std::unique_ptr<preflight::TripDatabase>> {
    return error("no_postgres", "none is installed");
  };
  const auto report = preflight::check_migrations(tree.str(), options);
  EXPECT_TRUE(report.ok()) << "what this host lacks is no fault of the migrations";
  EXPECT_EQ(report.round_trips.at("postgres"), "parsed, not applied: none is installed");
}

}  // namespace
}  // namespace muster::profile
