#include "runtimes/repository.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/text.hpp"
#include "runtimes/constraint.hpp"
#include "runtimes/databases_for_tests.hpp"
#include "runtimes/migrations.hpp"
#include "runtimes/registration.hpp"
#include "runtimes/row_for_tests.hpp"

namespace muster::runtimes {
namespace {

using testing::code;
using ::testing::ElementsAre;
using testing::Ticking;

class Databases : public testing::Databases {};

INSTANTIATE_TEST_SUITE_P(All, Databases, ::testing::Values(Dialect::sqlite, Dialect::postgres),
                         testing::dialect_name);

std::vector<std::string> refs(const std::vector<Runtime>& runtimes) {
  std::vector<std::string> found;
  for (const Runtime& runtime : runtimes) found.push_back(runtime.ref);
  return found;
}

TEST_P(Databases, ANewOneHasTheCorePackAndKeepsWhatIsRemoved) {
  const std::string where = fresh();
  {
    const auto repository = open(where, clock);
    EXPECT_THAT(refs(*repository->all()),
                ElementsAre("core.go", "core.java", "core.native", "core.nodejs", "core.perl",
                            "core.python", "core.r", "core.ruby", "core.shell"));
    EXPECT_EQ(repository->find_by_pack("core")->size(), 9u);
    for (const Runtime& runtime : repository->all().value_or_throw())
      EXPECT_TRUE(verification_of(runtime.distributions).ok()) << runtime.ref;
    EXPECT_TRUE(repository->remove("core.ruby").ok());
  }
  EXPECT_EQ(code(open(where, clock)->read("core.ruby")), "not_found");
}

TEST_P(Databases, ManyOpenANewOneAtOnce) {
  const std::string where = fresh();
  std::vector<std::jthread> threads;
  std::vector<std::string> outcomes(12);
  for (std::string& outcome : outcomes) {
    threads.emplace_back([&where, &outcome, this] {
      const auto repository = open_repository(where, clock);
      outcome = repository.ok() ? std::to_string((*repository)->all()->size())
                                : repository.error().message;
    });
  }
  threads.clear();
  EXPECT_THAT(outcomes, ::testing::Each("9"));
}

TEST_P(Databases, StoresARuntimeWhole) {
  const auto repository = open(fresh(), clock);
  Runtime lua = testing::row("pack.lua", Json::array({testing::command("lua")}));
  lua.description = "Größe's \"x\" \\ \n";
  lua.aliases = {"luajit", "moon'"};
  lua.installation = {{"url", "https://x/?a=$1&b=?"}, {"n", 1.5}, {"none", nullptr}};
  const Result<Runtime> created = repository->create(lua);
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(created->created, "2026-05-28T20:26:50.123Z");
  EXPECT_EQ(created->updated, created->created);
  lua.id = created->id;
  lua.created = lua.updated = created->created;
  EXPECT_EQ(*created, lua);
  EXPECT_EQ(*repository->read("pack.lua"), lua);
  EXPECT_EQ(code(repository->create(lua)), "already_exists");

  lua.ref = "other.lua";
  lua.pack_ref = "";
  lua.aliases = {};
  lua.installation = nullptr;
  const Result<Runtime> updated = repository->update(lua);
  ASSERT_TRUE(updated.ok()) << updated.error().message;
  EXPECT_GT(updated->updated, updated->created);
  lua.updated = updated->updated;
  EXPECT_EQ(*repository->read("other.lua"), lua);
  EXPECT_EQ(code(repository->read("pack.lua")), "not_found");
  lua.ref = "core.python";
  EXPECT_EQ(code(repository->update(lua)), "already_exists");
  lua.id = 999'999;
  lua.ref = "a.b";
  EXPECT_EQ(code(repository->update(lua)), "not_found");
  EXPECT_EQ(code(repository->remove("other.lua")), "ok");
  EXPECT_EQ(code(repository->remove("other.lua")), "not_found");
}

TEST_P(Databases, RefusesWhatOneOfThemCouldNotHold) {
  const auto repository = open(fresh(), clock);
  Runtime row = testing::row("a.b", Json::array());
  for (const char* bad : {"", "a", "a.", ".a", "A.b", "a b.c", "a..b", "a.b;drop table runtime"}) {
    row.ref = bad;
    EXPECT_EQ(code(repository->create(row)), "bad_ref") << bad;
  }
  row.ref = "a.b";
  row.name = std::string("a\0b", 3);
  EXPECT_EQ(code(repository->create(row)), "bad_runtime");
  row.name = "a\xff";
  EXPECT_EQ(code(repository->create(row)), "bad_runtime");
  row.name = "a";
  row.installation = Json::array();
  EXPECT_EQ(code(repository->create(row)), "bad_runtime");
  Json deep;
  for (int i = 0; i < 100; ++i) deep = Json{{"d", deep}};
  row.installation = deep;
  EXPECT_EQ(code(repository->create(row)), "bad_runtime");
  Worker worker;
  worker.name = "w";
  worker.role = "cook";
  EXPECT_EQ(code(repository->put_worker(worker)), "refused_value");
  worker.role = "action";
  worker.status = "asleep";
  EXPECT_EQ(code(repository->put_worker(worker)), "refused_value");
}

TEST_P(Databases, KeepsVersionsAndOneDefault) {
  const auto repository = open(fresh(), clock);
  const auto put = [&](const char* version, bool is_default) {
    RuntimeVersion put_one;
    put_one.version = version;
    put_one.is_default = is_default;
    put_one.distributions = {{"path", version}};
    return repository->put_version("core.python", put_one);
  };
  EXPECT_EQ(put("3.11.2", true)->patch, 2);
  EXPECT_EQ(put("3.12", true)->patch, std::nullopt);
  EXPECT_EQ(put("3.13.0", false)->minor, 13);
  EXPECT_EQ(put("99999999999.1", false)->major, std::nullopt);
  EXPECT_EQ(code(put("newest", false)), "bad_version");
  std::vector<std::string> defaults;
  for (const RuntimeVersion& version : repository->versions("core.python").value_or_throw())
    if (version.is_default) defaults.push_back(version.version);
  EXPECT_THAT(defaults, ElementsAre("3.12"));
  EXPECT_EQ((*best_version(*repository, "core.python", ""))->version, "3.12");
  EXPECT_EQ((*best_version(*repository, "core.python", "~3.11"))->version, "3.11.2");
  EXPECT_EQ(*best_version(*repository, "core.python", "<3"), std::nullopt);
  EXPECT_EQ(code(best_version(*repository, "core.cobol", "")), "not_found");
  EXPECT_EQ(put("3.12", false)->is_default, false);
  EXPECT_EQ(repository->versions("core.python")->size(), 4u);
  EXPECT_EQ(code(repository->remove_version("core.python", "3.12")), "ok");
  EXPECT_EQ(code(repository->remove_version("core.python", "3.12")), "not_found");
  EXPECT_EQ(code(repository->remove("core.python")), "ok") << "its versions go with it";
}

TEST_P(Databases, TheQueryOfTheContractWorks) {
  const std::string where = fresh();
  const auto repository = open(where, clock);
  Worker worker;
  worker.name = "w1";
  worker.capabilities = {{"runtimes", {"python", "shell"}}};
  ASSERT_EQ(code(repository->put_worker(worker)), "ok");
  const auto rows = connect(where)->run("SELECT name, capabilities->'runtimes' FROM worker;");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->at(0).at(0), "w1");
  EXPECT_EQ(*parse_json(rows->at(0).at(1).value()), Json::parse(R"(["python", "shell"])"));
}

TEST_P(Databases, ChangesOfAWorkerDoNotUndoEachOther) {
  const auto repository = open(fresh(), clock);
  Worker worker;
  worker.name = "w1";
  worker.host = "h";
  ASSERT_EQ(code(repository->put_worker(worker)), "ok");
  EXPECT_EQ(set_status(*repository, "w1", "draining")->status, "draining");
  const Result<Worker> alive = heartbeat(*repository, "w1", clock);
  EXPECT_EQ(alive->status, "draining");
  EXPECT_EQ(alive->host, "h");
  EXPECT_EQ(alive->last_heartbeat.substr(0, 10), "2026-05-28");
  EXPECT_EQ(code(set_status(*repository, "w1", "odd")), "refused_value");
  EXPECT_EQ(code(heartbeat(*repository, "w2", clock)), "not_found");
  EXPECT_EQ(code(repository->remove_worker("w1")), "ok");
  EXPECT_EQ(code(repository->remove_worker("w1")), "not_found");
}

TEST_P(Databases, KeepsTheLastHundredChecks) {
  const std::string where = fresh();
  const auto repository = open(where, clock);
  Worker worker;
  worker.name = "w1";
  const std::int64_t id = repository->put_worker(worker)->id;
  RuntimeCheck check;
  check.worker = id;
  check.runtime = repository->read("core.python")->id;
  check.source = "database";
  check.reason = "timeout";
  ASSERT_EQ(code(repository->add_checks(std::vector<RuntimeCheck>(120, check))), "ok");
  check.available = true;
  check.reason = "ok";
  check.version = "3.11.2";
  check.exit_code = 0;
  check.duration_ms = 12;
  ASSERT_EQ(code(repository->add_checks({check})), "ok");
  const auto latest = repository->latest_checks(id);
  ASSERT_EQ(latest->size(), 1u);
  EXPECT_EQ(latest->at(0).version, "3.11.2");
  EXPECT_EQ(latest->at(0).exit_code, 0);
  EXPECT_EQ(latest->at(0).term_signal, std::nullopt);
  EXPECT_EQ(connect(where)->run("SELECT count(*) FROM runtime_check")->at(0).at(0), "100");
  check.runtime = 999'999;
  EXPECT_EQ(code(repository->add_checks({check})), "missing_reference");
  EXPECT_EQ(code(repository->remove_worker("w1")), "ok");
  EXPECT_EQ(connect(where)->run("SELECT count(*) FROM runtime_check")->at(0).at(0), "0");
}

/// Everything that the interface says, as text, but ids.
std::string transcript(Repository& repository, const std::string& search_path) {
  std::string text;
  const auto say = [&text](const std::string& line) { text += line + "\n"; };
  const auto runtime = [&](const Result<Runtime>& row) {
    say(row.ok() ? dump_json(to_json(*row)) + row->created + row->updated : row.error().code);
  };
  const auto version = [&](const Result<RuntimeVersion>& row) {
    say(row.ok() ? row->version + dump_json(row->distributions) +
                       std::to_string(row->major.value_or(-1)) +
                       std::to_string(row->minor.value_or(-1)) +
                       std::to_string(row->patch.value_or(-1)) + (row->is_default ? "d" : "")
                 : row.error().code);
  };
  const auto worker = [&](const Result<Worker>& row) {
    say(row.ok() ? row->name + row->role + row->status + row->host + dump_json(row->capabilities) +
                       row->last_heartbeat + row->created + row->updated
                 : row.error().code);
  };
  const auto state = [&] {
    for (const Runtime& row : repository.all().value_or_throw()) {
      runtime(row);
      for (const RuntimeVersion& each : repository.versions(row.ref).value_or_throw())
        version(each);
    }
    for (const Worker& each : repository.workers().value_or_throw()) worker(each);
  };
  state();
  for (const char* ref : {"z.b", "a-b.c", "a_b.c", "a.c", "a.c"})
    runtime(repository.create(testing::row(ref, Json::array({{{"binary", ref}}}))));
  for (const Runtime& row : repository.find_by_pack("a").value_or_throw()) runtime(row);
  say(std::to_string(repository.find_by_pack("none")->size()));
  Runtime changed = *repository.read("z.b");
  changed.name = "Zé ☃";
  changed.distributions["n"] = {1, -2, 1.25, true, nullptr, "2026-01-01T00:00:00Z"};
  runtime(repository.update(changed));
  changed.ref = "a.c";
  runtime(repository.update(changed));
  for (const char* each : {"1", "1.2", "1.2.3-rc.1", "", "v2"}) {
    RuntimeVersion put;
    put.version = each;
    put.is_default = true;
    version(repository.put_version("z.b", put));
    version(repository.put_version("none.b", put));
  }
  say(code(repository.versions("none.b")));
  say(code(repository.remove_version("z.b", "1")) + code(repository.remove_version("z.b", "9")));
  for (const char* name : {"w2", "W1", "", "w2"}) {
    Worker put;
    put.name = name;
    put.role = "sensor";
    put.capabilities = {{"runtimes", Json::array({"r"})}};
    worker(repository.put_worker(put));
    worker(repository.worker(name));
  }
  for (Role role : {Role::action, Role::sensor}) {
    DetectOptions options;
    options.role = role;
    options.environment = [](const std::string&) { return std::nullopt; };
    if (role == Role::sensor) options.configured = Json::array({"python", "z.b", "cobol"});
    options.verify.search_path = search_path;
    const Result<Detection> found = detect(repository, options);
    Json told = to_json(*found);
    for (Json& verdict : told["verdicts"]) verdict.erase("duration_ms");
    say(dump_json(told));
    const Ticking clock;
    const Result<Worker> entered =
        register_worker(repository, to_string(role), "host", *found, clock);
    worker(entered);
    for (const RuntimeCheck& check : repository.latest_checks(entered->id).value_or_throw()) {
      say(check.source + check.reason + check.binary_path + check.version +
          std::to_string(check.available) + std::to_string(check.exit_code.value_or(-1)) +
          std::to_string(check.term_signal.value_or(-1)) + check.checked_at);
    }
    worker(set_status(repository, to_string(role), "inactive"));
  }
  say(code(repository.remove("a.c")) + code(repository.remove("a.c")) +
      code(repository.remove_worker("w2")) + code(repository.remove_worker("w2")) +
      code(repository.worker("w2")));
  state();
  return text;
}

TEST_P(Databases, GiveEqualResults) {
  testing::Programs programs;
  programs.add("python3", "#!/bin/sh\necho Python 3.11.2\n");
  programs.add("node", "#!/bin/sh\necho v14.0.0\n");
  programs.add("ruby", "#!/bin/sh\nkill -9 $$\n");
  programs.add("perl", "#!/bin/sh\nexit 7\n");
  const Ticking one;
  const Ticking other;
  const std::string of_sqlite = transcript(*open(fresh(Dialect::sqlite), one), programs.path());
  const std::string of_this = transcript(*open(fresh(), other), programs.path());
  EXPECT_EQ(of_sqlite, of_this);
  EXPECT_NE(of_sqlite.find("below_min_version"), std::string::npos);
  EXPECT_NE(of_sqlite.find("signalled"), std::string::npos);
  EXPECT_GT(std::count(of_sqlite.begin(), of_sqlite.end(), '\n'), 80);
}

TEST_P(Databases, SaysWhatIsWrongWithThem) {
  const std::string where = fresh();
  (void)open(where, clock);
  const auto database = connect(where);
  ASSERT_TRUE(
      database->run("INSERT INTO schema_migrations(version) VALUES ('99990101000000')").ok());
  EXPECT_EQ(code(open_repository(where, clock)), "newer_schema");
  EXPECT_EQ(code(database->run("SELEC")), "database_failed");
  EXPECT_EQ(code(database->run("SELECT * FROM absent")), "database_failed");
  EXPECT_EQ(code(database->run("SELECT CAST($1 AS text)", {Value()})), "ok");
}

TEST_P(Databases, AreReadWithoutBeingChanged) {
  const std::string where = fresh();
  if (GetParam() == Dialect::sqlite) {
    EXPECT_EQ(code(stored_runtimes(where)), "database_unavailable") << "it is not made";
    EXPECT_FALSE(std::filesystem::exists(where));
    tree.write("odd", std::string(8192, 'x'));
    EXPECT_EQ(code(stored_runtimes(tree.str("odd"))), "database_unavailable");
  }
  {
    const auto database = connect(where);
    EXPECT_EQ(code(stored_runtimes(where)), "no_runtimes");
    ASSERT_TRUE(migrate(*database).ok());
    const auto empty = stored_runtimes(where);
    ASSERT_TRUE(empty.ok()) << empty.error().message;
    EXPECT_TRUE(empty->empty()) << "the core pack is not put in";
  }
  const auto repository = open(where, clock);
  ASSERT_TRUE(repository->create(testing::row("a.b", Json::array())).ok());
  EXPECT_EQ(stored_runtimes(where)->size(), 1u);
}

TEST_P(Databases, AnUnfinishedTransactionLeavesNothing) {
  const std::string where = fresh();
  (void)open(where, clock);
  const auto database = connect(where);
  {
    Transaction transaction(*database);
    ASSERT_TRUE(transaction.begun().ok());
    ASSERT_TRUE(database->run("DELETE FROM runtime").ok());
  }
  EXPECT_EQ(database->run("SELECT count(*) FROM runtime")->at(0).at(0), "9");
}

TEST_P(Databases, CannotBeOpenedWhereNothingIs) {
  if (GetParam() == Dialect::sqlite) {
    tree.write("plain", "this is no database, but a file of text that is long enough to be read");
    EXPECT_EQ(code(open_repository(tree.str("plain"), clock)), "database_unavailable");
    EXPECT_EQ(code(open_repository(tree.str("plain/below.db"), clock)), "database_unavailable");
    EXPECT_EQ(code(open_repository(tree.str("new/folder/x.db"), clock)), "ok");
    return;
  }
  EXPECT_EQ(code(open_repository("postgresql:///x?host=" + tree.str("absent"), clock)),
            "database_unavailable");
  EXPECT_EQ(code(open_repository(server->url("no_such_database"), clock)), "database_unavailable");
  const auto refused = open_repository("postgresql://u:planted-8731@127.0.0.1:1/x", clock);
  EXPECT_EQ(code(refused), "database_unavailable");
  EXPECT_EQ(refused.error().message.find("planted"), std::string::npos) << refused.error().message;
}

/// What only a server can do.
class Server : public testing::Databases {};

INSTANTIATE_TEST_SUITE_P(All, Server, ::testing::Values(Dialect::postgres), testing::dialect_name);

TEST_P(Server, IsGivenUpWhenItHangsAndFoundAgainWhenLost) {
  using namespace std::chrono_literals;
  const auto database = open_postgres(server->url(), 400ms).value_or_throw();
  EXPECT_EQ(code(database->run("SELECT pg_sleep(30)")), "database_timeout");
  EXPECT_EQ(code(database->run("SELECT 1")), "ok");
  EXPECT_EQ(code(database->script("SELECT pg_terminate_backend(pg_backend_pid())")),
            "database_unavailable");
  EXPECT_EQ(code(database->run("SELECT 1")), "ok") << "it connects anew";
  {
    Transaction transaction(*database);
    EXPECT_EQ(code(database->script("SELECT pg_terminate_backend(pg_backend_pid())")),
              "database_unavailable");
    EXPECT_EQ(code(database->run("SELECT 1")), "database_unavailable")
        << "never on outside the transaction";
  }
  EXPECT_EQ(code(database->run("SELECT 1")), "ok");
  const auto begun = std::chrono::steady_clock::now();
  server->signal(SIGSTOP);
  EXPECT_EQ(code(open_postgres(server->url(), 300ms)), "database_timeout");
  server->signal(SIGCONT);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s);
}

}  // namespace
}  // namespace muster::runtimes
