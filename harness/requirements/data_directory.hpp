#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "journal/directory.hpp"
#include "requirements/native_server.hpp"

namespace muster::requirements {

/// The data directory of a requirement, `<scope>/data/<name>`, kept between runs, 0700. Where root
/// runs a server as another user it is that user's, below folders that stay root's alone: its
/// programs get it as descriptor `passed_fd` and reach it as /proc/self/fd/9, whatever stands above
/// it.
class DataDirectory {
 public:
  /// The number under which programs find it.
  static constexpr int passed_fd = 9;

  /// Makes it where it is missing, with a password of its own. Errors: those of journal::Directory,
  /// `data_directory`.
  static Result<DataDirectory> open(const journal::Directory& scope, const std::string& name,
                                    const std::string& account);

  /// What an adapter builds on; with a nonce of its own each time.
  Ground ground(const std::string& path) const;
  int fd() const { return fd_.get(); }
  /// Whether programs take it by its descriptor.
  bool passed() const { return !account_.empty(); }

 private:
  UniqueFd fd_;
  std::string folder_;
  std::string account_;
  std::string password_;
};

/// Removes the data directories of a scope, which nothing may use any more. Returns how many.
Result<std::size_t> remove_data(const journal::Directory& scope);

/// Puts a file of the requirement's account into its folder, 0600, as a whole. Never through what
/// that account may have planted there. Error `data_directory`.
Result<void> write_private(const Ground& ground, const std::string& name,
                           const std::string& content);

}  // namespace muster::requirements
