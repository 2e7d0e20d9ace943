#include "preflight/migration_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "base/digest.hpp"
#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::preflight {
namespace {

using muster::testing::expect_golden;
using muster::testing::TempTree;

MigrationOptions with(Dialect dialect) {
  MigrationOptions options;
  options.dialects = {dialect};
  return options;
}

/// A folder with one migration.
MigrationReport check_one(const std::string& contents, const MigrationOptions& options = {}) {
  const TempTree tree;
  tree.write("20240101000000_one.sql", contents);
  return check_migrations(tree.str(), options);
}

std::string block(const std::string& sql) {
  return "-- migrate:up\n" + sql + "\n-- migrate:down\n";
}

bool has(const std::vector<Finding>& findings, const std::string& code, int line = -1) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.code == code && (line < 0 || finding.line == line);
  });
}

std::string listed(const MigrationReport& report) {
  return render(report);
}

// ---- the terminator, by mutation ----------------------------------------------------------------

const char* const postgres_samples[] = {
    R"sql(-- migrate:up
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA shop;
CREATE TABLE shop.item (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (name <> ''), -- a comment; with a semicolon
  price numeric(10, 2) NOT NULL
);
CREATE INDEX item_name ON shop.item (name);
INSERT INTO shop.item (name, price)
SELECT 'seed;' || n, n FROM generate_series(1, 3) AS n;
ALTER TABLE shop.item
  ADD COLUMN added timestamptz NOT NULL DEFAULT now(),
  DROP COLUMN price;
UPDATE shop.item SET name = 'x' WHERE id IS NULL;
DELETE FROM shop.item;
ANALYZE;
GRANT SELECT ON shop.item TO PUBLIC;
COMMENT ON TABLE shop.item IS 'things; for sale';
CREATE VIEW shop.names AS
SELECT name FROM shop.item
UNION
SELECT 'äöü';
WITH gone AS (DELETE FROM shop.item RETURNING id)
INSERT INTO shop.item (name) SELECT 'again' FROM gone;

-- migrate:down
DROP VIEW shop.names;
DROP TABLE shop.item; DROP SCHEMA shop;
)sql",
    R"sql(-- migrate:up
CREATE TABLE a (i int, changed timestamptz);
CREATE FUNCTION touch() RETURNS trigger AS $$
DECLARE
  seen int := 0;
  label text;
  old_row a%ROWTYPE;
BEGIN
  IF NEW.i IS NULL THEN
    RAISE EXCEPTION 'no i; none'
      USING HINT = 'give one';
  END IF;
  seen := seen + 1;
  SELECT 'x' INTO label
    FROM a WHERE i = NEW.i;
  FOR old_row IN
    SELECT * FROM a
  LOOP
    PERFORM pg_notify('a', old_row.i::text);
    CONTINUE WHEN seen > 3;
  END LOOP;
  NEW.changed := now();
  UPDATE a SET i = CASE WHEN i > 1 THEN 1
    ELSE 2 END;
  RETURN NEW;
EXCEPTION
  WHEN others THEN
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION twice() RETURNS bigint LANGUAGE sql AS $body$
  DELETE FROM a;
  SELECT count(*) FROM a;
$body$;
CREATE FUNCTION atomic() RETURNS int LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO a VALUES (1);
  SELECT 1;
END;
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN
    CREATE TYPE mood AS ENUM ('ok');
  END IF;
END;
$$;
-- migrate:down
DROP FUNCTION twice();
DROP FUNCTION atomic();
DROP TABLE a;
)sql"};

const char* const sqlite_sample = R"sql(-- migrate:up
CREATE TABLE a (i INTEGER PRIMARY KEY, t TEXT DEFAULT 'x;y');
CREATE INDEX a_t ON a (t);
INSERT INTO a (t) VALUES ('1'), ('2');
CREATE TABLE log (t TEXT);
CREATE TRIGGER a_log AFTER INSERT ON a BEGIN
  INSERT INTO log VALUES (new.t);
  DELETE FROM log WHERE t IS NULL;
END;
UPDATE a SET t = 'z';
CREATE VIEW v AS
SELECT t FROM a;
-- migrate:down
DROP VIEW v;
DROP TRIGGER a_log; DROP TABLE log;
DROP TABLE a;
)sql";

const char* const mysql_sample = R"sql(-- migrate:up
CREATE TABLE `a` (i INT NOT NULL COMMENT 'x;y', KEY (i)) COMMENT='t'; # c;
INSERT INTO a (i)
SELECT 1
UNION
SELECT 2
ON DUPLICATE KEY
UPDATE i = 2;
ALTER TABLE a
  ADD COLUMN j INT,
  DROP COLUMN i;
UPDATE a
SET j = 1;
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW
BEGIN
  SET NEW.j = IF(NEW.j IS NULL, 0, NEW.j);
  UPDATE b SET n = CASE WHEN n > 1 THEN n + 1 ELSE 0
    END;
END;
CREATE TRIGGER u BEFORE INSERT ON a FOR EACH ROW
SET NEW.j = 2;
DELETE FROM a WHERE j = 0;
-- migrate:down
DROP TABLE a;
)sql";

/// Drops each `;` that the sample's comments and strings do not hold; returns how many were found
/// on their own line.
void mutate(const std::string& sample, Dialect dialect, std::size_t& caught, std::size_t& all) {
  ASSERT_TRUE(check_one(sample, with(dialect)).ok()) << listed(check_one(sample, with(dialect)));
  int line = 1;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (sample[i] == '\n') ++line;
    if (sample[i] != ';') continue;
    // `;` in the samples that end nothing stand in quotes or comments, before a space or letter.
    const std::string_view rest = std::string_view(sample).substr(i + 1);
    const bool text = rest.starts_with(" with") || rest.starts_with("' ||") ||
                      rest.starts_with(" for sale") || rest.starts_with("y'") ||
                      rest.starts_with(" none") ||
                      (i > 0 && sample[i - 1] == 'c' && i > 2 && sample[i - 3] == '#');
    if (text) continue;
    ++all;
    std::string mutant = sample;
    mutant.erase(i, 1);
    const MigrationReport report = check_one(mutant, with(dialect));
    const std::vector<Finding>& findings = report.files.at(0).findings;
    const bool found = has(findings, "missing-terminator", line) ||
                       has(findings, "unterminated-block", line) ||
                       has(findings, "unterminated-body", line);
    EXPECT_TRUE(found) << "the `;` of line " << line << " is gone\n"
                       << mutant.substr(i < 40 ? 0 : i - 40, 80) << "\n"
                       << listed(report);
    if (found) ++caught;
  }
}

TEST(MigrationTerminator, EveryDroppedOneIsFoundOnItsLine) {
  std::size_t caught = 0;
  std::size_t all = 0;
  for (const char* sample : postgres_samples) mutate(sample, Dialect::postgres, caught, all);
  mutate(sqlite_sample, Dialect::sqlite, caught, all);
  mutate(mysql_sample, Dialect::mysql, caught, all);
  EXPECT_GE(all, 69u);
  std::cout << "terminators " << caught << "/" << all << "\n";
}

TEST(MigrationTerminator, SeveralAreFoundAtOnce) {
  const MigrationReport report = check_one(
      block("create table a (i int)\n\ncreate table b (i int)\n-- why\ncreate table c (i int);"));
  EXPECT_TRUE(has(report.files[0].findings, "missing-terminator", 2)) << listed(report);
  EXPECT_TRUE(has(report.files[0].findings, "missing-terminator", 4)) << listed(report);
  EXPECT_EQ(report.count(Level::error), 2u) << listed(report);
}

TEST(MigrationTerminator, WhatParsesAllTheSameIsStillSeen) {
  const MigrationReport alias = check_one(block("delete from a\ncommit;"));
  EXPECT_TRUE(has(alias.files[0].findings, "missing-terminator", 2)) << listed(alias);
  const MigrationReport schema = check_one(block("create schema a\ncreate table b (i int);"));
  EXPECT_TRUE(has(schema.files[0].findings, "missing-terminator", 2)) << listed(schema);
  const MigrationReport clause = check_one(block(
      "create function f() returns int language sql as $$ select 1; $$\nset work_mem = '1';"));
  EXPECT_EQ(clause.count(Level::error), 0u) << "a clause of the function: " << listed(clause);
}

TEST(MigrationTerminator, TheLastOneMayBeAskedForMildly) {
  MigrationOptions options;
  EXPECT_FALSE(check_one(block("select 1"), options).ok());
  options.unterminated_block = Level::warning;
  const MigrationReport mild = check_one(block("select 1"), options);
  EXPECT_TRUE(mild.ok()) << listed(mild);
  EXPECT_TRUE(has(mild.files[0].findings, "unterminated-block", 2)) << listed(mild);
}

TEST(MigrationPostgres, SyntaxErrorsHaveTheLineOfTheFile) {
  const MigrationReport report =
      check_one(block("create table a (i int);\nselect 'äöü',\n  from from b;"));
  EXPECT_TRUE(has(report.files[0].findings, "syntax", 4)) << listed(report);
  const MigrationReport open = check_one(block("select 1;\nselect 'x;\n"));
  EXPECT_TRUE(has(open.files[0].findings, "unterminated", 3)) << listed(open);
  const MigrationReport bytes = check_one(block("select 1;\nselect '\xFF';"));
  EXPECT_TRUE(has(bytes.files[0].findings, "encoding", 3)) << listed(bytes);
  const MigrationReport body = check_one(block(
      "create function f() returns int language sql as $$\nselect 1;\nselect from from;\n$$;"));
  EXPECT_TRUE(has(body.files[0].findings, "syntax", 4)) << listed(body);
}

TEST(MigrationPostgres, WhatMayNotRunInATransaction) {
  const std::string index = "create index concurrently i on a (b);";
  EXPECT_TRUE(has(check_one(block(index)).files[0].findings, "transaction", 2));
  EXPECT_TRUE(has(check_one("-- migrate:up transaction=false\n" + index + "\n-- migrate:down\n")
                      .files[0]
                      .findings,
                  "transaction", 2));
  const std::string exact = "-- migrate:up transaction:false\n";
  EXPECT_FALSE(
      has(check_one(exact + index + "\n-- migrate:down\n").files[0].findings, "transaction"));
  EXPECT_TRUE(has(check_one(exact + index + "\nselect 1;\n-- migrate:down\n").files[0].findings,
                  "transaction", 2));
}

TEST(MigrationPostgres, HostileInputIsAnswered) {
  std::string deep = "select ";
  deep.append(100'000, '(');
  deep += "1";
  deep.append(100'000, ')');
  EXPECT_FALSE(check_one(block(deep + ";")).ok());
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "select 1\n";
  MigrationOptions options;
  options.timeout = std::chrono::milliseconds(3'000);
  EXPECT_FALSE(check_one(block(many), options).ok());
  EXPECT_FALSE(check_one(block(std::string("select 1;\0select 2;", 19))).ok());
}

// ---- files and versions -------------------------------------------------------------------------

TEST(MigrationFolder, NothingToCheckIsAFailure) {
  const TempTree tree;
  EXPECT_FALSE(check_migrations(tree.str()).ok());
  EXPECT_EQ(check_results(check_migrations(tree.str()))[0].status, Status::failed);
  EXPECT_FALSE(check_migrations(tree.str("absent")).ok());
  EXPECT_EQ(check_results(check_migrations(tree.str("absent")))[0].status, Status::failed);
  tree.write("readme.txt", "x");
  tree.write("V1__x.sql", block("select 1;"));
  const MigrationReport report = check_migrations(tree.str());
  EXPECT_FALSE(report.ok());
  EXPECT_TRUE(has(report.findings, "passed-over"));
}

TEST(MigrationFolder, VersionsAreComparedAsNamesAndAsNumbers) {
  const TempTree tree;
  tree.write("10_b.sql", block("select 1;"));
  tree.write("9_a.sql", block("select 1;"));
  tree.write("9_c.sql", block("select 1;"));
  tree.write("20240230000000_d.sql", block("select 1;"));
  const MigrationReport report = check_migrations(tree.str());
  ASSERT_EQ(report.files.size(), 4u);
  EXPECT_EQ(report.files[0].file, "10_b.sql");
  EXPECT_EQ(report.files[1].file, "20240230000000_d.sql");
  EXPECT_TRUE(has(report.files[1].findings, "version-date")) << "there is no 30 February";
  EXPECT_TRUE(has(report.files[2].findings, "version-order"));
  EXPECT_TRUE(has(report.files[3].findings, "duplicate-version"));
}

TEST(MigrationFolder, WhatWasAppliedMustStayAsItWas) {
  const TempTree tree;
  const std::string contents = block("select 1;");
  tree.write("20240101000000_a.sql", contents);
  MigrationOptions options;
  options.applied["20240101000000"] = sha256_hex(contents);
  EXPECT_TRUE(check_migrations(tree.str(), options).ok());
  options.applied["20230101000000"] = sha256_hex(contents);
  EXPECT_TRUE(has(check_migrations(tree.str(), options).findings, "applied-missing"));
  tree.write("20240101000000_a.sql", contents + " ");
  EXPECT_TRUE(has(check_migrations(tree.str(), options).files[0].findings, "edited"));
}

TEST(MigrationFolder, UnreadableFilesAreErrors) {
  const TempTree tree;
  std::filesystem::create_symlink("nowhere", tree.path() / "1_x.sql");
  const MigrationReport report = check_migrations(tree.str());
  ASSERT_EQ(report.files.size(), 1u);
  EXPECT_TRUE(has(report.files[0].findings, "unreadable"));
  EXPECT_FALSE(report.files[0].dbmate_ok);
}

// ---- the application's own reading --------------------------------------------------------------

TEST(MigrationApplication, WhatItSkipsSilentlyIsAFailure) {
  const MigrationReport report = check_one("-- migrate:UP\nselect 1;\n-- migrate:down\n");
  EXPECT_EQ(report.files[0].application, "skipped");
  EXPECT_FALSE(report.files[0].dbmate_ok);
  EXPECT_FALSE(report.ok());
  const MigrationReport broken = check_one("--\nmigrate:up\nselect 1;\n-- migrate:down\n");
  EXPECT_TRUE(broken.files[0].dbmate_ok);
  EXPECT_TRUE(has(broken.files[0].findings, "readings-differ")) << listed(broken);
  const MigrationReport lenient = check_one("select 1;\n-- migrate:up\nselect 1;\n");
  EXPECT_EQ(lenient.files[0].application, "ok");
  EXPECT_TRUE(has(lenient.files[0].findings, "readings-differ")) << listed(lenient);
}

MigrationOptions runner(const std::string& script) {
  MigrationOptions options;
  options.runner.command = {"/bin/sh", "-c", script, "runner"};
  options.timeout = std::chrono::milliseconds(5'000);
  return options;
}

TEST(MigrationApplication, ACommandSaysWhatItReads) {
  const std::string good = block("select 1;");
  const std::string line = R"({\"file\":\"20240101000000_one.sql\",\"application\":)";
  const MigrationReport ok =
      check_one(good, runner("test -d \"$1\" && echo \"" + line + "\\\"ok\\\"}\""));
  EXPECT_TRUE(ok.ok()) << listed(ok);
  const MigrationReport skips = check_one(good, runner("echo \"" + line + "\\\"skipped\\\"}\""));
  EXPECT_TRUE(has(skips.files[0].findings, "readings-differ")) << listed(skips);
  EXPECT_TRUE(has(check_one(good, runner("true")).files[0].findings, "readings-differ"));
  EXPECT_TRUE(has(check_one(good, runner("echo hello")).findings, "application-runner"));
  EXPECT_TRUE(has(check_one(good, runner("exit 3")).findings, "application-runner"));
}

TEST(MigrationApplication, ACommandThatHangsIsEnded) {
  MigrationOptions options = runner("exec sleep 60");
  options.timeout = std::chrono::milliseconds(200);
  const MigrationReport report = check_one(block("select 1;"), options);
  EXPECT_TRUE(has(report.findings, "application-runner")) << listed(report);
  EXPECT_LT(report.duration, std::chrono::seconds(5));
}

// ---- SQLite, for real ---------------------------------------------------------------------------

MigrationReport sqlite(const std::string& up, const std::string& down) {
  return check_one("-- migrate:up\n" + up + "\n-- migrate:down\n" + down + "\n",
                   with(Dialect::sqlite));
}

TEST(MigrationRoundTrip, DownMustUndoUp) {
  EXPECT_TRUE(sqlite("create table a (i);\ncreate index x on a (i);", "drop table a;").ok());
  const MigrationReport left = sqlite("create table a (i);\ncreate table b (i);", "drop table a;");
  EXPECT_TRUE(has(left.files[0].findings, "round-trip")) << listed(left);
  EXPECT_NE(listed(left).find("there is table b"), std::string::npos) << listed(left);
  const MigrationReport unknown = sqlite("create table a (i);", "drop table b;");
  EXPECT_TRUE(has(unknown.files[0].findings, "round-trip", 4)) << listed(unknown);
  const MigrationReport column =
      sqlite("create table a (i);\ninsert into b values (1);", "drop table a;");
  EXPECT_TRUE(has(column.files[0].findings, "round-trip", 3)) << listed(column);
}

TEST(MigrationRoundTrip, FilesBuildOnEachOther) {
  const TempTree tree;
  tree.write("20240101000000_a.sql",
             "-- migrate:up\ncreate table a (i int);\n-- migrate:down\ndrop table a;\n");
  tree.write("20240102000000_b.sql",
             "-- migrate:up\nalter table a add column j text;\n-- migrate:down\n"
             "alter table a drop column j;\n");
  tree.write(
      "20240103000000_c.sql",
      "-- migrate:up\nalter table a rename to b;\n-- migrate:down\nalter table b rename to a;\n");
  const MigrationReport good = check_migrations(tree.str(), with(Dialect::sqlite));
  EXPECT_TRUE(good.ok()) << listed(good);
  tree.write("20240101000000_a.sql",
             "-- migrate:up\ncreate table z (i int);\n-- migrate:down\ndrop table z;\n");
  const MigrationReport broken = check_migrations(tree.str(), with(Dialect::sqlite));
  EXPECT_TRUE(has(broken.files[1].findings, "round-trip", 2)) << listed(broken);
  EXPECT_EQ(broken.count(Level::error), 1u) << "what follows is not blamed: " << listed(broken);
}

TEST(MigrationRoundTrip, WhatOnlyTheApplicationsSqliteHasIsExcused) {
  const MigrationReport report =
      sqlite("create virtual table v using no_such_module(x);", "drop table v;");
  EXPECT_TRUE(report.ok()) << listed(report);
  EXPECT_TRUE(has(report.files[0].findings, "round-trip", 2)) << listed(report);
}

TEST(MigrationRoundTrip, ReachesNothingOutsideAndEnds) {
  const TempTree tree;
  const std::string file = tree.str("out.db");
  EXPECT_FALSE(sqlite("attach database '" + file + "' as x;", "").ok());
  EXPECT_FALSE(sqlite("vacuum into '" + file + "';", "").ok());
  EXPECT_FALSE(std::filesystem::exists(file));
  MigrationOptions options = with(Dialect::sqlite);
  options.timeout = std::chrono::milliseconds(300);
  const MigrationReport endless = check_one(
      block("create table a as with recursive n(i) as (select 1 union all select i from n) "
            "select count(*) from n;"),
      options);
  EXPECT_FALSE(endless.ok());
  EXPECT_LT(endless.duration, std::chrono::seconds(5));
}

// ---- MySQL, by tokens ---------------------------------------------------------------------------

TEST(MigrationMysql, IsLexicalAndSaysSo) {
  const MigrationReport report =
      check_one(block("create table a (i int;\nselect 1;"), with(Dialect::mysql));
  EXPECT_FALSE(report.ok());
  EXPECT_NE(listed(report).find("(lexical check)"), std::string::npos) << listed(report);
  const MigrationReport delimiter =
      check_one(block("delimiter //\ncreate procedure p() begin select 1; end//\ndelimiter ;"),
                with(Dialect::mysql));
  EXPECT_TRUE(has(delimiter.files[0].findings, "client-command", 2)) << listed(delimiter);
  EXPECT_TRUE(
      check_one(block("with x as (select 1)\nselect * from x;\nshow tables;"), with(Dialect::mysql))
          .ok());
}

// ---- what people and programs read --------------------------------------------------------------

TEST(MigrationReport, IsGolden) {
  const TempTree tree;
  tree.write("20240101000000_good.sql",
             "-- migrate:up\ncreate table a (i int);\n-- migrate:down\ndrop table a;\n");
  tree.write("20240102000000_glued.sql",
             "-- migrate:up transaction=false\ncreate table b (i int)\ncreate table c (i int);\n"
             "-- migrate:down\n");
  tree.write("20240103000000_empty.sql", "-- migrate:up\n\n-- migrate:down\n");
  tree.write("20240104000000_no_up.sql", "create table d (i int);\n");
  tree.write("20240105000000_two.sql",
             "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n"
             "-- migrate:up transaction:false\nselect 3; select 4;\n-- migrate:down\nselect 5;\n");
  tree.write("4_number.sql", block("select 'x;"));
  tree.write("create.sql", "select 1;\n");
  MigrationReport report = check_migrations(tree.str());
  report.dir = "db/migrations";
  expect_golden("preflight/migrations.txt", render(report));
  expect_golden("preflight/migrations.json", to_json(report).dump(2) + "\n");
  const std::vector<CheckResult> results = check_results(report);
  EXPECT_EQ(results.size(), 7u) << "six files, and the folder with one that is passed over";
  EXPECT_FALSE(all_passed(results));
}

}  // namespace
}  // namespace muster::preflight
