#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "parity/proof.hpp"

namespace muster::parity {

/// Answers what a name server is asked: every name has an address of 198.18.0.0/15 (RFC 2544),
/// which leads nowhere, so that the call that follows is recorded with it.
class NameSink {
 public:
  /// The answer to one query; empty for what is none.
  std::string answer(std::string_view query);
  const std::vector<std::string>& names() const { return names_; }
  /// The name that has this address; empty when none has.
  std::string name_of(const std::string& address) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::string> by_address_;
};

/// Installs a filter in this process that stops connect, sendmsg, sendmmsg, and sendto with an
/// address, until they are answered for at the descriptor that it returns; io_uring is refused.
/// This process must not call any of them before somebody serves that descriptor. Error
/// `recorder_refused`.
Result<UniqueFd> install_filter();

/// Holds the other end of install_filter, in a process outside: what goes to this machine itself is
/// let through, everything else is noted and refused with ENETUNREACH.
class Recorder {
 public:
  explicit Recorder(UniqueFd notifications) : notifications_(std::move(notifications)) {}
  int fd() const { return notifications_.get(); }
  /// Takes one call that waits. False when none does.
  bool serve(const NameSink& sink);
  const std::vector<Attempt>& attempts() const { return attempts_; }

 private:
  UniqueFd notifications_;
  std::vector<Attempt> attempts_;
  std::set<std::string> known_;  ///< a call that is tried again and again is one attempt
};

}  // namespace muster::parity
