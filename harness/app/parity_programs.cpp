#include "app/parity_programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/scratch_directory.hpp"
#include "judge/judge.hpp"
#include "lineup/lineup.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

int list_rules(bool json) {
  Json rules = Json::array();
  for (const judge::Finding& finding : judge::all_rules()) {
    if (json)
      rules.push_back({{"id", finding.rule}, {"contract", finding.contract}});
    else
      std::cout << finding.rule << "\n  " << finding.contract << "\n";
  }
  if (json) std::cout << dump_json(rules) << "\n";
  return 0;
}

/// Those that somebody has configured; when nobody has, the reference programs.
std::vector<std::string> judged(const std::vector<lineup::Program>& lineup) {
  std::vector<std::string> given, all;
  for (const lineup::Program& program : lineup) {
    all.push_back(program.name);
    if (program.given) given.push_back(program.name);
  }
  return given.empty() ? all : given;
}

}  // namespace

bool write_whole(const std::string& path, const Json& json) {
  const std::string temporary = path + ".tmp";
  {
    std::ofstream file(temporary);
    file << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
    if (!file) return false;
  }
  std::error_code failed;
  fs::rename(temporary, path, failed);
  return !failed;
}

Json identified_programs(const config::Config& config) {
  Json programs = Json::array();
  for (const lineup::Program& program : lineup::find_all(&config))
    programs.push_back(lineup::to_json(program, lineup::identify(program)));
  return programs;
}

int judge_programs(const ProgramsArguments& arguments) {
  if (arguments.list) return list_rules(arguments.json);
  const auto config = load_config(arguments.config);
  if (!config) return 1;
  auto scratch = ScratchDirectory::make();
  if (!scratch) return fail(scratch.error());
  const auto lineup = lineup::find_all(&*config);
  judge::Options options;
  options.programs = arguments.of.empty() ? judged(lineup) : arguments.of;
  options.rules = arguments.rules;
  options.driver = arguments.driver;
  options.scratch = scratch->path();
  if (const auto key_file = config->find<std::string>("programs.ralph_key_file");
      key_file && *key_file)
    options.ralph_key_file = **key_file;
  const bool shows = !arguments.json && ::isatty(STDERR_FILENO) != 0;
  if (shows) {
    options.on_finding = [](const judge::Finding& finding) {
      std::cerr << "\r\x1b[K" << finding.rule << std::flush;
    };
  }
  const auto judgement = judge::judge(lineup, options);
  if (shows) std::cerr << "\r\x1b[K" << std::flush;
  if (!judgement) return fail(judgement.error());
  if (!arguments.out.empty()) {
    std::error_code failed;
    fs::create_directories(arguments.out, failed);
    const std::string path = arguments.out + "/programs_report.json";
    if (!write_whole(path, judge::to_json(*judgement)))
      return fail(error("report_failed", "cannot write " + path));
  }
  if (arguments.json)
    std::cout << judge::to_json(*judgement).dump(2, ' ', false, Json::error_handler_t::replace)
              << "\n";
  else
    std::cout << judge::to_text(*judgement, arguments.all);
  return judgement->passed() ? 0 : 1;
}

}  // namespace muster::app
