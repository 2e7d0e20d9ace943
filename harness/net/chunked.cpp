#include "net/chunked.hpp"

#include <algorithm>
#include <charconv>

#include "net/head.hpp"

namespace muster::net {
namespace {

constexpr std::size_t max_size_line = 256;
constexpr std::size_t max_trailer = 8 * 1024;
constexpr std::size_t max_size_digits = 15;

}  // namespace

void Dechunker::end_size_line() {
  const std::string_view line = line_;
  const auto digits = line.substr(0, line.find_first_not_of("0123456789abcdefABCDEF"));
  const auto extension = line.substr(digits.size());
  const bool well_formed = !digits.empty() && digits.size() <= max_size_digits &&
                           (extension.empty() || extension.front() == ';');
  if (!well_formed) {
    step_ = Step::malformed;
    return;
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  if (left_ > max_body_ - total_) {
    step_ = Step::too_large;
    return;
  }
  total_ += left_;
  step_ = left_ == 0 ? Step::trailer : Step::data;
}

void Dechunker::end_trailer_line() {
  if (line_.empty()) {
    step_ = Step::done;
    return;
  }
  const auto colon = line_.find(':');
  if (colon == std::string::npos || !is_token(std::string_view(line_).substr(0, colon))) {
    step_ = Step::malformed;
  }
}

/// The lines of the coding: sizes, the empty one after data, trailer fields.
void Dechunker::take_line_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (after_cr_) {
    after_cr_ = false;
    if (c != '\n') {
      step_ = Step::malformed;
      return;
    }
    if (step_ == Step::size) {
      end_size_line();
    } else if (step_ == Step::trailer) {
      end_trailer_line();
    } else {
      step_ = line_.empty() ? Step::size : Step::malformed;
    }
    line_.clear();
    return;
  }
  if (c == '\r') {
    after_cr_ = true;
    return;
  }
  line_.push_back(c);
  const bool control = (byte < 0x20 && c != '\t') || byte == 0x7f;
  const bool long_trailer = step_ == Step::trailer && ++trailer_bytes_ > max_trailer;
  const bool long_size = step_ == Step::size && line_.size() > max_size_line;
  if (control || long_trailer || long_size || step_ == Step::data_end) step_ = Step::malformed;
}

Dechunker::State Dechunker::feed(std::string_view& input, std::string& out) {
  while (!input.empty() && step_ < Step::done) {
    if (step_ == Step::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      out.append(input.substr(0, count));
      input.remove_prefix(count);
      left_ -= count;
      if (left_ == 0) step_ = Step::data_end;
      continue;
    }
    take_line_byte(input.front());
    input.remove_prefix(1);
  }
  switch (step_) {
    case Step::done:
      return State::done;
    case Step::malformed:
      return State::malformed;
    case Step::too_large:
      return State::too_large;
    default:
      return State::more;
  }
}

}  // namespace muster::net
