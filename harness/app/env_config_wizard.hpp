#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "config/managed_keys.hpp"

namespace muster::app {

/// Asks somebody: gets a question with the answer that an empty line means; nullopt when they left
/// (end of input, Ctrl-C).
using Ask = std::function<std::optional<std::string>(const std::string& question,
                                                     const std::string& otherwise)>;

/// Asks for the first services of a project, checks each answer, and adds them to `keys`. False:
/// they left, and nothing was added.
bool run_config_wizard(const Ask& ask, const std::function<void(const std::string&)>& tell,
                       config::ManagedKeys& keys);

/// Asks on this terminal: questions on standard error, lines from standard input.
Ask ask_on_terminal();

class EnvSession;

/// For a start in a folder without services: on a terminal the wizard, which writes muster.toml;
/// without one the error `not_configured` with the line to add. Success: there are services now.
Result<void> offer_wizard(EnvSession& session);

}  // namespace muster::app
