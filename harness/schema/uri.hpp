#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::schema {

/// RFC 3986 section 5.2: what `reference` means where the base is `base`. Both may be relative.
std::string resolve_uri(std::string_view base, std::string_view reference);

/// A URI without its fragment, and the fragment, percent-decoded.
std::pair<std::string, std::string> split_fragment(std::string_view uri);

std::string percent_decoded(std::string_view text);

/// One more token of an RFC 6901 pointer.
std::string pointer_to(std::string_view pointer, std::string_view token);

/// The tokens of an RFC 6901 pointer, which begins with `/` or is empty.
std::vector<std::string> pointer_tokens(std::string_view pointer);

}  // namespace muster::schema
