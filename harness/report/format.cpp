#include "report/format.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/diff.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "report/github_reporter.hpp"
#include "report/html_assets.hpp"
#include "report/html_reporter.hpp"
#include "report/json_reporter.hpp"
#include "report/junit_reporter.hpp"
#include "report/line_writer.hpp"
#include "report/message_reporter.hpp"
#include "report/otlp_reporter.hpp"
#include "report/pretty_reporter.hpp"
#include "report/progress_reporter.hpp"
#include "report/rerun_reporter.hpp"
#include "report/summary_reporter.hpp"
#include "report/tap_reporter.hpp"
#include "report/teamcity_reporter.hpp"
#include "report/trace_reporter.hpp"
#include "report/usage_reporter.hpp"

namespace muster::report {
namespace {

struct Making {
  const Story& story;
  LineWriter out;
  bool colour;
  const ReportOptions& options;
};

using Made = Result<std::unique_ptr<Reporter>>;

struct Kind {
  const char* name;
  bool streams;  ///< its file grows while the run lasts; else it appears at the end, as a whole
  Made (*make)(Making making);
};

template <class Told>
Made made(Told told) {
  return std::unique_ptr<Reporter>(std::make_unique<Told>(std::move(told)));
}

Made github(Making with) {
  const auto path = with.options.environment("GITHUB_STEP_SUMMARY");
  if (!path || path->empty())
    return made(GithubReporter(with.story, std::move(with.out), with.options.command, {}));
  Result<StepSummary> summary = StepSummary::open(*path);
  if (!summary) return std::move(summary).error();
  return made(
      GithubReporter(with.story, std::move(with.out), with.options.command, std::move(*summary)));
}

Made html(Making with) {
  const HtmlAssets* assets = html_assets();
  if (assets == nullptr)
    return error("unsupported(assets)", "this muster was built without the html report",
                 "run ci/setup, which installs npm @cucumber/html-formatter, and build again");
  return made(HtmlReporter(std::move(with.out), *assets, random_hex(16)));
}

constexpr Kind kKinds[] = {
    {"github", true, [](Making with) -> Made { return github(std::move(with)); }},
    {"html", false, [](Making with) -> Made { return html(std::move(with)); }},
    {"json", false,
     [](Making with) -> Made { return made(JsonReporter(with.story, std::move(with.out))); }},
    {"junit", false,
     [](Making with) -> Made { return made(JunitReporter(with.story, std::move(with.out))); }},
    {"message", true,
     [](Making with) -> Made { return made(MessageReporter(std::move(with.out))); }},
    {"otlp", false,
     [](Making with) -> Made { return made(OtlpReporter(with.story, std::move(with.out))); }},
    {"pretty", true,
     [](Making with) -> Made {
       return made(
           PrettyReporter(with.story, std::move(with.out), with.colour, with.options.command));
     }},
    {"progress", true,
     [](Making with) -> Made {
       return made(
           ProgressReporter(with.story, std::move(with.out), with.colour, with.options.command));
     }},
    {"rerun", false,
     [](Making with) -> Made { return made(RerunReporter(with.story, std::move(with.out))); }},
    {"summary", true,
     [](Making with) -> Made {
       return made(
           SummaryReporter(with.story, std::move(with.out), with.colour, with.options.command));
     }},
    {"tap", true,
     [](Making with) -> Made { return made(TapReporter(with.story, std::move(with.out))); }},
    {"teamcity", true,
     [](Making with) -> Made { return made(TeamcityReporter(with.story, std::move(with.out))); }},
    {"trace", false,
     [](Making with) -> Made { return made(TraceReporter(with.story, std::move(with.out))); }},
    {"usage", false,
     [](Making with) -> Made { return made(UsageReporter(with.story, std::move(with.out))); }},
};

const Kind* kind_of(std::string_view name) {
  const Kind* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const Kind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

bool is_standard_output(const std::string& file) {
  return file == "-" || file == "/dev/stdout" || file == "/dev/fd/1" || file == "/proc/self/fd/1";
}

/// One name for each place, however it was written.
std::string place_of(const Format& format) {
  return format.file.empty() ? std::string() : resolved(format.file);
}

Error unknown_format(const std::string& name) {
  const auto near = nearest(name, format_names());
  return error("format_unknown", fmt::format("there is no format '{}'", name),
               near ? fmt::format("did you mean '{}'?", *near)
                    : "formats are " + join(format_names(), ", "));
}

Result<void> check_places(const std::vector<Format>& formats) {
  for (std::size_t i = 0; i < formats.size(); ++i)
    for (std::size_t j = i + 1; j < formats.size(); ++j)
      if (place_of(formats[i]) == place_of(formats[j]))
        return error(
            "format_twice",
            fmt::format("the formats {} and {} both write to {}", formats[i].name, formats[j].name,
                        formats[i].file.empty() ? "standard output" : formats[i].file),
            "give one of them a file: --format NAME:FILE");
  return {};
}

Result<LineWriter> open_place(const Format& format, const Kind& kind, int stdout_fd) {
  if (format.file.empty()) return LineWriter::to(stdout_fd, "standard output");
  return kind.streams ? LineWriter::file(format.file) : LineWriter::document(format.file);
}

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

Result<Format> parse_format(std::string_view text) {
  const std::size_t colon = text.find(':');
  Format format{std::string(text.substr(0, colon)), ""};
  if (kind_of(format.name) == nullptr) return unknown_format(format.name);
  if (colon == text.npos) return format;
  format.file = std::string(text.substr(colon + 1));
  if (format.file.empty())
    return error("format_file", fmt::format("no file behind the colon of '{}'", text),
                 fmt::format("--format {0}, or --format {0}:FILE", format.name));
  if (is_standard_output(format.file)) format.file.clear();
  return format;
}

Result<std::unique_ptr<Reports>> open_reports(const ReportOptions& options) {
  std::vector<Format> formats = options.formats;
  if (std::none_of(formats.begin(), formats.end(),
                   [](const Format& format) { return format.file.empty(); }))
    formats.insert(formats.begin(), Format{"pretty", ""});
  if (Result<void> apart = check_places(formats); !apart) return apart.error();
  auto reports = std::make_unique<Reports>();
  std::vector<std::function<void()>> clearings;
  for (const Format& format : formats) {
    const Kind* kind = kind_of(format.name);
    if (kind == nullptr) return unknown_format(format.name);
    Result<LineWriter> place = open_place(format, *kind, options.stdout_fd);
    if (!place) return std::move(place).error();
    clearings.push_back(place->clearing());
    const bool terminal = format.file.empty() && ::isatty(options.stdout_fd) == 1;
    // variables speak of terminals: a file has colours only when the command line says so
    const bool colour = format.file.empty()
                            ? use_colour(options.colour, options.environment, terminal)
                            : options.colour == ColourWish::always;
    Made reporter = kind->make({reports->story(), std::move(*place), colour, options});
    if (!reporter) return std::move(reporter).error();
    reports->add(std::move(*reporter));
  }
  for (const auto& clear : clearings) clear();
  return reports;
}

}  // namespace muster::report
