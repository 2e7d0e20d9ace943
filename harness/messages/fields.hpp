// The members of every message, once for writer and reader: `fields(visit, message)` calls
// visit("jsonName", member) for each. A member is required unless it is a std::optional
// (messages.schema.json agrees with the types).
#pragma once

#include <concepts>
#include <type_traits>

#include "messages/messages.hpp"

namespace muster::messages {

template <class M, class T>
concept Is = std::same_as<std::remove_const_t<M>, T>;

template <class V, Is<Location> M>
void fields(V& visit, M& m) {
  visit("line", m.line);
  visit("column", m.column);
}

template <class V, class M>
requires Is<M, Timestamp> || Is<M, Duration>
void fields(V& visit, M& m) {
  visit("seconds", m.seconds);
  visit("nanos", m.nanos);
}

template <class V, Is<JavaMethod> M>
void fields(V& visit, M& m) {
  visit("className", m.class_name);
  visit("methodName", m.method_name);
  visit("methodParameterTypes", m.method_parameter_types);
}

template <class V, Is<JavaStackTraceElement> M>
void fields(V& visit, M& m) {
  visit("className", m.class_name);
  visit("fileName", m.file_name);
  visit("methodName", m.method_name);
}

template <class V, Is<SourceReference> M>
void fields(V& visit, M& m) {
  visit("uri", m.uri);
  visit("javaMethod", m.java_method);
  visit("javaStackTraceElement", m.java_stack_trace_element);
  visit("location", m.location);
}

template <class V, Is<Source> M>
void fields(V& visit, M& m) {
  visit("uri", m.uri);
  visit("data", m.data);
  visit("mediaType", m.media_type);
}

template <class V, Is<Comment> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("text", m.text);
}

template <class V, Is<Tag> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("name", m.name);
  visit("id", m.id);
}

template <class V, Is<TableCell> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("value", m.value);
}

template <class V, Is<TableRow> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("cells", m.cells);
  visit("id", m.id);
}

template <class V, Is<DataTable> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("rows", m.rows);
}

template <class V, Is<DocString> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("mediaType", m.media_type);
  visit("content", m.content);
  visit("delimiter", m.delimiter);
}

template <class V, Is<Step> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("keyword", m.keyword);
  visit("keywordType", m.keyword_type);
  visit("text", m.text);
  visit("docString", m.doc_string);
  visit("dataTable", m.data_table);
  visit("id", m.id);
}

template <class V, Is<Examples> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("tags", m.tags);
  visit("keyword", m.keyword);
  visit("name", m.name);
  visit("description", m.description);
  visit("tableHeader", m.table_header);
  visit("tableBody", m.table_body);
  visit("id", m.id);
}

template <class V, Is<Background> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("keyword", m.keyword);
  visit("name", m.name);
  visit("description", m.description);
  visit("steps", m.steps);
  visit("id", m.id);
}

template <class V, Is<Scenario> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("tags", m.tags);
  visit("keyword", m.keyword);
  visit("name", m.name);
  visit("description", m.description);
  visit("steps", m.steps);
  visit("examples", m.examples);
  visit("id", m.id);
}

template <class V, Is<RuleChild> M>
void fields(V& visit, M& m) {
  visit("background", m.background);
  visit("scenario", m.scenario);
}

template <class V, Is<Rule> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("tags", m.tags);
  visit("keyword", m.keyword);
  visit("name", m.name);
  visit("description", m.description);
  visit("children", m.children);
  visit("id", m.id);
}

template <class V, Is<FeatureChild> M>
void fields(V& visit, M& m) {
  visit("rule", m.rule);
  visit("background", m.background);
  visit("scenario", m.scenario);
}

template <class V, Is<Feature> M>
void fields(V& visit, M& m) {
  visit("location", m.location);
  visit("tags", m.tags);
  visit("language", m.language);
  visit("keyword", m.keyword);
  visit("name", m.name);
  visit("description", m.description);
  visit("children", m.children);
}

template <class V, Is<GherkinDocument> M>
void fields(V& visit, M& m) {
  visit("uri", m.uri);
  visit("feature", m.feature);
  visit("comments", m.comments);
}

template <class V, Is<ParseError> M>
void fields(V& visit, M& m) {
  visit("source", m.source);
  visit("message", m.message);
}

template <class V, Is<PickleDocString> M>
void fields(V& visit, M& m) {
  visit("argumentIndex", m.argument_index);
  visit("mediaType", m.media_type);
  visit("content", m.content);
}

template <class V, Is<PickleTableCell> M>
void fields(V& visit, M& m) {
  visit("value", m.value);
}

template <class V, Is<PickleTableRow> M>
void fields(V& visit, M& m) {
  visit("cells", m.cells);
}

template <class V, Is<PickleTable> M>
void fields(V& visit, M& m) {
  visit("argumentIndex", m.argument_index);
  visit("rows", m.rows);
}

template <class V, Is<PickleStepArgument> M>
void fields(V& visit, M& m) {
  visit("docString", m.doc_string);
  visit("dataTable", m.data_table);
}

template <class V, Is<PickleStep> M>
void fields(V& visit, M& m) {
  visit("argument", m.argument);
  visit("astNodeIds", m.ast_node_ids);
  visit("id", m.id);
  visit("type", m.type);
  visit("text", m.text);
}

template <class V, Is<PickleTag> M>
void fields(V& visit, M& m) {
  visit("name", m.name);
  visit("astNodeId", m.ast_node_id);
}

template <class V, Is<Pickle> M>
void fields(V& visit, M& m) {
  visit("id", m.id);
  visit("uri", m.uri);
  visit("location", m.location);
  visit("name", m.name);
  visit("language", m.language);
  visit("steps", m.steps);
  visit("tags", m.tags);
  visit("astNodeIds", m.ast_node_ids);
}

}  // namespace muster::messages
