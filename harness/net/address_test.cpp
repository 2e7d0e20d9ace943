#include "net/address.hpp"

#include <gtest/gtest.h>

namespace muster::net {
namespace {

TEST(Address, ReadsEveryForm) {
  const auto read = [](const char* text) { return parse_address(text).value_or_throw(); };
  EXPECT_EQ(read("127.0.0.1:0"), Address::tcp("127.0.0.1", 0));
  EXPECT_EQ(read("[::1]:80"), Address::tcp("::1", 80));
  EXPECT_EQ(read("localhost:65535"), Address::tcp("localhost", 65535));
  EXPECT_EQ(read("http://127.0.0.1:8080"), Address::tcp("127.0.0.1", 8080));
  EXPECT_EQ(read("http://ralph.internal/"), Address::tcp("ralph.internal", 80));
  EXPECT_EQ(read("HTTP://[::1]:8/"), Address::tcp("::1", 8));
  EXPECT_EQ(read("unix:/run/a b.sock"), Address::unix_path("/run/a b.sock"));
  EXPECT_EQ(read("unix:///run/x"), Address::unix_path("/run/x"));
}

TEST(Address, RefusesWithACode) {
  for (const auto* text : {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                           "127.0.0.1:8o", "[::1:80", "[::1]80", "[]:80", "[host]:80", "a b:80",
                           "unix:", "unix:relative", "http://h:1/path", "http://h?x", "::1:80"}) {
    const auto parsed = parse_address(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, "address_syntax") << text;
  }
  EXPECT_EQ(parse_address("https://h:1").error().code, "address_unsupported");
  EXPECT_EQ(parse_address("http://user:secret@h:1").error().message.find("secret"),
            std::string::npos);
}

TEST(Address, PrintsWhatItReads) {
  for (const auto* text : {"127.0.0.1:80", "[::1]:80", "unix:/run/x"}) {
    EXPECT_EQ(to_string(parse_address(text).value_or_throw()), text);
  }
  EXPECT_EQ(host_header(Address::unix_path("/x")), "localhost");
  EXPECT_EQ(host_header(Address::tcp("::1", 9)), "[::1]:9");
}

}  // namespace
}  // namespace muster::net
