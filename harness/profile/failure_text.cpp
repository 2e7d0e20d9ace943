#include "profile/failure_text.hpp"

#include "base/text.hpp"

namespace muster::profile {

using preflight::CheckResult;
using preflight::Status;

namespace {

void add_lines(std::string& text, const char* name, const std::string& value) {
  if (value.empty()) return;
  text += "\n  " + std::string(name) + ": ";
  for (const char c : printable(value, true)) {
    text += c;
    if (c == '\n') text += "    ";
  }
}

}  // namespace

std::string failure_text(const CheckResult& result) {
  const std::string place = to_string(result.place);
  std::string text = (place.empty() ? "" : printable(place) + ": ") + result.check;
  if (!result.subject.empty() && result.subject != result.place.uri)
    text += ": " + printable(result.subject);
  add_lines(text, "expected", result.expected);
  add_lines(text, "found", result.found);
  add_lines(text, "hint", result.hint);
  return text;
}

std::vector<CheckResult> with_hints(std::vector<CheckResult> results, const std::string& command) {
  for (CheckResult& result : results) {
    if (result.status == Status::failed && result.hint.empty())
      result.hint = "`" + command + "` shows more";
  }
  return results;
}

Result<void> verdict(const std::vector<CheckResult>& results) {
  if (results.empty())
    return verdict({preflight::nothing_checked("", "something to check", "zero prove nothing")});
  Error failure;
  for (const CheckResult& result : results) {
    if (result.status != Status::failed) continue;
    if (failure.code.empty()) failure.code = result.check;
    failure.message += (failure.message.empty() ? "" : "\n") + failure_text(result);
  }
  if (failure.code.empty()) return {};
  return failure;
}

Error asserts_nothing(const std::string& missing, const std::string& step) {
  CheckResult result = preflight::nothing_checked("", missing + " before this step",
                                                  "put a step `" + step + "` in front of it");
  result.check = "asserts-nothing";
  result.found = "none: this would assert nothing";
  Error failure;
  failure.code = result.check;
  failure.message = failure_text(result);
  return failure;
}

}  // namespace muster::profile
