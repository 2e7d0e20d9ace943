#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

namespace muster {

/// What REQUIRE_* throws: the step ends here, also in a coroutine and in any function it calls.
class RequirementFailed : public std::runtime_error {
 public:
  RequirementFailed(const char* file, int line, const std::string& text)
      : std::runtime_error(text), file_(file), line_(line) {}
  const char* file() const { return file_; }
  int line() const { return line_; }

 private:
  const char* file_;
  int line_;
};

namespace detail {
inline void require(const testing::AssertionResult& result, const char* file, int line) {
  if (!result) throw RequirementFailed(file, line, result.message());
}
inline void require_bool(bool value, bool wanted, const char* text, const char* file, int line) {
  if (value == wanted) return;
  throw RequirementFailed(file, line,
                          testing::internal::GetBoolAssertionFailureMessage(
                              value ? testing::AssertionSuccess() : testing::AssertionFailure(),
                              text, value ? "true" : "false", wanted ? "true" : "false"));
}
}  // namespace detail

}  // namespace muster

/// GoogleTest's assertions with the same text, thrown instead of returned from: `ASSERT_*` does not
/// compile in a coroutine.
#define REQUIRE_TRUE(condition) \
  ::muster::detail::require_bool(static_cast<bool>(condition), true, #condition, __FILE__, __LINE__)
#define REQUIRE_FALSE(condition)                                                            \
  ::muster::detail::require_bool(static_cast<bool>(condition), false, #condition, __FILE__, \
                                 __LINE__)
#define REQUIRE_EQ(a, b)                                                                    \
  ::muster::detail::require(::testing::internal::EqHelper::Compare(#a, #b, a, b), __FILE__, \
                            __LINE__)
#define REQUIRE_NE(a, b) \
  ::muster::detail::require(::testing::internal::CmpHelperNE(#a, #b, a, b), __FILE__, __LINE__)
#define REQUIRE_LT(a, b) \
  ::muster::detail::require(::testing::internal::CmpHelperLT(#a, #b, a, b), __FILE__, __LINE__)
#define REQUIRE_LE(a, b) \
  ::muster::detail::require(::testing::internal::CmpHelperLE(#a, #b, a, b), __FILE__, __LINE__)
#define REQUIRE_GT(a, b) \
  ::muster::detail::require(::testing::internal::CmpHelperGT(#a, #b, a, b), __FILE__, __LINE__)
#define REQUIRE_GE(a, b) \
  ::muster::detail::require(::testing::internal::CmpHelperGE(#a, #b, a, b), __FILE__, __LINE__)
