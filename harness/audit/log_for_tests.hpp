#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audit/verify.hpp"
#include "testing/temp_tree.hpp"

/// Logs as files, for the tests of this folder.
namespace muster::audit::logs {

inline events::Event event(std::int64_t at_ns, std::string name, std::string slug,
                           Json payload = Json::object()) {
  events::Event made;
  made.source = "console/0badcafe";
  made.ts = "2026-01-02T03:04:05.678Z";
  made.event = std::move(name);
  made.workspace_slug = std::move(slug);
  made.actor = {{"user", "ada"}, {"role", "admin"}};
  made.payload = std::move(payload);
  made.recv_mono_ns = at_ns;
  return made;
}

/// As a sink writes them, seq from 1.
inline std::string text_of(std::vector<events::Event> log) {
  std::string text;
  std::uint64_t seq = 0;
  for (events::Event& one : log) {
    one.seq = one.src_seq = ++seq;
    text += events::to_line(one) + "\n";
  }
  return text;
}

/// A log in a file of its own.
class Log {
 public:
  explicit Log(const std::string& text) { tree_.write("events.jsonl", text); }

  Result<Verified> verified(const std::string& chain, VerifyOptions options = {}) const {
    return verify(LogFile::open(tree_.str("events.jsonl")).value_or_throw(),
                  chain::Chain::parse(chain).value_or_throw(), options);
  }
  std::string path() const { return tree_.str("events.jsonl"); }

 private:
  testing::TempTree tree_;
};

}  // namespace muster::audit::logs
