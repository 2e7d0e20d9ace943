#include "report/message_reporter.hpp"

#include <variant>

namespace muster::report {

void MessageReporter::on(const messages::Envelope& envelope) {
  line_.clear();
  messages::append_ndjson(line_, envelope);
  out_.write(line_);
  if (out_.is_live() || std::holds_alternative<messages::TestCaseFinished>(envelope)) out_.flush();
}

}  // namespace muster::report
