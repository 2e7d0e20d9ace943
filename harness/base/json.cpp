#include "base/json.hpp"

#include <cstddef>
#include <iterator>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace muster {
namespace {

constexpr std::size_t kShownKey = 80;  // bytes of a key in a message

/// Places a byte offset in text as line and column.
Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  place.line = 1;
  place.column = 1;
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

struct Refused {
  std::string code;
  std::string message;
};

/// A character of text that tells how many were read: the parser says it of no other errors than
/// those of syntax.
class Counted {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counted(const char* at, std::size_t* read) : at_(at), read_(read) {}
  reference operator*() const { return *at_; }
  Counted& operator++() {
    ++at_;
    ++*read_;
    return *this;
  }
  Counted operator++(int) {
    const Counted before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Counted& a, const Counted& b) { return a.at_ == b.at_; }
  friend bool operator!=(const Counted& a, const Counted& b) { return !(a == b); }

 private:
  const char* at_;
  std::size_t* read_;
};

template <class Iterator>
Json parsed(Iterator begin, Iterator end, int max_depth) {
  std::vector<std::set<std::string>> keys;
  const auto guard = [&](int depth, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        if (depth >= max_depth) {
          throw Refused{"json_depth", "JSON nests deeper than " + std::to_string(max_depth)};
        }
        keys.emplace_back();
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        keys.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!keys.back().insert(parsed.get_ref<const std::string&>()).second) {
          throw Refused{"json_duplicate_key",
                        "JSON object has the key \"" +
                            printable(shorten(parsed.get_ref<const std::string&>(), kShownKey)) +
                            "\" twice"};
        }
        break;
      case Json::parse_event_t::value:
        break;
    }
    return true;
  };
  return Json::parse(begin, end, guard);
}

/// How much the parser reads until it throws what is no error of syntax.
std::size_t read_until_refused(std::string_view text, int max_depth) {
  std::size_t read = 0;
  const Counted begin(text.data(), &read);
  try {
    static_cast<void>(parsed(begin, Counted(text.data() + text.size(), &read), max_depth));
  } catch (const Refused&) {
    return read;
  } catch (const Json::exception&) {
    return read;
  }
  return read;
}

/// Where the string begins whose closing quote is the last of the text.
std::size_t begin_of_string(std::string_view text) {
  std::size_t quote = text.size() - 1;
  for (bool escaped = true; escaped && quote > 0;) {
    quote = text.rfind('"', quote - 1);
    const auto before = text.find_last_not_of('\\', quote - 1);
    escaped = (quote - before) % 2 == 0;
  }
  return quote;
}

/// Where the number begins that the text ends with, but for one character behind it.
std::size_t begin_of_number(std::string_view text) {
  constexpr std::string_view kOfNumbers = "0123456789+-.eE";
  if (kOfNumbers.find(text.back()) == text.npos) text.remove_suffix(1);
  return text.find_last_not_of(kOfNumbers) + 1;
}

}  // namespace

Result<Json> parse_json(std::string_view text, int max_depth) {
  Error made;
  try {
    return parsed(text.begin(), text.end(), max_depth);
  } catch (const Refused& refused) {
    made = error(refused.code, refused.message);
    const std::string_view read = text.substr(0, read_until_refused(text, max_depth));
    made.place =
        place_of(text, made.code == "json_depth" ? read.size() - 1 : begin_of_string(read));
  } catch (const Json::parse_error& failure) {
    made = error("json_syntax", "not JSON");
    made.place = place_of(text, failure.byte > 0 ? failure.byte - 1 : 0);
  } catch (const Json::exception&) {
    made = error("json_syntax", "not JSON that can be kept: a number is too large");
    made.place =
        place_of(text, begin_of_number(text.substr(0, read_until_refused(text, max_depth))));
  }
  return made;
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string string_at(const Json& object, std::string_view key, std::string fallback) {
  if (!object.is_object()) return fallback;
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : fallback;
}

}  // namespace muster
