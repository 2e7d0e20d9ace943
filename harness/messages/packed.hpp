#pragma once

#include <string>
#include <string_view>

#include "messages/messages.hpp"

namespace muster::messages {

/// A message in few bytes, a sixth of what it takes as an object: for plans of many thousand cases
/// that wait in memory. The form may change at any time, so it is for this process alone. For
/// GherkinDocument, Pickle and TestCase.
template <class Message>
std::string pack(const Message& message);

/// The message that `pack` made the bytes of. Bytes from elsewhere throw std::logic_error.
template <class Message>
Message unpack(std::string_view bytes);

}  // namespace muster::messages
