#include "app/bearer_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/feature_text.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/bearer.hpp"

namespace muster::app {
namespace {

constexpr std::size_t kMostBody = 1 << 20;  ///< what a worker takes

struct BearerArguments {
  std::string key_file;
  int key_fd = -1;
  std::string mode = "m1";
  std::string method = "GET";
  std::string target;
  std::string body_file;
  std::string authorization_file = "-";
  std::optional<std::int64_t> time;
  std::string nonce;
  bool json = false;
};

/// The machine's clock, or the moment that --time says.
class GivenClock final : public Clock {
 public:
  explicit GivenClock(std::optional<std::int64_t> seconds) : seconds_(seconds) {}
  std::int64_t mono_ns() const override { return system_clock().mono_ns(); }
  WallTime wall() const override {
    return seconds_ ? WallTime{*seconds_, 0} : system_clock().wall();
  }

 private:
  std::optional<std::int64_t> seconds_;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

Result<net::KeyRing> keys_of(const BearerArguments& arguments, const Clock& clock) {
  if (arguments.key_fd >= 0) return net::KeyRing::load_descriptor(arguments.key_fd, clock);
  if (arguments.key_file.empty())
    return error("usage", "no key was given", "give --key-file FILE or --key-fd N");
  return net::KeyRing::load(arguments.key_file, clock);
}

/// At most one byte more than a body may have. `-` is stdin.
Result<std::string> read_input(const std::string& path) {
  if (path != "-") return read_feature(path, kMostBody + 1);
  std::string text(kMostBody + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  return text;
}

Result<std::string> body_of(const BearerArguments& arguments) {
  if (arguments.body_file.empty()) return std::string();
  auto body = read_input(arguments.body_file);
  if (body && body->size() > kMostBody)
    return error("too_large",
                 arguments.body_file + " is larger than the 1 MiB of a request's body");
  return body;
}

int print(const BearerArguments& arguments, const Json& json, const std::string& text) {
  DataOutput out;
  out.pending() += arguments.json ? dump_json(json) : text;
  out.pending() += "\n";
  if (const auto written = out.finish(); !written) return fail(written.error());
  return 0;
}

int sign(const BearerArguments& arguments) {
  const GivenClock clock(arguments.time);
  const auto keys = keys_of(arguments, clock);
  if (!keys) return fail(keys.error());
  const auto body = body_of(arguments);
  if (!body) return fail(body.error());
  const auto mode = net::parse_bearer_mode(arguments.mode).value_or_throw();
  const net::BearerKey* key = keys->signing_key(clock.wall());
  if (key == nullptr) return fail(error("bearer_keys", "no key of the file is live"));
  Json told = {{"mode", arguments.mode}, {"kid", key->kid()}, {"fingerprint", key->fingerprint()}};
  std::string value = "Bearer " + key->token();
  if (mode == net::BearerMode::m1) {
    const std::string nonce = arguments.nonce.empty() ? random_hex(16) : arguments.nonce;
    const std::int64_t t = clock.wall().seconds;
    value = net::bearer_sign(*key, arguments.method, arguments.target, *body, t, nonce);
    told["t"] = t;
    told["nonce"] = nonce;
  }
  told["authorization"] = value;
  return print(arguments, told, value);
}

/// The value alone, also where the whole header line is given.
std::string authorization_value(std::string_view text) {
  constexpr std::string_view kHeader = "authorization:";
  text = trim(text);
  if (iequals(text.substr(0, kHeader.size()), kHeader)) text = trim(text.substr(kHeader.size()));
  return std::string(text);
}

int check(const BearerArguments& arguments) {
  const GivenClock clock(arguments.time);
  auto keys = keys_of(arguments, clock);
  if (!keys) return fail(keys.error());
  if (arguments.body_file == "-" && arguments.authorization_file == "-") {
    return fail(error("usage", "the body and the Authorization value cannot both be on stdin",
                      "give one of them as a file"));
  }
  const auto body = body_of(arguments);
  if (!body) return fail(body.error());
  const auto given = read_input(arguments.authorization_file);
  if (!given) return fail(given.error());
  const auto prints = keys->fingerprints();
  net::Verifier verifier(std::move(*keys), net::parse_bearer_mode(arguments.mode).value_or_throw(),
                         clock);
  const auto reason =
      verifier.verify(authorization_value(*given), arguments.method, arguments.target, *body);
  const Json told = {{"genuine", !reason},
                     {"reason", reason ? Json(net::to_string(*reason)) : Json()},
                     {"key_fingerprints", prints}};
  const int printed =
      print(arguments, told,
            reason ? "refused: " + std::string(net::to_string(*reason)) : std::string("genuine"));
  return printed != 0 || reason ? 1 : 0;
}

void add_shared(CLI::App& command, BearerArguments& arguments) {
  auto* file =
      command.add_option("--key-file", arguments.key_file,
                         R"(File {"keys": [{"kid", "secret": base64, "not_after"?}]}, mode 0600)");
  command.add_option("--key-fd", arguments.key_fd, "The same from an inherited descriptor")
      ->check(CLI::NonNegativeNumber)
      ->excludes(file);
  command.add_option("--mode", arguments.mode, "m1 (default) or static")
      ->check(CLI::IsMember({"m1", "static"}));
  command.add_option("--method", arguments.method, "Method of the request (default: GET)");
  command.add_option("--target", arguments.target, "Path and query, as sent")->required();
  command.add_option("--body", arguments.body_file,
                     "File with the body of the request; - is stdin (default: no body)");
  command.add_option("--time", arguments.time, "Unix seconds that count as now");
  command.add_flag("--json", arguments.json, "One JSON object on stdout");
}

}  // namespace

Execute add_bearer_command(CLI::App& app, const std::string&) {
  auto* bearer =
      app.add_subcommand("bearer", "Makes and judges the bearer between a console and a worker");
  bearer->require_subcommand(1);
  bearer->footer(
      "Keys come from a file of mode 0600 or a descriptor, never from arguments.\n"
      "Example: muster bearer sign --key-file keys.json --target /runs/run-1/stream");

  auto signing = std::make_shared<BearerArguments>();
  auto* sign_command =
      bearer->add_subcommand("sign", "Prints the Authorization value of a request");
  add_shared(*sign_command, *signing);
  sign_command->add_option("--nonce", signing->nonce, "Nonce (default: a random one)");
  sign_command->footer(
      "The first live key signs.\n"
      "Example: muster bearer sign --key-file keys.json --method POST --target /runs --body "
      "run.json");

  auto checking = std::make_shared<BearerArguments>();
  auto* check_command =
      bearer->add_subcommand("check", "Judges the Authorization value of a request");
  add_shared(*check_command, *checking);
  check_command->add_option("--authorization", checking->authorization_file,
                            "File with the value; - is stdin (default)");
  check_command->footer(
      "Exit 0 when it is genuine, 1 with the reason when not: missing, bad_format, unknown_key,\n"
      "bad_signature, skew, expired_key. A replay takes two requests and is not seen here.\n"
      "Example: muster bearer check --key-file keys.json --target /runs/run-1/stream <value");

  return [sign_command, signing, checking] {
    return sign_command->parsed() ? sign(*signing) : check(*checking);
  };
}

}  // namespace muster::app
