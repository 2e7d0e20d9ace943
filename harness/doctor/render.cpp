#include <fmt/format.h>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "doctor/doctor.hpp"

namespace muster::doctor {
namespace {

Json to_json(const std::vector<Finding>& findings) {
  Json all = Json::array();
  for (const Finding& finding : findings)
    all.push_back({{"code", finding.code}, {"reason", finding.reason}, {"hint", finding.hint}});
  return all;
}

Json to_json(const std::vector<InForce>& backends) {
  Json all = Json::array();
  for (const InForce& it : backends)
    all.push_back({{"name", it.name},
                   {"available", it.available},
                   {"in_force", it.in_force},
                   {"detail", it.detail}});
  return all;
}

std::string findings(const std::vector<Finding>& all, const char* word) {
  std::string out;
  for (const Finding& it : all) {
    out += fmt::format("    {} {}: {}\n", word, it.code, printable(it.reason));
    if (!it.hint.empty()) out += fmt::format("      hint: {}\n", printable(it.hint));
  }
  return out;
}

std::string in_force(const char* what, const std::vector<InForce>& all) {
  std::string out = fmt::format("{}\n", what);
  for (const InForce& it : all)
    out += fmt::format("  {} {}: {}\n",
                       it.in_force    ? "*"
                       : it.available ? "+"
                                      : "-",
                       it.name, printable(it.detail));
  return out;
}

}  // namespace

Json to_json(const Report& report) {
  Json gates = Json::object();
  for (const Gate& gate : report.gates)
    gates[gate.name] = {{"status", gate.passed() ? "pass" : "fail"},
                        {"failures", to_json(gate.failures)},
                        {"warnings", to_json(gate.warnings)}};
  Json locks = Json::array();
  for (const auto& lock : report.locks)
    locks.push_back({{"name", lock.name},
                     {"status", lock.holder.empty() ? "free" : "held"},
                     {"holder", lock.holder.empty() ? Json() : Json(lock.holder)}});
  Json pointers = Json::array();
  for (const auto& pointer : report.pointers)
    pointers.push_back({{"name", pointer.name}, {"path", pointer.path}, {"valid", pointer.valid}});
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return redacted_json(
      {{"schema_version", 1},
       {"producer", artifacts::kProducer},
       {"kind", "doctor"},
       {"ok", report.ok()},
       {"gates", std::move(gates)},
       {"locks", std::move(locks)},
       {"pointers", std::move(pointers)},
       {"backends",
        {{"reaping", to_json(report.reaping)}, {"isolation", to_json(report.isolation)}}},
       {"versions", report.versions},
       {"recent_failures", report.recent_failures},
       {"synthetic_state_detected", report.synthetic_state},
       {"runtime_root", or_null(report.runtime_root)},
       {"run_id", or_null(report.run_id)},
       {"debug_latest_bundle", or_null(report.latest_bundle)},
       {"readiness", artifacts::to_json(report.readiness)}});
}

std::string render(const Report& report) {
  std::string out = "gates\n";
  for (const Gate& gate : report.gates) {
    out += fmt::format("  {} {}\n", gate.passed() ? "pass" : "FAIL", gate.name);
    out += findings(gate.failures, "error") + findings(gate.warnings, "warning");
  }
  out += in_force("reaping (* in force, + available, - not)", report.reaping);
  out += in_force("isolation", report.isolation);
  out += "locks\n";
  if (report.locks.empty()) out += "  none\n";
  for (const auto& lock : report.locks)
    out += fmt::format("  {}: {}\n", lock.name,
                       lock.holder.empty() ? "free" : "held by " + printable(lock.holder));
  out += "pointers\n";
  if (report.pointers.empty()) out += "  none\n";
  for (const auto& pointer : report.pointers)
    out += fmt::format("  {} {}\n", pointer.valid ? "valid" : "BROKEN", printable(pointer.name));
  out += "versions\n";
  for (const auto& [name, version] : report.versions)
    out += fmt::format("  {} {}\n", name, printable(version));
  out += fmt::format("artifacts\n  {}\n",
                     report.runtime_root.empty() ? "none yet" : printable(report.runtime_root));
  if (!report.latest_bundle.empty())
    out += fmt::format("  latest bundle: {}\n", printable(report.latest_bundle));
  if (!report.recent_failures.empty()) out += "recent failures\n";
  for (const auto& failure : report.recent_failures)
    out += fmt::format("  {}\n", printable(failure));
  std::size_t failed = 0;
  for (const Gate& gate : report.gates) failed += gate.passed() ? 0 : 1;
  out += failed == 0 ? "all gates pass\n"
                     : fmt::format("{} of {} gates fail\n", failed, report.gates.size());
  return redact(out);
}

}  // namespace muster::doctor
