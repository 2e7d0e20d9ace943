#pragma once

#include <string>

#include "app/env_session.hpp"

namespace muster::app {

/// Where the contract files are, and whether they have to be there: `env.contracts` when it is set,
/// else the folder beside the program, which has to be whole when it is there. A program without
/// any is judged by what it does.
struct ContractFolder {
  std::string path;
  bool required = false;
};
ContractFolder contract_folder(EnvSession& session);

}  // namespace muster::app
