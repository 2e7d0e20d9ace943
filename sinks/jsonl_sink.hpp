#pragma once

#include <memory>
#include <string>

#include "base/hash_chain.hpp"
#include "base/unique_fd.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

/// Mirrors events into a file, one JSON line each (hatch.jsonl). One `write` per event, so that
/// what a crash leaves is whole lines and at most one torn one at the end. To be used from one
/// thread.
class JsonlSink : public Sink {
 public:
  /// Opens for appending (made with mode 0600, a symbolic link is refused). Error `sink_io`.
  static Result<std::unique_ptr<JsonlSink>> open(const std::string& path);

  /// Writes the event as it comes, normally already ordered by the asserted sink. Error `sink_io`;
  /// after a write that stopped half-way the file is cut back to its last whole line.
  Result<events::Event> accept(events::Event event) override;

  /// fdatasync: once, at the end of the scenario.
  Result<void> sync();

  /// The head of the hash chain over the lines this sink wrote.
  std::string head() const { return chain_.head(); }

 private:
  JsonlSink(UniqueFd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  UniqueFd file_;
  std::string path_;
  HashChain chain_;
};

}  // namespace muster::sinks
