#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "run/now.hpp"
#include "run/onlooker.hpp"
#include "run/run_settings.hpp"

namespace muster::app {

/// Tells people on stderr how a run goes: on a terminal a block that is kept up to date (counts,
/// and for each running scenario its step and its programs), elsewhere a line of counts now and
/// then; what is slow; what programs print, with `--output immediate`; and when asked, all that
/// happens now. Lines that stay are written between two drawings of the block.
class LiveProgress final : public run::Onlooker {
 public:
  LiveProgress(const run::Plan& plan, const run::RunSettings& settings);
  ~LiveProgress() override { hide(); }

  void frame(std::uint32_t worker, const run::Frame& frame) override;
  void gone(std::uint32_t worker) override { now_.gone(worker); }
  void tick() override;
  void asked() override;
  bool wants_keys() const override { return block_; }
  void leave() override { hide(); }

  /// Takes the block away, before somebody else writes to the terminal.
  void hide();

 private:
  void print(const std::string& lines);
  void draw(std::int64_t now_ns);
  std::string head(std::int64_t now_ns) const;
  void output(const std::string& observation);

  const run::RunSettings& settings_;
  run::Now now_;
  std::int64_t began_ns_;
  std::int64_t next_line_ns_ = 0;
  bool block_ = false, lines_ = false;
  int drawn_ = 0;                            ///< lines of the block on the screen
  std::map<std::string, std::string> torn_;  ///< pieces of lines, by program
};

}  // namespace muster::app
