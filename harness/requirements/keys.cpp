#include "requirements/requirement_spec.hpp"

namespace muster::requirements {
namespace {

using config::Kind;

constexpr config::KeySpec kKeys[] = {
    {.key = "requirement[].kind",
     .about = "What it is: postgres, redis, supabase, n8n, or custom for one that is defined here"},
    {.key = "requirement[].name",
     .about = "Its name, unique among requirements and services; unset: its kind"},
    {.key = "requirement[].backing",
     .fallback = "auto",
     .about = "As what it runs: a program of this host, a container, or whichever is there",
     .choices = "auto|native|container"},
    {.key = "requirement[].port",
     .kind = Kind::integer,
     .about = "The port it is to have; 0: any free one; unset: that of its kind",
     .minimum = 0,
     .maximum = 65'535},
    {.key = "requirement[].database",
     .fallback = "app",
     .about = "Name of the database (postgres, supabase)"},
    {.key = "requirement[].role", .fallback = "app", .about = "Owner of the database (postgres)"},
    {.key = "requirement[].image", .about = "Image of its container; unset: that of its kind"},
    {.key = "requirement[].container_port",
     .kind = Kind::integer,
     .about = "Where it listens in its container (custom)",
     .minimum = 1,
     .maximum = 65'535},
    {.key = "requirement[].command",
     .kind = Kind::any,
     .about = "Its server as a list, or a string for /bin/sh; {port} stands for its port, {data} "
              "for its data directory (custom)",
     .variable = "-"},
    {.key = "requirement[].account",
     .about = "User that root runs it as; unset: that of its kind, or nobody"},
    {.key = "requirement[].env.*", .about = "A variable of its environment; {port} as in command"},
    {.key = "requirement[].ready",
     .kind = Kind::list,
     .about = "How it shows that it is ready, as of a service (custom, containers); unset: tcp"},
    {.key = "requirement[].ready_within",
     .kind = Kind::duration,
     .fallback = "60s",
     .about = "Time to become ready"},
    {.key = "requirement[].bootstrap",
     .kind = Kind::any,
     .about = "A command to run once it is ready, with what services get in its environment; the "
              "start goes on when it fails",
     .variable = "-"},
    {.key = "requirement[].variables.*",
     .about = "A variable for services; {port} stands for its port (custom)"},
    {.key = "requirement[].stop.signal",
     .fallback = "TERM",
     .about = "Signal that asks it to end (custom)"},
    {.key = "requirement[].stop.grace",
     .kind = Kind::duration,
     .fallback = "10s",
     .about = "Time to end before it is killed"},
    {.key = "requirement[].critical",
     .kind = Kind::flag,
     .fallback = "true",
     .about = "Without it services are not started"},
};

}  // namespace

std::span<const config::KeySpec> keys() {
  return kKeys;
}

}  // namespace muster::requirements
