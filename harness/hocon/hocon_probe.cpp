// Answers for files named on standard input, one line of JSON each, as the reference's driver does:
// {"ok": value} or {"error": message, "code": …, "file": …, "line": …}. For the conformance script.
#include <iostream>

#include "hocon/hocon.hpp"

int main(int argc, char** argv) {
  using namespace muster;
  hocon::Options options;
  options.classpath = hocon::Classpath::absent;
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--refuse-classpath")
      options.classpath = hocon::Classpath::refuse;
  for (std::string path; std::getline(std::cin, path);) {
    const auto config = hocon::load(path, options);
    if (config.ok()) {
      Json lints = Json::array();
      for (const auto& lint : config->lints()) lints.push_back(lint.code);
      std::cout << "{\"ok\":" << config->to_json(hocon::Secrets::shown)
                << ",\"lints\":" << dump_json(lints) << "}\n";
    } else {
      const Error& bad = config.error();
      std::cout << dump_json({{"error", bad.message},
                              {"code", bad.code},
                              {"file", bad.place.uri},
                              {"line", bad.place.line}})
                << '\n';
    }
    std::cout.flush();
  }
}
