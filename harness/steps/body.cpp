#include "steps/body.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <exception>
#include <memory>

#include "muster/expect.hpp"
#include "steps/host.hpp"
#include "steps/outcome.hpp"

namespace muster::steps {
namespace {

namespace asio = boost::asio;
using Kind = BodyResult::Kind;

/// How long a cancelled coroutine may take to end.
constexpr std::chrono::milliseconds kCancelGrace{100};

/// Where the coroutine bodies of this thread run. It outlives each of them: another thread that
/// completes an operation of a body still touches the context when the body has already ended.
struct BodyContext {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
};

/// One coroutine body on its way.
struct Awaiting {
  asio::cancellation_signal cancel;
  bool done = false;
  std::exception_ptr failure;
};

void await_until(Task<> task, Deadline deadline) {
  thread_local auto home = std::make_unique<BodyContext>();
  const auto it = std::make_shared<Awaiting>();
  asio::co_spawn(home->context, std::move(task),
                 asio::bind_cancellation_slot(it->cancel.slot(), [it](std::exception_ptr thrown) {
                   it->failure = thrown;
                   it->done = true;
                 }));
  while (!it->done) {
    if (home->context.run_one_until(deadline.at()) == 0 && deadline.passed()) break;
  }
  if (!it->done) {
    it->cancel.emit(asio::cancellation_type::terminal);
    const auto give_up = std::chrono::steady_clock::now() + kCancelGrace;
    while (!it->done && home->context.run_one_until(give_up) > 0) {
    }
    if (!it->done) {
      // what is left of the body must neither be resumed by the next one nor lose its context
      (void)home.release();
      home = std::make_unique<BodyContext>();
    }
    throw DeadlinePassed();
  }
  if (it->failure) std::rethrow_exception(it->failure);
}

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : type.name();
}

void failed(BodyResult& result, std::string type, std::string message) {
  result.kind = Kind::failed;
  result.exception_message = message;
  result.message = message.empty() ? "threw " + type : std::move(message);
  result.exception_type = std::move(type);
}

/// A body that stops on purpose: without a reason there is nothing to tell but its status.
void stopped(BodyResult& result, const char* type, const std::string& reason) {
  if (reason.empty()) return;
  result.message = reason;
  result.exception_type = type;
  result.exception_message = reason;
}

/// Describes the exception in flight.
void describe_current(BodyResult& result) {
  try {
    throw;
  } catch (const Pending& pending) {
    result.kind = Kind::pending;
    stopped(result, "muster::Pending", pending.what());
  } catch (const Skipped& skipped) {
    result.kind = Kind::skipped;
    stopped(result, "muster::Skipped", skipped.what());
  } catch (const DeadlinePassed&) {
    result.kind = Kind::failed;
    result.code = "timed_out";
  } catch (const RequirementFailed& requirement) {
    failed(result, "muster::RequirementFailed",
           fmt::format("{}:{}: {}", requirement.file(), requirement.line(), requirement.what()));
  } catch (const ErrorException& expected) {
    result.code = expected.error().code;
    std::string text = expected.error().message;
    if (!expected.error().hint.empty()) text += "\nhint: " + expected.error().hint;
    failed(result, "muster::Error(" + result.code + ")", std::move(text));
  } catch (const std::exception& exception) {
    failed(result, demangled(typeid(exception)), exception.what());
  } catch (int value) {
    failed(result, "int", fmt::format("threw {} of type int", value));
  } catch (const char* text) {
    failed(result, "const char*", fmt::format("threw \"{}\"", text));
  } catch (const std::string& text) {
    failed(result, "std::string", fmt::format("threw \"{}\"", text));
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    const std::string name = type != nullptr ? demangled(*type) : "unknown type";
    failed(result, name, "threw an object of type " + name);
  }
}

void add_assertions(BodyResult& result, const std::vector<AssertionFailure>& failures) {
  std::string text;
  for (const auto& failure : failures) {
    text += fmt::format("{}:{}: {}\n", failure.file, failure.line, failure.text);
  }
  if (text.empty()) return;
  if (text.ends_with('\n')) text.pop_back();
  result.message = result.message.empty() ? text : text + "\n" + result.message;
  result.kind = Kind::failed;
}

}  // namespace

BodyResult run_body(void (*body)(), detail::Invoke invoke, const detail::Call& call,
                    Deadline deadline, AssertionCollector& assertions) {
  BodyResult result;
  try {
    if (auto task = invoke(body, call)) await_until(std::move(*task), deadline);
  } catch (...) {
    describe_current(result);
  }
  add_assertions(result, assertions.take());
  return result;
}

}  // namespace muster::steps
