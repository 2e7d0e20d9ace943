#pragma once

#include <map>
#include <string>

#include "muster/step.hpp"

/// A fixture of a project of its own.
class Shelf {
 public:
  explicit Shelf(muster::Scenario& scenario) : scenario_(scenario) {}

  void put(const std::string& what, int count) { jars_[what] += count; }
  /// Throws when there are fewer.
  void take(const std::string& what, int count);
  int count(const std::string& what) const {
    const auto found = jars_.find(what);
    return found == jars_.end() ? 0 : found->second;
  }

 private:
  muster::Scenario& scenario_;
  std::map<std::string, int> jars_;
};

/// A kind of jam, written as `plum jam`.
struct Jam {
  std::string fruit;
};

template <>
struct muster::Parameter<Jam> {
  static constexpr std::string_view names[] = {"jam"};
  static constexpr std::string_view pattern = "(plum|quince) jam";
  static Result<Jam> parse(const Captures& captures) { return Jam{captures.at(0).value_or("")}; }
};
