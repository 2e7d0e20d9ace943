#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/messages.hpp"
#include "report/colour.hpp"

namespace muster::report {

/// Text whose lines no CI system takes for commands to itself: a backslash keeps it from GitHub's
/// (`::name::` behind blanks, `##[name]` anywhere), Azure's (`##vso[`) and TeamCity's.
std::string without_commands(std::string text);

/// Every line of `text`, made neutral (base printable; nothing that a CI system reads as a command
/// to itself), with `indent` blanks before it and painted;
/// each ended. Nothing for an empty text.
std::string block(std::string_view text, std::size_t indent, const Painter& paint, Paint colour);

/// The rows of a table, columns aligned by their display width, cells escaped as Gherkin writes
/// them.
std::string table(const messages::PickleTable& table, std::size_t indent, const Painter& paint,
                  Paint colour);

/// A doc string between its delimiters, with its media type.
std::string doc_string(const messages::PickleDocString& text, std::size_t indent,
                       const Painter& paint, Paint colour);

/// A step's text, neutral and painted, the arguments of its match in bold.
std::string step_text(std::string_view text,
                      const std::vector<messages::StepMatchArgument>& arguments,
                      const Painter& paint, Paint colour);

/// `0.012s`, `61.500s` as `1m 1.500s`, `1h 0m 0.000s`.
std::string duration_text(std::int64_t nanoseconds);

/// The word as a POSIX shell needs it: quoted when it has to be.
std::string shell_word(std::string_view word);

}  // namespace muster::report
