#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace muster::net {

/// One header field. Names keep the case in which they came.
struct Field {
  std::string name;
  std::string value;

  friend bool operator==(const Field&, const Field&) = default;
};

/// Header fields in the order in which they came; names compare without ASCII case (RFC 9110
/// section 5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// The value of the first field of that name, or nullptr.
  const std::string* find(std::string_view name) const;
  /// The value of the first field of that name, or `fallback`.
  std::string get(std::string_view name, std::string_view fallback = {}) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::size_t count(std::string_view name) const;

  void add(std::string name, std::string value);
  /// Replaces every field of that name by one, in the place of the first.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

/// A request. `target` is what goes over the wire, byte for byte, and what a bearer signs.
struct Request {
  std::string method = "GET";
  std::string target = "/";
  std::string path;   ///< of a request that a Server read: percent-decoded and checked, no `.` or
                      ///< `..` segment, valid UTF-8
  std::string query;  ///< of a request that a Server read: what follows the `?`, raw
  Headers headers;
  std::string body;  ///< without its transfer coding
};

/// Takes the body of a streamed response piece by piece.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  /// Sends `bytes` at once, unbuffered. False when the peer is gone or has read nothing for
  /// ServerLimits::write.
  virtual boost::asio::awaitable<bool> write(std::string_view bytes) = 0;
};

/// An answer: a whole body, or a stream.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;

  /// If set, makes the body instead of `body`. Sent chunked, or as it is when a Content-Length
  /// header is given. It is cancelled when the client goes away. When it throws, the connection is
  /// cut so that the client sees a truncated body.
  std::function<boost::asio::awaitable<void>(BodyWriter&)> stream;

  /// `value` as application/json.
  static Response json(int status, const nlohmann::json& value);
  /// `{"error":{"code","message","retryable"}}`, the shape of every error body here (lifecycle
  /// contract).
  static Response error(int status, std::string_view code, std::string_view message,
                        bool retryable = false);
  /// No answer at all: a Server resets the connection (status 0).
  static Response none();
};

/// The reason phrase of a status code, `Unknown` if it has none.
std::string_view reason_phrase(int status);

}  // namespace muster::net
