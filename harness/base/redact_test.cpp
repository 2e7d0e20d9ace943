#include "base/redact.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/secret_assignment.hpp"
#include "base/secret_values.hpp"
#include "base/text.hpp"

namespace muster {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Redact, HidesWhatIsGivenToASecretsName) {
  for (const std::string text : {
           "PASSWORD=hunter22 x",
           "password: hunter22",
           "export DB_PWD=hunter22",
           "db.password = 'hunter22 and more'",
           R"({"api_token":"hunter22","a":1})",
           R"({"secrets": ["a", {"b": "hunter22"}], "c": 1})",
           R"({"credential": {"value": {"deep": "hunter22"}}})",
           R"({"secret":
                  "hunter22"})",
           R"("{\"inner\": {\"password\": \"hunter22\"}}")",
           R"("{\"deeper\": \"{\\\"password\\\": \\\"hunter22\\\"}\"}")",
           R"({"password": "with \" quote hunter22"})",
           "https://host/path?a=b&access_token=hunter22&c=d",
           "password%3Dhunter22",
           "tool --password hunter22 --verbose",
           "tool --api-key=hunter22",
           "passphrase: several words with hunter22",
           "private_key: |\n  first\n  hunter22\nnext: 1",
           "env['API_KEY'] = 'hunter22'",
           "SECRET=abc\\\n  hunter22",
       }) {
    EXPECT_THAT(redact(text), Not(HasSubstr("hunter22"))) << text;
    EXPECT_THAT(redact(text), HasSubstr("[redacted]")) << text;
  }
}

TEST(Redact, LeavesTheRestAsItIs) {
  for (const std::string text : {
           "nothing here",
           "password reset done",
           R"({"max_tokens": 4096, "token": null, "secret": false})",
           "secret_key=",
           "http://127.0.0.1:8080/x?y=1",
           "unexpected end of token",
           "the key: 5",
       })
    EXPECT_EQ(redact(text), text);
  EXPECT_EQ(redact("a=1 password=x1y2 b=2"), "a=1 password=[redacted] b=2");
  EXPECT_EQ(redact(R"({"password": {"a": 1}, "b": [2]})"),
            R"({"password": "[redacted]", "b": [2]})");
  EXPECT_EQ(redact("private_key: |\n  one\n  two\nnext: 1"), "private_key: |\n[redacted]\nnext: 1");
}

TEST(Redact, KnowsTheSecretsOfACommand) {
  EXPECT_THAT(assigned_secrets("run --password hunter22 --token=$TOKEN A_SECRET='with blanks' {}"),
              testing::ElementsAre("hunter22", "with blanks"));
}

TEST(Redact, IsDoneAtOnce) {
  for (const std::string text :
       {"password=abc", R"({"token": {"a": "b"}})", "Authorization: Bearer abc.def",
        "postgres://u:pw@h/d", R"({"secret": ["x"]})", "--token abc"}) {
    const std::string once = redact(text);
    EXPECT_EQ(redact(once), once) << text;
  }
}

TEST(Redact, HidesCredentialsWithoutAName) {
  for (const std::string text : {
           "Authorization: Bearer hunter22.def",
           "> authorization: Digest username=\"hunter22\", response=\"hunter22\"",
           "Set-Cookie: sid=hunter22; Path=/",
           "Cookie: a=b;\r\n  c=hunter22",
           "sent Bearer hunter22 to it",
           "Bearer%20hunter22",
           R"(["-H", "X-Auth: bearer hunter22"])",
           "postgres://u:hunter22@db/x",
           "redis://:p@hunter22@db/x",
           "see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyMiJ9.hunter22",
           "ghp_hunter22hunter22hunter22hunter22",
           "-----BEGIN RSA PRIVATE KEY-----\nhunter22\n-----END RSA PRIVATE KEY-----\n",
           "-----BEGIN PRIVATE KEY-----\nhunter22\n",
       })
    EXPECT_THAT(redact(text), Not(HasSubstr("hunter22"))) << text;
}

TEST(Redact, LooksIntoDocuments) {
  const Json document = Json::parse(R"({
    "headers": {"Authorization": "hunter22", "Accept": "*/*"},
    "pairs": [["Cookie", "hunter22"], ["Accept", "*/*"]],
    "env": [{"name": "DB_PASSWORD", "value": "hunter22"}, {"name": "PATH", "value": "/bin"}],
    "secrets": {"a": {"b": ["hunter22", 22]}},
    "argv": ["tool", "--token", "hunter22", "--verbose"],
    "body": "{\"password\": \"hunter22\"}",
    "usage": {"input_tokens": 120}
  })");
  const Json shown = redacted_json(document);
  EXPECT_THAT(shown.dump(), Not(HasSubstr("hunter22")));
  EXPECT_EQ(shown["headers"]["Accept"], "*/*");
  EXPECT_EQ(shown["env"][1]["value"], "/bin");
  EXPECT_EQ(shown["secrets"]["a"]["b"][1], "[redacted]");
  EXPECT_EQ(shown["argv"][3], "--verbose");
  EXPECT_EQ(shown["usage"]["input_tokens"], 120);
}

TEST(Redact, LeavesNamesThatPeopleChoseAlone) {
  const Json state{
      {"services", {{"Main Token", {{"failure_detail", "password=abc"}, {"pid", 5}}}}}};
  EXPECT_EQ(redacted_strings(state).dump(),
            R"({"services":{"Main Token":{"failure_detail":"password=[redacted]","pid":5}}})");
}

/// Each character in a spelling of its own making.
template <class Spell>
std::string spelt(const std::string& text, Spell&& spell) {
  std::string out;
  for (const char c : text) out += spell(c);
  return out;
}

std::string in_hex(char c) {
  return to_hex(std::string_view(&c, 1));
}

/// The ways in which a secret may stand in a file.
std::vector<std::string> disguises(const std::string& secret) {
  std::vector<std::string> out{secret,
                               to_hex(secret),
                               to_base64(secret),
                               to_base64url(secret),
                               to_base64("user:" + secret),
                               to_base64("x" + secret + "yz"),
                               to_base64("xy" + secret)};
  std::string upper = to_hex(secret);
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  out.push_back(upper);
  out.push_back(spelt(secret, [](char c) { return "%" + in_hex(c); }));
  out.push_back(spelt(secret, [](char c) { return "%25" + in_hex(c); }));
  if (secret.find('\xc3') == secret.npos) {  // such escapes are of characters, not of bytes
    out.push_back(spelt(secret, [](char c) { return "\\u00" + in_hex(c); }));
    out.push_back(spelt(secret, [](char c) { return "\\\\u00" + in_hex(c); }));
    out.push_back(spelt(secret, [](char c) { return "&#" + std::to_string(int{c}) + ";"; }));
    out.push_back(spelt(secret, [](char c) { return "&#x" + in_hex(c) + ";"; }));
    out.push_back(spelt(secret, [](char c) { return std::string(1, c) + "\n"; }));
  }
  out.push_back(Json(secret).dump(-1, ' ', true));
  out.push_back(spelt(secret, [](char c) { return "\\x" + in_hex(c); }));
  out.push_back(spelt(secret, [](char c) { return in_hex(c) + ":"; }));
  out.push_back(Json(secret).dump());
  out.push_back(Json(Json(secret).dump()).dump());
  const std::string half = secret.substr(0, secret.size() / 2);
  const std::string rest = secret.substr(secret.size() / 2);
  for (const std::string between :
       {"\n", "\r\n", "\\\n", "=\n", "\\n", "\\r\\n", "\n    ", "\" \"", "\",\n  \"", "%0A"})
    out.push_back(half + between + rest);
  const std::string hex = to_hex(secret);
  out.push_back(hex.substr(0, 10) + "\n" + hex.substr(10));
  const std::string base64 = to_base64(secret);
  out.push_back(base64.substr(0, 7) + "\n" + base64.substr(7));
  return out;
}

TEST(SecretValues, AreFoundInAnyDisguise) {
  for (const std::string secret :
       {"canary-7f3a9b2c41", "p@ss w/\"q\\uote", "K+/=%41&x;", "g\xc3\xbcnther-9"}) {
    SecretValues values;
    ASSERT_TRUE(values.add(secret));
    for (const std::string& disguise : disguises(secret)) {
      const std::string text = "before <" + disguise + "> after";
      const std::string masked = values.mask(text);
      EXPECT_THAT(masked, HasSubstr("[redacted]")) << text;
      EXPECT_THAT(masked, testing::StartsWith("before <")) << text;
      EXPECT_THAT(masked, testing::EndsWith("> after")) << text;
      EXPECT_LT(masked.size(), std::string("before <[redacted]> after").size() + 8) << masked;
    }
  }
}

TEST(SecretValues, LeaveWordsAlone) {
  SecretValues values;
  for (const std::string simple : {"postgres", "12345678", "abc", "", "true", "SECRET"})
    EXPECT_FALSE(values.add(simple)) << simple;
  EXPECT_TRUE(values.add("hunter22"));
  EXPECT_FALSE(values.add("hunter22")) << "twice";
  const std::string text = "hunter2 hunter 22 hunters\nhunter";
  EXPECT_EQ(values.mask(text), text);
}

TEST(SecretValues, AreThoseOfAnEnvironment) {
  keep_secrets_of({"CANARY_TOKEN=tok-1a2b3c4d", "TOKEN_FILE=/run/tok-file-99", "LANG=C.UTF-8x",
                   "DATABASE_URL=postgres://app:pw-5e6f7a8b@db/app"});
  EXPECT_EQ(redact("tok-1a2b3c4d pw-5e6f7a8b /run/tok-file-99 C.UTF-8x"),
            "[redacted] [redacted] /run/tok-file-99 C.UTF-8x");
  EXPECT_EQ(redacted_json(Json{{"tok-1a2b3c4d", 1}}).dump(), R"({"[redacted]":1})");
}

TEST(RedactedStream, FindsSecretsAcrossPieces) {
  const std::string secret = "stream-canary-0f1e2d3c";
  keep_secret(secret);
  for (const std::string& disguise : disguises(secret)) {
    const std::string text = "one\n" + disguise + "\ntwo\n";
    for (std::size_t size : {1, 4, 7, 30}) {
      RedactedStream stream;
      std::string out;
      // in pieces of lines, as programs' output comes, and in any pieces
      for (std::size_t at = 0; at < text.size(); at += size)
        out += stream.pass(std::string_view(text).substr(at, size));
      out += stream.finish();
      EXPECT_THAT(out, HasSubstr("[redacted]")) << text << " by " << size;
      EXPECT_THAT(out, testing::StartsWith("one\n"));
      EXPECT_THAT(out, testing::EndsWith("two\n")) << text << " by " << size;
    }
  }
}

TEST(RedactedStream, HoldsBackNoOrdinaryLine) {
  keep_secret("stream-canary-0f1e2d3c");
  RedactedStream stream;
  EXPECT_EQ(stream.pass("ready\n"), "ready\n");
  EXPECT_EQ(stream.pass("stop\n"), "stop\n");
}

TEST(RedactedStream, HidesAKeyUntilItsEnd) {
  RedactedStream stream;
  std::string out = stream.pass("-----BEGIN PRIVATE KEY-----\n");
  out += stream.pass("c2VjcmV0\n");
  out += stream.pass("bW9yZQ==\n-----END PRIVATE KEY-----\nafter\n");
  out += stream.finish();
  EXPECT_THAT(out, Not(HasSubstr("c2VjcmV0")));
  EXPECT_THAT(out, Not(HasSubstr("bW9yZQ")));
  EXPECT_THAT(out, HasSubstr("after\n"));
}

TEST(SecretValues, OfAnyNumberLeaveTextsFast) {
  SecretValues values;
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(values.add("Secret-" + sha256_hex(std::to_string(i))));
  std::string text;
  while (text.size() < 1'000'000) text += "GET /api/workspaces/demo?page=3 200 12ms Mozilla/5.0\n";
  EXPECT_EQ(values.mask(text), text);
  text += "and " + to_hex("Secret-" + sha256_hex("7"));
  EXPECT_THAT(values.mask(text), testing::EndsWith("and [redacted]"));
}

TEST(Redact, TakesLinearTime) {
  // each would be quadratic where a search began anew at every beginning
  std::string open;
  for (int i = 0; i < 20'000; ++i) open += "\"token\": {\"a\": ";
  EXPECT_LT(redact(open).size(), open.size());
  std::string quotes;
  for (int i = 0; i < 20'000; ++i) quotes += "token='";
  redact(quotes);
  std::string headers;
  for (int i = 0; i < 20'000; ++i) headers += "Cookie:\n";
  redact(headers);
}

}  // namespace
}  // namespace muster
