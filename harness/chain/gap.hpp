#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/observe.hpp"
#include "chain/align.hpp"

namespace muster::chain {

/// What the harness saw, as observations; order does not matter. Besides those of the taps
/// (net/tap.hpp), the doors (sinks/unix_door.hpp) and the processes, the rules read:
///
/// | lane | kind | subject | data |
/// |---|---|---|---|
/// | process | spawn_failed | program | `{code: "program_not_found" …, program?, searched?: [path]
/// or text, errno?, message?}` | | process | ready | program | | | process | exited, signalled |
/// program | `{exited?: code, signal?: name, requested?: bool, stderr?: [line]}` | | process | key
/// | program | `{kid, fingerprint}`: a key that the program was given, never the key | | process |
/// left | program or container | `{what?}`: found after the teardown | | wait | status | workspace
/// or program | `{status}`: one answer of a status poll | | wait | engine | engine | `{reachable:
/// bool, message?}`: the doctor's word on the container engine | | sse | rejected | tap |
/// `{pointer, expected, found, raw?, offset?}`: a frame that breaks its contract | | sse | cut,
/// stalled | tap | `{id?, offset?, idle_s?}`: how a stream ended that had no run_end |
///
/// An exchange that is still open is given like one that ended, with `t_end_ns` 0.
using Evidence = std::vector<Observation>;

/// One line under `why:`.
struct Why {
  std::int64_t t_ns = 0;  ///< CLOCK_MONOTONIC; 0 has no time
  std::string text;
};

struct Gap {
  char letter = 0;             ///< `A` to `G`; 0 when no rule names the cause
  std::string headline;        ///< after `gap C: `, or the whole when there is no letter
  bool fixture_error = false;  ///< the scenario could not be set up: an error, not a failure
  std::vector<Why> why;        ///< by time, redacted
};

/// What the rules look at.
struct Trouble {
  const Chain& chain;
  const Watch::Instance* instance = nullptr;  ///< null when no key was ever bound
  Alignment alignment;
  std::optional<Violation> violation;
  std::int64_t armed_ns = 0;  ///< CLOCK_MONOTONIC
  std::int64_t begin_ns = 0;  ///< of the gap: the last match before the first edit, of another step
  std::int64_t end_ns = 0;    ///< the next match after it, or now
};

/// The alignment of what a watch saw, with the gap's place in time.
Trouble find_trouble(const Watch& watch);

/// Names the cause. Rules A, F, G, B, C, D, E are tried in this order, from what makes all else
/// impossible to what stands last in a play; the first that has its evidence inside the gap and its
/// event missing wins. Without any, the letter is 0 and the headline says what the first edit is.
Gap name_gap(const Evidence& evidence, const Trouble& trouble);

}  // namespace muster::chain
