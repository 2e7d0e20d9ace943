#include "report/rerun_reporter.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::report {

void RerunReporter::ended(const Attempt& attempt) {
  const messages::Status status = attempt.status();
  if (status != messages::Status::passed && status != messages::Status::skipped)
    add(attempt.pickle());
}

void RerunReporter::not_run(const PlannedCase& planned) {
  add(planned.pickle());
}

void RerunReporter::add(const messages::Pickle* pickle) {
  if (pickle == nullptr) return;
  auto found = std::find_if(lines_.begin(), lines_.end(),
                            [&](const auto& known) { return known.first == pickle->uri; });
  if (found == lines_.end()) found = lines_.insert(lines_.end(), {pickle->uri, ""});
  if (const int line = story().line(*pickle); line > 0) found->second += ":" + std::to_string(line);
}

void RerunReporter::close() {
  for (const auto& [uri, lines] : lines_) {
    // a line end in a name must not look like a further file
    const bool odd = uri.find('\n') != std::string::npos;
    out().write((odd ? printable(uri) : uri) + lines + "\n");
  }
}

}  // namespace muster::report
