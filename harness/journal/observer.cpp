#include "journal/observer.hpp"

#include <string>

#include "base/redact.hpp"

namespace muster::journal {

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
