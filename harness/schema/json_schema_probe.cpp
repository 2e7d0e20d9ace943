// JSON Schema for conformance scripts.
//   json_schema_probe [PREFIX FOLDER]   reads lines {"schema", "instances": […]}, answers each with
//   {"error": code} or {"results": [[{instance, schema, path, keyword, text}…]…]}, one list of
//   violations per instance; documents whose URI begins with PREFIX are read from FOLDER.
#include <iostream>
#include <string>

#include "schema/schema.hpp"

int main(int argc, char** argv) {
  using namespace muster;
  const schema::Resolver resolver =
      argc > 2 ? schema::resolve_folder(argv[2], argv[1]) : schema::resolve_nothing;
  for (std::string line; std::getline(std::cin, line);) {
    const Json asked = Json::parse(line);
    const auto compiled = schema::Schema::compile(asked.at("schema"), {}, resolver);
    Json answer;
    if (!compiled) {
      answer["error"] = compiled.error().code + ": " + compiled.error().message;
    } else {
      answer["results"] = Json::array();
      for (const Json& instance : asked.at("instances")) {
        Json violations = Json::array();
        for (const auto& one : compiled->validate(instance)) {
          violations.push_back({{"instance", one.instance},
                                {"schema", one.schema},
                                {"path", one.path},
                                {"keyword", one.keyword},
                                {"text", one.to_text()}});
        }
        answer["results"].push_back(std::move(violations));
      }
    }
    std::cout << dump_json(answer) << std::endl;
  }
}
