#include "base/json.hpp"

#include <set>
#include <vector>

namespace muster {
namespace {

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

}  // namespace

Result<Json> parse_json(std::string_view text, int max_depth) {
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
                        "JSON object has the key \"" + parsed.get<std::string>() + "\" twice"};
        }
        break;
      case Json::parse_event_t::value:
        break;
    }
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), guard);
  } catch (const Refused& refused) {
    return error(refused.code, refused.message);
  } catch (const Json::parse_error& failure) {
    Error made = error("json_syntax", "not JSON");
    made.place = place_of(text, failure.byte > 0 ? failure.byte - 1 : 0);
    return made;
  } catch (const Json::exception& failure) {  // a number out of range
    return error("json_syntax", std::string("not JSON: ") + failure.what());
  }
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
