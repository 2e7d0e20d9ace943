// Any text as a chain: it is parsed or refused with a place inside the text, and what is parsed can
// be run.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "chain/watch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  if (size > 16 * 1024) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto chain = chain::Chain::parse(text);
  if (!chain) {
    const Place& place = chain.error().place;
    if (chain.error().message.empty() || place.line < 0 || place.column < 0) std::abort();
    return 0;
  }
  chain::Watch watch(*chain, {0, std::nullopt, true});
  std::int64_t now = 0;
  for (const auto& info : (*chain)->steps()) {
    if (now > 40) break;
    events::Event event;
    event.event = info.step.name.is_literal() ? info.step.name.text() : "a.b";
    event.workspace_slug = "test";
    event.recv_mono_ns = ++now;
    watch.take(std::make_shared<const events::Event>(std::move(event)));
  }
  watch.settle(now);
  return 0;
}
