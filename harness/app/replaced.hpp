#pragma once

#include <string>
#include <string_view>

namespace muster::app {

/// `text` with every `from` (not empty) made `to`.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);

}  // namespace muster::app
