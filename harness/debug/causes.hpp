#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::debug {

/// What probably lies behind a failure of this code, the likeliest first; empty where the code says
/// all there is. `message` is that of the failure: the words of the system in it decide where
/// a code has several causes.
std::vector<std::string> causes_of(std::string_view code, std::string_view message);

}  // namespace muster::debug
