// Bodies, slugs and targets that no client of ours would send.
#include <charconv>

#include "base/text.hpp"
#include "fixtures/worlds/byte_notation.hpp"
#include "fixtures/worlds/hostile_requests.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

int number(const std::string& text) {
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// An answer may repeat what was sent, but never so that it does something where it is shown.
void expect_neutral(const RawAnswer& answer, const std::string& to) {
  EXPECT_EQ(answer.body(), printable(answer.body())) << "in the answer to " << to;
  EXPECT_LE(answer.bytes.size(), 4'096U) << "in the answer to " << to;
}

}  // namespace

THEN("{server} refuses each of these bodies with 400 and says where:",
     timeout(std::chrono::seconds(15))) = [](HostileRequests& requests, Servers& servers,
                                             ServerName server, const Table& bodies) {
  for (const auto& row : bodies.hashes()) {
    const RawAnswer answer = requests.submit(server.text, bytes_of(row.at("body")));
    EXPECT_EQ(answer.status(), 400) << row.at("body") << ": " << shown(answer.bytes);
    EXPECT_NE(answer.body().find("(" + row.at("where") + ")"), std::string::npos)
        << row.at("body") << ": " << shown(answer.bytes);
    expect_neutral(answer, row.at("body"));
    EXPECT_LE(Servers::good_request(servers.find(server.text)).count(), 1'000) << row.at("body");
  }
};

THEN("each server answers so to a good body behind these bytes:") = [](HostileRequests& requests,
                                                                       const Table& rows) {
  for (const auto& row : rows.hashes()) {
    const std::string server = row.at("server");
    const RawAnswer answer =
        requests.submit(server, bytes_of(row.at("before")) + requests.good_body(server));
    EXPECT_EQ(answer.status(), number(row.at("status")))
        << server << " " << row.at("before") << ": " << shown(answer.bytes);
  }
};

THEN("the sink's door has recorded {int} event(s)") = [](Servers& servers, int count) {
  EXPECT_EQ(servers.recorded().size(), static_cast<std::size_t>(count));
};

THEN("{server} answers {int} to a request for each of these workspaces:",
     timeout(std::chrono::seconds(15))) = [](HostileRequests& requests, ServerName server,
                                             int status, const Table& slugs) {
  for (const auto& row : slugs.rows()) {
    const std::string slug = bytes_of(row.at(0));
    const RawAnswer answer =
        requests.submit(server.text, HostileRequests::workspace_body(server.text, slug));
    EXPECT_EQ(answer.status(), status) << row.at(0) << ": " << shown(answer.bytes);
    expect_neutral(answer, row.at(0));
  }
};

THEN("{server} answers each of these targets so, and neutrally:",
     timeout(std::chrono::seconds(15))) = [](HostileRequests& requests, ServerName server,
                                             const Table& targets) {
  for (const auto& row : targets.hashes()) {
    const RawAnswer answer =
        requests.request(server.text, row.at("method"), bytes_of(row.at("target")));
    EXPECT_EQ(answer.status(), number(row.at("status")))
        << row.at("target") << ": " << shown(answer.bytes);
    expect_neutral(answer, row.at("target"));
  }
};

THEN("no file anywhere near has {string} in its name") = [](HostileRequests& requests,
                                                            std::string mark) {
  for (const std::string& file : requests.files_named(mark)) ADD_FAILURE() << shown(file);
};

THEN("a file of hearth has {string} in its name") = [](HostileRequests& requests,
                                                       std::string mark) {
  const auto files = requests.files_named(mark);
  EXPECT_FALSE(files.empty());
  for (const std::string& file : files)
    EXPECT_NE(file.find("/hearth/"), std::string::npos) << shown(file);
};

GIVEN("ralph gives out the run id {string}") = [](Lifecycle& lifecycle, std::string id) {
  lifecycle.disturb("console → ralph", {"POST", "/runs", 0, -1},
                    net::Fault::respond(202, Fields{{"run_id", bytes_of(id)}}.json()));
};
