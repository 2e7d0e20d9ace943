#pragma once

#include <chrono>
#include <type_traits>
#include <utility>

#include "muster/binding.hpp"
#include "muster/expect.hpp"
#include "muster/fields.hpp"
#include "muster/parameter.hpp"
#include "muster/scenario.hpp"
#include "muster/table.hpp"
#include "muster/task.hpp"

/// A step definition: `GIVEN("a {tier} workspace {slug}") = [](Console& console, Tier tier, Slug
/// slug) { … };`
///
/// Leading `T&` parameters are fixtures, values follow in the order of the braces, last may come
/// `const Table&` or `const DocString&`. The body captures nothing and returns void or `Task<>`.
/// Checked at compile time: as many values as `{…}`, each `{name}` one of `Parameter<T>::names`.
/// Options after the text: `timeout(60s)`.
#define GIVEN(TEXT, ...) MUSTER_STEP(given, TEXT __VA_OPT__(, ) __VA_ARGS__)
#define WHEN(TEXT, ...) MUSTER_STEP(when, TEXT __VA_OPT__(, ) __VA_ARGS__)
#define THEN(TEXT, ...) MUSTER_STEP(then, TEXT __VA_OPT__(, ) __VA_ARGS__)
/// Matches any keyword.
#define STEP(TEXT, ...) MUSTER_STEP(any, TEXT __VA_OPT__(, ) __VA_ARGS__)

/// Hooks: `BEFORE("@tag and not @slow", order(10), name("…")) = [](Console& console) { … };` All
/// arguments may be left out. BEFORE_ALL and AFTER_ALL run once per run, take no parameters, and
/// must leave no thread and no child behind.
#define BEFORE(...) MUSTER_HOOK(before, __VA_ARGS__)
#define AFTER(...) MUSTER_HOOK(after, __VA_ARGS__)
#define BEFORE_STEP(...) MUSTER_HOOK(before_step, __VA_ARGS__)
#define AFTER_STEP(...) MUSTER_HOOK(after_step, __VA_ARGS__)
#define BEFORE_ALL(...) MUSTER_HOOK(before_all, __VA_ARGS__)
#define AFTER_ALL(...) MUSTER_HOOK(after_all, __VA_ARGS__)

#define MUSTER_JOIN2(A, B) A##B
#define MUSTER_JOIN(A, B) MUSTER_JOIN2(A, B)
#define MUSTER_STEP(KEYWORD, TEXT, ...)                                                   \
  [[maybe_unused]] static const bool MUSTER_JOIN(muster_step_, __COUNTER__) =             \
      ::muster::detail::Slot<TEXT> {                                                      \
    ::muster::detail::StepKeyword::KEYWORD, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__ \
  }
#define MUSTER_HOOK(KIND, ...)                                                \
  [[maybe_unused]] static const bool MUSTER_JOIN(muster_hook_, __COUNTER__) = \
      ::muster::detail::HookSlot<::muster::detail::HookKind::KIND> {          \
    __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__                             \
  }
