#pragma once

#include <optional>
#include <string>

#include "messages/place.hpp"
#include "messages/test_case.hpp"

namespace muster::messages {

struct TestRunStarted {
  Timestamp timestamp;
  std::optional<std::string> id;

  friend bool operator==(const TestRunStarted&, const TestRunStarted&) = default;
};

struct TestRunFinished {
  std::optional<std::string> message;
  bool success = false;
  Timestamp timestamp;
  std::optional<Exception> exception;
  std::optional<std::string> test_run_started_id;

  friend bool operator==(const TestRunFinished&, const TestRunFinished&) = default;
};

struct TestRunHookStarted {
  std::string id;
  std::string test_run_started_id;
  std::string hook_id;
  std::optional<std::string> worker_id;
  Timestamp timestamp;

  friend bool operator==(const TestRunHookStarted&, const TestRunHookStarted&) = default;
};

struct TestRunHookFinished {
  std::string test_run_hook_started_id;
  TestStepResult result;
  Timestamp timestamp;

  friend bool operator==(const TestRunHookFinished&, const TestRunHookFinished&) = default;
};

enum class ContentEncoding { identity, base64 };

/// What a step or hook attached. The deprecated members of the schema (`source`, `url`,
/// `testRunStartedId`) are not kept.
struct Attachment {
  std::string body;
  ContentEncoding content_encoding = ContentEncoding::identity;
  std::optional<std::string> file_name;
  std::string media_type;
  std::optional<std::string> test_case_started_id;
  std::optional<std::string> test_step_id;
  std::optional<std::string> test_run_hook_started_id;
  std::optional<Timestamp> timestamp;

  friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// An attachment whose bytes stand elsewhere.
struct ExternalAttachment {
  std::string url;
  std::string media_type;
  std::optional<std::string> test_case_started_id;
  std::optional<std::string> test_step_id;
  std::optional<std::string> test_run_hook_started_id;
  std::optional<Timestamp> timestamp;

  friend bool operator==(const ExternalAttachment&, const ExternalAttachment&) = default;
};

}  // namespace muster::messages
