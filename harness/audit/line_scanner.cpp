#include "audit/line_scanner.hpp"

#include <string>

#include "audit/text_scan.hpp"

namespace muster::audit {
namespace {

using Kind = Value::Kind;

/// The length of the UTF-8 sequence at `at` (RFC 3629), 0 for none.
int utf8_length(const char* at) {
  const auto byte = [&](int offset) { return static_cast<unsigned char>(at[offset]); };
  const auto follows = [&](int offset, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(offset) >= low && byte(offset) <= high;
  };
  const unsigned first = byte(0);
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : 0xbf;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The length of the escape at `at`, 0 for none, or for half of a surrogate pair.
int escape_length(const char* at) {
  switch (at[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return 2;
    case 'u':
      break;
    default:
      return 0;
  }
  for (int digit = 2; digit < 6; ++digit) {
    if (!is_hex(at[digit])) return 0;
  }
  const bool surrogate = (at[2] == 'd' || at[2] == 'D') && at[3] > '7';
  return surrogate ? 0 : 6;
}

}  // namespace

bool LineScanner::scan(std::string_view line) {
  at_ = line.data();
  end_ = at_ + line.size();
  found_ = 0;
  wanted_.assign(static_cast<std::size_t>(fields_.size()), Value());
  scalars_.clear();
  keys_.clear();
  blanks();
  if (at_ == end_ || *at_ != '{' || !object(&fields_.root(), 0)) return false;
  blanks();
  return at_ == end_ && (found_ & Fields::kRequired) == Fields::kRequired;
}

void LineScanner::blanks() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
}

bool LineScanner::close(const Fields::Node* node, const Value& made, bool is_scalar) {
  const int wanted = node == nullptr ? -1 : node->wanted;
  const Rule rule = node == nullptr ? Rule::none : node->rule;
  if (is_scalar) scalars_.push_back({made, wanted, rule});
  if (node == nullptr) return true;
  if (wanted >= 0) wanted_[static_cast<std::size_t>(wanted)] = made;
  if (!keeps(rule, made)) return false;
  found_ |= node->required;
  // nobody is logged in: nothing is asked of user and role
  if (rule == Rule::actor && made.kind == Kind::null) found_ |= 0x180;
  return true;
}

bool LineScanner::value(const Fields::Node* node, int depth) {
  if (at_ == end_) return false;
  Value made;
  made.begin = at_;
  const bool container = *at_ == '{' || *at_ == '[';
  if (container) {
    if (!(*at_ == '{' ? object(node, depth) : array(node, depth))) return false;
    made.kind = Kind::container;
  } else if (*at_ == '"') {
    if (!string(made)) return false;
  } else if (*at_ == '-' || is_digit(*at_)) {
    if (!number(made)) return false;
  } else if (!word(made)) {
    return false;
  }
  made.end = at_;
  return close(node, made, !container);
}

bool LineScanner::object(const Fields::Node* node, int depth) {
  if (depth >= kDepth) return false;
  const std::size_t first_key = keys_.size();
  ++at_;
  blanks();
  if (at_ < end_ && *at_ == '}') {
    ++at_;
    return true;
  }
  while (true) {
    Value key;
    key.begin = at_;
    if (at_ == end_ || *at_ != '"' || !string(key) || key.kind != Kind::string) return false;
    key.end = at_;
    const std::string_view name = key.text();
    if (keys_.size() - first_key >= kMembers) return false;
    for (std::size_t other = first_key; other < keys_.size(); ++other) {
      if (keys_[other] == name) return false;
    }
    keys_.push_back(name);
    blanks();
    if (at_ == end_ || *at_ != ':') return false;
    ++at_;
    blanks();
    if (!value(fields_.below(node, name), depth + 1)) return false;
    blanks();
    if (at_ == end_) return false;
    const char after = *at_++;
    if (after == '}') break;
    if (after != ',') return false;
    blanks();
  }
  keys_.resize(first_key);
  return true;
}

bool LineScanner::array(const Fields::Node* node, int depth) {
  if (depth >= kDepth) return false;
  ++at_;
  blanks();
  if (at_ < end_ && *at_ == ']') {
    ++at_;
    return true;
  }
  for (std::size_t index = 0;; ++index) {
    const bool looked_at = node != nullptr && !node->below.empty();
    const Fields::Node* const below =
        looked_at ? fields_.below(node, std::to_string(index)) : nullptr;
    if (!value(below, depth + 1)) return false;
    blanks();
    if (at_ == end_) return false;
    const char after = *at_++;
    if (after == ']') return true;
    if (after != ',') return false;
    blanks();
  }
}

bool LineScanner::string(Value& made) {
  made.kind = Kind::string;
  ++at_;
  while (true) {
    at_ = plain_end(at_);
    if (at_ >= end_) return false;
    if (*at_ == '"') {
      ++at_;
      return true;
    }
    int length = 0;
    if (*at_ == '\\') {
      made.kind = Kind::escaped;
      length = escape_length(at_);
    } else if (static_cast<signed char>(*at_) < 0) {
      length = utf8_length(at_);
    }
    if (length == 0 || at_ + length > end_) return false;
    at_ += length;
  }
}

bool LineScanner::number(Value& made) {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  const char* const digits = at_;
  while (is_digit(*at_)) ++at_;
  const auto whole = at_ - digits;
  if (whole == 0 || whole > 18 || (whole > 1 && *digits == '0')) return false;
  made.kind = *begin == '-' && *digits == '0' ? Kind::number : Kind::integer;
  if (*at_ == '.') {
    made.kind = Kind::number;
    const char* const fraction = ++at_;
    while (is_digit(*at_)) ++at_;
    if (at_ == fraction) return false;
  }
  if (*at_ == 'e' || *at_ == 'E') {
    made.kind = Kind::number;
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    const char* const exponent = at_;
    while (is_digit(*at_)) ++at_;
    // with two digits no number of 18 is out of range
    if (at_ == exponent || at_ - exponent > 2) return false;
  }
  return at_ <= end_;
}

bool LineScanner::word(Value& made) {
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  for (const std::string_view text : {"true", "false", "null"}) {
    if (rest.substr(0, text.size()) != text) continue;
    made.kind = text == "null" ? Kind::null : Kind::word;
    at_ += text.size();
    return true;
  }
  return false;
}

}  // namespace muster::audit
