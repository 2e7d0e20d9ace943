#include "services/service_spec.hpp"

namespace muster::services {
namespace {

using config::Kind;

constexpr config::KeySpec kKeys[] = {
    {.key = "service[].name", .about = "Name of the service, unique in the file"},
    {.key = "service[].command",
     .kind = Kind::any,
     .about = "Its program and arguments as a list, or a string for /bin/sh; {port} stands for its "
              "port, {port:NAME} for that of another",
     .variable = "-"},
    {.key = "service[].cwd", .about = "Where it runs; unset: the folder of muster.toml"},
    {.key = "service[].env.*", .about = "A variable of its environment; {port} as in command"},
    {.key = "service[].user", .about = "User it runs as; only root may name another"},
    {.key = "service[].port",
     .kind = Kind::integer,
     .about = "The port it is to have; 0: any free one; unset: it has none",
     .minimum = 0,
     .maximum = 65'535},
    {.key = "service[].port_mode",
     .fallback = "variable",
     .about = "How it gets its port: in PORT and {port}, or as a listening descriptor "
              "(LISTEN_FDS)",
     .choices = "variable|passed"},
    {.key = "service[].ready",
     .kind = Kind::list,
     .about = "How it shows that it is ready, any of: notify, listener, tcp, http[:/TARGET], "
              "log:TEXT, unix:PATH, exec:COMMAND; unset: it is, once it runs. One that answers "
              "HTTP with MUSTER_NONCE of its environment in the header Muster-Nonce is told from "
              "whoever was there before"},
    {.key = "service[].ready_within",
     .kind = Kind::duration,
     .fallback = "10s",
     .about = "Time to become ready"},
    {.key = "service[].depends_on",
     .kind = Kind::list,
     .about = "What has to come first: NAME, NAME@started, NAME@ready (the same as NAME), "
              "NAME@completed"},
    {.key = "service[].restart",
     .fallback = "never",
     .about = "Whether it is started again when it ends",
     .choices = "never|on-failure|always"},
    {.key = "service[].restart_limit",
     .kind = Kind::integer,
     .fallback = "3",
     .about = "Restarts in a row; the count begins again after a minute of running",
     .minimum = 0,
     .maximum = 1'000},
    {.key = "service[].restart_delay",
     .kind = Kind::duration,
     .fallback = "200ms",
     .about = "Pause before a restart; doubles each time, up to 10s"},
    {.key = "service[].stop.signal", .fallback = "TERM", .about = "Signal that asks it to end"},
    {.key = "service[].stop.grace",
     .kind = Kind::duration,
     .fallback = "5s",
     .about = "Time to end before it is killed"},
    {.key = "service[].limits.open_files",
     .kind = Kind::integer,
     .about = "Open files",
     .minimum = 0},
    {.key = "service[].limits.address_space",
     .kind = Kind::integer,
     .about = "Bytes of memory that it may map",
     .minimum = 0},
    {.key = "service[].limits.processes",
     .kind = Kind::integer,
     .about = "Processes of its user",
     .minimum = 0},
    {.key = "service[].limits.cpu_seconds",
     .kind = Kind::integer,
     .about = "Seconds of computing",
     .minimum = 0},
    {.key = "service[].limits.file_size",
     .kind = Kind::integer,
     .about = "Bytes of any file that it writes",
     .minimum = 0},
    {.key = "service[].critical",
     .kind = Kind::flag,
     .fallback = "true",
     .about = "Without it the environment is not healthy"},
};

}  // namespace

std::span<const config::KeySpec> keys() {
  return kKeys;
}

}  // namespace muster::services
