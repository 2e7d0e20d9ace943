#include "preflight/script_shebang.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace muster::preflight {
namespace {

using Buffer = std::array<char, shebang_bytes>;

bool blank(char c) {
  return c == ' ' || c == '\t';
}

/// Positions are inclusive up to `last`, as in the kernel; npos for none.
constexpr std::size_t npos = std::string_view::npos;

std::size_t next_non_blank(const Buffer& buffer, std::size_t first, std::size_t last) {
  for (; first <= last; ++first) {
    if (!blank(buffer[first])) return first;
  }
  return npos;
}

std::size_t next_terminator(const Buffer& buffer, std::size_t first, std::size_t last) {
  for (; first <= last; ++first) {
    if (blank(buffer[first]) || buffer[first] == '\0') return first;
  }
  return npos;
}

/// The text from `first` to the NUL or to `end`.
std::string text_of(const Buffer& buffer, std::size_t first, std::size_t end) {
  const std::string_view all(buffer.data() + first, end - first);
  return std::string(all.substr(0, all.find('\0')));
}

}  // namespace

Shebang parse_shebang(std::string_view head) {
  Shebang shebang;
  Buffer buffer{};
  std::memcpy(buffer.data(), head.data(), std::min(head.size(), buffer.size()));
  if (buffer[0] != '#' || buffer[1] != '!') return shebang;

  shebang.verdict = Shebang::Verdict::empty;
  const std::size_t last = buffer.size() - 1;
  const std::string_view seen(buffer.data(), buffer.size());
  std::size_t end = seen.substr(0, seen.find('\0')).find('\n');
  if (end == npos) {
    const std::size_t name = next_non_blank(buffer, 2, last);
    if (name == npos) return shebang;
    if (next_terminator(buffer, name, last) == npos) {
      shebang.verdict = Shebang::Verdict::too_long;
      return shebang;
    }
    // The last byte is given up for a NUL, whatever it was.
    end = last;
    shebang.cut = buffer[last] != '\0';
  }
  while (blank(buffer[end - 1])) --end;

  const std::size_t name = next_non_blank(buffer, 2, end);
  if (name == npos || name == end) return shebang;
  const std::size_t separator = next_terminator(buffer, name, end);
  if (separator != npos && buffer[separator] != '\0') {
    if (const std::size_t argument = next_non_blank(buffer, separator, end); argument != npos)
      shebang.argument = text_of(buffer, argument, end);
  }
  shebang.interpreter = text_of(buffer, name, separator == npos ? end : std::min(separator, end));
  // A NUL behind `#!` leaves an empty name; the kernel then finds the current folder.
  shebang.verdict = Shebang::Verdict::parsed;
  return shebang;
}

Result<std::string> resolve_interpreter(const std::string& interpreter) {
  constexpr int most_scripts = 5;
  std::string at = interpreter;
  std::string way = at;
  for (int depth = 0; depth < most_scripts; ++depth) {
    const std::string shown = printable(at);
    if (!at.starts_with('/')) {
      return error("interpreter_relative",
                   "`" + shown + "`, which is relative to wherever it is run",
                   "write the whole path, or `#!/usr/bin/env " + shown + "`");
    }
    struct stat info {};
    if (::stat(at.c_str(), &info) != 0) {
      const int why = errno;
      return error("interpreter_missing",
                   "`" + shown + "`: " +
                       (why == ELOOP    ? "its links lead in a circle"
                        : why == ENOENT ? "no such file"
                                        : std::string(::strerror(why))),
                   "the kernel's message would be about the script itself");
    }
    if (!S_ISREG(info.st_mode))
      return error("interpreter_kind", "`" + shown + "`, which is not a regular file");
    if (::faccessat(AT_FDCWD, at.c_str(), X_OK, AT_EACCESS) != 0)
      return error("interpreter_mode", "`" + shown + "`, which is not executable");
    const std::string head = read_head(at);
    if (head.starts_with("\x7F"
                         "ELF"))
      return at;
    const Shebang inner = parse_shebang(head);
    if (inner.verdict != Shebang::Verdict::parsed) {
      // A program that may be executed and not read is taken on trust.
      if (head.empty() && ::access(at.c_str(), R_OK) != 0) return at;
      return error("interpreter_format",
                   "`" + shown + "`, which is neither a program nor a script");
    }
    at = inner.interpreter;
    way += " → " + at;
  }
  return error("interpreter_loop", "scripts that interpret each other: " + printable(way),
               "the kernel follows five and then says: too many levels of symbolic links");
}

std::string read_head(const std::string& path) {
  // Opening a FIFO would wait for a writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::string head(shebang_bytes, '\0');
  std::size_t size = 0;
  while (file && size < head.size()) {
    const ssize_t got = ::read(file.get(), head.data() + size, head.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  head.resize(size);
  return head;
}

}  // namespace muster::preflight
