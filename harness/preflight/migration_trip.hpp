#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/migration_report.hpp"

namespace muster::preflight {

/// A database server's empty database, in which migrations are really applied and which is gone
/// with the object. Implemented by whoever has a connection.
class TripDatabase {
 public:
  virtual ~TripDatabase() = default;

  struct Failure {
    std::size_t offset = 0;  ///< in bytes of the block
    std::string message;
  };
  /// Runs one block as dbmate does: at once, in a transaction if it is to have one. What fails has
  /// changed nothing.
  virtual std::optional<Failure> apply(const std::string& block, bool transaction) = 0;

  /// `type name: definition`, sorted.
  virtual Result<std::vector<std::string>> schema() = 0;
};

/// Makes such a database. The error `no_postgres` tells that this host has none and none was named:
/// then migrations are not tried, which is no failure.
using OpenTripDatabase = std::function<Result<std::unique_ptr<TripDatabase>>()>;

/// One after another, each file's UP, DOWN and UP again: the way of every database.
class RoundTrip {
 public:
  /// `label` tells who speaks: `SQLite`.
  explicit RoundTrip(std::string label) : label_(std::move(label)) {}
  virtual ~RoundTrip() = default;

  /// Whether UP could be applied; DOWN that fails leaves a state in which nothing more is known.
  bool round(FileReport& file);

 protected:
  using Schema = std::vector<std::string>;
  virtual Schema schema() = 0;
  /// Applies one block; whether it could be. `when` is for people: `SQLite, UP`.
  virtual bool block(FileReport& file, const MigrationBlock& block, const std::string& when) = 0;
  /// UP could not be applied: what there is to say of DOWN then.
  virtual void only_down(FileReport&) {}

  static void add(FileReport& file, int line, std::string message, std::string hint);
  const std::string& label() const { return label_; }

 private:
  bool all(FileReport& file, MigrationBlock MigrationSection::*which, const std::string& when);

  std::string label_;
};

/// Applies the blocks of all files to one database of a PostgreSQL server, in their order. Findings
/// have the code `round-trip`. What libpg_query has refused already is not tried, nor any file
/// behind one that failed. What was done, or why nothing was, goes to `round_trips`; a server that
/// was named and cannot be had is a finding of the folder.
void check_on_postgres(MigrationReport& report, const OpenTripDatabase& open,
                       const Deadline& deadline);

}  // namespace muster::preflight
