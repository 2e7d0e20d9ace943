// The examples of docs/chains.md: each chain with the logs that keep it and those that do not.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "chain/parser.hpp"
#include "chain/watch.hpp"

namespace muster::chain {
namespace {

struct Block {
  std::string kind;
  std::string text;
  int line = 0;
};

std::vector<Block> blocks_of(const std::string& file) {
  std::ifstream in(file);
  std::vector<Block> blocks;
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), {}, number});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

/// `name{field: value}@key`, with `+2s` before it.
std::vector<events::Event> log_of(const std::string& line) {
  static const re2::RE2 kTime(R"(\s*\+(\S+))");
  static const re2::RE2 kEvent(R"(\s*([a-z._]+)(\{[^}]*\})?(@[a-z]*)?)");
  static const re2::RE2 kField(R"(([{,]\s*)([a-z_]+):)");
  std::vector<events::Event> log;
  std::int64_t now = 1'000'000'000;
  const std::string_view trimmed = trim(line);
  re2::StringPiece rest(trimmed.data(), trimmed.size());
  while (!rest.empty()) {
    std::string duration, name, payload, key;
    if (re2::RE2::Consume(&rest, kTime, &duration)) {
      now += parse_duration(duration).value_or_throw();
      continue;
    }
    if (!re2::RE2::Consume(&rest, kEvent, &name, &payload, &key)) {
      ADD_FAILURE() << "no event: " << rest;
      break;
    }
    re2::RE2::GlobalReplace(&payload, kField, R"(\1"\2":)");
    events::Event event;
    event.event = name;
    event.recv_mono_ns = now;
    event.workspace_slug = key.empty() ? "test" : key.substr(1);
    if (!payload.empty()) event.payload = parse_json(payload).value_or_throw();
    log.push_back(std::move(event));
  }
  return log;
}

Verdict verdict_of(const std::shared_ptr<const Chain>& chain, const std::string& line) {
  const auto log = log_of(line);
  Watch watch(chain, {1'000'000'000, std::nullopt, true});
  for (const events::Event& event : log) watch.take(std::make_shared<const events::Event>(event));
  watch.settle(watch.now_ns());
  return watch.verdict();
}

TEST(Examples, OfTheDocumentAreTrue) {
  std::shared_ptr<const Chain> chain;
  int chains = 0;
  int logs = 0;
  for (const Block& block : blocks_of(MUSTER_SOURCE_DIR "/docs/chains.md")) {
    if (block.kind == "chain") {
      auto parsed = Chain::parse(block.text, {"docs/chains.md", block.line + 1, 0});
      ASSERT_TRUE(parsed.ok()) << render(parsed.error());
      chain = std::move(*parsed);
      ++chains;
    } else if (block.kind == "holds" || block.kind == "breaks") {
      std::istringstream lines(block.text);
      for (std::string line; std::getline(lines, line); ++logs) {
        EXPECT_EQ(verdict_of(chain, line) == Verdict::satisfied, block.kind == "holds")
            << "docs/chains.md:" << block.line << " " << block.kind << ": " << line;
      }
    }
  }
  EXPECT_GE(chains, 14);
  EXPECT_GE(logs, 40);
}

}  // namespace
}  // namespace muster::chain
