#include "app/env_contracts.hpp"

#include <filesystem>

namespace muster::app {
namespace {

/// The contracts of the build that this program is of: `<folder>/bin/muster` has them in
/// `<folder>/contracts`, an installed one in `<prefix>/share/muster/contracts`.
std::string beside_program() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return "contracts";
  const auto above = program.parent_path().parent_path();
  const auto installed = above / "share" / "muster" / "contracts";
  return (std::filesystem::is_directory(installed, failed) ? installed : above / "contracts")
      .string();
}

}  // namespace

ContractFolder contract_folder(EnvSession& session) {
  if (const auto settings = session.config()) {
    if (const auto named = (*settings)->find<std::string>("env.contracts"); named && *named)
      return {(*named)->starts_with('/') ? **named : (*settings)->folder() + "/" + **named, true};
  }
  std::error_code none;
  std::string path = beside_program();
  const bool there = std::filesystem::is_directory(path, none);
  return {std::move(path), there};
}

}  // namespace muster::app
