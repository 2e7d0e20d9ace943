#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/gap.hpp"

namespace muster::chain {

/// An HTTP exchange at a tap, as evidence.
struct Exchange {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;        ///< 0 while open
  std::int64_t last_byte_ns = 0;  ///< that the answering side sent; 0: not known
  std::string tap;
  std::string method;
  std::string path;
  int status = 0;
  std::string error;
  std::string fault;
  std::string kid, nonce;
  std::optional<std::int64_t> signed_at_s;  ///< `t` of the bearer
  std::optional<std::int64_t> worker_s;     ///< the answer's Date, else the harness's wall clock
  Json answer;                              ///< body, if it was JSON

  bool reached() const { return status > 0 && !(status == 502 && !error.empty()); }
  /// `console → ralph  POST /runs  401`
  std::string to_text() const;
  std::int64_t at_ns() const { return end_ns > 0 ? end_ns : begin_ns; }
};

/// Evidence and alignment, as the rules ask for them.
class Facts {
 public:
  Facts(const Evidence& evidence, const Trouble& trouble);

  const Trouble& trouble;
  std::vector<const Observation*> sorted;  ///< by time
  std::vector<Exchange> exchanges;         ///< by their begin

  /// Observations of a lane and kind, all or inside the gap.
  std::vector<const Observation*> of(std::string_view lane, std::string_view kind) const;
  bool in_gap(std::int64_t t_ns) const;

  /// Exchanges of a tap `… → to` by method and the start of their path.
  std::vector<const Exchange*> calls(std::string_view to, std::string_view method,
                                     std::string_view path) const;

  /// Whether the alignment misses a step that this event would fill.
  bool misses(std::string_view event) const;
  /// The first operation of the alignment that misses it.
  const Operation* missing(std::string_view event) const;
  /// Whether it is what the play breaks at: nothing but unexpected events stands between the first
  /// edit and this one.
  bool lacks_first(const Operation& missing) const;
  /// Events as the sink recorded them, of any key: from the log and the lane `event`.
  std::vector<events::Event> recorded(std::string_view event) const;
};

}  // namespace muster::chain
