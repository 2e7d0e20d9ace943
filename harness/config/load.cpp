#include "config/load.hpp"

#include "config/read_file.hpp"
#include "config/resolver.hpp"

namespace muster::config {

std::variant<Config, std::vector<Diagnostic>> load_text(const Schema& schema,
                                                        const Request& request, std::string name,
                                                        std::string text) {
  Resolver resolver(schema, request);
  resolver.read(name, std::move(text));
  return resolver.finish();
}

std::variant<Config, std::vector<Diagnostic>> load(const Schema& schema, const Request& request) {
  Resolver resolver(schema, request);
  const auto file = find_file(request);
  if (!file) return std::vector<Diagnostic>{file.error()};
  if (*file) {
    auto text = read_file(**file);
    if (!text) return std::vector<Diagnostic>{text.error()};
    resolver.read(**file, std::move(text).value());
  }
  return resolver.finish();
}

}  // namespace muster::config
