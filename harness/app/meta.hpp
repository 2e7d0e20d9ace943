#pragma once

#include "messages/definitions.hpp"

namespace muster::app {

/// Who speaks, on what machine.
messages::Meta meta();

}  // namespace muster::app
