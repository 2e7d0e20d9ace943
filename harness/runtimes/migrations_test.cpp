#include "runtimes/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "runtimes/databases_for_tests.hpp"

namespace muster::runtimes {
namespace {

using testing::code;
using ::testing::ElementsAre;

constexpr const char* before_unify = "20260110090000";

class Migrations : public testing::Databases {
 protected:
  /// Counts what agrees with the recorded cases, for ci/conformance_runtimes.
  static void TearDownTestSuite() {
    if (compared > 0) std::cout << "runtimes " << equal << "/" << compared << "\n";
    Databases::TearDownTestSuite();
  }
  /// Each of `theirs` and `ours`, both sorted, counts once.
  template <class T>
  static void compare(const std::vector<T>& ours, const std::vector<T>& theirs) {
    std::vector<T> both;
    std::set_intersection(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                          std::back_inserter(both));
    equal += both.size();
    compared += ours.size() + theirs.size() - both.size();
  }
  static inline std::size_t equal = 0;
  static inline std::size_t compared = 0;

  /// One column of all rows, with NULL as `-`.
  static std::vector<std::string> column(Database& database, const std::string& sql) {
    std::vector<std::string> cells;
    for (const Row& row : database.run(sql).value_or_throw()) {
      std::string line;
      for (const Value& value : row) line += (line.empty() ? "" : " ") + value.value_or("-");
      cells.push_back(line);
    }
    return cells;
  }

  /// Tables with their columns, types, defaults and indexes, sorted.
  static std::vector<std::string> schema(Database& database) {
    std::vector<std::string> lines =
        database.dialect() == Dialect::sqlite
            ? column(
                  database,
                  "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || c.\"notnull\" || c.pk"
                  " || coalesce(replace(c.dflt_value, ' ', ''), '') FROM sqlite_schema m,"
                  " pragma_table_info(m.name) c WHERE m.type = 'table'"
                  " UNION ALL SELECT name || coalesce(lower(sql), '') FROM sqlite_schema"
                  " WHERE type = 'index'"
                  " UNION ALL SELECT m.name || f.\"from\" || f.\"table\" || f.on_delete FROM"
                  " sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'")
            : column(database,
                     "SELECT table_name || '.' || column_name || ' ' || data_type || is_nullable ||"
                     " coalesce(column_default, '') FROM information_schema.columns"
                     " WHERE table_schema = 'public'"
                     " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                     " UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid)"
                     " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
                     " UNION ALL SELECT typname FROM pg_type WHERE typtype = 'e'");
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  /// The folder of recorded cases, where it is there.
  static std::filesystem::path recorded() {
    const char* told = std::getenv("MUSTER_CONFORMANCE");
    const std::filesystem::path folder =
        told != nullptr ? std::filesystem::path(told)
                        : std::filesystem::path(MUSTER_SOURCE_DIR) / "../shared/conformance";
    return folder / "runtimes";
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
};

INSTANTIATE_TEST_SUITE_P(All, Migrations, ::testing::Values(Dialect::sqlite, Dialect::postgres),
                         testing::dialect_name);

TEST_P(Migrations, GoUpDownAndUpAgain) {
  const auto database = connect(fresh());
  std::vector<std::vector<std::string>> schemas;
  for (const Migration& migration : migrations(GetParam())) {
    schemas.push_back(schema(*database));
    ASSERT_EQ(code(migrate(*database, nullptr, migration.version)), "ok") << migration.name;
  }
  const std::vector<std::string> whole = schema(*database);
  schemas[0] = {};
  for (auto before = schemas.rbegin(); before != schemas.rend(); ++before) {
    const Result<bool> undone = roll_back(*database);
    ASSERT_TRUE(undone.ok()) << undone.error().message;
    EXPECT_TRUE(*undone);
    std::vector<std::string> now = schema(*database);
    std::erase_if(now, [](const std::string& line) {
      return line.find("schema_migrations") != std::string::npos;
    });
    std::erase_if(*before, [](const std::string& line) {
      return line.find("schema_migrations") != std::string::npos;
    });
    EXPECT_EQ(now, *before);
  }
  EXPECT_FALSE(*roll_back(*database));
  ASSERT_EQ(code(migrate(*database)), "ok");
  EXPECT_EQ(schema(*database), whole);
  EXPECT_TRUE(migrate(*database)->applied.empty());
}

TEST_P(Migrations, HaveTheSameVersionsInBothDialects) {
  std::vector<std::string> versions;
  std::vector<std::string> others;
  for (const Migration& each : migrations(Dialect::sqlite)) versions.push_back(each.version);
  for (const Migration& each : migrations(Dialect::postgres)) others.push_back(each.version);
  EXPECT_EQ(versions, others);
  EXPECT_EQ(migrations(GetParam()).at(1).name, "unify_runtimes");
}

TEST_P(Migrations, EndInTheRecordedSchema) {
  const auto file =
      recorded() / (GetParam() == Dialect::sqlite ? "runtime_sqlite.sql" : "runtime_pg.sql");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the recorded schema is not at " << file;
  const auto ours = connect(fresh());
  ASSERT_EQ(code(migrate(*ours)), "ok");
  const auto theirs = connect(fresh());
  ASSERT_EQ(code(theirs->script(read(file))), "ok");
  std::vector<std::string> more = schema(*ours);
  std::erase_if(more, [](const std::string& line) {
    // what the reference does without: who refers to runtimes, and dbmate's own table
    return line.find("action") == 0 || line.find("sensor") == 0 ||
           line.find("idx_action") != std::string::npos ||
           line.find("idx_sensor") != std::string::npos ||
           line.find("action_") != std::string::npos || line.find("sensor_") != std::string::npos ||
           line.find("schema_migrations") != std::string::npos;
  });
  compare(more, schema(*theirs));
  EXPECT_EQ(more, schema(*theirs));
}

/// Rows of the shape before: two per runtime, and what refers to them.
void fill_old(Database& database) {
  const char* rows = R"(
    INSERT INTO runtime(id, ref, pack_ref, name, runtime_type, distributions, installation) VALUES
      (1, 'core.action.python', 'core', 'Python 3', 'action', '{"old": true}', NULL),
      (2, 'core.sensor.python', 'core', 'Python 3', 'sensor', '{}', NULL),
      (3, 'core.action.node', 'core', 'Node', 'action', '{}', NULL),
      (4, 'core.sensor.nodejs', 'core', 'Node.js', 'sensor', '{}', NULL),
      (5, 'core.sensor.shell', 'core', 'Shell', 'sensor', '{}', NULL),
      (6, 'core.action.native', 'core', 'Native', 'action', '{}', NULL),
      (7, 'core.sensor.builtin', 'core', 'Builtin', 'sensor', '{}', NULL),
      (8, 'core.action.lua', 'core', 'Lua', 'action', '{}', NULL),
      (9, 'core.sensor.lua', 'core', 'Lua S', 'sensor',
       '{"verification": {"commands": [{"binary": "lua"}]}}', '{"by": "sensor"}'),
      (10, 'core.tcl', 'core', 'Tcl', 'action', '{"verification": {"always_available": true}}', NULL),
      (11, 'core.sensor.tcl', 'core', 'Tcl', 'sensor', '{}', NULL),
      (12, 'other.action.python', 'other', 'Theirs', 'action', '{}', NULL);
    INSERT INTO action(ref, runtime) VALUES
      ('a.python', 1), ('a.odd', 2), ('a.node', 3), ('a.native', 6), ('a.lua', 8), ('a.none', NULL),
      ('a.other', 12);
    INSERT INTO sensor(ref, runtime, runtime_ref) VALUES
      ('s.python', 2, 'core.sensor.python'), ('s.node', 4, 'core.sensor.nodejs'),
      ('s.shell', 5, 'core.sensor.shell'), ('s.builtin', 7, 'core.sensor.builtin'),
      ('s.lua', 9, 'core.sensor.lua'), ('s.tcl', 11, 'core.sensor.tcl'),
      ('s.other', 12, 'other.action.python'))";
  database.script(rows).value_or_throw();
  // rows that bring their ids leave the server's counter behind
  if (database.dialect() == Dialect::postgres)
    database.script("SELECT setval('runtime_id_seq', 100)").value_or_throw();
}

TEST_P(Migrations, UnifyFoldsRowsOfTheOldShape) {
  const std::string where = fresh();
  {
    const auto database = connect(where);
    ASSERT_EQ(code(migrate(*database, nullptr, before_unify)), "ok");
    fill_old(*database);
    const Result<Migrated> migrated = migrate(*database);
    ASSERT_TRUE(migrated.ok()) << migrated.error().message;
    EXPECT_FALSE(migrated->was_new);
    EXPECT_THAT(
        column(*database,
               "SELECT a.ref, r.ref FROM action a LEFT JOIN runtime r ON"
               " r.id = a.runtime ORDER BY a.ref"),
        ElementsAre("a.lua core.lua", "a.native core.native", "a.node core.nodejs", "a.none -",
                    "a.odd core.python", "a.other other.action.python", "a.python core.python"));
    EXPECT_THAT(column(*database,
                       "SELECT s.ref, r.ref, s.runtime_ref FROM sensor s JOIN runtime r"
                       " ON r.id = s.runtime ORDER BY s.ref"),
                ElementsAre("s.builtin core.sensor.builtin core.sensor.builtin",
                            "s.lua core.lua core.lua", "s.node core.nodejs core.nodejs",
                            "s.other other.action.python other.action.python",
                            "s.python core.python core.python", "s.shell core.shell core.shell",
                            "s.tcl core.tcl core.tcl"));
  }
  const auto repository = open(where, clock);
  std::vector<std::string> refs;
  for (const Runtime& row : repository->all().value_or_throw()) refs.push_back(row.ref);
  EXPECT_THAT(refs,
              ElementsAre("core.lua", "core.native", "core.nodejs", "core.python",
                          "core.sensor.builtin", "core.shell", "core.tcl", "other.action.python"))
      << "and no core pack, as the database is not new";
  const Runtime lua = repository->read("core.lua").value_or_throw();
  EXPECT_EQ(lua.name, "Lua");
  EXPECT_EQ(lua.distributions["verification"]["commands"][0]["binary"], "lua");
  EXPECT_EQ(lua.installation, Json::parse(R"({"by": "sensor"})"));
  EXPECT_EQ(verification_of(repository->read("core.tcl")->distributions)->always_available, true);
  for (const Runtime& core : core_pack()) {
    const Result<Runtime> row = repository->read(core.ref);
    if (!row) continue;
    EXPECT_EQ(to_json(*row), to_json(core)) << "a folded row is as in the core pack";
  }
  EXPECT_EQ(code(repository->remove("core.python")), "missing_reference");
}

TEST_P(Migrations, UnifyGivesTheRecordedRows) {
  const auto file = recorded() / "rows.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the recorded rows are not at " << file;
  const std::string where = fresh();
  {
    const auto database = connect(where);
    ASSERT_EQ(code(migrate(*database, nullptr, before_unify)), "ok");
    std::string rows = "INSERT INTO runtime(ref, pack_ref, name, runtime_type) VALUES ";
    for (const char* name : {"Python", "NodeJS", "Shell", "Native"}) {
      std::string low = name;
      std::transform(low.begin(), low.end(), low.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      for (const std::string type : {"action", "sensor"})
        rows += "('core." + type + "." + low + "', 'core', '" + name + "', '" + type + "'), ";
    }
    rows += "('core.sensor.builtin', 'core', 'Builtin', 'sensor')";
    ASSERT_EQ(code(database->script(rows)), "ok");
  }
  Json found = Json::array();
  for (const Runtime& row : open(where, clock)->all().value_or_throw()) {
    found.push_back({{"ref", row.ref},
                     {"name", row.name},
                     {"installation", row.installation},
                     {"distributions", row.distributions}});
  }
  const Json wanted = parse_json(read(file)).value_or_throw();
  compare(std::vector<Json>(found.begin(), found.end()),
          std::vector<Json>(wanted.begin(), wanted.end()));
  EXPECT_EQ(found, wanted);
}

TEST_P(Migrations, UnifyIsUndone) {
  const auto database = connect(fresh());
  ASSERT_EQ(code(migrate(*database, nullptr, before_unify)), "ok");
  fill_old(*database);
  ASSERT_EQ(code(migrate(*database, nullptr, "20260203090000")), "ok");
  const auto uses = [&] {
    return column(*database,
                  "SELECT u.ref, r.ref FROM (SELECT ref, runtime FROM action UNION ALL"
                  " SELECT ref, runtime FROM sensor) u JOIN runtime r ON r.id = u.runtime"
                  " ORDER BY u.ref");
  };
  const std::vector<std::string> unified = uses();
  const Result<bool> undone = roll_back(*database);
  ASSERT_TRUE(undone.ok()) << undone.error().message;
  EXPECT_THAT(column(*database,
                     "SELECT s.ref, r.ref, s.runtime_ref, r.runtime_type FROM sensor s"
                     " JOIN runtime r ON r.id = s.runtime WHERE s.ref = 's.python'"),
              ElementsAre("s.python core.sensor.python core.sensor.python sensor"));
  EXPECT_THAT(column(*database,
                     "SELECT a.ref, r.ref, r.runtime_type FROM action a"
                     " JOIN runtime r ON r.id = a.runtime WHERE a.ref = 'a.odd'"),
              ElementsAre("a.odd core.action.python action"));
  ASSERT_EQ(code(migrate(*database)), "ok");
  EXPECT_EQ(uses(), unified);
}

TEST_P(Migrations, AllHappenOrNone) {
  const auto database = connect(fresh());
  const auto seed = [](Database&) -> Result<void> { return error("no_seed", "refused"); };
  EXPECT_EQ(code(migrate(*database, seed)), "no_seed");
  EXPECT_FALSE(database->run("SELECT * FROM runtime").ok());
  EXPECT_FALSE(database->run("SELECT * FROM schema_migrations").ok());
}

}  // namespace
}  // namespace muster::runtimes
