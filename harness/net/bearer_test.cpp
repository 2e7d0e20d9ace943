#include "net/bearer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "testing/temp_tree.hpp"

namespace muster::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SetClock final : public Clock {
 public:
  std::int64_t mono_ns() const override { return 0; }
  WallTime wall() const override { return {now, 0}; }
  std::int64_t now = 1'800'000'000;
};

std::string unhex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

std::string key_json(const std::vector<std::pair<std::string, std::string>>& keys) {
  std::vector<std::string> entries;
  for (const auto& [kid, secret] : keys) {
    entries.push_back(R"({"kid":")" + kid + R"(","secret":")" + to_base64(secret) + R"("})");
  }
  return R"({"keys":[)" + join(entries, ",") + "]}";
}

const std::string secret_a(32, 'a');
const std::string secret_b(40, 'b');

KeyRing ring(const std::vector<std::pair<std::string, std::string>>& keys, const Clock& clock) {
  return KeyRing::parse(key_json(keys), clock).value_or_throw();
}

// RFC 4231 section 4, test cases 1 to 7; case 5 is cut to 128 bits.
TEST(Hmac, Rfc4231) {
  const auto mac = [](const std::string& key, const std::string& data) {
    return to_hex(hmac_sha256(key, data));
  };
  EXPECT_EQ(mac(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(mac("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(mac(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(
      mac(unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd')),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(mac(std::string(20, '\x0c'), "Test With Truncation").substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(mac(std::string(131, '\xaa'),
                "This is a test using a larger than block-size key and a larger than block-size "
                "data. The key needs to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

// RFC 9421 section B.2.5: signing a request using hmac-sha256.
TEST(Hmac, Rfc9421) {
  const auto key = from_base64(
      "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==");
  ASSERT_TRUE(key);
  const auto mac = hmac_sha256(*key,
                               "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
                               "\"@authority\": example.com\n"
                               "\"content-type\": application/json\n"
                               "\"@signature-params\": (\"date\" \"@authority\" \"content-type\")"
                               ";created=1618884473;keyid=\"test-shared-secret\"");
  EXPECT_EQ(to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()}),
            "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
}

TEST(Hmac, GithubWebhook) {
  EXPECT_EQ(to_hex(hmac_sha256("It's a Secret to Everybody", "Hello, World!")),
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

TEST(Bearer, SignsTheStringOfTheContract) {
  const std::string empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  EXPECT_EQ(bearer_signing_string("GET", "/runs/1/stream?x=%2F", 17, "nonce", ""),
            "m1\nGET\n/runs/1/stream?x=%2F\n17\nnonce\n" + empty_hash + "\n");
  const BearerKey key("k1", secret_a, to_base64(secret_a));
  const auto mac =
      hmac_sha256(secret_a, "m1\nPOST\n/runs\n1800000000\nabcdefgh\n" + sha256_hex("{}") + "\n");
  EXPECT_EQ(bearer_sign(key, "POST", "/runs", "{}", 1'800'000'000, "abcdefgh"),
            "Bearer m1.k1.1800000000.abcdefgh." +
                to_base64url({reinterpret_cast<const char*>(mac.data()), mac.size()}));
}

class VerifierTest : public ::testing::Test {
 protected:
  std::string sign(std::string_view method = "POST", std::string_view target = "/runs?a=1",
                   std::string_view body = "{}") {
    return bearer_sign(keys, BearerMode::m1, method, target, body, clock).value_or_throw();
  }
  std::optional<BearerReason> judge(std::string_view value) {
    return verifier.verify(value, "POST", "/runs?a=1", "{}");
  }

  SetClock clock;
  KeyRing keys = ring({{"k1", secret_a}}, clock);
  Verifier verifier{keys, BearerMode::m1, clock};
};

TEST_F(VerifierTest, AGenuineBearerIsGoodOnce) {
  const auto value = sign();
  EXPECT_EQ(judge(value), std::nullopt);
  EXPECT_EQ(judge(value), BearerReason::replay);
  EXPECT_EQ(judge(sign()), std::nullopt);
}

TEST_F(VerifierTest, EveryFlippedBitIsRefused) {
  const auto value = sign();
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    auto flipped = value;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(judge(flipped), std::nullopt) << "bit " << bit << ": " << printable(flipped);
  }
  EXPECT_EQ(verifier.remembered(), 0U);
  EXPECT_EQ(judge(value), std::nullopt);
}

TEST_F(VerifierTest, EveryFlippedBitOfMethodTargetAndBodyIsRefused) {
  const auto value = sign();
  const std::string parts[] = {"POST", "/runs?a=1", "{}"};
  for (int part = 0; part < 3; ++part) {
    for (std::size_t bit = 0; bit < parts[part].size() * 8; ++bit) {
      std::string changed[] = {parts[0], parts[1], parts[2]};
      changed[part][bit / 8] = static_cast<char>(changed[part][bit / 8] ^ (1 << (bit % 8)));
      EXPECT_EQ(verifier.verify(value, changed[0], changed[1], changed[2]),
                BearerReason::bad_signature);
    }
  }
}

TEST_F(VerifierTest, NamesTheReasonOfEachFormat) {
  const auto value = sign();
  EXPECT_EQ(judge(""), BearerReason::missing);
  const std::string dots = value.substr(0, value.rfind('.'));
  for (const std::string& bad :
       {std::string("Bearer "), std::string("Bearer m1"), std::string("Basic abc"),
        "bearer" + value.substr(6), dots, dots + ".", value + ".x", value + "=", value + " ",
        "Bearer m2" + value.substr(9), value.substr(0, value.size() - 1),
        "Bearer m1.k1.01.abcdefgh." + std::string(43, 'A'),
        "Bearer m1.k1.-1.abcdefgh." + std::string(43, 'A'),
        "Bearer m1.k1.1.short." + std::string(43, 'A'), "Bearer m1." + std::string(600, 'k')}) {
    EXPECT_EQ(judge(bad), BearerReason::bad_format) << bad;
  }
}

TEST_F(VerifierTest, SkewIsBoundedOnBothSides) {
  for (const int skew : {-31, -30, 0, 30, 31}) {
    SetClock other;
    other.now = clock.now + skew;
    const auto value =
        bearer_sign(keys, BearerMode::m1, "POST", "/runs?a=1", "{}", other).value_or_throw();
    const bool good = skew >= -30 && skew <= 30;
    EXPECT_EQ(judge(value), good ? std::nullopt : std::optional(BearerReason::skew)) << skew;
  }
}

TEST_F(VerifierTest, AReplayIsKnownAsLongAsTheBearerCouldBeGood) {
  SetClock ahead;
  ahead.now = clock.now + 30;
  const auto value =
      bearer_sign(keys, BearerMode::m1, "POST", "/runs?a=1", "{}", ahead).value_or_throw();
  EXPECT_EQ(judge(value), std::nullopt);
  for (int second = 0; second <= 60; ++second) {
    EXPECT_EQ(judge(value), BearerReason::replay) << second;
    ++clock.now;
  }
  EXPECT_EQ(judge(value), BearerReason::skew);
  EXPECT_EQ(judge(sign()), std::nullopt);
  EXPECT_EQ(verifier.remembered(), 1U) << "the old nonce is forgotten";
}

TEST_F(VerifierTest, RotationTakesOldAndNewKeys) {
  const auto both = ring({{"k2", secret_b}, {"k1", secret_a}}, clock);
  Verifier rotated(both, BearerMode::m1, clock);
  EXPECT_EQ(rotated.verify(sign(), "POST", "/runs?a=1", "{}"), std::nullopt);
  const auto fresh =
      bearer_sign(both, BearerMode::m1, "POST", "/runs?a=1", "{}", clock).value_or_throw();
  EXPECT_THAT(fresh, HasSubstr("m1.k2."));
  EXPECT_EQ(rotated.verify(fresh, "POST", "/runs?a=1", "{}"), std::nullopt);
  EXPECT_EQ(judge(fresh), BearerReason::unknown_key);
  Verifier drifted(ring({{"k1", secret_b}}, clock), BearerMode::m1, clock);
  EXPECT_EQ(drifted.verify(sign(), "POST", "/runs?a=1", "{}"), BearerReason::bad_signature);
}

TEST_F(VerifierTest, AnExpiredKeyNeitherSignsNorCounts) {
  const auto text = R"({"keys":[{"kid":"old","secret":")" + to_base64(secret_a) +
                    R"(","not_after":"2027-01-15T08:00:00Z"},{"kid":"new","secret":")" +
                    to_base64(secret_b) + R"("}]})";
  clock.now = 1'800'000'000;  // 2027-01-15T08:00:00Z
  const auto rotating = KeyRing::parse(text, clock).value_or_throw();
  EXPECT_EQ(rotating.signing_key(clock.wall())->kid(), "old");
  const auto value =
      bearer_sign(rotating, BearerMode::m1, "POST", "/runs?a=1", "{}", clock).value_or_throw();
  ++clock.now;
  EXPECT_EQ(rotating.signing_key(clock.wall())->kid(), "new");
  Verifier judge_of_old(rotating, BearerMode::m1, clock);
  EXPECT_EQ(judge_of_old.verify(value, "POST", "/runs?a=1", "{}"), BearerReason::expired_key);
}

TEST_F(VerifierTest, StaticModeComparesTheToken) {
  const auto both = ring({{"k1", secret_a}, {"k2", secret_b}}, clock);
  Verifier fixed(both, BearerMode::fixed, clock);
  const auto value = bearer_sign(both, BearerMode::fixed, "GET", "/", "", clock).value_or_throw();
  EXPECT_EQ(value, "Bearer " + to_base64(secret_a));
  EXPECT_EQ(fixed.verify(value, "GET", "/", ""), std::nullopt);
  EXPECT_EQ(fixed.verify(value, "GET", "/", ""), std::nullopt);
  EXPECT_EQ(fixed.verify("Bearer " + to_base64(secret_b), "GET", "/", ""), std::nullopt);
  EXPECT_EQ(fixed.verify("Bearer " + to_base64(std::string(32, 'c')), "GET", "/", ""),
            BearerReason::bad_signature);
  EXPECT_EQ(fixed.verify("Bearer ", "GET", "/", ""), BearerReason::bad_signature);
  EXPECT_EQ(fixed.verify("", "GET", "/", ""), BearerReason::missing);
}

TEST(BearerMode, HasTwoNames) {
  EXPECT_EQ(parse_bearer_mode("m1").value_or_throw(), BearerMode::m1);
  EXPECT_EQ(parse_bearer_mode("static").value_or_throw(), BearerMode::fixed);
  EXPECT_EQ(parse_bearer_mode("").error().code, "bearer_mode_name");
}

TEST(KeyRing, RefusesBadFilesWithoutTellingTheSecret) {
  SetClock clock;
  const std::string canary = "Q0FOQVJZLUNBTkFSWS1DQU5BUlk=";  // 20 bytes: too short a key
  const std::string good = to_base64(secret_a);
  const auto key = [&](const std::string& fields) { return R"({"keys":[{)" + fields + "}]}"; };
  for (const std::string& bad : {
           std::string(),
           R"({"keys": ")" + canary,
           std::string("[]"),
           std::string(R"({"keys":[]})"),
           std::string(R"({"keys":[1]})"),
           key(R"("kid":"a","secret":")" + canary + "\""),
           key(R"("kid":"a","secret":")" + canary + "!\""),
           key(R"("kid":"a")"),
           key(R"("secret":")" + good + "\""),
           key(R"("kid":"a.b","secret":")" + good + "\""),
           key(R"("kid":"a","secret":")" + good + R"(","not_after":"soon")"),
           key(R"("kid":"a","secret":")" + good + R"(","not_after":5)"),
           key_json({{"a", secret_a}, {"a", secret_b}}),
           key_json({{"a", secret_a}, {"b", secret_a}, {"c", secret_a}, {"d", secret_a}}),
       }) {
    const auto parsed = KeyRing::parse(bad, clock);
    ASSERT_FALSE(parsed.ok()) << bad;
    EXPECT_EQ(parsed.error().code, "bearer_keys");
    EXPECT_THAT(render(parsed.error()), Not(HasSubstr(canary)));
    EXPECT_THAT(render(parsed.error()), Not(HasSubstr(good)));
  }
}

TEST(KeyRing, FingerprintsAreTheBeginningOfTheHash) {
  SetClock clock;
  const auto keys = ring({{"k1", secret_a}, {"k2", secret_b}}, clock);
  EXPECT_EQ(keys.fingerprints(), (std::vector<std::string>{sha256_hex(secret_a).substr(0, 8),
                                                           sha256_hex(secret_b).substr(0, 8)}));
}

class KeyFile : public ::testing::Test {
 protected:
  KeyFile() {
    std::ofstream(path) << key_json({{"k1", secret_a}});
    ::chmod(path.c_str(), 0600);
  }

  std::string code() const {
    const auto loaded = KeyRing::load(path.string());
    return loaded ? "" : loaded.error().code;
  }

  muster::testing::TempTree tree;
  const std::filesystem::path directory = tree.path(), path = directory / "keys.json";
};

TEST_F(KeyFile, MayBeReadByItsOwnerAlone) {
  EXPECT_EQ(code(), "");
  for (const mode_t mode : {0640U, 0604U, 0660U, 0601U, 0620U, 0700U}) {
    ::chmod(path.c_str(), mode);
    EXPECT_EQ(code(), "bearer_mode") << std::oct << mode;
  }
  ::chmod(path.c_str(), 0400);
  EXPECT_EQ(code(), "");
}

TEST_F(KeyFile, IsARegularFileOfOneKibibyteOrSo) {
  std::filesystem::rename(path, directory / "real.json");
  EXPECT_EQ(code(), "bearer_file") << "missing";
  std::filesystem::create_symlink("real.json", path);
  EXPECT_EQ(code(), "bearer_file") << "symbolic link";
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(code(), "bearer_file") << "FIFO";
  std::filesystem::remove(path);
  std::ofstream(path) << std::string(100'000, ' ');
  ::chmod(path.c_str(), 0600);
  EXPECT_EQ(code(), "bearer_file") << "too large";
}

TEST_F(KeyFile, MayComeByAnInheritedDescriptor) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const auto text = key_json({{"k9", secret_b}});
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  const auto loaded = KeyRing::load_descriptor(ends[0]);
  ::close(ends[0]);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->keys().front().kid(), "k9");
}

}  // namespace
}  // namespace muster::net
