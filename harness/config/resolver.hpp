#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "config/flatten.hpp"
#include "config/load.hpp"

namespace muster::config {

/// Lays the layers over each other and makes the Config.
class Resolver {
 public:
  Resolver(const Schema& schema, const Request& request)
      : schema_(std::make_shared<const Schema>(schema)), request_(request) {}

  /// The file and its profiles; problems are kept for `finish`.
  void read(const std::string& name, std::string text);

  /// A file that holds where neither the file nor a profile says anything; to be read first.
  void read_below(const std::string& name, const std::string& text);

  /// Everything beyond the file. Nothing may be called afterwards.
  std::variant<Config, std::vector<Diagnostic>> finish();

  void complain(Diagnostic problem) { problems_.push_back(std::move(problem)); }

 private:
  struct Layered {
    const KeySpec* spec;
    Value value;
    Origin origin;
  };
  using Emit = void (Resolver::*)(const KeySpec&, const std::string&);

  void read_profiles(const Table& file);
  void lay(Flat flat, Layer layer, const std::string& profile);
  void choose_profile();
  void lay_command_line();
  void lay_option(const Override& option, const KeySpec& spec);
  void name(const std::string& section, const std::string& part);
  void settle();
  void settle_group(std::size_t first, const std::vector<std::vector<std::string>>& patterns);
  void settle_below(const KeySpec& spec, const std::vector<std::string>& pattern, std::size_t depth,
                    const std::string& key);
  void settle_key(const KeySpec& spec, const std::string& key);
  std::optional<Layered> from_environment(const KeySpec& spec, const std::string& key);
  void warn_of_variables();

  std::shared_ptr<const Schema> schema_;
  const Request& request_;
  std::vector<Diagnostic> problems_;
  std::string name_;
  std::string text_;
  std::vector<std::pair<std::string, Flat>> profiles_;
  std::map<std::string, Layered, std::less<>> layered_;
  std::map<std::string, Layered, std::less<>> options_;
  std::vector<std::string> variables_;  ///< that a key has
  Config config_;
};

}  // namespace muster::config
