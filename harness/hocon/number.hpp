#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::hocon {

/// Whether the reference takes `text` for a number: a long, or a double with a point or exponent.
bool is_number(std::string_view text);

/// The whole number that `text` (a number) stands for, `1.0` and `1e3` too; none when it has a
/// fraction or does not fit.
std::optional<std::int64_t> whole(std::string_view text);

/// Its value; infinite when it is too large.
double real(std::string_view text);

/// `text` (a number) as JSON writes it.
std::string number_to_json(std::string_view text);

}  // namespace muster::hocon
