#include "preflight/check.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::preflight {

std::string_view name_of(Status status) {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::warned:
      return "warned";
    case Status::skipped:
      return "skipped";
  }
  return "failed";
}

Json to_json(const CheckResult& result) {
  Json json{{"subject", result.subject},
            {"check", result.check},
            {"status", name_of(result.status)},
            {"expected", result.expected},
            {"found", result.found},
            {"file", result.place.uri},
            {"duration_ms", static_cast<double>(result.duration.count() / 1000) / 1000.0}};
  if (result.place.line > 0) json["line"] = result.place.line;
  if (!result.hint.empty()) json["hint"] = result.hint;
  return json;
}

std::string render(const CheckResult& result) {
  std::string text = printable(result.subject) + ": " + std::string(name_of(result.status));
  if (result.status == Status::passed) return text + "\n";
  text += " (" + result.check + ")\n";
  const std::string place = to_string(result.place);
  if (!place.empty() && place != result.subject) text += "  at: " + printable(place) + "\n";
  if (!result.expected.empty()) text += "  expected: " + printable(result.expected) + "\n";
  if (!result.found.empty()) text += "  found: " + printable(result.found) + "\n";
  if (!result.hint.empty()) text += "  hint: " + printable(result.hint) + "\n";
  return text;
}

bool all_passed(const std::vector<CheckResult>& results) {
  return !results.empty() && std::none_of(results.begin(), results.end(), [](const auto& result) {
    return result.status == Status::failed;
  });
}

CheckResult nothing_checked(std::string subject, std::string expected, std::string hint) {
  CheckResult result;
  result.subject = std::move(subject);
  result.check = "subjects";
  result.status = Status::failed;
  result.expected = std::move(expected);
  result.found = "nothing to check";
  result.hint = std::move(hint);
  return result;
}

}  // namespace muster::preflight
