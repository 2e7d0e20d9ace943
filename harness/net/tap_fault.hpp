#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "net/sse.hpp"

namespace muster::net {

/// Which exchanges a fault meets.
struct FaultMatch {
  std::string method = "*";  ///< glob
  std::string path = "*";    ///< glob over the target without its query
  int skip = 0;              ///< exchanges that match but are let through first
  int times = -1;            ///< exchanges that it then meets; -1: all
};

/// A disturbance of an exchange at a Tap.
struct Fault {
  enum class Kind {
    respond,      ///< answers itself; upstream is not called
    refuse,       ///< resets the connection without an answer; upstream is not called
    hang,         ///< never answers; upstream is not called
    lose_answer,  ///< calls upstream, then resets the connection without the answer
    delay,        ///< waits before it calls upstream
    drip,         ///< gives the response body on in small pieces with a pause before each
    cut,          ///< resets the connection after the SSE event with a given id
    stall,        ///< gives nothing more on after the SSE event with a given id, nor ends
    replay,       ///< calls upstream twice with the same bytes; the second answer counts
    edit_frames,  ///< gives on what a function makes of each SSE block
    edit_body     ///< gives on what a function makes of the whole response body
  };
  /// What to send instead of a block: empty drops it. `raw` has its blank line; `event` is what the
  /// block dispatches.
  using FrameEdit = std::function<std::string(const SseEvent& event, std::string_view raw)>;
  using BodyEdit = std::function<std::string(std::string_view body)>;

  Kind kind = Kind::refuse;
  Response response;
  std::chrono::milliseconds pause{0};
  std::size_t piece = 1;
  std::string id;
  FrameEdit frame;
  BodyEdit body;

  static Fault respond(int status, std::string body, std::string content_type = "application/json");
  static Fault refuse();
  static Fault hang();
  static Fault lose_answer();
  static Fault delay(std::chrono::milliseconds pause);
  static Fault drip(std::size_t piece, std::chrono::milliseconds pause);
  static Fault cut_after(std::string id);
  static Fault stall_after(std::string id);
  static Fault replay();
  static Fault edit_frames(FrameEdit edit);
  static Fault drop_frame(std::string id);
  static Fault duplicate_frame(std::string id);
  static Fault edit_body(BodyEdit edit);
};

std::string_view to_string(Fault::Kind kind);

}  // namespace muster::net
