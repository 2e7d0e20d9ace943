#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "net/http.hpp"

namespace muster::net {

/// Why a request is not served, as the peer reads it.
struct Refusal {
  int status = 400;
  std::string_view code = "bad_request";
  std::string message;
};

/// Finds the end of a message head (RFC 9112 section 2) in bytes that come piece by piece, and
/// refuses at the first byte that no head has: a control character, CR or LF alone (400); or more
/// bytes or lines than allowed (431).
class HeadScanner {
 public:
  enum class State { more, complete, refused };

  HeadScanner(std::size_t max_bytes, std::size_t max_fields)
      : max_bytes_(max_bytes), max_fields_(max_fields) {}

  /// `input` is everything received so far, beginning with the head; only what is new is looked at.
  State scan(std::string_view input);
  /// Bytes of the head with its blank line, once complete.
  std::size_t length() const { return position_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  State refuse(Refusal refusal);

  std::size_t max_bytes_, max_fields_;
  std::size_t position_ = 0, line_begin_ = 0, lines_ = 0;
  bool after_cr_ = false, complete_ = false;
  Refusal refusal_;
};

/// How the body of a message is delimited (RFC 9112 section 6.3).
struct Framing {
  bool chunked = false;
  std::optional<std::uint64_t> length;
  bool expects_continue = false;
};

struct HeadRules {
  bool relay = false;  ///< ServerLimits::relay
  bool any_host =
      false;  ///< on a unix socket the Host value means nothing, and clients put the path there
};

struct RequestHead {
  Request request;
  Framing framing;
};

/// Reads a complete head that HeadScanner passed. Refuses whatever RFC 9112 lets a server refuse;
/// `code` says what it was.
std::variant<RequestHead, Refusal> parse_request_head(std::string_view head,
                                                      const HeadRules& rules = {});

struct ResponseHead {
  Response response;
  Framing framing;
};

/// Reads a complete response head; `malformed` otherwise.
Result<ResponseHead> parse_response_head(std::string_view head);

/// The bytes of a request or response head with its blank line. Fields that could not be sent as
/// one line are left out.
std::string write_request_head(const Request& request);
std::string write_response_head(const Response& response);

bool is_token(std::string_view text);

}  // namespace muster::net
