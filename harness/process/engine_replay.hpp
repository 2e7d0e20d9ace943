#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/server.hpp"

namespace muster::process::testing {

/// Plays a recorded exchange with a container engine (fixtures/engine_api) on a unix socket, in a
/// process of its own. Each request is answered by the first exchange of its method and target that
/// was not used yet, else by the last one of it; one that was never recorded gets 501. Requests are
/// written down.
class EngineReplay {
 public:
  /// `folder`: for the socket and the record; short.
  EngineReplay(const std::string& name, const std::string& folder)
      : socket_(folder + "/engine.sock"), record_(folder + "/engine.jsonl") {
    std::ifstream file(std::string(MUSTER_SOURCE_DIR) + "/fixtures/engine_api/" + name + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    exchanges_ = parse_json(text).value_or_throw()["exchanges"];
    int ready[2];
    if (::pipe(ready) != 0) throw std::runtime_error("pipe");
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      serve(ready[1]);
    }
    ::close(ready[1]);
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1) << "the replay does not listen";
    ::close(ready[0]);
  }
  ~EngineReplay() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  EngineReplay(const EngineReplay&) = delete;
  EngineReplay& operator=(const EngineReplay&) = delete;

  std::string host() const { return "unix://" + socket_; }

  /// What was asked so far, `POST /containers/create?name=…`.
  std::vector<std::string> asked() const {
    std::vector<std::string> requests;
    for (const Json& one : record()) {
      std::string target = one["target"].get<std::string>();
      if (target.starts_with("/v1.41")) target = target.substr(6);
      requests.push_back(one["method"].get<std::string>() + " " + target);
    }
    return requests;
  }
  /// The body of the first request whose target begins so.
  Json body_of(const std::string& target) const {
    for (const Json& one : record()) {
      if (one["target"].get<std::string>().starts_with("/v1.41" + target))
        return parse_json(one["body"].get<std::string>()).value_or_throw();
    }
    return {};
  }

 private:
  std::vector<Json> record() const {
    std::vector<Json> lines;
    std::ifstream file(record_);
    for (std::string line; std::getline(file, line);)
      lines.push_back(parse_json(line).value_or_throw());
    return lines;
  }

  [[noreturn]] void serve(int ready) {
    boost::asio::io_context io;
    std::vector<bool> used(exchanges_.size());
    std::ofstream record(record_);
    auto server = net::Server::listen(
        io.get_executor(), {net::Address::unix_path(socket_), {}},
        [&](const net::Request& request) -> boost::asio::awaitable<net::Response> {
          const Json line{
              {"method", request.method}, {"target", request.target}, {"body", request.body}};
          record << dump_json(line) << std::endl;
          co_return answer(request, used);
        });
    if (!server || ::write(ready, "r", 1) != 1) ::_exit(1);
    io.run();
    ::_exit(0);
  }

  net::Response answer(const net::Request& request, std::vector<bool>& used) const {
    std::size_t chosen = exchanges_.size();
    for (std::size_t i = 0; i < exchanges_.size(); ++i) {
      const Json& one = exchanges_[i];
      if (one["method"] != request.method ||
          !glob_match(one["target"].get<std::string>(), request.target))
        continue;
      chosen = i;
      if (!used[i]) break;
    }
    net::Response response;
    if (chosen == exchanges_.size()) {
      response.status = 501;
      return response;
    }
    used[chosen] = true;
    const Json& one = exchanges_[chosen];
    response.status = one["status"].get<int>();
    if (one.contains("body")) response.body = dump_json(one["body"]);
    if (one.contains("text")) response.body = one["text"].get<std::string>();
    for (const Json& frame : one.value("frames", Json::array())) {
      const std::string text = frame[1].get<std::string>();
      response.body += static_cast<char>(frame[0].get<int>());
      response.body += std::string(3, '\0');
      for (int shift = 24; shift >= 0; shift -= 8)
        response.body += static_cast<char>((text.size() >> shift) & 0xff);
      response.body += text;
    }
    return response;
  }

  std::string socket_;
  std::string record_;
  Json exchanges_;
  pid_t pid_ = -1;
};

}  // namespace muster::process::testing
