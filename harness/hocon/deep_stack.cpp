#include "hocon/deep_stack.hpp"

#include <pthread.h>

#include <cstring>
#include <exception>

namespace muster::hocon {
namespace {

constexpr std::size_t stack_bytes = 64U << 20;

struct Job {
  const std::function<void()>& work;
  std::exception_ptr thrown;
};

void* run(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  try {
    job.work();
  } catch (...) {
    job.thrown = std::current_exception();
  }
  return nullptr;
}

}  // namespace

Result<void> on_deep_stack(const std::function<void()>& work) {
  Job job{work, nullptr};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, run, &job);
  pthread_attr_destroy(&attributes);
  if (failed != 0)
    return error("thread", std::string("a thread cannot be started: ") + std::strerror(failed));
  pthread_join(thread, nullptr);
  if (job.thrown) std::rethrow_exception(job.thrown);
  return {};
}

}  // namespace muster::hocon
