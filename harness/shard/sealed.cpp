#include "shard/sealed.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/unique_fd.hpp"
#include "journal/io_error.hpp"

namespace muster::shard {
namespace {

constexpr std::string_view kFooter = "{\"footer\":";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

void Seal::take(std::string_view line) {
  chain_.take(line);
  ++lines_;
  bytes_ += line.size() + 1;
}

std::string Seal::footer() const {
  return fmt::format("{}{{\"bytes\":{},\"chain\":\"{}\",\"lines\":{}}}}}\n", kFooter, bytes_,
                     digest(), lines_);
}

Result<std::string> read_whole(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for its other end
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return journal::io_error("open", path, errno);
  std::string text;
  std::string piece(256 * 1024, '\0');
  while (true) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return journal::io_error("read", path, errno);
    if (got == 0) return text;
    text.append(piece, 0, static_cast<std::size_t>(got));
  }
}

std::variant<Sealed, Problem> unseal(std::string text, const std::string& path) {
  if (text.empty()) return Problem{Fault::empty, path + " holds nothing"};
  const std::size_t size = text.size();
  if (text.back() != '\n')
    return Problem{Fault::truncated,
                   fmt::format("{} is cut off within a line, after {} bytes", path, size)};
  Sealed made;
  made.text = std::make_shared<const std::string>(std::move(text));
  const auto all = lines_of(*made.text);
  Seal seal;
  std::size_t at = 0;
  for (; at < all.size() && !all[at].starts_with(kFooter); ++at) {
    seal.take(all[at]);
    made.lines.push_back(all[at]);
  }
  if (at == all.size())
    return Problem{Fault::truncated,
                   fmt::format("{} is cut off before its footer, after {} lines", path, at)};
  if (at + 1 < all.size()) {
    if (all[at + 1] == all[0]) return Problem{Fault::duplicate, path + " holds the same twice"};
    return Problem{Fault::digest_mismatch, path + " was changed: it goes on behind its footer"};
  }
  if (made.lines.empty()) return Problem{Fault::empty, path + " holds nothing but its footer"};
  made.digest = seal.digest();
  if (std::string(all[at]) + "\n" != seal.footer())
    return Problem{Fault::digest_mismatch,
                   fmt::format("{} was changed: its {} lines are not those of its footer", path,
                               made.lines.size())};
  return made;
}

}  // namespace muster::shard
