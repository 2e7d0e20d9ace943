#include "lineup/keys.hpp"

namespace muster::lineup {
namespace {

constexpr config::KeySpec kKeys[] = {
    {.key = "programs.hearth",
     .about = "File of the hearth that the lifecycle plays and `muster parity --programs` judges; "
              "unset: the reference program",
     .variable = "ROCKY_HEARTH_BIN"},
    {.key = "programs.console", .about = "File of the console", .variable = "ROCKY_CONSOLE_BIN"},
    {.key = "programs.ralph",
     .about = "File of the worker, which is run with the argument `serve`",
     .variable = "ROCKY_RALPH_BIN"},
    {.key = "programs.hearth_address",
     .about = "Where a hearth runs already, `unix:/path`: it is played instead of being started",
     .variable = "ROCKY_HEARTH_ADDRESS"},
    {.key = "programs.console_address",
     .about = "Where a console runs already, `http://host:port`, with a hearth and a worker of its "
              "own: it is played instead of being started, by one scenario at a time",
     .variable = "ROCKY_CONSOLE_ADDRESS"},
    {.key = "programs.console_sink",
     .about = "Path of the unix socket in the MUSTER_SINK of the console at console_address; the "
              "suite listens there",
     .variable = "ROCKY_CONSOLE_SINK"},
    {.key = "programs.console_tokens",
     .about = "File of session tokens of the console at console_address, {\"admin\": …, "
              "\"operator\": …, \"observer\": …}",
     .variable = "ROCKY_CONSOLE_TOKENS"},
    {.key = "programs.ralph_address",
     .about = "Where a worker runs already, `http://host:port`: it is played instead of being "
              "started",
     .variable = "ROCKY_RALPH_ADDRESS"},
    {.key = "programs.ralph_key_file",
     .about = "Key file of the worker at ralph_address",
     .variable = "ROCKY_RALPH_KEY_FILE"},
};

}  // namespace

std::span<const config::KeySpec> keys() {
  return kKeys;
}

}  // namespace muster::lineup
