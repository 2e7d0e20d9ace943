#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hocon/hocon.hpp"

/// The first byte chooses the syntax. What loads must render to JSON that loads to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const char* name = data[0] == 'j' ? "a.json" : data[0] == 'p' ? "a.properties" : "a.conf";
  hocon::Options options;
  options.environment = {{"PORT", "6000"}, {"LIST_0", "x"}, {"EMPTY", ""}};
  options.environment_lists = data[0] == 'l';
  options.limits.resolve_steps = 100'000;
  options.limits.work_bytes = 32U << 20;
  int reads = 0;
  options.reader = [&](const std::string& path) -> Result<std::optional<std::string>> {
    if (++reads > 20 || path.size() > 40) return std::optional<std::string>();
    return std::optional<std::string>(text.substr(text.size() / 2));
  };
  const auto config = hocon::load_text(name, text, options);
  if (!config.ok()) return 0;
  for (const std::string& path : config->paths()) {
    if (!config->has(path)) std::abort();
    (void)config->get_string(path);
    (void)config->get_duration_ns(path);
    (void)config->get_bytes(path);
    (void)config->get_list(path);
  }
  const std::string json = config->to_json(hocon::Secrets::shown);
  hocon::Options plain;
  plain.environment.emplace();
  plain.limits.output_bytes = 64U << 20;
  const auto again = hocon::load_text("b.json", json, plain);
  if (!again.ok() || again->to_json(hocon::Secrets::shown) != json) std::abort();
  return 0;
}
