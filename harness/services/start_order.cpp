#include <algorithm>
#include <map>
#include <set>

#include "base/diff.hpp"
#include "services/service_spec.hpp"

namespace muster::services {
namespace {

/// Depth-first over dependencies, in the order of the file.
class Sorting {
 public:
  explicit Sorting(const std::vector<ServiceSpec>& services) {
    for (const ServiceSpec& service : services) {
      by_name_[service.name] = &service;
      names_.push_back(service.name);
    }
  }

  Result<void> visit(const std::string& name) {
    if (done_.contains(name)) return {};
    const auto begin = std::find(path_.begin(), path_.end(), name);
    if (begin != path_.end()) {
      std::string loop;
      for (auto at = begin; at != path_.end(); ++at) loop += *at + " → ";
      return error("service_cycle", "services wait for each other: " + loop + name,
                   "take one of the dependencies away, or wait for @started");
    }
    path_.push_back(name);
    for (const Dependency& dependency : by_name_.at(name)->depends_on) {
      if (!by_name_.contains(dependency.name)) {
        const auto near = nearest(dependency.name, names_);
        return error(
            "service_depends",
            "service " + name + " depends on " + dependency.name + ", which is not declared",
            near ? "did you mean " + *near + "?" : "");
      }
      if (auto visited = visit(dependency.name); !visited) return visited;
    }
    path_.pop_back();
    done_.insert(name);
    order_.push_back(name);
    return {};
  }

  std::vector<std::string> order() && { return std::move(order_); }

 private:
  std::map<std::string, const ServiceSpec*> by_name_;
  std::vector<std::string> names_;
  std::vector<std::string> path_;
  std::set<std::string> done_;
  std::vector<std::string> order_;
};

}  // namespace

Result<std::vector<std::string>> start_order(const std::vector<ServiceSpec>& services) {
  Sorting sorting(services);
  for (const ServiceSpec& service : services) {
    if (auto visited = sorting.visit(service.name); !visited) return visited.error();
  }
  return std::move(sorting).order();
}

}  // namespace muster::services
