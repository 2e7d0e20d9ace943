#include "run/rerun_list.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "base/text.hpp"
#include "journal/location.hpp"
#include "journal/reader.hpp"
#include "run/frames.hpp"

namespace muster::run {
namespace {

/// What became of each pickle of a run.
class Verdicts {
 public:
  void on(const messages::Envelope& envelope) {
    if (const auto* pickle = std::get_if<messages::Pickle>(&envelope)) {
      const int line = pickle->location ? pickle->location->line : 0;
      places_[pickle->id] = pickle->uri + ":" + std::to_string(line);
    } else if (const auto* planned = std::get_if<messages::TestCase>(&envelope)) {
      pickles_[planned->id] = planned->pickle_id;
      order_.push_back(planned->id);
    } else if (const auto* started = std::get_if<messages::TestCaseStarted>(&envelope)) {
      running_[started->id] = {started->test_case_id, Status::unknown};
    } else if (const auto* step = std::get_if<messages::TestStepFinished>(&envelope)) {
      auto& worst = running_[step->test_case_started_id].second;
      worst = worse(worst, step->test_step_result.status);
    } else if (const auto* done = std::get_if<messages::TestCaseFinished>(&envelope)) {
      const auto [planned_case, worst] = running_[done->test_case_started_id];
      running_.erase(done->test_case_started_id);
      if (!done->will_be_retried) green_[planned_case] = is_green(worst);
    }
  }

  std::vector<std::string> not_green() {
    std::vector<std::string> places;
    for (const std::string& planned : order_) {
      if (!green_[planned]) places.push_back(places_[pickles_[planned]]);
    }
    return places;
  }

 private:
  std::map<std::string, std::string> places_;   ///< by pickle
  std::map<std::string, std::string> pickles_;  ///< by test case
  std::vector<std::string> order_;              ///< test cases
  std::map<std::string, std::pair<std::string, Status>> running_;
  std::map<std::string, bool> green_;  ///< by test case
};

/// Places of a line, parted by blanks: each ends with the name of a feature file or with lines of
/// it, so that a blank may stand in a path.
void add_places(std::vector<std::string>& places, const std::string& line) {
  const std::string_view whole = trim(line);
  std::string place;
  std::istringstream words{std::string(whole)};
  for (std::string word; words >> word;) {
    place += (place.empty() ? "" : " ") + word;
    const auto colon = word.rfind(':');
    const bool has_line = colon != std::string::npos && colon + 1 < word.size() &&
                          word.find_first_not_of("0123456789", colon + 1) == std::string::npos;
    if (has_line || word.ends_with(".feature") || word.ends_with(".feature.md"))
      places.push_back(std::exchange(place, {}));
  }
  if (!place.empty()) places.push_back(std::move(place));
}

}  // namespace

Result<std::vector<std::string>> read_rerun_list(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  std::ifstream in{std::string(name)};
  if (!in) return error("file_unreadable", "cannot read the rerun file " + std::string(name));
  std::vector<std::string> places;
  for (std::string line; std::getline(in, line);) add_places(places, line);
  if (places.empty()) {
    return error("nothing_to_rerun", "the rerun file " + std::string(name) + " names no scenario",
                 "when nothing failed there is nothing to run again");
  }
  return places;
}

Result<std::vector<std::string>> expand_lists(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    if (!path.starts_with('@')) {
      out.push_back(path);
      continue;
    }
    auto listed = read_rerun_list(path);
    if (!listed) return listed.error();
    out.insert(out.end(), listed->begin(), listed->end());
  }
  return out;
}

Result<std::vector<std::string>> last_failed(const std::string& runtime_directory,
                                             const std::string& project) {
  const auto record = journal::RunRecord::open(runtime_directory, journal::scope_of(project));
  if (!record) {
    Error none = error("no_last_run", "there is no last run of " + project);
    none.hint = record.error().message;
    return none;
  }
  Verdicts verdicts;
  const auto read =
      record->messages([&](const messages::Envelope& envelope) { verdicts.on(envelope); });
  // the record of a run that was cut off ends in the middle: what it says up to there counts
  if (!read && record->state() == journal::RunRecord::State::finished) return read.error();
  auto places = verdicts.not_green();
  if (places.empty()) {
    return error("nothing_to_rerun", "all scenarios of the last run passed: " + record->path());
  }
  return places;
}

}  // namespace muster::run
