#pragma once

#include <string>
#include <string_view>

namespace muster {

/// Where something stands. `line` and `column` count from 1, columns in code points; 0 means
/// unknown.
struct Place {
  std::string uri;
  int line = 0;
  int column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

/// `uri`, `uri:line` or `uri:line:column`, as far as known.
std::string to_string(const Place& place);

/// What went wrong, for a person and for a program: a stable code, a lower-case sentence, a place,
/// the source line with a caret, a hint.
struct Diagnostic {
  std::string code;     ///< stable name, e.g. `spawn_failed`
  std::string message;  ///< lower-case sentence without a full stop
  Place place;          ///< where, if it has a place
  std::string excerpt;  ///< the source line of `place`, for the caret
  int width = 1;        ///< code points that the caret underlines
  std::string hint;     ///< what to do about it
};

/// `place: error: message`, the excerpt with its caret, `hint: …`; each on lines of its own, the
/// last one ended.
std::string render(const Diagnostic& diagnostic);

/// The `line`-th line of `text` (from 1) without its line end; empty if there is none.
std::string_view line_of(std::string_view text, int line);

}  // namespace muster
