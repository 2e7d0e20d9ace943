// HMAC and the bearer for conformance scripts. Reads lines and answers each with one:
//   {"key", "data"} in hex                                      {"mac"} in hex
//   {"keys", "mode", "now", "method", "target", "body", "nonce", "t"?}     {"authorization"}
//   {"keys", "mode", "requests": [{"now", "authorization", "method", "target", "body"}…]}
//                                                               {"reasons": [null or word…]}
// `keys` is the content of a key file; a wrong one is answered by {"error": code}.
#include <iostream>
#include <string>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/bearer.hpp"

namespace {

using namespace muster;

class SetClock final : public Clock {
 public:
  std::int64_t mono_ns() const override { return 0; }
  WallTime wall() const override { return {now, 0}; }
  std::int64_t now = 0;
};

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
  return bytes;
}

std::string text(const Json& object, const char* name) {
  return object.at(name).get<std::string>();
}

Json sign(const Json& asked, const net::KeyRing& keys) {
  const auto value = net::bearer_sign(keys.keys().front(), text(asked, "method"),
                                      text(asked, "target"), text(asked, "body"),
                                      asked.at("t").get<std::int64_t>(), text(asked, "nonce"));
  return {{"authorization", value}};
}

Json verify(const Json& asked, net::KeyRing keys, net::BearerMode mode, SetClock& clock) {
  net::Verifier verifier(std::move(keys), mode, clock);
  Json reasons = Json::array();
  for (const Json& request : asked.at("requests")) {
    clock.now = request.at("now");
    const auto reason = verifier.verify(text(request, "authorization"), text(request, "method"),
                                        text(request, "target"), text(request, "body"));
    reasons.push_back(reason ? Json(net::to_string(*reason)) : Json());
  }
  return {{"reasons", std::move(reasons)}};
}

Json answer(const Json& asked) {
  if (asked.contains("key"))
    return {
        {"mac", to_hex(hmac_sha256(from_hex(text(asked, "key")), from_hex(text(asked, "data"))))}};
  SetClock clock;
  clock.now = asked.at("now");
  auto keys = net::KeyRing::parse(dump_json(asked.at("keys")), clock);
  if (!keys) return {{"error", keys.error().code}};
  const auto mode = net::parse_bearer_mode(text(asked, "mode")).value_or_throw();
  return asked.contains("requests") ? verify(asked, std::move(*keys), mode, clock)
                                    : sign(asked, *keys);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << dump_json(answer(Json::parse(line))) << std::endl;
}
