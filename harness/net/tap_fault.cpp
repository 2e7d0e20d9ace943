#include "net/tap_fault.hpp"

namespace muster::net {

Fault Fault::respond(int status, std::string body, std::string content_type) {
  Fault fault;
  fault.kind = Kind::respond;
  fault.response.status = status;
  fault.response.headers.add("Content-Type", std::move(content_type));
  fault.response.body = std::move(body);
  return fault;
}

Fault Fault::refuse() {
  return {};
}

Fault Fault::hang() {
  Fault fault;
  fault.kind = Kind::hang;
  return fault;
}

Fault Fault::lose_answer() {
  Fault fault;
  fault.kind = Kind::lose_answer;
  return fault;
}

Fault Fault::delay(std::chrono::milliseconds pause) {
  Fault fault;
  fault.kind = Kind::delay;
  fault.pause = pause;
  return fault;
}

Fault Fault::drip(std::size_t piece, std::chrono::milliseconds pause) {
  Fault fault;
  fault.kind = Kind::drip;
  fault.piece = piece == 0 ? 1 : piece;
  fault.pause = pause;
  return fault;
}

Fault Fault::cut_after(std::string id) {
  Fault fault;
  fault.kind = Kind::cut;
  fault.id = std::move(id);
  return fault;
}

Fault Fault::stall_after(std::string id) {
  Fault fault = cut_after(std::move(id));
  fault.kind = Kind::stall;
  return fault;
}

Fault Fault::replay() {
  Fault fault;
  fault.kind = Kind::replay;
  return fault;
}

Fault Fault::edit_frames(FrameEdit edit) {
  Fault fault;
  fault.kind = Kind::edit_frames;
  fault.frame = std::move(edit);
  return fault;
}

Fault Fault::drop_frame(std::string id) {
  return edit_frames([id = std::move(id)](const SseEvent& event, std::string_view raw) {
    return event.id == id ? std::string() : std::string(raw);
  });
}

Fault Fault::duplicate_frame(std::string id) {
  return edit_frames([id = std::move(id)](const SseEvent& event, std::string_view raw) {
    std::string out(raw);
    if (event.id == id) out += raw;
    return out;
  });
}

Fault Fault::edit_body(BodyEdit edit) {
  Fault fault;
  fault.kind = Kind::edit_body;
  fault.body = std::move(edit);
  return fault;
}

std::string_view to_string(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::respond:
      return "respond";
    case Fault::Kind::refuse:
      return "refuse";
    case Fault::Kind::hang:
      return "hang";
    case Fault::Kind::lose_answer:
      return "lose_answer";
    case Fault::Kind::delay:
      return "delay";
    case Fault::Kind::drip:
      return "drip";
    case Fault::Kind::cut:
      return "cut";
    case Fault::Kind::stall:
      return "stall";
    case Fault::Kind::replay:
      return "replay";
    case Fault::Kind::edit_frames:
      return "edit_frames";
    case Fault::Kind::edit_body:
      return "edit_body";
  }
  return "unknown";
}

}  // namespace muster::net
