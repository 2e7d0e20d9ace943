#include "app/env_debug_keys.hpp"

namespace muster::app {
namespace {

using config::Kind;

constexpr config::KeySpec kKeys[] = {
    {.key = "env.contracts",
     .about = "Folder of contract files that doctor holds muster to (default: those beside the "
              "program, if they are there)"},
    {.key = "debug.record",
     .kind = Kind::flag,
     .fallback = "true",
     .about = "Records each command of muster env that changes something, in debug/ of the scope"},
    {.key = "debug.auto_pack",
     .fallback = "off",
     .about = "When a session packs a bundle by itself: never, after a crash, an anomaly, always",
     .choices = "off|crash|anomaly|always"},
    {.key = "debug.keep_sessions",
     .kind = Kind::integer,
     .fallback = "20",
     .about = "Recorded sessions that are kept; the oldest go",
     .minimum = 1,
     .maximum = 10'000},
    {.key = "debug.printable_input",
     .kind = Kind::flag,
     .fallback = "false",
     .about = "Records what is typed as text, redacted; without it only its length and kinds of "
              "characters"},
};

}  // namespace

std::span<const config::KeySpec> env_debug_keys() {
  return kKeys;
}

}  // namespace muster::app
