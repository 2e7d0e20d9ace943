#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/place.hpp"

namespace muster::messages {

/// A capture group: `start` counts code points of the step's text from 0; a group that took no part
/// has neither start nor value.
struct Group {
  std::optional<std::vector<Group>> children;
  std::optional<int> start;
  std::optional<std::string> value;

  friend bool operator==(const Group& a, const Group& b);
};

struct StepMatchArgument {
  Group group;
  std::optional<std::string> parameter_type_name;

  friend bool operator==(const StepMatchArgument&, const StepMatchArgument&) = default;
};

struct StepMatchArgumentsList {
  std::vector<StepMatchArgument> step_match_arguments;

  friend bool operator==(const StepMatchArgumentsList&, const StepMatchArgumentsList&) = default;
};

/// A hook (`hook_id`), or a step of the pickle (`pickle_step_id`) with every definition that
/// matches it: none when it is undefined, several when it is ambiguous.
struct TestStep {
  std::optional<std::string> hook_id;
  std::string id;
  std::optional<std::string> pickle_step_id;
  std::optional<std::vector<std::string>> step_definition_ids;
  std::optional<std::vector<StepMatchArgumentsList>> step_match_arguments_lists;

  friend bool operator==(const TestStep&, const TestStep&) = default;
};

struct TestCase {
  std::string id;
  std::string pickle_id;
  std::vector<TestStep> test_steps;
  std::optional<std::string> test_run_started_id;

  friend bool operator==(const TestCase&, const TestCase&) = default;
};

struct TestCaseStarted {
  std::int64_t attempt = 0;  ///< from 0
  std::string id;
  std::string test_case_id;
  std::optional<std::string> worker_id;
  Timestamp timestamp;

  friend bool operator==(const TestCaseStarted&, const TestCaseStarted&) = default;
};

struct TestCaseFinished {
  std::string test_case_started_id;
  Timestamp timestamp;
  bool will_be_retried = false;

  friend bool operator==(const TestCaseFinished&, const TestCaseFinished&) = default;
};

struct TestStepStarted {
  std::string test_case_started_id;
  std::string test_step_id;
  Timestamp timestamp;

  friend bool operator==(const TestStepStarted&, const TestStepStarted&) = default;
};

/// In order of gravity: the worst of a scenario's steps is its result.
enum class Status { unknown, passed, skipped, pending, undefined, ambiguous, failed };

struct Exception {
  std::string type;
  std::optional<std::string> message;
  std::optional<std::string> stack_trace;

  friend bool operator==(const Exception&, const Exception&) = default;
};

struct TestStepResult {
  Duration duration;
  std::optional<std::string> message;
  Status status = Status::unknown;
  std::optional<Exception> exception;

  friend bool operator==(const TestStepResult&, const TestStepResult&) = default;
};

struct TestStepFinished {
  std::string test_case_started_id;
  std::string test_step_id;
  TestStepResult test_step_result;
  Timestamp timestamp;

  friend bool operator==(const TestStepFinished&, const TestStepFinished&) = default;
};

}  // namespace muster::messages
