#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "messages/test_case.hpp"

namespace muster::report {

enum class ColourWish { automatic, always, never };

/// `auto`, `always` or `never`; error `colour_option`.
Result<ColourWish> parse_colour(std::string_view text);

/// Whether to colour, by ux.md: `--color` > NO_COLOR > FORCE_COLOR or CLICOLOR_FORCE > CLICOLOR=0 >
/// TERM=dumb > is it a terminal. An empty variable counts as absent; FORCE_COLOR and CLICOLOR_FORCE
/// of `0` force nothing.
bool use_colour(ColourWish wish,
                const std::function<std::optional<std::string>(std::string_view)>& environment,
                bool is_terminal);

enum class Paint { plain, bold, dim, red, green, yellow, cyan, magenta };

/// Text in colour, or as it is.
class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  std::string operator()(Paint paint, std::string_view text) const;
  /// The same with bold beside it.
  std::string bold(Paint paint, std::string_view text) const;
  bool colours() const { return colour_; }

 private:
  bool colour_;
};

/// How a status looks.
Paint paint_of(messages::Status status);
/// `✔`, `✘`, `↷`, `■`, `?`
std::string_view mark_of(messages::Status status);
/// The word of ux.md: `passed`, `failed`, …
std::string_view word_of(messages::Status status);

}  // namespace muster::report
