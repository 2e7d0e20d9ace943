#include "run/worker_link.hpp"

#include <fmt/format.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace muster::run {

WorkerLink::WorkerLink(boost::asio::io_context& context, std::uint32_t number, UniqueFd channel,
                       UniqueFd captured)
    : id(number),
      socket(context, boost::asio::local::stream_protocol(), channel.release()),
      deadline(context),
      output(std::move(captured)) {}

std::string WorkerLink::take_output(std::size_t limit) {
  struct stat about {};
  if (fstat(output.get(), &about) != 0 || about.st_size <= output_read) return {};
  const auto fresh = static_cast<std::size_t>(about.st_size - output_read);
  std::string text(std::min(fresh, limit), '\0');
  const ssize_t got = pread(output.get(), text.data(), text.size(),
                            about.st_size - static_cast<off_t>(text.size()));
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (fresh > limit)
    text = fmt::format("[{} bytes before this are left out]\n", fresh - limit) + text;
  output_read = about.st_size;
  // memory stays bounded: between cases nobody writes, and writers append
  if (output_read > (1 << 20) && ftruncate(output.get(), 0) == 0) output_read = 0;
  return text;
}

std::string describe_end(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int number = WTERMSIG(wait_status);
    return fmt::format("died of signal {} ({})", number, strsignal(number));
  }
  return fmt::format("ended with exit status {}", WEXITSTATUS(wait_status));
}

}  // namespace muster::run
