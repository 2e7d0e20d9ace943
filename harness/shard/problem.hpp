#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"

namespace muster::shard {

/// What makes a merge red beside failed scenarios (docs/formats/shard.md).
enum class Fault { lost_shard, truncated, digest_mismatch, duplicate, unplanned, empty };

struct Problem {
  Fault fault = Fault::lost_shard;
  std::string text;       ///< lower-case sentence that names the file, if it is about one
  std::size_t shard = 0;  ///< from 1; of a lost shard
};

/// `LOST_SHARD(2)`, `TRUNCATED`, `DIGEST_MISMATCH`, `DUPLICATE`, `UNPLANNED`, `EMPTY`.
std::string name_of(const Problem& problem);

/// `NAME: text`.
std::string to_string(const Problem& problem);

/// The same as an Error, whose code is the name.
Error as_error(const Problem& problem, std::string hint = {});

}  // namespace muster::shard
