#include "base/pattern.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <boost/regex.hpp>
#include <exception>
#include <iterator>
#include <string>

#include "base/text.hpp"

namespace muster {
namespace {

constexpr std::size_t kMaxPattern = 16 * 1024;

struct TooManySteps : std::exception {};

/// Walks wide text and counts the characters that the engine looks at, which bounds its
/// backtracking: Boost.Regex's own bound grows with the square of the text.
class CountingIterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = wchar_t;
  using difference_type = std::ptrdiff_t;
  using pointer = const wchar_t*;
  using reference = const wchar_t&;

  CountingIterator() = default;
  CountingIterator(const wchar_t* at, std::size_t* left) : at_(at), left_(left) {}

  reference operator*() const {
    if (left_ != nullptr && (*left_)-- == 0) throw TooManySteps();
    return *at_;
  }
  CountingIterator& operator++() { return ++at_, *this; }
  CountingIterator& operator--() { return --at_, *this; }
  CountingIterator operator++(int) { return {at_++, left_}; }
  CountingIterator operator--(int) { return {at_--, left_}; }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }
  const wchar_t* base() const { return at_; }

 private:
  const wchar_t* at_ = nullptr;
  std::size_t* left_ = nullptr;
};

struct Wide {
  std::wstring text;
  std::vector<std::size_t> bytes;  // byte offset of every character, and the end
};

Wide widen(std::string_view utf8) {
  Wide wide;
  wide.text.reserve(utf8.size());
  wide.bytes.reserve(utf8.size() + 1);
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t size = code_point_offset(utf8.substr(at, 4), 1);
    const auto lead = static_cast<unsigned char>(utf8[at]);
    char32_t code = size == 1 ? lead : lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i)
      code = code << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3Fu);
    wide.text += size == 1 && lead >= 0x80 ? L'\xFFFD' : static_cast<wchar_t>(code);
    wide.bytes.push_back(at);
    at += size;
  }
  wide.bytes.push_back(utf8.size());
  return wide;
}

}  // namespace

struct Pattern::Compiled {
  std::unique_ptr<re2::RE2> re2;
  std::unique_ptr<boost::wregex> boost;
  std::size_t groups = 0;
};

Result<Pattern> Pattern::compile(std::string_view source) {
  if (source.size() > kMaxPattern)
    return error("expression_regex",
                 fmt::format("a pattern of {} bytes is longer than the limit of {}", source.size(),
                             kMaxPattern));
  auto compiled = std::make_shared<Compiled>();
  re2::RE2::Options options;
  options.set_log_errors(false);
  compiled->re2 =
      std::make_unique<re2::RE2>(re2::StringPiece(source.data(), source.size()), options);
  if (compiled->re2->ok()) {
    compiled->groups = static_cast<std::size_t>(compiled->re2->NumberOfCapturingGroups());
    return Pattern(std::move(compiled));
  }
  const std::string re2_error = compiled->re2->error();
  compiled->re2.reset();
  try {
    compiled->boost = std::make_unique<boost::wregex>(
        widen(source).text, boost::regex_constants::perl | boost::regex_constants::no_mod_m |
                                boost::regex_constants::no_mod_s);
    compiled->groups = compiled->boost->mark_count();
  } catch (const std::exception& refused) {
    // RE2 names the offending piece in few words; Boost.Regex marks it within a copy of the pattern
    return error("expression_regex", to_lower(re2_error.substr(0, 1)) + re2_error.substr(1));
  }
  return Pattern(std::move(compiled));
}

Result<std::optional<std::vector<std::optional<Span>>>> Pattern::search(std::string_view text,
                                                                        std::size_t from) const {
  using Found = std::optional<std::vector<std::optional<Span>>>;
  std::vector<std::optional<Span>> spans(compiled_->groups + 1);
  if (compiled_->re2) {
    std::vector<re2::StringPiece> pieces(spans.size());
    const re2::StringPiece whole(text.data(), text.size());
    if (!compiled_->re2->Match(whole, from, text.size(), re2::RE2::UNANCHORED, pieces.data(),
                               static_cast<int>(pieces.size())))
      return Found();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].data() == nullptr) continue;
      const auto begin = static_cast<std::size_t>(pieces[i].data() - text.data());
      spans[i] = Span{begin, begin + pieces[i].size()};
    }
    return Found(std::move(spans));
  }
  const Wide wide = widen(text);
  const wchar_t* base = wide.text.data();
  std::size_t start = 0;
  while (start < wide.text.size() && wide.bytes[start] < from) ++start;
  std::size_t left = 125'000 + 8 * wide.text.size();
  const CountingIterator begin(base, &left);
  const CountingIterator first(base + start, &left);
  const CountingIterator end(base + wide.text.size(), &left);
  boost::match_results<CountingIterator> found;
  try {
    auto flags = boost::match_default;
    if (start > 0) flags |= boost::match_prev_avail;
    if (!boost::regex_search(first, end, found, *compiled_->boost, flags, begin)) return Found();
  } catch (const std::exception&) {  // TooManySteps, or what Boost.Regex throws of itself
    return error(
        "expression_regex_too_slow",
        fmt::format("the regular expression gives no answer within its bound on a text of {} bytes",
                    text.size()),
        "avoid nested repetitions, look-around and back references");
  }
  for (std::size_t i = 0; i < spans.size() && i < found.size(); ++i) {
    if (!found[static_cast<int>(i)].matched) continue;
    spans[i] =
        Span{wide.bytes[static_cast<std::size_t>(found[static_cast<int>(i)].first.base() - base)],
             wide.bytes[static_cast<std::size_t>(found[static_cast<int>(i)].second.base() - base)]};
  }
  return Found(std::move(spans));
}

std::size_t Pattern::groups() const {
  return compiled_->groups;
}

Pattern::Engine Pattern::engine() const {
  return compiled_->re2 ? Engine::re2 : Engine::boost;
}

}  // namespace muster
