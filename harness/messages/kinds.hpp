// The member names of the Envelope's alternatives and the texts of the enumerations, for writer and
// reader.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "messages/messages.hpp"

namespace muster::messages {

/// In the order of Envelope's alternatives.
inline constexpr std::array<std::string_view, std::variant_size_v<Envelope>> kKinds = {
    "meta",
    "source",
    "gherkinDocument",
    "pickle",
    "parseError",
    "hook",
    "stepDefinition",
    "parameterType",
    "undefinedParameterType",
    "suggestion",
    "testRunStarted",
    "testRunFinished",
    "testRunHookStarted",
    "testRunHookFinished",
    "testCase",
    "testCaseStarted",
    "testCaseFinished",
    "testStepStarted",
    "testStepFinished",
    "attachment",
    "externalAttachment"};

/// The texts of an enumeration, in the order of its enumerators.
template <class E>
inline constexpr std::array<std::string_view, 0> kTexts = {};
template <>
inline constexpr std::array<std::string_view, 2> kTexts<SourceMediaType> = {
    "text/x.cucumber.gherkin+plain", "text/x.cucumber.gherkin+markdown"};
template <>
inline constexpr std::array<std::string_view, 5> kTexts<StepKeywordType> = {
    "Unknown", "Context", "Action", "Outcome", "Conjunction"};
template <>
inline constexpr std::array<std::string_view, 4> kTexts<PickleStepType> = {"Unknown", "Context",
                                                                           "Action", "Outcome"};
template <>
inline constexpr std::array<std::string_view, 6> kTexts<HookType> = {
    "BEFORE_TEST_RUN", "AFTER_TEST_RUN",   "BEFORE_TEST_CASE",
    "AFTER_TEST_CASE", "BEFORE_TEST_STEP", "AFTER_TEST_STEP"};
template <>
inline constexpr std::array<std::string_view, 2> kTexts<StepDefinitionPatternType> = {
    "CUCUMBER_EXPRESSION", "REGULAR_EXPRESSION"};
template <>
inline constexpr std::array<std::string_view, 7> kTexts<Status> = {
    "UNKNOWN", "PASSED", "SKIPPED", "PENDING", "UNDEFINED", "AMBIGUOUS", "FAILED"};
template <>
inline constexpr std::array<std::string_view, 2> kTexts<ContentEncoding> = {"IDENTITY", "BASE64"};

/// The text of an enumerator.
template <class E>
constexpr std::string_view text_of(E value) {
  return kTexts<E>[static_cast<std::size_t>(value)];
}

}  // namespace muster::messages
