// http_door_probe ADDRESS FILE: the HTTP door alone, as a process: takes events at ADDRESS
// (`unix:/path`, `127.0.0.1:0`) and mirrors them into FILE, until TERM.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <iostream>

#include "sinks/http_door.hpp"
#include "sinks/jsonl_sink.hpp"

namespace {

using namespace muster;

class Ignored : public Observer {
 public:
  void observe(Observation) override {}
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  boost::asio::io_context io(1);
  Ignored observer;
  auto sink = sinks::JsonlSink::open(argv[2]);
  if (!sink) {
    std::cerr << sink.error().message << '\n';
    return 1;
  }
  auto door = sinks::HttpDoor::open(io.get_executor(), argv[1], **sink, observer);
  if (!door) {
    std::cerr << door.error().message << '\n';
    return 1;
  }
  std::cout << "listens at " << (*door)->address() << std::endl;
  boost::asio::signal_set end(io, SIGTERM, SIGINT);
  const auto wait = [&]() -> boost::asio::awaitable<void> {
    co_await end.async_wait(boost::asio::use_awaitable);
    co_await (*door)->stop();
  };
  boost::asio::co_spawn(io, wait(), boost::asio::detached);
  io.run();
  return 0;
}
