// Steps and hooks that show what a run does around bodies: attempts, keywords, workers, locks,
// hooks that hang.
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "muster/step.hpp"

using namespace muster;
using std::chrono::milliseconds;

namespace {

namespace fs = std::filesystem;

/// One per worker.
struct Visits {
  static constexpr Lifetime lifetime = Lifetime::run;
  int count = 0;
  ~Visits() {
    const char* probe = std::getenv("MUSTER_PROBE");
    if (probe != nullptr && std::string(probe) == "run fixture fails") {
      ADD_FAILURE() << "the visits end badly";
    }
  }
};

/// Thrown, and known to nobody.
struct Odd {};

void hang() {
  while (true) std::this_thread::yield();
}

/// A file `<place>.<pid>` as long as the guest is there.
struct Guest {
  explicit Guest(const std::string& place) : path(place + "." + std::to_string(getpid())) {
    std::ofstream(path) << "here\n";
  }
  ~Guest() { fs::remove(path); }
  fs::path path;
};

bool is_alone(const std::string& place, const Guest& guest) {
  for (const auto& entry : fs::directory_iterator(".")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(place + ".") && name != guest.path.filename()) return false;
  }
  return true;
}

}  // namespace

STEP("a step that passes from attempt {int} on") = [](Scenario& scenario, int attempt) {
  EXPECT_GE(scenario.attempt() + 1, attempt);
};
STEP("this is visit {int} of the worker") = [](Visits& visits, int number) {
  EXPECT_EQ(++visits.count, number);
};
/// Two that are here at once see each other.
STEP("nobody else comes to {string} within {int} ms") = [](std::string place, int time) {
  const Guest guest(place);
  const auto end = std::chrono::steady_clock::now() + milliseconds(time);
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(is_alone(place, guest)) << "somebody else is at " << place;
    ::poll(nullptr, 0, 5);
  }
};
/// Says that it waits by a file of its own.
STEP("a step waits for the file {string}") = [](std::string file) {
  std::ofstream(file + ".wanted") << "waiting\n";
  while (!fs::exists(file)) ::poll(nullptr, 0, 5);
};
STEP("a step hangs") = [] { hang(); };
STEP("a step hangs within {int} ms", timeout(milliseconds(200))) = [](int) { hang(); };
STEP("a step throws a type of its own") = [] { throw Odd(); };
STEP("a step calls _exit with {int}") = [](int status) { ::_exit(status); };
STEP("a step prints a green report and exits") = [] {
  std::printf("1..1\nok 1 - all is well\n1 scenario (1 passed)\n");
  std::exit(0);
};
STEP("a step prints {int} MiB of {string}") = [](int size, std::string word) {
  std::string line;
  while (line.size() < 4096) line += word + " ";
  line += "\n";
  for (std::size_t left = static_cast<std::size_t>(size) << 20; left > line.size();) {
    std::fputs(line.c_str(), stdout);
    left -= line.size();
  }
};
STEP("a step aborts") = [] { std::abort(); };
STEP("a step writes its temporary folder") = [] {
  std::printf("temporary folder %s\n", fs::temp_directory_path().c_str());
};

GIVEN("a step of two keywords") = [] {};
WHEN("a step of two keywords") = [] {};
THEN("a step of Then") = [] {};

BEFORE("@before-hangs", timeout(milliseconds(200))) = [] { hang(); };
BEFORE_STEP("@before-step-hangs", timeout(milliseconds(200))) = [] { hang(); };
AFTER_STEP("@after-step-hangs", timeout(milliseconds(200))) = [] { hang(); };
BEFORE_STEP("@before-step-fails") = [] { throw Odd(); };
AFTER_STEP("@after-step-fails") = [] { throw Odd(); };
