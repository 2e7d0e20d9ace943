#pragma once

#include <string>

#include "judge/bench.hpp"
#include "judge/rule.hpp"

namespace muster::judge {

/// Throws Broken with `evidence` unless it holds.
inline void expect(bool holds, const std::string& evidence) {
  if (!holds) throw Broken{evidence};
}

/// The rule's own exchange: its status.
inline const Answer& expect_status(const Answer& answer, int status) {
  expect(answer.status == status, answer.text() + "; expected " + std::to_string(status));
  return answer;
}

/// An error in the shape of the contract: that status, and that code unless it is empty.
inline const Answer& expect_error(const Answer& answer, int status, const std::string& code = {}) {
  expect_status(answer, status);
  if (code.empty()) return answer;
  const Json error = answer.json().is_object() ? answer.json().value("error", Json()) : Json();
  expect(error.is_object() && string_at(error, "code") == code,
         answer.text() + "; expected the code " + code);
  return answer;
}

/// An exchange that another rule holds: Untried with that rule's id when it does not go well.
inline const Answer& rely_on(const Answer& answer, int status, const std::string& rule) {
  if (answer.status != status)
    throw Untried{answer.text() + "; expected " + std::to_string(status) + " (" + rule + ")"};
  return answer;
}

}  // namespace muster::judge
