#pragma once

#include <cstddef>
#include <string>

#include "report/colour.hpp"
#include "report/story.hpp"

namespace muster::report {

/// Scenarios as text for people: their steps with marks, what was attached, what went wrong. All
/// text of programs and features is made neutral.
class ScenarioText {
 public:
  /// Where the lines of one scenario stand.
  struct Columns {
    std::size_t margin = 2;    ///< blanks before the scenario
    std::size_t comments = 0;  ///< the column of places
  };

  ScenarioText(const Story& story, Painter paint) : story_(story), paint_(paint) {}

  Columns columns(const Attempt& attempt) const;
  /// Tags, keyword, name and place.
  std::string heading(const Attempt& attempt, const Columns& columns) const;
  /// The line of a step with what belongs to it; nothing for a hook that went well and silently.
  std::string step(const Attempt& attempt, const StepResult& result, const Columns& columns) const;
  /// What was attached by a step that never finished.
  std::string loose(const Attempt& attempt, const Columns& columns) const;
  /// Everything below the heading.
  std::string body(const Attempt& attempt, const Columns& columns) const;
  /// Heading and body.
  std::string whole(const Attempt& attempt) const;

  /// A hook of the run with what it attached; nothing when it went well and silently.
  std::string run_hook(const messages::TestRunHookFinished& finished) const;

  /// `line`, which is `width` columns wide, its place at `column` or one blank behind it.
  std::string with_place(std::string line, std::size_t width, std::size_t column,
                         const std::string& place) const;
  const Painter& paint() const { return paint_; }

 private:
  std::string arguments(const messages::PickleStep& step, std::size_t margin, Paint colour) const;

  const Story& story_;
  Painter paint_;
};

}  // namespace muster::report
