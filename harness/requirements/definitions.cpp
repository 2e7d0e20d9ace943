#include <algorithm>
#include <stdexcept>

#include "requirements/requirement_spec.hpp"

namespace muster::requirements {
namespace {

// A new dependency is a row here, its adapter in native_server.cpp or its container in
// container_plan.cpp, and a scenario in features/environment/requirements.feature; the tests of
// this folder hold that none is forgotten (CONTRIBUTING.md).
constexpr Definition kDefinitions[] = {
    {.kind = "postgres",
     .about = "A PostgreSQL server with a database and its owner",
     .port = 5'432,
     .native = true,
     .account = "postgres",
     .image = "postgres:15",
     .container_port = 5'432,
     .variables = "DATABASE_URL, PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE",
     .keys = "database, role",
     .cleanup = "its data directory stays; the container goes",
     .proof = "with a real server"},
    {.kind = "redis",
     .about = "A Redis server",
     .port = 6'379,
     .native = true,
     .account = "redis",
     .image = "redis:7",
     .container_port = 6'379,
     .variables = "REDIS_URL",
     .keys = "",
     .cleanup = "its data directory stays; the container goes",
     .proof = "with a real server"},
    {.kind = "supabase",
     .about = "Supabase's PostgreSQL with its schemas and roles",
     .port = 54'322,
     .image = "supabase/postgres:15.1.1.78",
     .container_port = 5'432,
     .variables = "SUPABASE_DB_URL, DATABASE_URL",
     .keys = "database",
     .cleanup = "the container goes with its data",
     .proof = "untested live: against a recorded engine API"},
    {.kind = "n8n",
     .about = "The workflow server n8n",
     .port = 5'678,
     .image = "n8nio/n8n:1.70.0",
     .container_port = 5'678,
     .variables = "N8N_URL",
     .keys = "",
     .cleanup = "the container goes with its data",
     .proof = "untested live: against a recorded engine API"},
    {.kind = "custom",
     .about = "A server that muster.toml defines: a command, or an image",
     .native = true,
     .variables = "what variables.* says",
     .keys = "command, account, variables, container_port, stop",
     .cleanup = "its data directory stays; a container goes",
     .proof = "with a program of the tests"},
};

}  // namespace

std::string_view to_string(Backing backing) {
  switch (backing) {
    case Backing::automatic:
      return "auto";
    case Backing::native:
      return "native";
    case Backing::container:
      return "container";
  }
  return "auto";
}

std::span<const Definition> registry() {
  return kDefinitions;
}

const Definition* find_definition(std::string_view kind) {
  const auto at = std::find_if(std::begin(kDefinitions), std::end(kDefinitions),
                               [&](const Definition& one) { return one.kind == kind; });
  return at == std::end(kDefinitions) ? nullptr : at;
}

const Definition& RequirementSpec::definition() const {
  const Definition* found = find_definition(kind);
  if (found == nullptr) throw std::logic_error("no requirement of kind " + kind);
  return *found;
}

}  // namespace muster::requirements
