#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/place.hpp"

namespace muster::messages {

struct Product {
  std::string name;
  std::optional<std::string> version;

  friend bool operator==(const Product&, const Product&) = default;
};

struct Git {
  std::string remote;
  std::string revision;
  std::optional<std::string> branch;
  std::optional<std::string> tag;

  friend bool operator==(const Git&, const Git&) = default;
};

struct Ci {
  std::string name;
  std::optional<std::string> url;
  std::optional<std::string> build_number;
  std::optional<Git> git;

  friend bool operator==(const Ci&, const Ci&) = default;
};

/// The version of the Cucumber Messages protocol that is written.
inline constexpr const char* kProtocolVersion = "34.2.1";

/// Who speaks, on what machine.
struct Meta {
  std::string protocol_version = kProtocolVersion;
  Product implementation;
  Product runtime;
  Product os;
  Product cpu;
  std::optional<Ci> ci;

  friend bool operator==(const Meta&, const Meta&) = default;
};

enum class HookType {
  before_test_run,
  after_test_run,
  before_test_case,
  after_test_case,
  before_test_step,
  after_test_step
};

struct Hook {
  std::string id;
  std::optional<std::string> name;
  SourceReference source_reference;
  std::optional<std::string> tag_expression;
  std::optional<HookType> type;

  friend bool operator==(const Hook&, const Hook&) = default;
};

enum class StepDefinitionPatternType { cucumber_expression, regular_expression };

struct StepDefinitionPattern {
  std::string source;
  StepDefinitionPatternType type = StepDefinitionPatternType::cucumber_expression;

  friend bool operator==(const StepDefinitionPattern&, const StepDefinitionPattern&) = default;
};

struct StepDefinition {
  std::string id;
  StepDefinitionPattern pattern;
  SourceReference source_reference;

  friend bool operator==(const StepDefinition&, const StepDefinition&) = default;
};

struct ParameterType {
  std::string name;
  std::vector<std::string> regular_expressions;  ///< at least one
  bool prefer_for_regular_expression_match = false;
  bool use_for_snippets = true;
  std::string id;
  std::optional<SourceReference> source_reference;

  friend bool operator==(const ParameterType&, const ParameterType&) = default;
};

/// A step definition names a parameter type that nobody defined.
struct UndefinedParameterType {
  std::string expression;
  std::string name;

  friend bool operator==(const UndefinedParameterType&, const UndefinedParameterType&) = default;
};

struct Snippet {
  std::string language;  ///< lower case, e.g. `cpp`
  std::string code;

  friend bool operator==(const Snippet&, const Snippet&) = default;
};

/// How to define an undefined step.
struct Suggestion {
  std::string id;
  std::string pickle_step_id;
  std::vector<Snippet> snippets;  ///< at least one

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

}  // namespace muster::messages
