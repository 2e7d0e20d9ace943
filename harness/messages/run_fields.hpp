// The members of the messages that a run makes; see fields.hpp.
#pragma once

#include "messages/fields.hpp"

namespace muster::messages {

template <class V, Is<Product> M>
void fields(V& visit, M& m) {
  visit("name", m.name);
  visit("version", m.version);
}

template <class V, Is<Git> M>
void fields(V& visit, M& m) {
  visit("remote", m.remote);
  visit("revision", m.revision);
  visit("branch", m.branch);
  visit("tag", m.tag);
}

template <class V, Is<Ci> M>
void fields(V& visit, M& m) {
  visit("name", m.name);
  visit("url", m.url);
  visit("buildNumber", m.build_number);
  visit("git", m.git);
}

template <class V, Is<Meta> M>
void fields(V& visit, M& m) {
  visit("protocolVersion", m.protocol_version);
  visit("implementation", m.implementation);
  visit("runtime", m.runtime);
  visit("os", m.os);
  visit("cpu", m.cpu);
  visit("ci", m.ci);
}

template <class V, Is<Hook> M>
void fields(V& visit, M& m) {
  visit("id", m.id);
  visit("name", m.name);
  visit("sourceReference", m.source_reference);
  visit("tagExpression", m.tag_expression);
  visit("type", m.type);
}

template <class V, Is<StepDefinitionPattern> M>
void fields(V& visit, M& m) {
  visit("source", m.source);
  visit("type", m.type);
}

template <class V, Is<StepDefinition> M>
void fields(V& visit, M& m) {
  visit("id", m.id);
  visit("pattern", m.pattern);
  visit("sourceReference", m.source_reference);
}

template <class V, Is<ParameterType> M>
void fields(V& visit, M& m) {
  visit("name", m.name);
  visit("regularExpressions", m.regular_expressions);
  visit("preferForRegularExpressionMatch", m.prefer_for_regular_expression_match);
  visit("useForSnippets", m.use_for_snippets);
  visit("id", m.id);
  visit("sourceReference", m.source_reference);
}

template <class V, Is<UndefinedParameterType> M>
void fields(V& visit, M& m) {
  visit("expression", m.expression);
  visit("name", m.name);
}

template <class V, Is<Snippet> M>
void fields(V& visit, M& m) {
  visit("language", m.language);
  visit("code", m.code);
}

template <class V, Is<Suggestion> M>
void fields(V& visit, M& m) {
  visit("id", m.id);
  visit("pickleStepId", m.pickle_step_id);
  visit("snippets", m.snippets);
}

template <class V, Is<Group> M>
void fields(V& visit, M& m) {
  visit("children", m.children);
  visit("start", m.start);
  visit("value", m.value);
}

template <class V, Is<StepMatchArgument> M>
void fields(V& visit, M& m) {
  visit("group", m.group);
  visit("parameterTypeName", m.parameter_type_name);
}

template <class V, Is<StepMatchArgumentsList> M>
void fields(V& visit, M& m) {
  visit("stepMatchArguments", m.step_match_arguments);
}

template <class V, Is<TestStep> M>
void fields(V& visit, M& m) {
  visit("hookId", m.hook_id);
  visit("id", m.id);
  visit("pickleStepId", m.pickle_step_id);
  visit("stepDefinitionIds", m.step_definition_ids);
  visit("stepMatchArgumentsLists", m.step_match_arguments_lists);
}

template <class V, Is<TestCase> M>
void fields(V& visit, M& m) {
  visit("id", m.id);
  visit("pickleId", m.pickle_id);
  visit("testSteps", m.test_steps);
  visit("testRunStartedId", m.test_run_started_id);
}

template <class V, Is<TestCaseStarted> M>
void fields(V& visit, M& m) {
  visit("attempt", m.attempt);
  visit("id", m.id);
  visit("testCaseId", m.test_case_id);
  visit("workerId", m.worker_id);
  visit("timestamp", m.timestamp);
}

template <class V, Is<TestCaseFinished> M>
void fields(V& visit, M& m) {
  visit("testCaseStartedId", m.test_case_started_id);
  visit("timestamp", m.timestamp);
  visit("willBeRetried", m.will_be_retried);
}

template <class V, Is<TestStepStarted> M>
void fields(V& visit, M& m) {
  visit("testCaseStartedId", m.test_case_started_id);
  visit("testStepId", m.test_step_id);
  visit("timestamp", m.timestamp);
}

template <class V, Is<Exception> M>
void fields(V& visit, M& m) {
  visit("type", m.type);
  visit("message", m.message);
  visit("stackTrace", m.stack_trace);
}

template <class V, Is<TestStepResult> M>
void fields(V& visit, M& m) {
  visit("duration", m.duration);
  visit("message", m.message);
  visit("status", m.status);
  visit("exception", m.exception);
}

template <class V, Is<TestStepFinished> M>
void fields(V& visit, M& m) {
  visit("testCaseStartedId", m.test_case_started_id);
  visit("testStepId", m.test_step_id);
  visit("testStepResult", m.test_step_result);
  visit("timestamp", m.timestamp);
}

template <class V, Is<TestRunStarted> M>
void fields(V& visit, M& m) {
  visit("timestamp", m.timestamp);
  visit("id", m.id);
}

template <class V, Is<TestRunFinished> M>
void fields(V& visit, M& m) {
  visit("message", m.message);
  visit("success", m.success);
  visit("timestamp", m.timestamp);
  visit("exception", m.exception);
  visit("testRunStartedId", m.test_run_started_id);
}

template <class V, Is<TestRunHookStarted> M>
void fields(V& visit, M& m) {
  visit("id", m.id);
  visit("testRunStartedId", m.test_run_started_id);
  visit("hookId", m.hook_id);
  visit("workerId", m.worker_id);
  visit("timestamp", m.timestamp);
}

template <class V, Is<TestRunHookFinished> M>
void fields(V& visit, M& m) {
  visit("testRunHookStartedId", m.test_run_hook_started_id);
  visit("result", m.result);
  visit("timestamp", m.timestamp);
}

template <class V, Is<Attachment> M>
void fields(V& visit, M& m) {
  visit("body", m.body);
  visit("contentEncoding", m.content_encoding);
  visit("fileName", m.file_name);
  visit("mediaType", m.media_type);
  visit("testCaseStartedId", m.test_case_started_id);
  visit("testStepId", m.test_step_id);
  visit("testRunHookStartedId", m.test_run_hook_started_id);
  visit("timestamp", m.timestamp);
}

template <class V, Is<ExternalAttachment> M>
void fields(V& visit, M& m) {
  visit("url", m.url);
  visit("mediaType", m.media_type);
  visit("testCaseStartedId", m.test_case_started_id);
  visit("testStepId", m.test_step_id);
  visit("testRunHookStartedId", m.test_run_hook_started_id);
  visit("timestamp", m.timestamp);
}

}  // namespace muster::messages
