// A hook that runs once per run and misbehaves as MUSTER_PROBE says.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "muster/step.hpp"

using namespace muster;

namespace {

std::string wish() {
  const char* probe = std::getenv("MUSTER_PROBE");
  return probe == nullptr ? "" : probe;
}

}  // namespace

BEFORE_ALL(name("probe"), timeout(std::chrono::milliseconds(300))) = [] {
  if (wish() == "before-all fails") {
    EXPECT_EQ(1, 2);
  }
  if (wish() == "before-all crashes") std::raise(SIGABRT);
  if (wish() == "before-all hangs") {
    while (true) std::this_thread::yield();
  }
  if (wish() == "before-all leaves a thread") {
    std::thread([] {
      while (true) std::this_thread::yield();
    }).detach();
  }
};

AFTER_ALL(timeout(std::chrono::milliseconds(300))) = [] {
  if (wish() == "after-all fails") throw 7;
  if (wish() == "after-all crashes") std::raise(SIGABRT);
};

AFTER("", timeout(std::chrono::milliseconds(300))) = [](Scenario&) {
  if (wish() == "after fails") throw 8;
  if (wish() == "after hangs") {
    while (true) std::this_thread::yield();
  }
};

BEFORE() = [] {
  if (wish() == "before fails") throw 9;
};

BEFORE_STEP() = [](Scenario&) {
  if (wish() == "before-step fails") throw 10;
};
