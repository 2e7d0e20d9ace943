#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muster/parameter.hpp"
#include "muster/scenario.hpp"
#include "muster/table.hpp"
#include "muster/task.hpp"

namespace muster {

/// Options of a step or hook.
struct Timeout {
  std::chrono::milliseconds value;
};
/// The step's or hook's own deadline instead of the default (step 5 s, hook 10 s).
constexpr Timeout timeout(std::chrono::milliseconds value) {
  return {value};
}
struct HookOrder {
  int value;
};
/// BEFORE hooks run from low to high, AFTER hooks from high to low; default 0.
constexpr HookOrder order(int value) {
  return {value};
}
struct HookName {
  std::string_view value;
};
/// What reports call the hook.
constexpr HookName name(std::string_view value) {
  return {value};
}

namespace detail {

enum class StepKeyword { given, when, then, any };
enum class HookKind { before, after, before_step, after_step, before_all, after_all };

/// One call of a body: what it is given.
struct Call {
  Scenario* scenario = nullptr;  ///< null for BEFORE_ALL and AFTER_ALL
  std::vector<Captures> arguments;
  const Table* table = nullptr;
  const DocString* doc_string = nullptr;
};

/// Runs a body; a coroutine body is returned, to be awaited by who called.
using Invoke = std::optional<Task<>> (*)(void (*body)(), const Call& call);

/// What a step's last parameter takes.
enum class StepTail { none, table, doc_string };

/// How a type of the user's own is read, found through the bodies that take it.
struct CustomParameter {
  std::vector<std::string> names;
  std::string pattern;
  const char* file = "";  ///< of the first step definition that takes it
  int line = 0;
};

struct StepDefinition {
  StepKeyword keyword = StepKeyword::any;
  std::string text;
  const char* file = "";
  int line = 0;
  std::optional<std::chrono::milliseconds> timeout;
  StepTail tail = StepTail::none;
  std::vector<CustomParameter> custom;
  void (*body)() = nullptr;
  Invoke invoke = nullptr;
};

struct HookDefinition {
  HookKind kind = HookKind::before;
  std::string tags;  ///< tag expression; empty for all
  std::string name;
  int order = 0;
  std::optional<std::chrono::milliseconds> timeout;
  const char* file = "";
  int line = 0;
  void (*body)() = nullptr;
  Invoke invoke = nullptr;
};

/// Take what the macros found; always true, so that a static initialiser can hold it.
bool register_step(StepDefinition definition);
bool register_hook(HookDefinition definition);

/// Throws: the captured text of argument `index` is no value of its type.
[[noreturn]] void refuse_argument(std::size_t index, const Captures& captures, const Error& why);
/// Throws: the step's body takes a table or doc string and the feature has none.
[[noreturn]] void refuse_missing(const char* what);

}  // namespace detail
}  // namespace muster
