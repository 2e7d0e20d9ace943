#include "report/message_reporter.hpp"

namespace muster::report {

void MessageReporter::on(const messages::Envelope& envelope) {
  line_.clear();
  messages::append_ndjson(line_, envelope);
  out_.write(line_);
}

}  // namespace muster::report
