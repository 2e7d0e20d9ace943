#include "steps/attaching.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "base/result.hpp"

namespace muster {
namespace {

thread_local const steps::Attaching::Take* current = nullptr;

void give(const Attachment& attachment) {
  if (current == nullptr) {
    throw std::logic_error("muster: no step or hook runs on this thread: nothing to attach to");
  }
  (*current)(attachment);
}

}  // namespace

namespace steps {

Attaching::Attaching(Take take) : take_(std::move(take)), outer_(std::exchange(current, &take_)) {}

Attaching::~Attaching() {
  current = outer_;
}

}  // namespace steps

void attach(std::string_view text, std::string_view media_type, std::string_view file_name) {
  give({text, media_type, file_name, true});
}

void attach(std::span<const std::byte> bytes, std::string_view media_type,
            std::string_view file_name) {
  const std::string_view body(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  give({body, media_type, file_name, false});
}

void attach_file(const std::string& path, std::string_view media_type, std::string_view file_name) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    throw ErrorException(error("attach_failed", "cannot read " + path + " to attach it"));
  }
  give({bytes, media_type, file_name, false});
}

void log(std::string_view text) {
  give({text, "text/x.cucumber.log+plain", {}, true});
}

void link(std::string_view url) {
  give({url, "text/uri-list", {}, true});
}

}  // namespace muster
