#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "report/colour.hpp"
#include "report/reporter.hpp"
#include "report/story.hpp"

namespace muster::report {

/// `--format NAME[:FILE]`; an empty file means standard output, as do `-`, `/dev/stdout` and
/// its other names.
struct Format {
  std::string name;
  std::string file;

  friend bool operator==(const Format&, const Format&) = default;
};

/// The names that open_reports knows, sorted.
std::vector<std::string> format_names();

/// Reads the argument of one `--format`. Errors: `format_unknown` with the nearest name,
/// `format_file` (nothing behind the colon).
Result<Format> parse_format(std::string_view text);

/// What is to be reported and where.
struct ReportOptions {
  std::vector<Format> formats;  ///< none to standard output: pretty is added
  ColourWish colour = ColourWish::automatic;
  std::function<std::optional<std::string>(std::string_view)> environment;
  std::string command = "muster run";  ///< for "run again"
  int stdout_fd = 1;
};

/// All reports of a run, with the one story that they share: told before them, made to forget after
/// them.
class Reports final : public Reporter {
 public:
  const Story& story() const { return story_; }
  void add(std::unique_ptr<Reporter> reporter) { tee_.add(std::move(reporter)); }
  void on(const messages::Envelope& envelope) override {
    story_.tell(envelope);
    tee_.on(envelope);
    story_.forget(envelope);
  }
  void on_line(const messages::Envelope& envelope, std::string_view line) override {
    story_.tell(envelope);
    tee_.on_line(envelope, line);
    story_.forget(envelope);
  }
  void quiet() override { tee_.quiet(); }
  Result<void> finish() override { return tee_.finish(); }

 private:
  Story story_;
  Tee tee_;
};

/// Opens all reports of a run; what earlier runs left at their places is gone then. Errors:
/// `format_twice` (two formats to one place), `unsupported(assets)` (html without its built files),
/// those of opening files. After an error no place was touched.
Result<std::unique_ptr<Reports>> open_reports(const ReportOptions& options);

}  // namespace muster::report
