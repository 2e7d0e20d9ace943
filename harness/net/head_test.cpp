#include "net/head.hpp"

#include <gtest/gtest.h>

#include "net/chunked.hpp"
#include "net/target.hpp"

namespace muster::net {
namespace {

using State = HeadScanner::State;

TEST(HeadScanner, FindsTheEndHoweverTheBytesCome) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: \xC3\xA4\ty\r\n\r\n";
  const std::string input = head + "body\n";
  for (std::size_t cut = 0; cut <= head.size(); ++cut) {
    HeadScanner scanner(1024, 10);
    const auto first = scanner.scan(std::string_view(input).substr(0, cut));
    EXPECT_EQ(first, cut == head.size() ? State::complete : State::more) << cut;
    EXPECT_EQ(scanner.scan(input), State::complete);
    EXPECT_EQ(scanner.length(), head.size());
  }
}

TEST(HeadScanner, RefusesAtTheFirstImpossibleByte) {
  for (const std::string bad :
       {"\n", "GET / HTTP/1.1\n", "GET\r/", "\r\n", "GET \x01", "G\x7f", "\x16\x03\x01"}) {
    HeadScanner scanner(1024, 10);
    EXPECT_EQ(scanner.scan(bad), State::refused) << bad;
    EXPECT_EQ(scanner.refusal().status, 400);
  }
  HeadScanner scanner(1024, 10);
  EXPECT_EQ(scanner.scan(std::string_view("GET \0", 5)), State::refused);
}

TEST(HeadScanner, HoldsItsLimitsExactly) {
  const auto with_fields = [](int count) {
    std::string head = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < count; ++i) head += "a: b\r\n";
    return head + "\r\n";
  };
  EXPECT_EQ(HeadScanner(10'000, 100).scan(with_fields(100)), State::complete);
  HeadScanner many(10'000, 100);
  EXPECT_EQ(many.scan(with_fields(101)), State::refused);
  EXPECT_EQ(many.refusal().status, 431);
  const auto head = with_fields(3);
  EXPECT_EQ(HeadScanner(head.size(), 100).scan(head), State::complete);
  HeadScanner large(head.size() - 1, 100);
  EXPECT_EQ(large.scan(head), State::refused);
  EXPECT_EQ(large.refusal().status, 431);
}

int status_of_head(std::string_view head, HeadRules rules = {}) {
  const auto parsed = parse_request_head(head, rules);
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? 200 : refusal->status;
}

TEST(RequestHead, KeepsTargetAndFieldsAsTheyCame) {
  const auto parsed = parse_request_head(
      "POST /a%20b/%C3%A4?x=%2F&y HTTP/1.1\r\nHost: h:1\r\nX-Two:  1 \r\nx-two: 2\r\n"
      "Content-Length: 12\r\nExpect: 100-Continue\r\n\r\n");
  ASSERT_TRUE(std::holds_alternative<RequestHead>(parsed));
  const auto& head = std::get<RequestHead>(parsed);
  EXPECT_EQ(head.request.method, "POST");
  EXPECT_EQ(head.request.target, "/a%20b/%C3%A4?x=%2F&y");
  EXPECT_EQ(head.request.path, "/a b/\xC3\xA4");
  EXPECT_EQ(head.request.query, "x=%2F&y");
  EXPECT_EQ(head.request.headers.get("X-TWO"), "1");
  EXPECT_EQ(head.request.headers.count("x-two"), 2U);
  EXPECT_EQ(head.framing.length, 12U);
  EXPECT_FALSE(head.framing.chunked);
  EXPECT_TRUE(head.framing.expects_continue);
}

TEST(RequestHead, RelayLeavesTheJudgementToUpstream) {
  const std::string odd = "GET /%0d%0a/../x HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\n\r\n";
  EXPECT_EQ(status_of_head(odd), 400);
  EXPECT_EQ(status_of_head(odd, {true, false}), 200);
  EXPECT_EQ(status_of_head("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n",
                           {true, false}),
            400);
}

TEST(RequestHead, OnAUnixSocketTheHostMeansNothing) {
  const std::string head = "GET / HTTP/1.1\r\nHost: /run/x.sock\r\n\r\n";
  EXPECT_EQ(status_of_head(head), 400);
  EXPECT_EQ(status_of_head(head, {false, true}), 200);
}

TEST(ResponseHead, ReadsAndRefuses) {
  const auto good = parse_response_head("HTTP/1.0 404 Not Found\r\nContent-Length: 3\r\n\r\n");
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->response.status, 404);
  EXPECT_EQ(good->framing.length, 3U);
  EXPECT_TRUE(parse_response_head("HTTP/1.1 200\r\n\r\n").ok());
  for (const auto* bad :
       {"HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n",
        "HTTP/1.1 099 X\r\n\r\n", "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"}) {
    EXPECT_FALSE(parse_response_head(bad).ok()) << bad;
  }
}

TEST(ResponseHead, LeavesOutFieldsThatWouldBeTwo) {
  Response response;
  response.headers.add("Location", "/a\r\nSet-Cookie: stolen");
  response.headers.add("Good", "yes");
  EXPECT_EQ(write_response_head(response), "HTTP/1.1 200 OK\r\nGood: yes\r\n\r\n");
}

TEST(Target, RefusesWhatCouldMeanAnotherPath) {
  for (const auto* bad :
       {"",      "a",      "http://h/a", "/a b",   "/a#b", "/a\\b",   "/%",       "/%4",
        "/%zz",  "/%00",   "/%0d%0a",    "/a?%0a", "/a?%", "/..",     "/a/../b",  "/%2e%2e/b",
        "/.%2E", "/a/./b", "/a%2fb",     "/a%5Cb", "/%ff", "/%c0%af", "/\xC3\xA4"}) {
    EXPECT_FALSE(parse_target(bad).ok()) << bad;
  }
}

TEST(Target, DecodesOnce) {
  const auto target = parse_target("/a%252e%252e/%7Bx%7D?q=a%20b&q=c&flag");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/a%2e%2e/{x}");
  EXPECT_EQ(query_value(target->query, "q"), "a b");
  EXPECT_EQ(query_value(target->query, "flag", "none"), "");
  EXPECT_EQ(query_value(target->query, "other", "none"), "none");
  EXPECT_EQ(percent_encode("a/b \xC3\xA4~"), "a%2Fb%20%C3%A4~");
  EXPECT_TRUE(parse_target("/a...b/..c").ok());
}

Dechunker::State dechunk(std::string_view input, std::string& out, std::uint64_t cap = 100) {
  Dechunker dechunker(cap);
  return dechunker.feed(input, out);
}

TEST(Dechunker, TakesTheCodingOffHoweverTheBytesCome) {
  const std::string coded =
      "5\r\nhello\r\n00A;name=\"v\"\r\n, world!\r\n\r\n0\r\nTrailer: x\r\n\r\n";
  const std::string input = coded + "next";
  for (std::size_t cut = 0; cut <= coded.size(); ++cut) {
    Dechunker dechunker(100);
    std::string out;
    std::string_view first = std::string_view(input).substr(0, cut);
    const auto state = dechunker.feed(first, out);
    EXPECT_EQ(state, cut == coded.size() ? Dechunker::State::done : Dechunker::State::more) << cut;
    EXPECT_TRUE(first.empty());
    std::string_view second = std::string_view(input).substr(cut);
    EXPECT_EQ(dechunker.feed(second, out), Dechunker::State::done) << cut;
    EXPECT_EQ(out, "hello, world!\r\n");
    EXPECT_EQ(second, "next");
  }
}

TEST(Dechunker, RefusesWhatIsNotExactlyTheCoding) {
  const std::string long_extension = "1;" + std::string(300, 'x') + "\r\na\r\n0\r\n\r\n";
  const std::string long_trailer = "0\r\nA: " + std::string(9000, 'x') + "\r\n\r\n";
  for (const std::string& bad :
       {std::string("\r\n"), std::string("g\r\n"), std::string("-1\r\n"),
        std::string("0x1\r\na\r\n"), std::string(" 1\r\na\r\n"), std::string("1 \r\na\r\n"),
        std::string("1\na\r\n"), std::string("1\r\nab\r\n"), std::string("1\r\na\n"),
        std::string("1\r\na\rb"), std::string("1\rx"), std::string("1234567890123456\r\n"),
        std::string("0\r\nno colon\r\n\r\n"), std::string("1;a\x01\r\n"), long_extension,
        long_trailer}) {
    std::string out;
    EXPECT_EQ(dechunk(bad, out), Dechunker::State::malformed) << bad.substr(0, 40);
  }
}

TEST(Dechunker, HoldsItsCap) {
  std::string out;
  EXPECT_EQ(dechunk("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n", out),
            Dechunker::State::done);
  EXPECT_EQ(dechunk("65\r\n", out), Dechunker::State::too_large);
  EXPECT_EQ(dechunk("60\r\n" + std::string(96, 'x') + "\r\n5\r\n", out),
            Dechunker::State::too_large);
  EXPECT_EQ(dechunk("fffffffffffffff\r\n", out), Dechunker::State::too_large);
}

}  // namespace
}  // namespace muster::net
