#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "messages/definitions.hpp"
#include "messages/document.hpp"
#include "messages/pickle.hpp"
#include "messages/place.hpp"
#include "messages/test_case.hpp"
#include "messages/test_run.hpp"

namespace muster::messages {

/// One message of the Cucumber Messages protocol (npm `@cucumber/messages` 34,
/// messages.schema.json).
using Envelope = std::variant<Meta, Source, GherkinDocument, Pickle, ParseError, Hook,
                              StepDefinition, ParameterType, UndefinedParameterType, Suggestion,
                              TestRunStarted, TestRunFinished, TestRunHookStarted,
                              TestRunHookFinished, TestCase, TestCaseStarted, TestCaseFinished,
                              TestStepStarted, TestStepFinished, Attachment, ExternalAttachment>;

/// One line of NDJSON, ended by '\n'. Optional members that are absent are left out; malformed
/// UTF-8 becomes U+FFFD.
std::string to_ndjson(const Envelope& envelope);

/// The same, appended to `out`; for one message without making an Envelope of it.
void append_ndjson(std::string& out, const Envelope& envelope);
template <class Message>
void append_message(std::string& out, const Message& message);

/// Reads one line, with or without its '\n'. Members that nobody knows are skipped, so that newer
/// writers can be read. Errors: those of parse_json, `message_kind` (no known message),
/// `message_member` (missing or of a wrong type; names its path).
Result<Envelope> from_ndjson(std::string_view line);

/// The member name of an envelope, e.g. `testCaseStarted`.
std::string_view kind_of(const Envelope& envelope);

/// The text of an enumerator in the protocol, e.g. `PASSED`, `Context`, `BEFORE_TEST_RUN`.
std::string_view to_text(Status status);
std::string_view to_text(StepKeywordType type);
std::string_view to_text(PickleStepType type);
std::string_view to_text(HookType type);
std::string_view to_text(StepDefinitionPatternType type);
std::string_view to_text(ContentEncoding encoding);
std::string_view to_text(SourceMediaType type);

}  // namespace muster::messages
