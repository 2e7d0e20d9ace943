#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "lineup/lineup.hpp"
#include "process/launcher.hpp"
#include "process/proc_fs.hpp"

namespace muster::lineup {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPatience{2'000};
constexpr std::size_t kMaxOutput = 4'096;

int left(Steady::time_point deadline) {
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
  return static_cast<int>(std::max<std::int64_t>(0, rest.count()));
}

/// Reads to the end, to the bound or to the deadline.
std::string read_some(int fd, Steady::time_point deadline) {
  std::string text;
  char chunk[1024];
  pollfd readable{fd, POLLIN, 0};
  while (text.size() < kMaxOutput && ::poll(&readable, 1, left(deadline)) > 0) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got <= 0) break;
    text.append(chunk, static_cast<std::size_t>(got));
  }
  return text;
}

Result<std::string> version_of(const std::string& path) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return error("no_pipe", "no pipe could be made");
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  process::LaunchSpec spec;
  spec.name = "version";
  spec.program = path;
  spec.args = {"--version"};
  for (const char* name : {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}) {
    if (const char* value = std::getenv(name)) spec.env.push_back(std::string(name) + "=" + value);
  }
  spec.stdout_fd = in.get();
  const auto launcher = process::system_launcher();
  const process::LaunchOutcome outcome = launcher->launch(spec, {});
  in.reset();
  if (!outcome.launched) return outcome.error.error;
  const auto deadline = Steady::now() + kPatience;
  const std::string said = read_some(out.get(), deadline);
  const int pidfd = outcome.launched->pidfd.get();
  // one that says more than anybody reads has said its version
  const bool endless = said.size() >= kMaxOutput;
  const bool ended = endless || process::wait_pidfd(pidfd, left(deadline));
  launcher->signal(*outcome.launched, SIGKILL, /*group=*/true);
  process::wait_pidfd(pidfd, -1);
  const auto exit = launcher->reap(pidfd);
  if (!ended) return error("version", "--version did not end within 2 s");
  if (!endless && (!exit || !exit->success()))
    return error("version", "--version " + (exit ? to_string(*exit) : "ended strangely"));
  const std::string line(trim(said.substr(0, said.find('\n'))));
  if (line.empty()) return error("version", "--version says nothing");
  return printable(shorten(line, 200));
}

Result<std::string> sha256_of(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return error("unreadable", "the file cannot be read");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return sha256_hex({});
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (bytes == MAP_FAILED) return error("unreadable", "the file cannot be mapped");
  std::string digest = sha256_hex({static_cast<const char*>(bytes), size});
  ::munmap(bytes, size);
  return digest;
}

}  // namespace

Identity identify(const Program& program) {
  Identity identity;
  if (!program.address.empty()) {
    identity.problem = "it runs already, its file is not known";
    return identity;
  }
  if (!program.found) {
    identity.problem = "there is no such file";
    return identity;
  }
  auto digest = sha256_of(program.path);
  if (digest) identity.sha256 = std::move(*digest);
  auto version = version_of(program.path);
  if (version) identity.version = std::move(*version);
  if (!version) identity.problem = version.error().message;
  if (!digest) identity.problem = digest.error().message;
  return identity;
}

Json to_json(const Program& program, const Identity& identity) {
  Json json = {{"name", program.name}, {"from", program.from}, {"given", program.given}};
  if (program.address.empty())
    json["path"] = program.path;
  else
    json["address"] = program.address;
  if (!identity.version.empty()) json["version"] = identity.version;
  if (!identity.sha256.empty()) json["sha256"] = identity.sha256;
  if (!identity.problem.empty()) json["problem"] = identity.problem;
  return json;
}

}  // namespace muster::lineup
