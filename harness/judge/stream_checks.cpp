#include "judge/stream_checks.hpp"

#include "base/text.hpp"
#include "judge/expect.hpp"

namespace muster::judge {

void expect_stream(const Heard& heard, const std::string& last) {
  expect(heard.head.status == 200, heard.head.text() + "; expected 200");
  const std::string type = to_lower(heard.head.headers.get("Content-Type"));
  expect(type.starts_with("text/event-stream"),
         heard.head.asked + " → Content-Type " + type + "; expected text/event-stream");
  const auto events = heard.events();
  expect(!events.empty() && string_at(events.back().frame, "event") == last,
         heard.head.asked + ": the last of " + std::to_string(events.size()) + " frames is " +
             (events.empty() ? "none" : shorten(events.back().data, 300)) + "; expected " + last);
  expect(heard.ended, heard.head.asked + ": the stream stays open after " + last);
}

void expect_sse_form(const Heard& heard) {
  std::size_t number = 0;
  for (const Heard::Event& event : heard.events()) {
    ++number;
    expect(event.id == std::to_string(number), "event " + std::to_string(number) + " has the id '" +
                                                   event.id + "': " + shorten(event.data, 200));
  }
  for (const std::string& line : split(heard.body, '\n'))
    expect(!line.starts_with("event:"), "a line of the stream is: " + shorten(line, 200));
}

void expect_resumed(const Heard& whole, const std::function<Heard(const std::string& id)>& from) {
  const auto all = whole.events();
  if (all.size() < 3)
    throw Untried{"the stream has only " + std::to_string(all.size()) + " events"};
  for (const std::size_t seen : {std::size_t{1}, all.size() / 2, all.size() - 1}) {
    const Heard rest = from(std::to_string(seen));
    const std::string asked = rest.head.asked + " with Last-Event-ID " + std::to_string(seen);
    expect(rest.head.status == 200, asked + " → " + std::to_string(rest.head.status));
    const auto events = rest.events();
    expect(events.size() == all.size() - seen, asked + " → " + std::to_string(events.size()) +
                                                   " events; expected " +
                                                   std::to_string(all.size() - seen));
    for (std::size_t i = 0; i < events.size(); ++i)
      expect(events[i].data == all[seen + i].data && events[i].id == all[seen + i].id,
             asked + " → event " + events[i].id + " " + shorten(events[i].data, 200) +
                 "; expected " + all[seen + i].id + " " + shorten(all[seen + i].data, 200));
  }
}

}  // namespace muster::judge
