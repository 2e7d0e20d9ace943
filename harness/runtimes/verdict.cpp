#include "runtimes/verdict.hpp"

namespace muster::runtimes {

std::string to_string(Reason reason) {
  switch (reason) {
    case Reason::ok:
      return "ok";
    case Reason::always_available:
      return "always_available";
    case Reason::binary_missing:
      return "binary_missing";
    case Reason::not_executable:
      return "not_executable";
    case Reason::exit_mismatch:
      return "exit_mismatch";
    case Reason::pattern_mismatch:
      return "pattern_mismatch";
    case Reason::timeout:
      return "timeout";
    case Reason::signalled:
      return "signalled";
    case Reason::bad_pattern:
      return "bad_pattern";
    case Reason::below_min_version:
      return "below_min_version";
    case Reason::no_metadata:
      return "no_metadata";
    case Reason::overridden:
      break;
  }
  return "overridden";
}

Json to_json(const Verdict& verdict) {
  Json json{{"name", verdict.name},
            {"available", verdict.available},
            {"reason", to_string(verdict.reason)},
            {"duration_ms", verdict.duration.count()}};
  if (!verdict.ref.empty()) json["ref"] = verdict.ref;
  if (!verdict.detail.empty()) json["detail"] = verdict.detail;
  if (!verdict.binary_path.empty()) json["binary_path"] = verdict.binary_path;
  if (!verdict.version.empty()) json["version"] = verdict.version;
  if (verdict.exit_code) json["exit_code"] = *verdict.exit_code;
  if (verdict.term_signal) json["term_signal"] = *verdict.term_signal;
  if (verdict.cached) json["cached"] = true;
  return json;
}

}  // namespace muster::runtimes
