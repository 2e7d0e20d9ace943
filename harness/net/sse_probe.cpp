// The event stream parser for conformance scripts.
//   sse_probe             reads lines {"stream", "piece"}, feeds the stream in pieces of so many
//                         bytes (0: whole) and answers {"events", "last_event_id", "retry_ms"}
//   sse_probe HOST:PORT   reads lines {"target", "last_event_id"}, opens that stream and answers as
//                         above, with "code": how it ended (`end`, or the code of an error)
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <string>

#include "base/json.hpp"
#include "net/event_stream.hpp"
#include "net/sse.hpp"

namespace {

using namespace muster;

Json to_json(const net::SseEvent& event) {
  return {{"id", event.id}, {"event", event.event}, {"data", event.data}};
}

template <class Reader>
Json told_by(const Reader& reader, Json events) {
  Json answer = {{"events", std::move(events)}, {"last_event_id", reader.last_event_id()}};
  answer["retry_ms"] = reader.retry_ms() ? Json(*reader.retry_ms()) : Json();
  return answer;
}

Json parse(const Json& asked) {
  Json events = Json::array();
  net::SseParser parser([&](const net::SseEvent& event) { events.push_back(to_json(event)); });
  const std::string stream = asked.at("stream");
  const std::size_t piece = asked.at("piece").get<std::size_t>();
  for (std::size_t at = 0; at < stream.size(); at += piece == 0 ? stream.size() : piece)
    parser.feed(std::string_view(stream).substr(at, piece == 0 ? std::string::npos : piece));
  return told_by(parser, std::move(events));
}

boost::asio::awaitable<void> follow(net::EventStream& stream, Json& answer) {
  Json events = Json::array();
  std::string code = "end";
  if (const auto opened = co_await stream.open(); !opened) {
    code = opened.error().code;
  } else {
    while (true) {
      const auto next = co_await stream.next();
      if (!next) code = next.error().code;
      if (!next || !*next) break;
      events.push_back(to_json(**next));
    }
  }
  answer = told_by(stream, std::move(events));
  answer["code"] = code;
}

Json open(const Json& asked, const net::Address& address) {
  net::Request request;
  request.target = asked.at("target");
  net::EventStream stream(address, std::move(request));
  stream.set_last_event_id(string_at(asked, "last_event_id"));
  boost::asio::io_context context;
  Json answer;
  boost::asio::co_spawn(context, follow(stream, answer), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  const auto address = argc > 1 ? net::parse_address(argv[1]) : net::Address();
  for (std::string line; std::getline(std::cin, line);) {
    const Json asked = Json::parse(line);
    std::cout << dump_json(argc > 1 ? open(asked, address.value()) : parse(asked)) << std::endl;
  }
}
