#include "net/tap_record.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::net {
namespace {

constexpr std::size_t kept_body = 4 * 1024;
// Redacted before it is cut, so that a secret across the cut is still recognised.
constexpr std::size_t redacted_body = 8 * 1024;
constexpr std::size_t kept_frame = 397;  // and an ellipsis: 400

const std::string client_left = "the client went away";

std::string excerpt(std::string_view bytes, std::size_t limit) {
  const auto readable = redact(valid_utf8(bytes.substr(0, redacted_body)));
  return shorten(readable, limit);
}

Headers redacted(const Headers& headers) {
  Headers out;
  for (const auto& field : headers) {
    const auto line = redact(field.name + ": " + valid_utf8(field.value));
    const auto colon = line.find(':');
    out.add(field.name,
            colon == line.npos ? "[redacted]" : std::string(trim(line.substr(colon + 1))));
  }
  return out;
}

void note_bearer(const Headers& headers, TapExchange& exchange) {
  auto parts = split(headers.get("Authorization"), '.');
  if (parts.size() != 5 || parts[0] != "Bearer m1") return;
  exchange.bearer_kid = shorten(parts[1], 64);
  exchange.bearer_t = shorten(parts[2], 20);
  exchange.bearer_nonce = shorten(parts[3], 128);
}

Json headers_json(const Headers& headers) {
  Json out = Json::array();
  for (const auto& field : headers) out.push_back(Json::array({field.name, field.value}));
  return out;
}

bool matches(const TapExchange& exchange, std::string_view method, std::string_view path_glob) {
  return glob_match(method, exchange.method) && glob_match(path_glob, path_of(exchange.target));
}

}  // namespace

std::string why_broken(const Error& error) {
  // Upstream calls are cancelled for one reason only.
  return error.code == "cancelled" ? client_left : error.message;
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

Json to_json(const TapExchange& exchange) {
  Json out = {{"number", exchange.number},
              {"t_begin_ns", exchange.t_begin_ns},
              {"t_end_ns", exchange.t_end_ns},
              {"last_byte_ns", exchange.last_byte_ns},
              {"method", exchange.method},
              {"target", exchange.target},
              {"status", exchange.status},
              {"request",
               {{"headers", headers_json(exchange.request_headers)},
                {"body", exchange.request_body},
                {"bytes", exchange.request_bytes}}},
              {"response",
               {{"headers", headers_json(exchange.response_headers)},
                {"body", exchange.response_body},
                {"bytes", exchange.response_bytes}}},
              {"frames", exchange.frames.size()}};
  if (!exchange.bearer_kid.empty()) {
    out["signed_by"] = {
        {"kid", exchange.bearer_kid}, {"t", exchange.bearer_t}, {"nonce", exchange.bearer_nonce}};
  }
  if (!exchange.fault.empty()) out["fault"] = exchange.fault;
  if (!exchange.error.empty()) out["error"] = exchange.error;
  return out;
}

TapRecord::TapRecord(std::string name, std::size_t max_exchanges, std::size_t max_frames,
                     Observer& observer)
    : name_(std::move(name)),
      max_exchanges_(max_exchanges),
      max_frames_(max_frames),
      observer_(observer) {}

void TapRecord::touch() {
  last_activity_ns_ = mono_ns();
}

void TapRecord::emit(std::string lane, std::string kind, Json data) {
  if (closed_) return;
  observer_.observe(observation(std::move(lane), std::move(kind), name_, std::move(data)));
}

void TapRecord::close(const std::string& why) {
  for (auto* entry : std::vector<Entry*>(open_entries_)) {
    entry->fail(why);
    entry->end();
  }
  closed_ = true;
}

std::vector<TapExchange> TapRecord::exchanges(std::string_view method,
                                              std::string_view path_glob) const {
  const std::lock_guard lock(mutex_);
  std::vector<TapExchange> out;
  for (const auto& exchange : exchanges_) {
    if (matches(*exchange, method, path_glob)) out.push_back(*exchange);
  }
  return out;
}

std::size_t TapRecord::calls(std::string_view method, std::string_view path_glob) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(exchanges_.begin(), exchanges_.end(),
                    [&](const auto& exchange) { return matches(*exchange, method, path_glob); }));
}

TapRecord::Entry::Entry(TapRecord& record, const Request& request)
    : record_(record), exchange_(std::make_shared<TapExchange>()) {
  ++record_.open_;
  record_.open_entries_.push_back(this);
  record_.touch();
  auto& exchange = *exchange_;
  exchange.t_begin_ns = record_.last_activity_ns_;
  exchange.method = request.method;
  exchange.target = redact(valid_utf8(request.target));
  exchange.request_headers = redacted(request.headers);
  exchange.request_body = excerpt(request.body, kept_body);
  exchange.request_bytes = request.body.size();
  note_bearer(request.headers, exchange);
  const std::lock_guard lock(record_.mutex_);
  exchange.number = ++record_.count_;
  if (record_.exchanges_.size() < record_.max_exchanges_) record_.exchanges_.push_back(exchange_);
}

TapRecord::Entry::~Entry() {
  if (ended_) return;
  fail(client_left);
  end();
}

void TapRecord::Entry::fault(std::string_view kind) {
  {
    const std::lock_guard lock(record_.mutex_);
    auto& list = exchange_->fault;
    list += (list.empty() ? "" : ",") + std::string(kind);
  }
  record_.emit("fault", "injected",
               {{"exchange", number()},
                {"fault", kind},
                {"method", exchange_->method},
                {"target", exchange_->target}});
}

void TapRecord::Entry::head(const Response& response) {
  record_.touch();
  auto headers = redacted(response.headers);
  const std::lock_guard lock(record_.mutex_);
  exchange_->status = response.status;
  exchange_->response_headers = std::move(headers);
}

void TapRecord::Entry::body(std::string_view bytes) {
  record_.touch();
  if (body_.size() < redacted_body) body_ += bytes.substr(0, redacted_body - body_.size());
  const std::lock_guard lock(record_.mutex_);
  exchange_->response_bytes += bytes.size();
}

void TapRecord::Entry::frame(const SseEvent& event, std::uint64_t offset, std::string_view raw) {
  TapFrame frame{event.id, mono_ns(), offset, excerpt(raw, kept_frame)};
  Json data = {{"exchange", number()},
               {"id", frame.id},
               {"offset", frame.offset},
               {"bytes", raw.size()},
               {"raw", frame.raw}};
  {
    const std::lock_guard lock(record_.mutex_);
    if (exchange_->frames.size() < record_.max_frames_) {
      exchange_->frames.push_back(std::move(frame));
    }
  }
  record_.emit("sse", "frame", std::move(data));
}

void TapRecord::Entry::heard() {
  record_.touch();
  const std::lock_guard lock(record_.mutex_);
  exchange_->last_byte_ns = record_.last_activity_ns_;
}

void TapRecord::Entry::status(int status) {
  const std::lock_guard lock(record_.mutex_);
  exchange_->status = status;
}

void TapRecord::Entry::fail(std::string error) {
  const std::lock_guard lock(record_.mutex_);
  if (exchange_->error.empty()) exchange_->error = std::move(error);
}

void TapRecord::Entry::end() {
  if (std::exchange(ended_, true)) return;
  record_.touch();
  const auto text = excerpt(body_, kept_body);
  Json data;
  {
    const std::lock_guard lock(record_.mutex_);
    exchange_->t_end_ns = record_.last_activity_ns_;
    exchange_->response_body = text;
    data = to_json(*exchange_);
  }
  record_.emit("http", "exchange", std::move(data));
  std::erase(record_.open_entries_, this);
  --record_.open_;
}

}  // namespace muster::net
