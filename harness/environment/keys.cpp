#include "environment/keys.hpp"

namespace muster::environment {
namespace {

using config::Kind;

constexpr config::KeySpec kKeys[] = {
    {.key = "env.mode",
     .fallback = "main",
     .about = "What is started: main (the repository) or trees (its git worktrees, each a project)",
     .choices = "main|trees",
     .variable = "MUSTER_DEFAULT_MODE"},
    {.key = "env.project", .fallback = "Main", .about = "Name of the repository among projects"},
    {.key = "env.runtime_dir",
     .about = "Where states, logs and locks are kept; unset: $XDG_STATE_HOME/muster",
     .variable = "MUSTER_RUNTIME_DIR"},
    {.key = "env.compat_root",
     .about = "A folder that gets a copy of the latest artifacts, for tools that look there"},
    {.key = "env.slot",
     .kind = Kind::integer,
     .fallback = "100",
     .about = "Distance between the ports of one tree and the next",
     .minimum = 1,
     .maximum = 10'000},
    {.key = "process.backend",
     .fallback = "auto",
     .about = "How programs are held together so that none is left: auto takes the best that works",
     .choices = "auto|pid_namespace|cgroup|subreaper"},
    {.key = "action.*.command",
     .kind = Kind::any,
     .about =
         "A command of the project, muster env NAME: a list, or a string for /bin/sh; it finds "
         "ports and URLs of the environment in its own",
     .variable = "-"},
    {.key = "action.*.about", .about = "What it does, for list-commands"},
    {.key = "action.*.cwd", .about = "Where it runs; unset: the folder of the project"},
    {.key = "action.*.environment",
     .fallback = "optional",
     .about = "Whether an environment has to run for it",
     .choices = "required|optional"},
};

}  // namespace

std::span<const config::KeySpec> keys() {
  return kKeys;
}

}  // namespace muster::environment
