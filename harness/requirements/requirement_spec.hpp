#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "services/service_spec.hpp"

/// What services need beside each other: databases and the like. A registry of definitions, what
/// `[[requirement]]` of muster.toml makes of them, and how each is started here
/// (docs/requirements.md).
namespace muster::requirements {

/// As what a requirement runs.
enum class Backing {
  automatic,  ///< native where its programs are installed, else a container
  native,     ///< a program of this host, in a data directory of its own
  container,  ///< through the Docker Engine API
};

std::string_view to_string(Backing backing);

/// A kind of requirement that muster knows.
struct Definition {
  std::string_view kind{};
  std::string_view about{};
  int port = 0;                  ///< asked for where muster.toml names none; 0: any free one
  bool native = false;           ///< has a native adapter
  std::string_view account{};    ///< root runs its server as this user, or as nobody
  std::string_view image{};      ///< of its container; empty: none
  int container_port = 0;        ///< where it listens in there
  std::string_view variables{};  ///< what services get, for docs and list-targets
  std::string_view keys{};       ///< of `[[requirement]]`, those that are its own
  std::string_view cleanup{};    ///< what is left when the environment has stopped
  std::string_view proof{};      ///< how it is tried
};

/// All of them, `custom` (what muster.toml defines itself) last.
std::span<const Definition> registry();
/// The definition of that kind, or null.
const Definition* find_definition(std::string_view kind);

/// One `[[requirement]]`.
struct RequirementSpec {
  std::string id;    ///< unique among requirements and services of the project
  std::string kind;  ///< of the registry
  Backing backing = Backing::automatic;
  int port = 0;          ///< asked for; 0: any free one
  std::string database;  ///< postgres, supabase
  std::string role;      ///< postgres: the owner of the database
  std::string image;     ///< empty: the definition's
  int container_port = 0;
  std::vector<std::string> command;  ///< custom: its server; {port}, {data}
  std::string folder;                ///< of muster.toml, where commands run
  std::string account;               ///< the user it runs as; empty: the definition's, or ours
  std::map<std::string, std::string> env;
  std::vector<services::ReadySpec> ready;  ///< custom, and of containers
  std::chrono::milliseconds ready_within{60'000};
  std::vector<std::string> bootstrap;            ///< once it is ready; its failure is a soft one
  std::map<std::string, std::string> variables;  ///< for services; {port}
  int stop_signal = 15;
  std::chrono::milliseconds stop_grace{10'000};
  bool critical = true;

  const Definition& definition() const;
};

/// The keys of `[[requirement]]`, for the schema.
std::span<const config::KeySpec> keys();

/// The requirements that are declared, in the order of the file. All that is wrong is told at once:
/// `requirement_kind`, `requirement_name`, `requirement_twice`, `requirement_key` (a key that the
/// kind does not have), `requirement_command`, `requirement_backing`, `service_ready`,
/// `service_signal`.
std::variant<std::vector<RequirementSpec>, std::vector<Diagnostic>> read_requirements(
    const config::Config& config, const std::vector<services::ServiceSpec>& services = {});

}  // namespace muster::requirements
