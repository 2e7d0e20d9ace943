#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "events/event.hpp"

namespace muster::sinks {

/// One break in the numbering of a source.
struct ContinuityFinding {
  enum class Kind { missing, duplicated, reordered };

  Kind kind = Kind::missing;
  std::string source;
  std::uint64_t first = 0;  ///< src_seq, or the first of several missing in a row
  std::uint64_t last = 0;

  friend bool operator==(const ContinuityFinding&, const ContinuityFinding&) = default;
};

/// `console src_seq 5 is missing`, `console src_seq 5–7 are missing`, `console src_seq 5 came
/// twice`, `console src_seq 5 came late`. The program stands for its source.
std::string to_text(const ContinuityFinding& finding);

/// Finds events lost, doubled or reordered on their way, per source and apart from any chain:
/// `src_seq` starts at 1 and is contiguous, so the numbers alone tell.
class Continuity {
 public:
  void take(const events::Event& event);

  /// By source, then duplicated and late ones in order of arrival, then what is still missing.
  std::vector<ContinuityFinding> findings() const;

  /// The highest src_seq of a source, 0 if it sent nothing.
  std::uint64_t last_of(const std::string& source) const;

 private:
  struct Source {
    std::uint64_t next = 1;
    std::map<std::uint64_t, std::uint64_t> missing;  // disjoint ranges, first → last
    std::vector<ContinuityFinding> seen;
  };

  std::map<std::string, Source> sources_;
};

}  // namespace muster::sinks
