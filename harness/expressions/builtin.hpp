#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "expressions/group_tree.hpp"
#include "expressions/parameter_types.hpp"
#include "expressions/program.hpp"

namespace muster::expressions {

/// Appends the hand-made matcher of a built-in type, its outermost capture group being `group`
/// (from 1). Returns the shape of its groups, numbered from `group` on.
GroupShape append_builtin(Program& program, const ParameterType& type, std::size_t group);

/// The patterns of a type as one capture group, as cucumber/cucumber-expressions writes it.
std::string capture_of(const ParameterType& type);

/// The same for the engines of pattern.hpp, where `.` and `\s` of ECMAScript are spelled out for
/// the built-in types.
std::string engine_capture_of(const ParameterType& type);

/// `text` with the characters that mean something in a regular expression escaped.
std::string escape_regex(std::string_view text);

}  // namespace muster::expressions
