#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "messages/document.hpp"

namespace muster::report {

/// The nodes of one feature file by their ids, as far as reports ask for them.
class DocumentIndex {
 public:
  struct Rule {
    std::string keyword, name;
    std::vector<std::string> tags;
    int line = 0;
  };
  struct Background {
    std::string keyword, name, description;
    int line = 0;
  };
  struct Scenario {
    const Rule* rule = nullptr;  ///< none outside of rules
    std::string keyword, name, description;
    int line = 0;
    bool namesake =
        false;  ///< others of its feature or rule have that name, or may come to have it
  };
  struct Step {
    std::string keyword;  ///< as written, with its blank
    int line = 0;
    int text_line = 0;                       ///< of its doc string; 0 without one
    const Background* background = nullptr;  ///< none for a step of a scenario
  };
  /// A row of the examples of an outline; both numbers count from 1.
  struct Row {
    std::string examples;  ///< the name of its table
    std::size_t table = 1, row = 1;
  };
  struct Tag {
    int line = 0;
    bool outer = false;  ///< it stands at the feature or a rule
  };

  explicit DocumentIndex(const messages::GherkinDocument& document);

  /// Null for ids of other documents.
  const Scenario* scenario(const std::string& id) const;
  const Step* step(const std::string& id) const;
  const Row* row(const std::string& id) const;
  const Tag* tag(const std::string& id) const;

 private:
  void add(const std::vector<messages::Tag>& tags, bool outer);
  void add(const messages::Scenario& scenario, const Rule* rule);
  void add(const messages::Background& background);
  void add(const std::vector<messages::Step>& steps, const Background* background);

  std::deque<Rule> rules_;
  std::deque<Background> backgrounds_;
  std::unordered_map<std::string, Scenario> scenarios_;
  std::unordered_map<std::string, Step> steps_;
  std::unordered_map<std::string, Row> rows_;
  std::unordered_map<std::string, Tag> tags_;
  std::map<std::pair<const Rule*, std::string>, std::string> by_name_;  // the first of each name
};

/// The names of tags, with their `@`.
std::vector<std::string> names_of(const std::vector<messages::Tag>& tags);

}  // namespace muster::report
