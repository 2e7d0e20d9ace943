#include "journal/observer.hpp"

#include <string>
#include <utility>

#include "base/redact.hpp"

namespace muster::journal {
namespace {

constexpr const char* kRedacted = "[redacted]";

/// The name alone makes its value a secret: what redact() does to `name=x` says so, and header
/// names it knows by their colon.
bool names_secret(const std::string& name) {
  return redact(name + "=x") != name + "=x" || redact(name + ": x") != name + ": x";
}

}  // namespace

Json redacted_json(const Json& value) {
  if (value.is_string()) return redact(value.get_ref<const std::string&>());
  if (value.is_array()) {
    Json items = Json::array();
    for (const Json& item : value) items.push_back(redacted_json(item));
    return items;
  }
  if (!value.is_object()) return value;
  Json members = Json::object();
  for (const auto& [name, member] : value.items()) {
    const bool scalar = member.is_string() || member.is_number();
    members[name] = scalar && names_secret(name) ? Json(kRedacted) : redacted_json(member);
  }
  return members;
}

void FileObserver::observe(Observation observation) {
  observation.data = redacted_json(observation.data);
  observation.subject = redact(observation.subject);
  observation.cause = redact(observation.cause);
  const std::string line = dump_json(to_json(observation));
  const std::lock_guard lock(mutex_);
  if (Result<void> appended = file_->append(line); !appended && !failure_)
    failure_ = appended.error();
}

Result<void> FileObserver::flush() {
  const std::lock_guard lock(mutex_);
  return file_->flush();
}

std::optional<Error> FileObserver::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace muster::journal
