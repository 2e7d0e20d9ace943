#include "profile/mutate_verdict.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace muster::profile {
namespace {

constexpr int kDepth = 64;

/// Failures begin at the margin, what belongs to them is indented.
void add_blocks(const std::string& message, std::vector<ToldFailure>& failures) {
  bool warning = false;
  for (const std::string& line : split(message, '\n')) {
    if (line.empty()) continue;
    if (line.front() != ' ') {
      warning = line.starts_with("warning: ");
      if (!warning) failures.push_back({line, line});
    } else if (!warning && !failures.empty()) {
      failures.back().text += "\n" + line;
    }
  }
}

/// Whether the check of `head` is `check`: the first part, or the second behind a place.
bool is_by(const std::string& head, const std::string& check) {
  std::string_view rest = head;
  for (int part = 0; part < 2; ++part) {
    const auto end = std::min(rest.find(": "), rest.size());
    if (rest.substr(0, end) == check) return true;
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return false;
}

}  // namespace

Result<std::vector<ToldFailure>> failures_told(std::string_view messages) {
  std::vector<ToldFailure> failures;
  bool ran = false;
  for (const std::string& line : split(messages, '\n')) {
    // the other messages may be large and are of no interest
    if (line.find("\"testStepFinished\"") == std::string::npos) continue;
    const auto envelope = parse_json(line, kDepth);
    if (!envelope) return envelope.error();
    if (!envelope->contains("testStepFinished")) continue;
    const Json& result = envelope->at("testStepFinished").at("testStepResult");
    const std::string status = string_at(result, "status");
    if (status == "SKIPPED") continue;
    ran = true;
    if (status == "PASSED") continue;
    const std::string message = string_at(result, "message");
    const auto before = failures.size();
    add_blocks(message, failures);
    if (failures.size() == before) failures.push_back({to_lower(status), message});
  }
  if (!ran) return error("no_run", "no step was played");
  return failures;
}

bool is_named(const Mutant& mutant, const std::vector<ToldFailure>& failures) {
  return std::any_of(failures.begin(), failures.end(), [&](const ToldFailure& failure) {
    const bool by = std::any_of(mutant.checks.begin(), mutant.checks.end(),
                                [&](const auto& check) { return is_by(failure.head, check); });
    return by && std::any_of(mutant.naming.begin(), mutant.naming.end(), [&](const auto& name) {
             return failure.text.find(name) != std::string::npos;
           });
  });
}

}  // namespace muster::profile
