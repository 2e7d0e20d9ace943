#include "profile/keys.hpp"

namespace muster::profile {
namespace {

using config::Kind;

constexpr config::KeySpec kKeys[] = {
    {.key = "profile.project",
     .about = "Folder of the project that is profiled, with a muster.toml of its own; for a "
              "repository whose project is not at its root"},
    {.key = "profile.python.interpreter",
     .about = "Interpreter of the project: a path below it or absolute, or a name on PATH; unset: "
              "its .venv or venv, else python3"},
    {.key = "profile.python.search_paths",
     .kind = Kind::list,
     .about = "Folders that modules are looked for in; unset: src or the project itself, by what "
              "pyproject.toml says"},
    {.key = "profile.python.production_closure",
     .kind = Kind::flag,
     .fallback = "true",
     .about = "Blocks modules of packages that pyproject.toml does not declare for production, "
              "even when they are installed"},
    {.key = "profile.python.extras",
     .kind = Kind::list,
     .about = "Optional dependencies of pyproject.toml that are deployed"},
    {.key = "profile.python.namespace_packages",
     .kind = Kind::list,
     .about = "Folders without __init__.py that are meant so, dotted; * for all"},
    {.key = "profile.python.timeout",
     .kind = Kind::duration,
     .fallback = "30s",
     .about = "Time for one import or compilation"},
    {.key = "profile.config.file",
     .fallback = "config/application.conf",
     .about = "The HOCON file that is loaded"},
    {.key = "profile.config.declared",
     .kind = Kind::list,
     .about = "Environment variables that a deployment may set; a ${?NAME} that is none of them "
              "is a failure"},
    {.key = "profile.config.environment.*",
     .about = "Value of an environment variable that every deployment sets; all others are unset "
              "while the configuration loads",
     .variable = "-"},
    {.key = "profile.config.aliases.*",
     .about = "Path of the field that goes by this name in steps, e.g. grpc_port = \"grpc.port\"",
     .variable = "-"},
    {.key = "profile.config.errors",
     .kind = Kind::list,
     .fallback = "unknown_environment,unreadable_include",
     .about = "Lints that count as failures; the others warn"},
    {.key = "profile.config.reader",
     .fallback = "pyhocon",
     .about =
         "What the application reads the file with; pyhocon warns of what that reads otherwise",
     .choices = "pyhocon|other"},
    {.key = "profile.scripts.path",
     .fallback = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
     .about = "PATH where the project is deployed: env finds interpreters there"},
    {.key = "profile.scripts.git",
     .fallback = "when-present",
     .about = "Whether git has to track scripts with mode 100755: a project outside of git warns "
              "(when-present), fails (required), or git is not asked (off)",
     .choices = "when-present|required|off"},
    {.key = "profile.scripts.timeout",
     .kind = Kind::duration,
     .fallback = "30s",
     .about = "Time for the check of all scripts"},
    {.key = "profile.migrations.dir",
     .fallback = "db/migrations",
     .about = "Folder of the migrations, for audit and mutate; steps name their own"},
    {.key = "profile.migrations.dialects",
     .kind = Kind::list,
     .fallback = "postgres",
     .about = "Databases whose SQL each block has to be: postgres, sqlite, mysql"},
    {.key = "profile.migrations.runner",
     .kind = Kind::any,
     .about = "How the application itself reads the folder: skip-silently (also when unset), or a "
              "command as a list, which prints a line of JSON for each file",
     .variable = "-"},
    {.key = "profile.migrations.round_trip",
     .kind = Kind::flag,
     .fallback = "true",
     .about = "SQLite: applies UP, DOWN and UP to a database in memory"},
    {.key = "profile.migrations.postgres",
     .fallback = "off",
     .about = "PostgreSQL on which UP, DOWN and UP are applied in a database of their own: the URL "
              "of a server, or start for one that is started for it; off: they are only parsed"},
    {.key = "profile.migrations.unterminated_block",
     .fallback = "error",
     .about = "What the last statement of a block without ; is",
     .choices = "error|warning|note"},
    {.key = "profile.migrations.applied",
     .about = "File with the digests of migrations that are applied somewhere, as sha256sum prints "
              "them: a change of one is a failure"},
    {.key = "profile.migrations.timeout",
     .kind = Kind::duration,
     .fallback = "30s",
     .about = "Time for the check of all migrations"},
};

}  // namespace

std::span<const config::KeySpec> keys() {
  return kKeys;
}

}  // namespace muster::profile
