#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"

namespace muster::process {

/// How a program ended, and what it used (wait4(2), getrusage(2)).
struct ExitStatus {
  bool signalled = false;
  int code = 0;          ///< the exit code, or the signal when `signalled`
  bool unknown = false;  ///< another wait(2) in this process took it, or there is none yet
  bool core = false;     ///< a core was dumped
  bool leaked = false;   ///< a child that outlived the program still held its output 100 ms later
  std::int64_t t_mono_ns = 0;  ///< when the end was seen
  std::int64_t user_us = 0;
  std::int64_t system_us = 0;
  std::int64_t max_rss_kib = 0;

  bool success() const { return !signalled && !unknown && code == 0; }
};

/// `exited 3`, `killed by SIGSEGV (core dumped)`.
std::string to_string(const ExitStatus& status);

/// `{exited|signal, core?, leaked?, user_us, system_us, max_rss_kib}`; signals by name.
Json to_json(const ExitStatus& status);

/// `SIGTERM`, `SIGRTMIN+3`; `signal 99` for what is none.
std::string signal_name(int signal);

}  // namespace muster::process
