#include "app/parity_container.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/environment.hpp"
#include "base/ids.hpp"
#include "lineup/stand_in_image.hpp"
#include "process/engine.hpp"

namespace muster::app {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// An image of nothing but a file (bin/standin-image.tar): all else comes from this machine.
constexpr int kLines = 100'000;
constexpr std::chrono::milliseconds kGlance{100};

/// Folders of this machine that the container sees in their places; what the engine makes itself is
/// left out.
std::vector<std::string> seen_folders() {
  std::vector<std::string> binds;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/", ignored)) {
    const std::string path = entry.path().string();
    if (path == "/proc" || path == "/sys" || path == "/dev" || path == "/run") continue;
    // a link into another folder (/bin of a merged /usr) is followed by the engine
    if (entry.is_directory(ignored)) binds.push_back(path + ":" + path);
  }
  return binds;
}

Json body_of(const ContainerRun& run) {
  std::ofstream(run.scratch + "/none.resolv.conf") << "nameserver 127.0.0.1\n"
                                                      "options timeout:1 attempts:1\n";
  std::ofstream(run.scratch + "/none.nsswitch.conf") << "passwd: files\ngroup: files\n"
                                                        "hosts: files dns\n";
  std::vector<std::string> binds = seen_folders();
  binds.push_back(run.scratch + "/none.resolv.conf:/etc/resolv.conf:ro");
  binds.push_back(run.scratch + "/none.nsswitch.conf:/etc/nsswitch.conf:ro");
  Json host = Json::object();
  host["NetworkMode"] = "none";
  host["Binds"] = binds;
  host["Init"] = false;
  Json body = Json::object();
  body["Image"] = lineup::kStandInImage;
  body["Entrypoint"] = run.command;
  body["Cmd"] = Json::array();
  body["Env"] = run.environment;
  body["WorkingDir"] = fs::current_path().string();
  body["User"] = std::to_string(::geteuid()) + ":" + std::to_string(::getegid());
  body["HostConfig"] = std::move(host);
  return body;
}

asio::awaitable<Result<int>> play(process::Engine engine, Json body, std::string name) {
  const auto there = co_await engine.has_image(lineup::kStandInImage);
  if (!there) co_return there.error();
  if (!*there) {
    auto archive = lineup::stand_in_archive();
    if (!archive) co_return archive.error();
    const auto loaded = co_await engine.load(std::move(*archive));
    if (!loaded) co_return loaded.error();
  }
  const auto id = co_await engine.create(name, std::move(body));
  if (!id) co_return id.error();
  const auto started = co_await engine.start(*id);
  Result<int> end = 1;
  if (!started) end = started.error();
  asio::steady_timer glance(co_await asio::this_coro::executor);
  while (started) {
    const auto state = co_await engine.inspect(*id);
    if (!state) end = state.error();
    if (state && !state->running) end = state->exit_code;
    if (!state || !state->running) break;
    glance.expires_after(kGlance);
    co_await glance.async_wait(asio::use_awaitable);
  }
  if (const auto output = co_await engine.logs(*id, kLines)) std::cout << *output << std::flush;
  static_cast<void>(co_await engine.remove(*id));
  co_return end;
}

}  // namespace

Result<int> run_in_container(const ContainerRun& run) {
  auto engine = process::Engine::at(environment_variable("DOCKER_HOST").value_or(""));
  if (!engine) return engine.error();
  asio::io_context io{1};
  Result<int> end = 1;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        Json body = body_of(run);
        end = co_await play(std::move(*engine), std::move(body), "muster-parity-" + random_hex(4));
      },
      [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
  io.run();
  return end;
}

}  // namespace muster::app
