#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"

/// Tier-0 checks: is a deployment ready, without starting it. Zero subjects is a failure, never a
/// pass; every check has a timeout; nothing is swallowed.
namespace muster::preflight {

enum class Status { passed, failed, warned, skipped };

/// `passed`, `failed`, `warned`, `skipped`.
std::string_view name_of(Status status);

/// What one check said about one subject.
struct CheckResult {
  std::string subject;  ///< what was checked: a path, a module, a field
  std::string check;    ///< stable name of the check that decided, e.g. `git-mode`
  Status status = Status::passed;
  std::string expected;  ///< lower-case phrase
  std::string found;     ///< lower-case phrase
  Place place;           ///< the file, and the line where one is to blame
  std::string hint;      ///< what to do about it
  std::chrono::nanoseconds duration{};
};

/// `{subject, check, status, expected, found, file, line?, hint?, duration_ms}`.
Json to_json(const CheckResult& result);

/// `subject: status (check)`, then what was expected and found, and the hint, indented. A passed
/// result takes one line.
std::string render(const CheckResult& result);

/// No failure among at least one result.
bool all_passed(const std::vector<CheckResult>& results);

/// The failure that stands for a check that was given nothing to check.
CheckResult nothing_checked(std::string subject, std::string expected, std::string hint);

/// The time at which a check gives up.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds timeout)
      : timeout_(timeout), at_(std::chrono::steady_clock::now() + timeout) {}

  bool over() const { return std::chrono::steady_clock::now() >= at_; }
  std::chrono::steady_clock::time_point at() const { return at_; }
  std::chrono::milliseconds timeout() const { return timeout_; }

 private:
  std::chrono::milliseconds timeout_;
  std::chrono::steady_clock::time_point at_;
};

}  // namespace muster::preflight
