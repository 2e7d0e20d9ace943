#include "app/step_source.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/command_line.hpp"
#include "base/result.hpp"

/// The command line of the engine that a shared library of steps is linked with. By its C name it
/// is found in another engine than this one.
extern "C" int muster_run_command_line(int argc, char** argv) {
  return muster::app::run_command_line(argc, argv);
}

namespace muster::app {
namespace {

constexpr const char* kHint =
    "--steps takes a program of muster_add_runner or a library of muster_add_step_library";

int fail(const std::string& path, const std::string& message) {
  Error made = error("steps_unusable", message, kHint);
  made.place.uri = path;
  std::cerr << render(made);
  return 1;
}

/// Whether a file is a shared object that no loader is named in: a library, no program.
bool is_library(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr head{};
  if (!file.read(reinterpret_cast<char*>(&head), sizeof head)) return false;
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_type != ET_DYN) return false;
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr part{};
    file.seekg(static_cast<std::streamoff>(head.e_phoff + std::uint64_t{i} * sizeof part));
    if (!file.read(reinterpret_cast<char*>(&part), sizeof part)) return false;
    if (part.p_type == PT_INTERP) return false;
  }
  return true;
}

/// The words as main() gets them; `words` has to outlive it.
std::vector<char*> argv_of(std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return argv;
}

int ask_library(const std::string& path, std::vector<std::string> words) {
  // never closed: what its steps registered lives as long as the process
  void* library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail(path, std::string("cannot be loaded: ") + dlerror());
  void* entry = dlsym(library, "muster_run_command_line");
  if (entry == nullptr) return fail(path, "is not linked with muster's engine");
  words.insert(words.begin(), "muster");
  auto argv = argv_of(words);
  return reinterpret_cast<int (*)(int, char**)>(entry)(static_cast<int>(words.size()), argv.data());
}

}  // namespace

int ask_steps_of(const std::string& path, std::vector<std::string> words) {
  if (is_library(path)) return ask_library(path, std::move(words));
  words.insert(words.begin(), path);
  auto argv = argv_of(words);
  ::execv(path.c_str(), argv.data());
  return fail(path, std::string("cannot be run: ") + std::strerror(errno));
}

}  // namespace muster::app
