#pragma once

#include <string>
#include <string_view>

namespace muster::preflight {

/// An integer of a .proto (decimal, `0x1f`, `017`, signed) in decimal; anything else as it is.
std::string plain_integer(const std::string& text);

/// ` default VALUE` so that a .proto and a descriptor write it alike. Empty for bytes, which
/// descriptors escape in more than one way.
std::string default_text(std::string_view type, const std::string& value);

}  // namespace muster::preflight
