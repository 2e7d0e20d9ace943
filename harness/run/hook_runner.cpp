#include "run/hook_runner.hpp"

#include <chrono>
#include <cstdio>
#include <iostream>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "run/defaults.hpp"
#include "steps/body.hpp"

namespace muster::run {
namespace {

/// A record of the zygote's socket is bounded.
constexpr std::size_t kLongestMessage = 16 * 1024;

}  // namespace

void run_hooks(const steps::Library& library, detail::HookKind kind,
               steps::AssertionCollector& assertions,
               const std::function<void(const Frame&)>& say) {
  for (const std::size_t index : library.hooks_for(kind, {})) {
    const auto& hook = library.hooks[index].definition;
    const auto number = static_cast<std::uint32_t>(index);
    say(frame::HookStarted{number, system_clock().wall()});
    const std::int64_t begin = mono_ns();
    const auto deadline = std::chrono::steady_clock::now() + hook.timeout.value_or(kHookTimeout);
    const auto result =
        steps::run_body(hook.body, hook.invoke, detail::Call{}, deadline, assertions);
    std::fflush(nullptr);
    std::cout.flush();
    frame::HookFinished done;
    done.hook = number;
    done.at = system_clock().wall();
    done.duration_ns = mono_ns() - begin;
    done.status = result.kind == steps::BodyResult::Kind::passed ? Status::passed : Status::failed;
    done.message = shorten(result.message, kLongestMessage);
    say(done);
  }
}

}  // namespace muster::run
