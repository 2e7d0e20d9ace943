#include "shard/problem.hpp"

#include <utility>

namespace muster::shard {

std::string name_of(const Problem& problem) {
  switch (problem.fault) {
    case Fault::lost_shard:
      return "LOST_SHARD(" + std::to_string(problem.shard) + ")";
    case Fault::truncated:
      return "TRUNCATED";
    case Fault::digest_mismatch:
      return "DIGEST_MISMATCH";
    case Fault::duplicate:
      return "DUPLICATE";
    case Fault::unplanned:
      return "UNPLANNED";
    case Fault::empty:
      break;
  }
  return "EMPTY";
}

std::string to_string(const Problem& problem) {
  return name_of(problem) + ": " + problem.text;
}

Error as_error(const Problem& problem, std::string hint) {
  return error(name_of(problem), to_string(problem), std::move(hint));
}

}  // namespace muster::shard
