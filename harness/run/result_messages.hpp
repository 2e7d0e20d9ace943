#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "messages/test_case.hpp"
#include "messages/test_run.hpp"
#include "muster/attachment.hpp"

namespace muster::run {

/// What a body threw; `type` is empty when it threw nothing.
struct Thrown {
  std::string type;
  std::string message;
};

/// The result of a step or hook. `place` (`uri:line`) ends the stack trace of what was thrown.
/// Secrets are redacted.
messages::TestStepResult result_message(messages::Status status, std::int64_t duration_ns,
                                        const std::string& message, const Thrown& thrown,
                                        const std::string& place);

/// The exception of a result, or of a run, with a stack trace of one place.
messages::Exception exception_message(const Thrown& thrown, const std::string& place);

/// An attachment without what it belongs to. Text stands as it is, secrets redacted; bytes, and
/// text that is no UTF-8, as base64.
messages::Attachment attachment_message(const Attachment& attachment, WallTime at);

}  // namespace muster::run
