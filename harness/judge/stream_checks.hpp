#pragma once

#include <functional>
#include <string>

#include "judge/bench.hpp"

namespace muster::judge {

/// 200, text/event-stream, ended by the server with `last` as its last frame. Throws Broken.
void expect_stream(const Heard& heard, const std::string& last);

/// `id:` N from 1 without holes, one `data:` each, no `event:`. Throws Broken.
void expect_sse_form(const Heard& heard);

/// For the first, a middle and the last but one id of `whole`: resumed there, exactly the rest
/// comes. Throws Broken.
void expect_resumed(const Heard& whole, const std::function<Heard(const std::string& id)>& from);

}  // namespace muster::judge
