#include "runtimes/sql_repository.hpp"

#include "base/text.hpp"
#include "runtimes/constraint.hpp"
#include "runtimes/sql_values.hpp"

namespace muster::runtimes {
namespace {

Error not_found(const std::string& what, const std::string& name) {
  return error("not_found", "there is no " + what + " '" + printable(shorten(name, 80)) + "'");
}

/// The rows of a statement that says which it has changed, or `not_found`.
Result<void> changed(const Result<std::vector<Row>>& rows, const std::string& what,
                     const std::string& name) {
  if (!rows) return rows.error();
  if (rows->empty()) return not_found(what, name);
  return {};
}

std::optional<int> column(std::uint64_t number, bool given) {
  if (!given || number > 2'147'483'647) return std::nullopt;
  return static_cast<int>(number);
}

RuntimeVersion version_of(const Row& row) {
  RuntimeVersion version;
  version.id = sql::integer(row.at(0));
  version.runtime = sql::integer(row.at(1));
  version.version = sql::text(row.at(2));
  version.major = sql::optional_integer(row.at(3));
  version.minor = sql::optional_integer(row.at(4));
  version.patch = sql::optional_integer(row.at(5));
  version.distributions = sql::json(row.at(6));
  version.is_default = sql::truth(row.at(7));
  return version;
}

constexpr const char* version_columns =
    "id, runtime, version, version_major, version_minor, version_patch, distributions, is_default";

}  // namespace

std::string SqlRepository::time(const std::string& column) const {
  if (database_->dialect() == Dialect::sqlite) return column;
  return "to_char(" + column + R"( AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))";
}

Result<std::vector<Runtime>> SqlRepository::select_runtimes(const std::string& rest,
                                                            const Row& parameters) {
  const Result<std::vector<Row>> rows = database_->run(
      "SELECT id, ref, pack_ref, name, description, aliases, distributions, installation, " +
          time("created") + ", " + time("updated") + " FROM runtime " + rest,
      parameters);
  if (!rows) return rows.error();
  std::vector<Runtime> runtimes;
  for (const Row& row : *rows) {
    Runtime runtime;
    runtime.id = sql::integer(row.at(0));
    runtime.ref = sql::text(row.at(1));
    runtime.pack_ref = sql::text(row.at(2));
    runtime.name = sql::text(row.at(3));
    runtime.description = sql::text(row.at(4));
    for (const Json& alias : sql::json(row.at(5))) {
      if (alias.is_string()) runtime.aliases.push_back(alias.get<std::string>());
    }
    runtime.distributions = sql::json(row.at(6));
    runtime.installation = sql::json(row.at(7));
    runtime.created = sql::text(row.at(8));
    runtime.updated = sql::text(row.at(9));
    runtimes.push_back(std::move(runtime));
  }
  return runtimes;
}

Result<void> insert(Database& database, const Runtime& runtime, const std::string& at) {
  const Result<std::vector<Row>> made = database.run(
      "INSERT INTO runtime(ref, pack_ref, name, description, aliases, distributions, installation,"
      " created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
      {runtime.ref, sql::of_text(runtime.pack_ref), runtime.name, sql::of_text(runtime.description),
       sql::of(Json(runtime.aliases)), sql::of(runtime.distributions),
       sql::of(runtime.installation), at});
  if (!made) return made.error();
  return {};
}

Result<Runtime> SqlRepository::create(const Runtime& runtime) {
  if (Result<void> checked = check(runtime); !checked) return checked.error();
  if (Result<void> made = insert(*database_, runtime, now()); !made) return made.error();
  return read(runtime.ref);
}

Result<Runtime> SqlRepository::read(const std::string& ref) {
  Result<std::vector<Runtime>> found = select_runtimes("WHERE ref = $1", {ref});
  if (!found) return found.error();
  if (found->empty()) return not_found("runtime", ref);
  return std::move(found->front());
}

Result<std::vector<Runtime>> SqlRepository::all() {
  // bytewise, as PostgreSQL would sort by the locale of the database
  return select_runtimes(
      database_->dialect() == Dialect::sqlite ? "ORDER BY ref" : "ORDER BY ref COLLATE \"C\"", {});
}

Result<std::vector<Runtime>> SqlRepository::find_by_pack(const std::string& pack_ref) {
  return select_runtimes(std::string("WHERE pack_ref = $1 ORDER BY ref") +
                             (database_->dialect() == Dialect::sqlite ? "" : " COLLATE \"C\""),
                         {pack_ref});
}

Result<Runtime> SqlRepository::update(const Runtime& runtime) {
  if (Result<void> checked = check(runtime); !checked) return checked.error();
  const Result<std::vector<Row>> done = database_->run(
      "UPDATE runtime SET ref = $2, pack_ref = $3, name = $4, description = $5, aliases = $6,"
      " distributions = $7, installation = $8, updated = $9 WHERE id = $1 RETURNING id",
      {sql::of(runtime.id), runtime.ref, sql::of_text(runtime.pack_ref), runtime.name,
       sql::of_text(runtime.description), sql::of(Json(runtime.aliases)),
       sql::of(runtime.distributions), sql::of(runtime.installation), now()});
  if (Result<void> found = changed(done, "runtime with the id", std::to_string(runtime.id)); !found)
    return found.error();
  return read(runtime.ref);
}

Result<void> SqlRepository::remove(const std::string& ref) {
  return changed(database_->run("DELETE FROM runtime WHERE ref = $1 RETURNING id", {ref}),
                 "runtime", ref);
}

Result<RuntimeVersion> SqlRepository::put_version(const std::string& ref,
                                                  const RuntimeVersion& version) {
  const Result<Version> parsed = parse_version(version.version);
  if (!parsed) return parsed.error();
  if (!version.distributions.is_object())
    return error("bad_runtime", "the distributions of a version are an object");
  Transaction transaction(*database_);
  if (!transaction.begun()) return transaction.begun().error();
  const Result<Runtime> runtime = read(ref);
  if (!runtime) return runtime.error();
  if (version.is_default) {
    const Result<std::vector<Row>> cleared = database_->run(
        "UPDATE runtime_version SET is_default = $2 WHERE runtime = $1 AND version <> $3",
        {sql::of(runtime->id), sql::of(false), version.version});
    if (!cleared) return cleared.error();
  }
  const Result<std::vector<Row>> put = database_->run(
      std::string("INSERT INTO runtime_version(runtime, version, version_major, version_minor,"
                  " version_patch, distributions, is_default) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                  " ON CONFLICT (runtime, version) DO UPDATE SET distributions ="
                  " excluded.distributions, is_default = excluded.is_default RETURNING ") +
          version_columns,
      {sql::of(runtime->id), version.version, sql::of(column(parsed->major, true)),
       sql::of(column(parsed->minor, parsed->given > 1)),
       sql::of(column(parsed->patch, parsed->given > 2)), sql::of(version.distributions),
       sql::of(version.is_default)});
  if (!put) return put.error();
  if (Result<void> done = transaction.commit(); !done) return done.error();
  return version_of(put->at(0));
}

Result<std::vector<RuntimeVersion>> SqlRepository::versions(const std::string& ref) {
  const Result<Runtime> runtime = read(ref);
  if (!runtime) return runtime.error();
  const Result<std::vector<Row>> rows =
      database_->run(std::string("SELECT ") + version_columns +
                         " FROM runtime_version WHERE runtime = $1 ORDER BY id",
                     {sql::of(runtime->id)});
  if (!rows) return rows.error();
  std::vector<RuntimeVersion> found;
  for (const Row& row : *rows) found.push_back(version_of(row));
  return found;
}

Result<void> SqlRepository::remove_version(const std::string& ref, const std::string& version) {
  const Result<Runtime> runtime = read(ref);
  if (!runtime) return runtime.error();
  return changed(database_->run("DELETE FROM runtime_version WHERE runtime = $1 AND version = $2"
                                " RETURNING id",
                                {sql::of(runtime->id), version}),
                 "version", version);
}

Result<std::optional<RuntimeVersion>> best_version(Repository& repository, const std::string& ref,
                                                   std::string_view constraint) {
  Result<std::vector<RuntimeVersion>> versions = repository.versions(ref);
  if (!versions) return versions.error();
  std::vector<VersionChoice> choices;
  for (const RuntimeVersion& version : *versions)
    choices.push_back({version.version, true, version.is_default});
  const Result<std::optional<std::size_t>> best = best_version(choices, constraint);
  if (!best) return best.error();
  if (!*best) return std::optional<RuntimeVersion>();
  return std::optional<RuntimeVersion>((*versions)[**best]);
}

}  // namespace muster::runtimes
