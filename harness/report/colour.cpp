#include "report/colour.hpp"

#include <fmt/format.h>

namespace muster::report {
namespace {

const char* code_of(Paint paint) {
  switch (paint) {
    case Paint::plain:
      return "";
    case Paint::bold:
      return "1";
    case Paint::dim:
      return "2";
    case Paint::red:
      return "31";
    case Paint::green:
      return "32";
    case Paint::yellow:
      return "33";
    case Paint::cyan:
      return "36";
    case Paint::magenta:
      return "35";
  }
  return "";
}

}  // namespace

Result<ColourWish> parse_colour(std::string_view text) {
  if (text == "auto") return ColourWish::automatic;
  if (text == "always") return ColourWish::always;
  if (text == "never") return ColourWish::never;
  return error("colour_option", fmt::format("'{}' is no way to colour", text),
               "--color takes auto, always or never");
}

bool use_colour(ColourWish wish,
                const std::function<std::optional<std::string>(std::string_view)>& environment,
                bool is_terminal) {
  if (wish != ColourWish::automatic) return wish == ColourWish::always;
  const auto value = [&](std::string_view name) { return environment(name).value_or(""); };
  const auto forces = [&](std::string_view name) {
    const std::string text = value(name);
    return !text.empty() && text != "0";
  };
  if (!value("NO_COLOR").empty()) return false;
  if (forces("FORCE_COLOR") || forces("CLICOLOR_FORCE")) return true;
  if (value("CLICOLOR") == "0" || value("TERM") == "dumb") return false;
  return is_terminal;
}

std::string Painter::operator()(Paint paint, std::string_view text) const {
  if (!colour_ || paint == Paint::plain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(paint), text);
}

std::string Painter::bold(Paint paint, std::string_view text) const {
  if (!colour_ || text.empty()) return std::string(text);
  if (paint == Paint::plain) return (*this)(Paint::bold, text);
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code_of(paint), text);
}

Paint paint_of(messages::Status status) {
  switch (status) {
    case messages::Status::passed:
      return Paint::green;
    case messages::Status::skipped:
      return Paint::cyan;
    case messages::Status::pending:
    case messages::Status::undefined:
      return Paint::yellow;
    case messages::Status::unknown:
    case messages::Status::ambiguous:
    case messages::Status::failed:
      return Paint::red;
  }
  return Paint::plain;
}

std::string_view mark_of(messages::Status status) {
  switch (status) {
    case messages::Status::passed:
      return "✔";
    case messages::Status::failed:
      return "✘";
    case messages::Status::skipped:
      return "↷";
    case messages::Status::pending:
    case messages::Status::undefined:
    case messages::Status::ambiguous:
      return "■";
    case messages::Status::unknown:
      return "?";
  }
  return "?";
}

std::string_view word_of(messages::Status status) {
  switch (status) {
    case messages::Status::passed:
      return "passed";
    case messages::Status::failed:
      return "failed";
    case messages::Status::skipped:
      return "skipped";
    case messages::Status::pending:
      return "pending";
    case messages::Status::undefined:
      return "undefined";
    case messages::Status::ambiguous:
      return "ambiguous";
    case messages::Status::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace muster::report
