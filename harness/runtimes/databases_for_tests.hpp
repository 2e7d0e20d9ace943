#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "base/ids.hpp"
#include "runtimes/capabilities.hpp"
#include "runtimes/repository.hpp"
#include "runtimes/scratch_postgres.hpp"
#include "testing/temp_tree.hpp"

namespace muster::runtimes::testing {

/// A second later each time it is asked.
class Ticking : public Clock {
 public:
  std::int64_t mono_ns() const override { return 0; }
  WallTime wall() const override { return {1'780'000'000 + ++asked_, 123'000'000}; }

 private:
  mutable std::atomic<std::int64_t> asked_ = 0;
};

/// Both databases; those of PostgreSQL on one server for all tests.
class Databases : public ::testing::TestWithParam<Dialect> {
 protected:
  static void SetUpTestSuite() {
    if (!postgres_folder().empty()) server = ScratchPostgres::start().value_or_throw();
  }
  static void TearDownTestSuite() { server.reset(); }

  void SetUp() override {
    if (GetParam() == Dialect::postgres && !server) GTEST_SKIP() << absent;
  }

  /// Where a new database of `dialect` is.
  std::string fresh(Dialect dialect) {
    const std::string name = "t" + std::to_string(++count_);
    if (dialect == Dialect::sqlite) return tree.str(name + ".db");
    // names go on over all tests
    const std::string database = "d" + random_hex(6);
    admin().script("CREATE DATABASE " + database).value_or_throw();
    return server->url(database);
  }
  std::string fresh() { return fresh(GetParam()); }

  static std::unique_ptr<Database> connect(const std::string& where) {
    return (where.starts_with("postgresql:") ? open_postgres(where) : open_sqlite(where))
        .value_or_throw();
  }
  static std::unique_ptr<Repository> open(const std::string& where, const Clock& clock) {
    return open_repository(where, clock).value_or_throw();
  }
  static Database& admin() {
    static std::unique_ptr<Database> connection;
    connection = connect(server->url());
    return *connection;
  }

  static constexpr const char* absent =
      "no initdb and postgres here (Debian package postgresql): PostgreSQL is not tried";
  static inline std::unique_ptr<ScratchPostgres> server;
  muster::testing::TempTree tree;
  Ticking clock;
  int count_ = 0;
};

inline std::string dialect_name(const ::testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::sqlite ? "sqlite" : "postgres";
}

template <class T>
std::string code(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().code;
}

}  // namespace muster::runtimes::testing
