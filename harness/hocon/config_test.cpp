#include "hocon/test_load.hpp"

namespace muster::hocon {
namespace {

TEST(HoconConfig, GettersConvert) {
  const Config config = loaded(R"(
    port = 8080, text = "42", big = 1e3, half = 0.5, yes = on, no = "false", t = true
    nothing = null, list = [1, "two", true], numbered { "1": b, "0": a }, o { p = 1 })");
  EXPECT_EQ(*config.get_int("port"), 8080);
  EXPECT_EQ(*config.get_int("text"), 42);
  EXPECT_EQ(*config.get_int("big"), 1000);
  EXPECT_EQ(*config.get_double("half"), 0.5);
  EXPECT_TRUE(*config.get_bool("yes"));
  EXPECT_FALSE(*config.get_bool("no"));
  EXPECT_EQ(*config.get_string("t"), "true");
  EXPECT_EQ(*config.get_string("port"), "8080");
  EXPECT_EQ(*config.get_strings("list"), (std::vector<std::string>{"1", "two", "true"}));
  EXPECT_EQ(*config.get_strings("numbered"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.get_int("half").error().code, "type");
  EXPECT_EQ(config.get_int("yes").error().code, "type");
  EXPECT_EQ(config.get_bool("port").error().code, "type");
  EXPECT_EQ(config.get_int("nothing").error().code, "null");
  EXPECT_EQ(config.get_string("o").error().code, "type");
  EXPECT_EQ(config.get_strings("o").error().code, "type");
  EXPECT_EQ(config.get_int("o..p").error().code, "path");
  EXPECT_TRUE(config.has("nothing"));
  EXPECT_FALSE(config.has("o.q"));
}

TEST(HoconConfig, ErrorsHavePlaceCaretAndNearestName) {
  const Config config = loaded("grpc {\n  port = many\n}\n");
  const Error bad = config.get_int("grpc.port").error();
  EXPECT_EQ(render(bad),
            "a.conf:2:10: error: grpc.port should be a number, not 'many'\n"
            "  2 |   port = many\n"
            "    |          ^\n");
  const Error missing = config.get_int("grpc.prot").error();
  EXPECT_EQ(missing.code, "missing");
  EXPECT_EQ(missing.hint, "did you mean grpc.port?");
}

TEST(HoconConfig, LoadErrorsHavePlaceCaretAndNearestName) {
  const auto config = load_text("a.conf", "grpc.port = 1\nx = ${grpc.prot}\n", options_of());
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(render(config.error()),
            "a.conf:2:5: error: ${grpc.prot} is neither in the configuration nor a variable\n"
            "  2 | x = ${grpc.prot}\n"
            "    |     ^\n"
            "  hint: did you mean ${grpc.port}?\n");
}

TEST(HoconConfig, Durations) {
  const std::vector<std::pair<std::string, std::int64_t>> rows = {{"500", 500'000'000},
                                                                  {"2 s", 2'000'000'000},
                                                                  {" 1.5h ", 5'400'000'000'000},
                                                                  {"10ms", 10'000'000},
                                                                  {"3 us", 3'000},
                                                                  {"7ns", 7},
                                                                  {"1 minute", 60'000'000'000},
                                                                  {"2 days", 172'800'000'000'000},
                                                                  {"1 millis", 1'000'000},
                                                                  {"1 milli", 1'000'000},
                                                                  {"-1s", -1'000'000'000},
                                                                  {"5 micros", 5'000},
                                                                  {"1 nanosecond", 1},
                                                                  {"1e3 ms", 1'000'000'000}};
  for (const auto& [text, nanoseconds] : rows) {
    const auto parsed = parse_duration_ns(text);
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, nanoseconds) << text;
  }
  for (const char* bad : {"", "s", "1 S", "1 fortnight", "1 2 s", "x s", "99999999 days", "1 se"})
    EXPECT_EQ(parse_duration_ns(bad).error().code, "value") << bad;
  const Config config = loaded("a = 2 s, b = 1500, c = 3 parsecs");
  EXPECT_EQ(*config.get_duration_ms("a"), 2000);
  EXPECT_EQ(*config.get_duration_ms("b"), 1500);
  EXPECT_EQ(config.get_duration_ms("c").error().code, "value");
}

TEST(HoconConfig, Sizes) {
  const std::vector<std::pair<std::string, std::int64_t>> rows = {{"512", 512},
                                                                  {"1K", 1024},
                                                                  {"1k", 1024},
                                                                  {"1kB", 1000},
                                                                  {"1 KiB", 1024},
                                                                  {"1 kilobyte", 1000},
                                                                  {"2 kibibytes", 2048},
                                                                  {"1.5MiB", 1'572'864},
                                                                  {"1 MB", 1'000'000},
                                                                  {"1m", 1'048'576},
                                                                  {"3 GB", 3'000'000'000},
                                                                  {"1 TiB", 1'099'511'627'776},
                                                                  {"1 P", 1'125'899'906'842'624},
                                                                  {"1E", 1'152'921'504'606'846'976},
                                                                  {"1 byte", 1},
                                                                  {"8b", 8}};
  for (const auto& [text, bytes] : rows) {
    const auto parsed = parse_bytes(text);
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, bytes) << text;
  }
  for (const char* bad : {"", "K", "1 KB", "1 kib", "1 mb", "8 E", "1Z", "1 word"})
    EXPECT_EQ(parse_bytes(bad).error().code, "value") << bad;
  EXPECT_EQ(*loaded("a = 128K").get_bytes("a"), 131'072);
}

TEST(HoconConfig, EveryValueHasAnOrigin) {
  const Config config =
      loaded("a = 1\nb = ${a}\nc = ${?PORT}\nd = ${a}\"-\"${PORT}\ne { f = [\n 1,\n 2] }\n",
             options_of({{"PORT", "6000"}}));
  const auto origin = [&](const char* path) { return to_string(*config.origin(path)); };
  EXPECT_EQ(origin("a"), "a.conf:1");
  EXPECT_EQ(origin("b"), "a.conf:1");
  EXPECT_EQ(origin("c"), "environment PORT (a.conf:3)");
  EXPECT_EQ(origin("d"), "environment PORT (a.conf:4)");
  EXPECT_EQ(origin("e.f"), "a.conf:5");
  EXPECT_EQ(config.find("e.f")->items[1].place.line, 7);
  EXPECT_EQ(config.paths(), (std::vector<std::string>{"a", "b", "c", "d", "e.f"}));
}

TEST(HoconConfig, TheEnvironmentIsNeverShownUnlessAsked) {
  const std::string secret = "hunter2-canary";
  const Config config = loaded(
      "password = ${PASSWORD}\nurl = \"http://u:\"${PASSWORD}\"@\"${HOST}\nlist = [${PASSWORD}]\n"
      "copy = ${url}",
      options_of({{"PASSWORD", secret}, {"HOST", "h"}}));
  const std::string hidden = config.to_json();
  EXPECT_EQ(hidden.find(secret), std::string::npos);
  EXPECT_EQ(hidden, R"({"password":"[from environment PASSWORD]",)"
                    R"("url":"[from environment PASSWORD, HOST]",)"
                    R"("list":["[from environment PASSWORD]"],)"
                    R"("copy":"[from environment PASSWORD, HOST]"})");
  EXPECT_NE(config.to_json(Secrets::shown).find(secret), std::string::npos);
  for (const Error& bad :
       {config.get_int("password").error(), config.get_bool("url").error(),
        config.get_duration_ms("password").error(), config.get_bytes("url").error(),
        config.get_double("copy").error(), config.get_strings("password").error()})
    EXPECT_EQ(render(bad).find(secret), std::string::npos) << render(bad);
  const auto refused =
      load_text("a.conf", "x = ${PASSWORD}\ny = [1] ${x}", options_of({{"PASSWORD", secret}}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(render(refused.error()).find(secret), std::string::npos);
}

TEST(HoconConfig, JsonIndents) {
  EXPECT_EQ(loaded("a{b=[1,{}]},c=x").to_json(Secrets::hidden, true),
            "{\n  \"a\": {\n    \"b\": [\n      1,\n      {}\n    ]\n  },\n  \"c\": \"x\"\n}");
}

TEST(HoconConfig, PathsRoundTrip) {
  const std::vector<std::string> elements = {"a", "b.c", "", "d e", "1", "-", "\xC3\xA9\"\\"};
  EXPECT_EQ(*parse_path(render_path(elements)), elements);
  EXPECT_EQ(render_path({"a", "b-c", "d.e"}), "a.b-c.\"d.e\"");
}

}  // namespace
}  // namespace muster::hocon
