#pragma once

#include <optional>
#include <string>

#include "app/env_session.hpp"
#include "debug/bundle.hpp"
#include "debug/recorder.hpp"

namespace muster::app {

/// The flight recorder of one command of `muster env`: commands that change something are recorded
/// unless `[debug] record` is false, those that only look are not. A recorder that cannot write is
/// no reason for a command to fail: it is silent then.
class EnvRecording {
 public:
  /// Begins the record where the scope has a folder, or `make` allows one.
  explicit EnvRecording(EnvSession& session);

  /// A step of a start or stop, as its progress tells it.
  void step(const Json& step);
  /// What somebody typed.
  void input(std::string_view text);
  /// The end of the command. Packs the bundle when `[debug] auto_pack` asks for it; its path.
  std::optional<std::string> end(const EnvEnd& end);

 private:
  void pack_what_crashed(const artifacts::Repository& repository);

  EnvSession& session_;
  std::optional<debug::Recorder> recorder_;
  debug::AutoPack auto_pack_ = debug::AutoPack::off;
};

}  // namespace muster::app
