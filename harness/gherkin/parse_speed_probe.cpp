// How fast the feature files of a folder are parsed and their pickles compiled: one process that is
// warm, one thread, the text in memory.
//   parse_speed_probe tree|messages DIR SECONDS   to the tree, or to messages made of it; prints
//   {"megabytes", "pickles", "best", "median"}, the last two in MB/s over windows of at least a
//   second of whole rounds
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gherkin/feature_tree.hpp"
#include "gherkin/gherkin.hpp"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 4) {
    std::fprintf(stderr, "usage: parse_speed_probe tree|messages DIR SECONDS\n");
    return 2;
  }
  std::vector<std::pair<std::string, std::string>> files;
  double megabytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(argv[2])) {
    if (entry.path().extension() != ".feature") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.emplace_back(entry.path().string(), std::string(std::istreambuf_iterator<char>(in), {}));
    megabytes += static_cast<double>(files.back().second.size()) / 1e6;
  }
  using Clock = std::chrono::steady_clock;
  std::size_t pickles = 0;
  const auto add = [&](const auto& parsed, std::size_t count) {
    if (!parsed.ok()) std::exit(1);
    pickles += count;
  };
  const bool messages = std::string_view(argv[1]) == "messages";
  const auto parse = [&](const std::string& uri, std::string text) {
    muster::IncrementalIds ids;
    if (messages) {
      const auto parsed = muster::gherkin::parse(uri, text, ids);
      add(parsed, parsed.pickles.size());
    } else {
      const auto parsed = muster::gherkin::parse_tree(uri, std::move(text), ids);
      add(parsed, parsed.pickles().size());
    }
  };
  /// Seconds of a round. A tree takes its text over, so each is given one; making that is no parse.
  const auto round = [&] {
    pickles = 0;
    Clock::duration spent{};
    for (const auto& [uri, text] : files) {
      std::string given = text;
      const auto from = Clock::now();
      parse(uri, std::move(given));
      spent += Clock::now() - from;
    }
    return std::chrono::duration<double>(spent).count();
  };
  const double wanted = std::atof(argv[3]);
  std::vector<double> rates;
  for (double all = 0; all < wanted || rates.size() < 3;) {
    double window = 0;
    int rounds = 0;
    for (; window < 1; ++rounds) window += round();
    rates.push_back(megabytes * rounds / window);
    all += window;
  }
  std::sort(rates.begin(), rates.end());
  std::printf(R"({"megabytes": %.3f, "pickles": %zu, "best": %.2f, "median": %.2f})"
              "\n",
              megabytes, pickles, rates.back(), rates[rates.size() / 2]);
}
