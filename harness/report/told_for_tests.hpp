#pragma once

#include <functional>
#include <optional>
#include <string>

#include "report/format.hpp"
#include "report/narration.hpp"
#include "testing/temp_tree.hpp"

namespace muster::report {

/// A report, and the page that `github` writes beside it.
struct Told {
  std::string text, page;
};

/// What a format makes of the messages that `tell` sends. For tests only.
inline Told told_by(const std::string& format, const std::function<void(Reporter&)>& tell) {
  const testing::TempTree tree;
  ReportOptions options;
  options.formats = {{format, tree.str("report")}, {"summary", ""}};
  options.colour = ColourWish::never;
  options.stdout_fd = -1;
  options.environment = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "GITHUB_STEP_SUMMARY") return tree.str("page.md");
    return std::nullopt;
  };
  const auto reports = std::move(open_reports(options)).value_or_throw();
  tell(*reports);
  static_cast<void>(reports->finish());  // of standard output, which is none
  return {tree.read("report"), tree.read("page.md")};
}

inline Told told(const std::string& format, const std::function<void(Narration&)>& tell) {
  return told_by(format, [&](Reporter& reporter) {
    Narration run(reporter);
    tell(run);
  });
}

}  // namespace muster::report
