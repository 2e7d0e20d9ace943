#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "steps/library.hpp"

namespace muster::app {

/// The step definitions of this program, compiled. All that is wrong with them is printed but the
/// last error, which is returned. Error `no_steps` when there are none.
Result<steps::Library> compile_library();

/// The same for a run, which goes on without the definitions that name undefined parameter types:
/// what they were for is undefined then, and printed as a warning. `no_steps` unless there is a
/// hook, or `allow_none` is given.
Result<steps::Library> compile_library_for_run(bool allow_none);

/// A definition as it stands in its file: `GIVEN("a {tier} workspace")`.
std::string as_written(const detail::StepDefinition& step);

/// The error `expression_regex_too_slow` at a definition whose regular expression gave no answer
/// within its bound.
Error too_slow(const detail::StepDefinition& step);

/// A definition for programs: keyword, text, file, line.
Json to_json(const detail::StepDefinition& step);

}  // namespace muster::app
