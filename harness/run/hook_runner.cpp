#include "run/hook_runner.hpp"

#include <chrono>
#include <cstdio>
#include <iostream>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "steps/attaching.hpp"
#include "steps/body.hpp"

namespace muster::run {
namespace {

/// A record of the zygote's socket is bounded.
constexpr std::size_t kLongestMessage = 16 * 1024;
constexpr std::size_t kLongestType = 1024;
constexpr std::size_t kPiece = 32 * 1024;

void say_attached(const Attachment& it, const std::function<void(const Frame&)>& say) {
  std::string_view rest = it.body;
  do {
    frame::HookAttached piece;
    piece.at = system_clock().wall();
    piece.body = rest.substr(0, kPiece);
    piece.media_type = shorten(it.media_type, kLongestType);
    piece.file_name = shorten(it.file_name, kLongestType);
    piece.text = it.text;
    rest.remove_prefix(piece.body.size());
    piece.more = !rest.empty();
    say(piece);
  } while (!rest.empty());
}

}  // namespace

void run_hooks(const steps::Library& library, detail::HookKind kind,
               std::chrono::milliseconds timeout, steps::AssertionCollector& assertions,
               const std::function<void(const Frame&)>& say) {
  for (const std::size_t index : library.hooks_for(kind, {})) {
    const auto& hook = library.hooks[index].definition;
    const auto number = static_cast<std::uint32_t>(index);
    say(frame::HookStarted{number, system_clock().wall()});
    const std::int64_t begin = mono_ns();
    const steps::Attaching attaching([&](const Attachment& it) { say_attached(it, say); });
    const steps::Deadline deadline(std::chrono::steady_clock::now() +
                                   hook.timeout.value_or(timeout));
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
    done.exception_type = shorten(result.exception_type, kLongestType);
    done.exception_message = shorten(result.exception_message, kLongestMessage);
    say(done);
  }
}

}  // namespace muster::run
