#include "process/orphans.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "process/children.hpp"
#include "process/group_record.hpp"
#include "process/proc_fs.hpp"

namespace muster::process {
namespace {

/// `pid` and all that descends from it, as far as alive.
void collect(pid_t pid, pid_t group, std::vector<Orphan>& into) {
  UniqueFd pidfd = open_pidfd(pid);
  const std::optional<ProcStat> stat = read_stat(pid);
  // Its children are asked for before it is listed: they may be there when it has ended.
  for (pid_t child : children_of(pid)) collect(child, group, into);
  if (!pidfd || !stat || !stat->alive() || pidfd_ended(pidfd.get())) return;
  into.push_back({std::move(pidfd), pid, command_of(pid), stat->group == group});
}

}  // namespace

std::vector<Orphan> find_orphans(pid_t reaper, pid_t program, std::uint64_t program_start_time,
                                 const std::string& mark) {
  std::vector<Orphan> found;
  const std::string mark_name = mark.substr(0, mark.find('='));
  // A session keeps its number busy while anybody is in it. Should there be a process with that
  // number which is not the program, then the session is that one's.
  std::optional<bool> session_is_ours;
  for (pid_t pid : children_of(reaper)) {
    if (pid == program) continue;
    const std::optional<ProcStat> stat = read_stat(pid);
    if (!stat || !stat->alive() || stat->start_time < program_start_time) continue;
    const std::string environment = environment_of(pid);
    bool ours = environment_has(environment, mark);
    if (!ours && !environment_names(environment, mark_name) &&
        (stat->session == program || stat->group == program)) {
      if (!session_is_ours) {
        const std::optional<ProcStat> leader = read_stat(program);
        session_is_ours = !leader || leader->start_time == program_start_time;
      }
      ours = *session_is_ours;
    }
    if (ours) collect(pid, program, found);
  }
  return found;
}

std::vector<Orphan> find_strays(const std::string& group_id, std::uint64_t since) {
  std::vector<Orphan> found;
  const std::vector<pid_t> ours = registered_children();
  const pid_t session = ::getsid(0);
  const std::string mark = std::string(group_variable) + "=" + group_id;
  for (pid_t pid : children_of(::getpid())) {
    if (std::find(ours.begin(), ours.end(), pid) != ours.end()) continue;
    const std::optional<ProcStat> stat = read_stat(pid);
    if (!stat || stat->session == session || stat->start_time < since) continue;
    if (!stat->alive()) {
      UniqueFd pidfd = open_pidfd(pid);
      if (pidfd && !pidfd_ended(pidfd.get())) found.push_back({std::move(pidfd), pid, "", false});
      continue;
    }
    const std::string environment = environment_of(pid);
    const bool elsewhere =
        environment_names(environment, group_variable) && !environment_has(environment, mark);
    if (!elsewhere) collect(pid, 0, found);
  }
  return found;
}

}  // namespace muster::process
