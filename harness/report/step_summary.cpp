#include "report/step_summary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "journal/io_error.hpp"
#include "report/line_writer.hpp"
#include "report/xml.hpp"

namespace muster::report {
namespace {

constexpr std::size_t kLimit = 900 * 1024;
/// Kept for what stands on top and for the count of what is not told.
constexpr std::size_t kFrame = 2 * 1024;
/// Of one failure.
constexpr std::size_t kMostText = 64 * 1024;

std::string inline_text(const std::string& text) {
  return xml_text(printable(text));
}

}  // namespace

Result<StepSummary> StepSummary::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!fd) return journal::io_error("write the step summary", path, errno);
  struct stat status {};
  const std::size_t there =
      ::fstat(fd.get(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
  return StepSummary(std::move(fd), path, there + kFrame >= kLimit ? 0 : kLimit - kFrame - there);
}

void StepSummary::failure(std::string_view word, const std::string& place, const std::string& name,
                          const std::string& text) {
  std::string made = fmt::format("<details><summary>{}: <b>{}</b> {}</summary>\n\n", xml_text(word),
                                 inline_text(name), inline_text(place));
  // HTML as Markdown shows it: no text inside is read as Markdown
  if (!text.empty()) made += "<pre>" + xml_text(shorten(text, kMostText)) + "</pre>\n\n";
  made += "</details>\n";
  if (untold_ > 0 || made.size() > budget_) {
    ++untold_;
    return;
  }
  budget_ -= made.size();
  failures_ += made;
}

Result<void> StepSummary::finish() {
  std::string page =
      "### muster\n\n<pre>" + xml_text(shorten(counts_, 1024)) + "</pre>\n\n" + failures_;
  if (untold_ > 0) page += fmt::format("\nand {} more that did not pass\n", untold_);
  LineWriter out = LineWriter::to(fd_.get(), path_);
  out.write(page + "\n");
  return out.finish();
}

}  // namespace muster::report
