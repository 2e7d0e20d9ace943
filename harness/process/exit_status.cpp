#include "process/exit_status.hpp"

#include <string.h>

#include <csignal>

namespace muster::process {

std::string signal_name(int signal) {
  if (const char* name = sigabbrev_np(signal)) return std::string("SIG") + name;
  if (signal >= SIGRTMIN && signal <= SIGRTMAX) {
    return "SIGRTMIN+" + std::to_string(signal - SIGRTMIN);
  }
  return "signal " + std::to_string(signal);
}

std::string to_string(const ExitStatus& status) {
  if (status.unknown) return "ended with an unknown status";
  if (!status.signalled) return "exited " + std::to_string(status.code);
  return "killed by " + signal_name(status.code) + (status.core ? " (core dumped)" : "");
}

Json to_json(const ExitStatus& status) {
  Json json{{"user_us", status.user_us},
            {"system_us", status.system_us},
            {"max_rss_kib", status.max_rss_kib}};
  if (status.unknown) {
    json["unknown"] = true;
  } else if (status.signalled) {
    json["signal"] = signal_name(status.code);
  } else {
    json["exited"] = status.code;
  }
  if (status.core) json["core"] = true;
  if (status.leaked) json["leaked"] = true;
  return json;
}

}  // namespace muster::process
