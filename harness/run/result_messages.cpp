#include "run/result_messages.hpp"

#include "base/digest.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::run {

messages::TestStepResult result_message(messages::Status status, std::int64_t duration_ns,
                                        const std::string& message, const Thrown& thrown,
                                        const std::string& place) {
  messages::TestStepResult made;
  made.status = status;
  made.duration = messages::duration_from_ns(duration_ns);
  if (!message.empty()) made.message = redact(message);
  if (!thrown.type.empty()) made.exception = exception_message(thrown, place);
  return made;
}

messages::Exception exception_message(const Thrown& thrown, const std::string& place) {
  messages::Exception made;
  made.type = thrown.type;
  made.message = redact(thrown.message);
  made.stack_trace = thrown.type + ": " + *made.message + "\n" + place;
  return made;
}

messages::Attachment attachment_message(const Attachment& attachment, WallTime at) {
  messages::Attachment made;
  const bool text = attachment.text && valid_utf8(attachment.body) == attachment.body;
  made.body = text ? redact(attachment.body) : to_base64(attachment.body);
  made.content_encoding =
      text ? messages::ContentEncoding::identity : messages::ContentEncoding::base64;
  made.media_type = attachment.media_type;
  if (!attachment.file_name.empty()) made.file_name = std::string(attachment.file_name);
  made.timestamp = messages::timestamp_from(at);
  return made;
}

}  // namespace muster::run
