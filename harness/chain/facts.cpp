#include "chain/facts.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <set>

#include "base/text.hpp"

namespace muster::chain {
namespace {

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::int64_t integer_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

const Json& member(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}

// IMF-fixdate (RFC 9110 section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<std::int64_t> date_of(const Json& headers) {
  if (!headers.is_array()) return std::nullopt;
  for (const Json& header : headers) {
    if (!header.is_array() || header.size() != 2 || !header[0].is_string() ||
        !header[1].is_string() || !iequals(header[0].get<std::string>(), "Date"))
      continue;
    std::tm time{};
    const std::string text = header[1].get<std::string>();
    const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time);
    if (end != nullptr && *end == '\0') return ::timegm(&time);
  }
  return std::nullopt;
}

Exchange exchange_of(const Observation& seen) {
  const Json& data = seen.data;
  Exchange made;
  made.tap = seen.subject;
  made.begin_ns = integer_at(data, "t_begin_ns");
  made.end_ns = integer_at(data, "t_end_ns");
  if (made.begin_ns == 0) made.begin_ns = made.end_ns = seen.t_mono_ns;
  made.last_byte_ns = integer_at(data, "last_byte_ns");
  made.method = string_at(data, "method");
  const std::string target = string_at(data, "target");
  made.path = target.substr(0, target.find('?'));
  made.status = static_cast<int>(integer_at(data, "status"));
  made.error = string_at(data, "error");
  made.fault = string_at(data, "fault");
  if (const Json& signer = member(data, "signed_by"); signer.is_object()) {
    made.kid = string_at(signer, "kid");
    made.nonce = string_at(signer, "nonce");
    made.signed_at_s = number_of(string_at(signer, "t"));
  }
  const Json& response = member(data, "response");
  made.worker_s = date_of(member(response, "headers"));
  if (!made.worker_s && seen.wall.seconds > 0) made.worker_s = seen.wall.seconds;
  if (auto body = parse_json(string_at(response, "body"))) made.answer = std::move(*body);
  return made;
}

}  // namespace

std::string Exchange::to_text() const {
  std::string text = tap + "  " + method + " " + path + "  ";
  if (end_ns == 0) return text + "no answer yet";
  text += status > 0 ? std::to_string(status) : "no answer";
  if (!error.empty()) text += "  " + error;
  if (!fault.empty()) text += "  (injected: " + fault + ")";
  return text;
}

Facts::Facts(const Evidence& evidence, const Trouble& of_trouble) : trouble(of_trouble) {
  for (const Observation& one : evidence) sorted.push_back(&one);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Observation* a, const Observation* b) {
    return a->t_mono_ns < b->t_mono_ns;
  });
  for (const Observation* one : of("http", "exchange")) exchanges.push_back(exchange_of(*one));
  std::stable_sort(exchanges.begin(), exchanges.end(),
                   [](const Exchange& a, const Exchange& b) { return a.begin_ns < b.begin_ns; });
}

std::vector<const Observation*> Facts::of(std::string_view lane, std::string_view kind) const {
  std::vector<const Observation*> found;
  std::copy_if(sorted.begin(), sorted.end(), std::back_inserter(found),
               [&](const Observation* one) { return one->lane == lane && one->kind == kind; });
  return found;
}

bool Facts::in_gap(std::int64_t t_ns) const {
  return t_ns >= trouble.begin_ns && t_ns <= trouble.end_ns;
}

std::vector<const Exchange*> Facts::calls(std::string_view to, std::string_view method,
                                          std::string_view path) const {
  const std::string end = "→ " + std::string(to);
  std::vector<const Exchange*> found;
  for (const Exchange& one : exchanges) {
    if (one.method == method && one.path.rfind(path, 0) == 0 && one.tap.ends_with(end))
      found.push_back(&one);
  }
  return found;
}

const Operation* Facts::missing(std::string_view event) const {
  for (const Operation& one : trouble.alignment.operations) {
    if (one.kind == Operation::Kind::missing && one.moved.size() < one.count &&
        trouble.chain.steps()[static_cast<std::size_t>(one.step)].step.name.matches(event))
      return &one;
  }
  return nullptr;
}

bool Facts::lacks_first(const Operation& missing) const {
  const auto& all = trouble.alignment.operations;
  for (std::size_t at = trouble.alignment.first.value_or(all.size()); at < all.size(); ++at) {
    if (&all[at] == &missing) return true;
    if (all[at].kind != Operation::Kind::extra) return false;
  }
  return false;
}

bool Facts::misses(std::string_view event) const {
  return missing(event) != nullptr;
}

std::vector<events::Event> Facts::recorded(std::string_view name) const {
  std::vector<events::Event> found;
  std::set<std::uint64_t> numbers;
  if (trouble.instance != nullptr) {
    for (const auto& event : trouble.instance->log) {
      if (event->event == name && numbers.insert(event->seq).second) found.push_back(*event);
    }
  }
  for (const Observation* one : of("event", "recorded")) {
    if (string_at(one->data, "event") != name) continue;
    auto event = events::event_from_json(one->data);
    if (event && numbers.insert(event->seq).second) found.push_back(std::move(*event));
  }
  return found;
}

}  // namespace muster::chain
