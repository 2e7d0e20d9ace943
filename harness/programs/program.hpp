#pragma once

#include <chrono>
#include <memory>

#include "muster/programs.hpp"
#include "process/process.hpp"
#include "steps/host.hpp"

namespace muster {

/// A started program and the thread that it lives on.
struct Program::Impl {
  Impl(steps::Host& its_host, std::shared_ptr<process::Process> started, int its_port,
       std::chrono::milliseconds its_grace)
      : host(its_host), process(std::move(started)), port(its_port), grace(its_grace) {}

  steps::Host& host;
  std::shared_ptr<process::Process> process;
  int port;
  std::chrono::milliseconds grace;
};

}  // namespace muster
