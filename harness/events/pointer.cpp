#include <algorithm>
#include <charconv>

#include "events/event.hpp"

namespace muster::events {

Result<Pointer> Pointer::parse(std::string_view text) {
  Pointer made;
  made.text_ = std::string(text);
  if (text.empty()) return made;
  if (text.front() != '/')
    return error("pointer_syntax", "a JSON pointer starts with `/`", "write `/payload/name`");
  std::string token;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '/') {
      made.tokens_.push_back(std::move(token));
      token.clear();
    } else if (text[at] != '~') {
      token += text[at];
    } else if (at + 1 < text.size() && (text[at + 1] == '0' || text[at + 1] == '1')) {
      token += text[++at] == '0' ? '~' : '/';
    } else {
      return error("pointer_syntax", "`~` in a JSON pointer is followed by 0 or 1",
                   "write `~0` for `~` and `~1` for `/`");
    }
  }
  made.tokens_.push_back(std::move(token));
  return made;
}

const Json* Pointer::find_from(const Json& json, std::size_t first) const {
  const Json* here = &json;
  for (std::size_t at = first; at < tokens_.size(); ++at) {
    const std::string& token = tokens_[at];
    if (here->is_object()) {
      const auto found = here->find(token);
      if (found == here->end()) return nullptr;
      here = &*found;
    } else if (here->is_array()) {
      // RFC 6901 section 4: an index has no leading zero
      std::size_t index = 0;
      const char* end = token.data() + token.size();
      const auto read = std::from_chars(token.data(), end, index);
      const bool padded = token.size() > 1 && token.front() == '0';
      if (read.ec != std::errc{} || read.ptr != end || padded || index >= here->size())
        return nullptr;
      here = &(*here)[index];
    } else {
      return nullptr;
    }
  }
  return here;
}

std::optional<Json> Pointer::find(const Event& event) const {
  if (tokens_.empty()) return to_json(event);
  const std::string& name = tokens_.front();
  const auto scalar = [&](Json value) -> std::optional<Json> {
    if (tokens_.size() > 1) return std::nullopt;
    return value;
  };
  const auto inside = [&](const Json& value) -> std::optional<Json> {
    const Json* found = find_from(value, 1);
    return found == nullptr ? std::nullopt : std::optional<Json>(*found);
  };
  if (name == "payload") return inside(event.payload);
  if (name == "event") return scalar(event.event);
  if (name == "workspace_slug") return scalar(event.workspace_slug);
  if (name == "run_id") return event.run_id ? scalar(*event.run_id) : std::nullopt;
  if (name == "actor") return inside(event.actor);
  if (name == "source") return scalar(event.source);
  if (name == "src_seq") return scalar(event.src_seq);
  if (name == "ts") return scalar(event.ts);
  if (name == "seq") return event.seq == 0 ? std::nullopt : scalar(event.seq);
  if (name == "recv_mono_ns")
    return event.recv_mono_ns == 0 ? std::nullopt : scalar(event.recv_mono_ns);
  const Json* found = find_from(event.extra, 0);
  return found == nullptr ? std::nullopt : std::optional<Json>(*found);
}

std::optional<Json> field(const Event& event, std::string_view pointer) {
  const auto parsed = Pointer::parse(pointer);
  return parsed ? parsed->find(event) : std::nullopt;
}

bool valid_pointer(std::string_view pointer) {
  return Pointer::parse(pointer).ok();
}

}  // namespace muster::events
