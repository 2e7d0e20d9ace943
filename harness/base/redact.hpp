#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/secret_names.hpp"

namespace muster {

/// `text` with secrets replaced by `[redacted]`, for whatever is written down:
/// - the secrets of this process (secret_values.hpp) in any encoding;
/// - private keys in PEM, JSON web tokens, and tokens that their issuers' prefixes give away;
/// - values of headers that carry credentials, `Bearer …`, `Basic …`, and credentials in URLs;
/// - what is given to a name that says secret (`names_secret`): `name=value`, `name: value`,
/// `--name
///   value`, a member of JSON whatever it holds (also within a string of JSON), a block of YAML.
std::string redact(std::string_view text);

/// The same of every string of a document, and of all that stands below a member whose name says
/// secret, as the value beside such a name in `{"name": …, "value": …}` and `["name", "value"]`,
/// and behind such an option in a list of words.
Json redacted_json(const Json& value);

/// Each string of a document redacted by what it says, whatever its member is called: for documents
/// whose names are our own or name what people chose, such as services.
Json redacted_strings(const Json& value);

/// Redacts what comes in pieces: a secret is found across them. What may be the beginning of one
/// waits for the next piece.
class RedactedStream {
 public:
  /// What may be written of what came so far.
  std::string pass(std::string_view piece);
  /// What is left at the end.
  std::string finish();

 private:
  std::string held_;
  std::size_t shown_ = 0;  // bytes of held_ that were passed on: too few to tell a secret by
  bool in_private_key_ = false;
};

}  // namespace muster
