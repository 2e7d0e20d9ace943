#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::process {

/// Whom a program runs as.
struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  std::string home;
};

/// Those of a user of this host (passwd(5), group(5)). Error `user_unknown`.
Result<Credentials> credentials_of(const std::string& user);

}  // namespace muster::process
