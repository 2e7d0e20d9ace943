#include "config/managed_block.hpp"

#include <utility>

namespace muster::config {
namespace {

/// At the end of the first mark where the file above had no end of its last line: it is left so
/// when the block goes.
constexpr std::string_view kAddedLineEnd = " (line end added above)";

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< behind its line end
  int number = 0;
};

bool is_mark(std::string_view line, std::string_view mark) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line == mark || (mark == kBlockBegins && line.starts_with(mark) &&
                          line.substr(mark.size()) == kAddedLineEnd);
}

}  // namespace

Result<ManagedFile> split_managed(const std::string& name, std::string_view text) {
  std::optional<Line> first;
  std::optional<Line> last;
  const auto broken = [&](const Line& line, const std::string& why) {
    Error made =
        error("managed_block_broken", why, "take the marks away by hand, or put both back");
    made.place = {name, line.number, 1};
    made.excerpt = std::string(text.substr(line.begin, line.end - line.begin));
    while (!made.excerpt.empty() && (made.excerpt.back() == '\n' || made.excerpt.back() == '\r'))
      made.excerpt.pop_back();
    return made;
  };
  Line line;
  while (line.end < text.size()) {
    line.begin = line.end;
    const std::size_t end = text.find('\n', line.begin);
    line.end = end == text.npos ? text.size() : end + 1;
    ++line.number;
    const std::string_view content = text.substr(line.begin, line.end - line.begin);
    if (is_mark(content, kBlockBegins)) {
      if (first) return broken(line, "the managed block begins a second time");
      first = line;
    } else if (is_mark(content, kBlockEnds)) {
      if (!first || last) return broken(line, "the managed block ends where none has begun");
      last = line;
    }
  }
  if (first && !last) return broken(*first, "the managed block does not end");
  ManagedFile file;
  if (!first) {
    file.before = text;
    return file;
  }
  std::string_view before = text.substr(0, first->begin);
  const std::string_view mark = text.substr(first->begin, first->end - first->begin);
  // the line end above is the block's own, and comes and goes with it
  if (mark.find(kAddedLineEnd) != mark.npos && before.ends_with('\n')) before.remove_suffix(1);
  file.before = before;
  file.block = std::string(text.substr(first->end, last->begin - first->end));
  file.after = text.substr(last->end);
  return file;
}

std::string join_managed(const ManagedFile& file, std::string_view block) {
  if (block.empty()) return file.before + file.after;
  std::string out = file.before;
  const bool added = !out.empty() && !out.ends_with('\n');
  if (added) out += '\n';
  out += kBlockBegins;
  if (added) out += kAddedLineEnd;
  out += '\n';
  out += block;
  if (!out.ends_with('\n')) out += '\n';
  out += kBlockEnds;
  out += '\n';
  return out + file.after;
}

}  // namespace muster::config
