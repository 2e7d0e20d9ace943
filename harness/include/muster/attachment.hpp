#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace muster {

/// What a body attaches to the result of its step or hook.
struct Attachment {
  std::string_view body;        ///< text in UTF-8, or bytes
  std::string_view media_type;  ///< e.g. `image/png`
  std::string_view file_name;   ///< what a reader may call it; empty for none
  bool text = true;             ///< false: reports keep the bytes as base64, whatever the type
};

/// Attach to the step or hook that runs on this thread, BEFORE_ALL and AFTER_ALL included; Scenario
/// has the same for its own. Thrown std::logic_error: no body runs on this thread.
void attach(std::string_view text, std::string_view media_type, std::string_view file_name = {});
void attach(std::span<const std::byte> bytes, std::string_view media_type,
            std::string_view file_name = {});
/// Attaches the bytes of a file. Throws ErrorException `attach_failed` when it cannot be read.
void attach_file(const std::string& path, std::string_view media_type,
                 std::string_view file_name = {});
/// Attaches a line of text, shown in every report.
void log(std::string_view text);
/// Attaches a link (`text/uri-list`).
void link(std::string_view url);

}  // namespace muster
