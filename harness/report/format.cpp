#include "report/format.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "report/line_writer.hpp"
#include "report/message_reporter.hpp"
#include "report/pretty_reporter.hpp"
#include "report/story.hpp"

namespace muster::report {
namespace {

struct Making {
  const Story& story;
  LineWriter out;
  bool colour;
  const std::string& command;
};

struct Kind {
  const char* name;
  std::unique_ptr<Reporter> (*make)(Making making);
};

constexpr Kind kKinds[] = {
    {"message",
     [](Making making) -> std::unique_ptr<Reporter> {
       return std::make_unique<MessageReporter>(std::move(making.out));
     }},
    {"pretty",
     [](Making making) -> std::unique_ptr<Reporter> {
       return std::make_unique<PrettyReporter>(making.story, std::move(making.out), making.colour,
                                               making.command);
     }},
};

const Kind* kind_of(std::string_view name) {
  const Kind* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const Kind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

/// One story for all reporters: told before them, made to forget after them.
class Reports final : public Reporter {
 public:
  const Story& story() const { return story_; }
  void add(std::unique_ptr<Reporter> reporter) { tee_.add(std::move(reporter)); }
  void on(const messages::Envelope& envelope) override {
    story_.tell(envelope);
    tee_.on(envelope);
    story_.forget(envelope);
  }
  Result<void> finish() override { return tee_.finish(); }

 private:
  Story story_;
  Tee tee_;
};

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

Result<Format> parse_format(std::string_view text) {
  const std::size_t colon = text.find(':');
  Format format{std::string(text.substr(0, colon)), ""};
  if (kind_of(format.name) == nullptr) {
    const auto near = nearest(format.name, format_names());
    return error("format_unknown", fmt::format("there is no format '{}'", format.name),
                 near ? fmt::format("did you mean '{}'?", *near)
                      : "formats are " + join(format_names(), ", "));
  }
  if (colon == text.npos) return format;
  format.file = std::string(text.substr(colon + 1));
  if (format.file.empty())
    return error("format_file", fmt::format("no file behind the colon of '{}'", text),
                 fmt::format("--format {0}, or --format {0}:FILE", format.name));
  if (format.file == "/dev/stdout" || format.file == "-") format.file.clear();
  return format;
}

Result<std::unique_ptr<Reporter>> open_reports(const ReportOptions& options) {
  std::vector<Format> formats = options.formats;
  if (std::none_of(formats.begin(), formats.end(),
                   [](const Format& format) { return format.file.empty(); }))
    formats.insert(formats.begin(), Format{"pretty", ""});
  for (std::size_t i = 0; i < formats.size(); ++i)
    for (std::size_t j = i + 1; j < formats.size(); ++j)
      if (formats[i].file == formats[j].file)
        return error(
            "format_twice",
            fmt::format("the formats {} and {} both write to {}", formats[i].name, formats[j].name,
                        formats[i].file.empty() ? "standard output" : formats[i].file),
            "give one of them a file: --format NAME:FILE");
  auto reports = std::make_unique<Reports>();
  for (const Format& format : formats) {
    const Kind* kind = kind_of(format.name);
    if (kind == nullptr)
      return error("format_unknown", fmt::format("there is no format '{}'", format.name));
    const bool to_stdout = format.file.empty();
    Result<LineWriter> out = to_stdout ? LineWriter::to(options.stdout_fd, "standard output")
                                       : LineWriter::file(format.file);
    if (!out) return std::move(out).error();
    const bool colour = use_colour(options.colour, options.environment,
                                   to_stdout && ::isatty(options.stdout_fd) == 1);
    // variables speak of terminals: a file has colours only when the command line says so
    const bool painted = to_stdout ? colour : options.colour == ColourWish::always;
    reports->add(kind->make({reports->story(), std::move(*out), painted, options.command}));
  }
  return std::unique_ptr<Reporter>(std::move(reports));
}

}  // namespace muster::report
