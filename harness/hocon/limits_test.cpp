// Inputs made to take long, to take much or to go deep: each is answered or refused with a place,
// within a second and 256 MiB. Measured in a process of its own, by its processor time.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.hpp"
#include "hocon/test_load.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MUSTER_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MUSTER_SANITIZED 1
#endif

namespace muster::hocon {
namespace {

#if defined(MUSTER_SANITIZED)
constexpr double seconds = 20;  // ten times slower, and unoptimised
constexpr long kibibytes = 4L << 20;
#elif defined(NDEBUG)
constexpr double seconds = 1;
constexpr long kibibytes = 256L << 10;
#else
constexpr double seconds = 8;  // unoptimised
constexpr long kibibytes = 256L << 10;
#endif

double processor_time(const rusage& usage) {
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// `ok` or `code` of the error, or how the process ended.
std::string answered(const std::string& text, const Options& options = options_of()) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return "no pipe";
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto config = load_text("bomb.conf", text, options);
    std::string answer = config.ok() ? "ok" : config.error().code;
    if (!config.ok() && config.error().place.line == 0) answer += " without a place";
    const bool written = ::write(writing.get(), answer.data(), answer.size()) > 0;
    ::_exit(written ? 0 : 1);
  }
  writing.reset();
  std::array<char, 200> buffer{};
  const ssize_t count = ::read(reading.get(), buffer.data(), buffer.size());
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child) return "not reaped";
  if (!WIFEXITED(status) || count <= 0) return "died, status " + std::to_string(status);
  EXPECT_LT(processor_time(usage), seconds);
  EXPECT_LT(usage.ru_maxrss, kibibytes);
  return {buffer.data(), static_cast<std::size_t>(count)};
}

template <class F>
std::string lines(int count, F line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i) + "\n";
  return text;
}

std::string n(int i) {
  return std::to_string(i);
}

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(HoconLimits, ManyObjectsThatReferToEarlierOnes) {
  EXPECT_EQ(answered(lines(20'000,
                           [](int i) {
                             return "o" + n(i) + " { x = " + n(i) + ", y = ${?o" + n(i - 1) +
                                    ".x}, z = ${o" + n(i / 2) + ".x} }";
                           })),
            "ok");
  EXPECT_EQ(answered(lines(
                20'000,
                [](int i) { return "k" + n(i) + " = [1]\nk" + n(i) + " = ${k" + n(i) + "} [2]"; })),
            "ok");
  EXPECT_EQ(answered(lines(20'000, [](int) { return std::string("a { x = ${?y} }"); })), "ok");
  EXPECT_EQ(answered("a = ${?y}\n" + lines(20'000, [](int i) { return "a.k" + n(i) + " = 1"; })),
            "ok");
}

TEST(HoconLimits, LongChains) {
  const auto link = [](int i) { return "a" + n(i) + " = ${a" + n(i + 1) + "}"; };
  EXPECT_EQ(answered(lines(3'000, link) + "a3000 = 1"), "ok");
  EXPECT_EQ(answered(lines(100'000, link) + "a100000 = 1"), "limit");
  EXPECT_EQ(answered(lines(3'000, link) + "a3000 = ${a0}"), "cycle");
  EXPECT_EQ(
      answered(lines(3'000, [](int i) { return "a" + n(i) + " { b = ${a" + n(i + 1) + ".b} }"; }) +
               "a3000.b = 1"),
      "ok");
  EXPECT_EQ(answered(lines(3'000, [](int) { return std::string("a = ${?a} [1]"); })), "ok");
  EXPECT_EQ(answered(lines(3'000, [](int) { return std::string("a += 1"); })), "ok");
  EXPECT_EQ(answered(lines(20'000, [](int) { return std::string("a += 1"); })), "limit");
  EXPECT_EQ(answered(lines(
                3'000, [](int i) { return "a" + n(i) + " = ${?a" + n((i + 1) % 3'000) + "}"; })),
            "limit");
}

TEST(HoconLimits, DeepNesting) {
  EXPECT_EQ(answered("a=" + repeated("[", 10'000) + repeated("]", 10'000)), "limit");
  EXPECT_EQ(answered(repeated("{a:", 10'000) + repeated("}", 10'000)), "limit");
  EXPECT_EQ(answered("a=" + repeated("[", 511) + repeated("]", 511)), "ok");
  EXPECT_EQ(answered("a=" + repeated("${", 10'000)), "syntax");
  EXPECT_EQ(answered("a" + repeated(".a", 20'000) + " = 1"), "limit");
  EXPECT_EQ(answered("b = ${a" + repeated(".a", 20'000) + "}"), "limit");
  EXPECT_EQ(answered(repeated("a.b.c.d.e {", 200) + repeated("}", 200)), "limit");
  EXPECT_EQ(
      answered(lines(1'000, [](int i) { return "a" + n(i) + " { n = ${a" + n(i + 1) + "} }"; }) +
               "a1000 = 1"),
      "limit");
}

TEST(HoconLimits, Growth) {
  const auto doubling = [](std::string_view first, std::string_view step) {
    return "a0 = " + std::string(first) + "\n" + lines(60, [&](int i) {
             std::string text = "a" + n(i + 1) + " = " + std::string(step);
             for (std::size_t at; (at = text.find('@')) != std::string::npos;)
               text.replace(at, 1, "${a" + n(i) + "}");
             return text;
           });
  };
  EXPECT_EQ(answered(doubling("lol", "@@")), "limit");
  EXPECT_EQ(answered(doubling("[1]", "@ @")), "limit");
  EXPECT_EQ(answered(doubling("{x=1}", "{ x = @, y = @ }")), "limit");
  EXPECT_EQ(answered("a = \"" + repeated("x", 2'000'000) + "\""), "limit");
  EXPECT_EQ(answered("a = " + repeated("b ", 100'000)), "ok");
  EXPECT_EQ(answered(lines(3'000, [](int i) { return "a" + n(i) + " = ${a" + n(i + 1) + "}x"; }) +
                     "a3000 = 1"),
            "limit");
  EXPECT_EQ(answered("big { " + lines(200, [](int i) { return "k" + n(i) + " = " + n(i); }) +
                     " }\n" + lines(2'000, [](int i) { return "o" + n(i) + " = ${big}"; })),
            "limit");
}

TEST(HoconLimits, FruitlessSearches) {
  EXPECT_EQ(
      answered(lines(
          60,
          [](int i) { return "x" + n(i) + " = ${?x" + n(i + 1) + ".q}${?x" + n(i + 1) + ".q}"; })),
      "ok");
  EXPECT_EQ(answered(lines(60,
                           [](int i) {
                             return "x" + n(i) + " = ${?x" + n(i + 1) + "}${?x" + n(i + 2) + "}";
                           }) +
                     "x60 = ${?x0}\nx61 = ${?x1}"),
            "limit");
}

TEST(HoconLimits, InputIsBounded) {
  Options options = options_of();
  options.limits.input_bytes = 1'000;
  EXPECT_EQ(load_text("a.conf", std::string(1'001, '\n'), options).error().code, "limit");
  options = options_of({}, {{"b.conf", std::string(2'000, '\n')}});
  options.limits.input_bytes = 1'000;
  EXPECT_EQ(resolved("include \"b.conf\"", options), "limit:1:1");
}

// Every prefix and every single deletion of a file with all constructs ends in a value or an error.
TEST(HoconLimits, DamagedFiles) {
  const std::string text =
      "include required(file(\"b.conf\")) # x\na.\"b c\" { d = [1, ${?e} \"\\u00e9\"] }\n"
      "a.f += ${a.g}x // y\nh = \"\"\"t\"\"\" ${?PORT}\ni = ${a}{ j: null }";
  const Options options = options_of({{"PORT", "1"}}, {{"b.conf", "k = ${?l}"}});
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::string cut = text.substr(0, i);
    const auto prefix = load_text("a.conf", cut, options);
    EXPECT_TRUE(prefix.ok() || prefix.error().place.line > 0) << cut;
    if (i == text.size()) break;
    const auto without = load_text("a.conf", cut + text.substr(i + 1), options);
    EXPECT_TRUE(without.ok() || without.error().place.line > 0) << i;
  }
}

}  // namespace
}  // namespace muster::hocon
