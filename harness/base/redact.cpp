#include "base/redact.hpp"

#include <re2/re2.h>

namespace muster {

std::string redact(std::string_view text) {
  static const RE2 header(
      R"((?im)^([ \t]*(?:authorization|proxy-authorization|cookie|set-cookie)[ \t]*:[ \t]*).+$)");
  static const RE2 scheme(R"((?i)\b(bearer|basic)[ \t]+[A-Za-z0-9._~+/=-]+)");
  static const RE2 url(R"(([a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@]*):[^\s/@]+@)");
  static const RE2 member(
      R"rx((?i)("[^"\n]*(?:token|secret|password|passwd|api_?key|credential|private_?key)[^"\n]*"[ \t]*:[ \t]*)"(?:[^"\\]|\\.)*")rx");
  static const RE2 pair(
      R"((?i)\b([a-z0-9_.-]*(?:token|secret|password|passwd|api_?key|credential|private_?key)[a-z0-9_.-]*[ \t]*[=:][ \t]*)[^\s"',;&]+)");
  std::string out(text);
  RE2::GlobalReplace(&out, header, R"(\1[redacted])");
  RE2::GlobalReplace(&out, scheme, R"(\1 [redacted])");
  RE2::GlobalReplace(&out, url, R"(\1:[redacted]@)");
  RE2::GlobalReplace(&out, member, R"(\1"[redacted]")");
  RE2::GlobalReplace(&out, pair, R"(\1[redacted])");
  return out;
}

}  // namespace muster
