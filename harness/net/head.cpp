#include "net/head.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "net/target.hpp"

namespace muster::net {
namespace {

Refusal bad(std::string message) {
  return {400, "bad_request", std::move(message)};
}

bool is_token_character(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Takes the next CRLF-ended line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

std::optional<Refusal> parse_fields(std::string_view lines, Headers& headers) {
  while (!lines.empty()) {
    const auto line = take_line(lines);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') return bad("a header field is folded");
    const auto colon = line.find(':');
    if (colon == line.npos) return bad("a header field has no colon");
    const auto name = line.substr(0, colon);
    if (!is_token(name)) return bad("the name of a header field is malformed");
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) {
      value.remove_prefix(1);
    }
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) {
      value.remove_suffix(1);
    }
    headers.add(std::string(name), std::string(value));
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  if (text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<Refusal> read_framing(const Headers& headers, Framing& framing) {
  const auto lengths = headers.count("Content-Length");
  const auto codings = headers.count("Transfer-Encoding");
  if (lengths > 0 && codings > 0) return bad("both Content-Length and Transfer-Encoding are given");
  if (lengths > 1) return bad("Content-Length is given twice");
  if (codings > 1 || (codings == 1 && !iequals(headers.get("Transfer-Encoding"), "chunked"))) {
    return bad("the only transfer coding is chunked");
  }
  framing.chunked = codings == 1;
  if (lengths == 1) {
    framing.length = parse_length(headers.get("Content-Length"));
    if (!framing.length) return bad("Content-Length is no number");
  }
  return std::nullopt;
}

std::optional<Refusal> check_host(const Headers& headers, const HeadRules& rules) {
  if (headers.count("Host") != 1) return bad("exactly one Host field is needed");
  if (rules.any_host) return std::nullopt;
  const auto host = headers.get("Host");
  const bool plausible = std::all_of(host.begin(), host.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f &&
           std::string_view(",@/?#\\\"<>^`{|}").find(c) == std::string_view::npos;
  });
  if (!plausible) return bad("the Host field is malformed");
  return std::nullopt;
}

std::optional<Refusal> read_expectation(const Headers& headers, Framing& framing) {
  if (!headers.has("Expect")) return std::nullopt;
  if (headers.count("Expect") != 1 || !iequals(headers.get("Expect"), "100-continue")) {
    return Refusal{417, "expectation_failed", "the only expectation is 100-continue"};
  }
  framing.expects_continue = true;
  return std::nullopt;
}

std::optional<Refusal> read_request_line(std::string_view line, const HeadRules& rules,
                                         Request& request) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last) return bad("the request line is malformed");
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  if (!is_token(method)) return bad("the method is malformed");
  if (line.substr(last + 1) != "HTTP/1.1") return bad("the version is not HTTP/1.1");
  request.method = method;
  request.target = target;
  if (method == "OPTIONS" && target == "*") {
    request.path = "*";
    return std::nullopt;
  }
  auto parts = parse_target(target);
  if (parts.ok()) {
    request.path = std::move(parts->path);
    request.query = std::move(parts->query);
    return std::nullopt;
  }
  const bool sendable = !target.empty() && target.find_first_of(" \t") == target.npos;
  if (!rules.relay || !sendable) return bad(parts.error().message);
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != target.npos) request.query = target.substr(mark + 1);
  return std::nullopt;
}

bool sendable(const Field& field) {
  return is_token(field.name) && std::all_of(field.value.begin(), field.value.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
         });
}

void write_fields(const Headers& headers, std::string& out) {
  for (const auto& field : headers) {
    if (!sendable(field)) continue;
    out += field.name;
    out += ": ";
    out += field.value;
    out += "\r\n";
  }
  out += "\r\n";
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

HeadScanner::State HeadScanner::refuse(Refusal refusal) {
  refusal_ = std::move(refusal);
  return State::refused;
}

HeadScanner::State HeadScanner::scan(std::string_view input) {
  if (complete_) return State::complete;
  for (; position_ < input.size(); ++position_) {
    if (position_ >= max_bytes_) return refuse({431, "head_too_large", "the head is too large"});
    const char c = input[position_];
    if (after_cr_) {
      if (c != '\n') return refuse(bad("a carriage return stands alone"));
      after_cr_ = false;
      const bool blank = position_ == line_begin_ + 1;
      line_begin_ = position_ + 1;
      if (blank) {
        ++position_;
        if (lines_ == 0) return refuse(bad("the request line is missing"));
        complete_ = true;
        return State::complete;
      }
      if (++lines_ > max_fields_ + 1) {
        return refuse({431, "head_too_large", "the head has too many fields"});
      }
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      after_cr_ = true;
    } else if (c == '\n') {
      return refuse(bad("a line feed stands alone"));
    } else if ((byte < 0x20 && c != '\t') || byte == 0x7f) {
      return refuse(bad("the head has a control character"));
    }
  }
  return State::more;
}

std::variant<RequestHead, Refusal> parse_request_head(std::string_view head,
                                                      const HeadRules& rules) {
  RequestHead out;
  auto& headers = out.request.headers;
  if (auto refusal = read_request_line(take_line(head), rules, out.request)) return *refusal;
  if (auto refusal = parse_fields(head, headers)) return *refusal;
  if (auto refusal = check_host(headers, rules)) return *refusal;
  if (auto refusal = read_framing(headers, out.framing)) return *refusal;
  if (!rules.relay && headers.has("Content-Encoding")) {
    return Refusal{415, "unsupported_encoding", "no content coding is supported"};
  }
  if (auto refusal = read_expectation(headers, out.framing)) return *refusal;
  return out;
}

Result<ResponseHead> parse_response_head(std::string_view head) {
  const auto malformed = [](std::string message) { return error("malformed", std::move(message)); };
  ResponseHead out;
  const auto line = take_line(head);
  const bool shaped = line.size() >= 12 && line.starts_with("HTTP/1.") &&
                      (line[7] == '0' || line[7] == '1') && line[8] == ' ' &&
                      (line.size() == 12 || line[12] == ' ');
  const auto digits = shaped ? parse_length(line.substr(9, 3)) : std::nullopt;
  if (!digits || *digits < 100) return malformed("the status line is malformed");
  out.response.status = static_cast<int>(*digits);
  if (const auto refusal = parse_fields(head, out.response.headers)) {
    return malformed(refusal->message);
  }
  if (const auto refusal = read_framing(out.response.headers, out.framing)) {
    return malformed(refusal->message);
  }
  return out;
}

std::string write_request_head(const Request& request) {
  std::string out = request.method + " " + request.target + " HTTP/1.1\r\n";
  write_fields(request.headers, out);
  return out;
}

std::string write_response_head(const Response& response) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += reason_phrase(response.status);
  out += "\r\n";
  write_fields(response.headers, out);
  return out;
}

}  // namespace muster::net
