#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "report/colour.hpp"
#include "report/reporter.hpp"

namespace muster::report {

/// `--format NAME[:FILE]`; an empty file means standard output, as do `/dev/stdout` and `-`.
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

/// Opens all reports of a run. Errors: `format_twice` (two formats to one place), those of opening
/// files.
Result<std::unique_ptr<Reporter>> open_reports(const ReportOptions& options);

}  // namespace muster::report
