#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/node.hpp"
#include "schema/uri.hpp"
#include "schema/value.hpp"

namespace muster::schema {

/// Where in the instance, and along which keywords.
struct At {
  std::string instance;
  std::string path;

  At under(const std::string& keyword) const { return {instance, pointer_to(path, keyword)}; }
  At under(const std::string& keyword, const std::string& branch) const {
    return {instance, pointer_to(pointer_to(path, keyword), branch)};
  }
  At member(const std::string& name) const { return {pointer_to(instance, name), path}; }
};

/// One validation: applies schemas to values and counts what that costs.
class Evaluation {
 public:
  explicit Evaluation(const Schema::Compiled& schema) : schema_(schema) {}

  /// What was too much for the limits, if anything was: then no other answer counts.
  const std::optional<Violation>& exceeded() const { return exceeded_; }

  std::vector<Violation> check(NodeId id, const Json& value, const At& at) {
    std::vector<Violation> found;
    if (!enter(id, at)) return found;
    ++depth_;
    const Node& node = schema_.nodes[id];
    if (node.reference) {
      found = check(*node.reference, value, at.under("$ref"));
    } else if (node.constant) {
      if (!*node.constant)
        found.push_back(
            {at.instance, node.location, at.path, "false", {}, "nothing", describe(value), {}});
    } else {
      Check one{*this, node, value, at, found};
      one.values();
      if (value.is_number()) one.numbers();
      if (value.is_string()) one.strings();
      if (value.is_array()) one.arrays();
      if (value.is_object()) one.objects();
      one.logic();
    }
    --depth_;
    return found;
  }

  bool accepts(NodeId id, const Json& value, const At& at) { return check(id, value, at).empty(); }

 private:
  /// The keywords of one schema on one value.
  struct Check {
    Evaluation& all;
    const Node& node;
    const Json& value;
    const At& at;
    std::vector<Violation>& found;

    Violation& add(const std::string& keyword, std::string expected, std::string was) {
      found.push_back({at.instance,
                       node.location + "/" + keyword,
                       at.path + "/" + keyword,
                       keyword,
                       {},
                       std::move(expected),
                       std::move(was),
                       {}});
      return found.back();
    }
    void add(const std::string& keyword, std::string expected) {
      add(keyword, std::move(expected), describe(value));
    }
    void take(std::vector<Violation> more) {
      const std::size_t most = all.schema_.limits.violations;
      for (Violation& one : more) {
        if (found.size() < most) found.push_back(std::move(one));
      }
    }
    void take(NodeId id, const Json& inner, const At& where) {
      if (found.size() < all.schema_.limits.violations) take(all.check(id, inner, where));
    }
    std::string whole() const;

    void values();
    void numbers();
    void strings();
    void arrays();
    void objects();
    void member(const std::string& name, const Json& inner);
    void dependencies();
    void logic();
    void alternatives(const std::string& keyword, const std::vector<NodeId>& branches, bool only);
  };

  bool enter(NodeId id, const At& at) {
    if (exceeded_) return false;
    const Limits& limits = schema_.limits;
    const bool deep = depth_ >= limits.depth;
    if (!deep && ++checks_ <= limits.checks) return true;
    const std::string bound = deep ? "at most " + std::to_string(limits.depth) + " nested schemas"
                                   : "at most " + std::to_string(limits.checks) + " checks";
    exceeded_ =
        Violation{at.instance, schema_.nodes[id].location, at.path, "limit", {}, bound, "more", {}};
    return false;
  }

  const Schema::Compiled& schema_;
  std::size_t depth_ = 0;
  std::size_t checks_ = 0;
  std::optional<Violation> exceeded_;
};

/// `1 member`, `2 members`.
std::string counted(std::uint64_t count, const std::string& one, const std::string& many);

}  // namespace muster::schema
