#pragma once

// The JSON library itself: only for step files that need more than muster::Fields (it costs compile
// time).
#include "base/json.hpp"
