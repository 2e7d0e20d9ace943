#include "net/tap.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <mutex>

#include "base/text.hpp"
#include "net/server.hpp"
#include "net/tap_record.hpp"
#include "net/tap_relay.hpp"
#include "net/wire.hpp"

namespace muster::net {
namespace asio = boost::asio;

namespace {

const std::string still_open = "still open when the tap closed";

/// A tap must not be what refuses: its limits lie far above those of the programs.
ServerLimits relay_limits() {
  ServerLimits limits;
  limits.head_bytes = 256 * 1024;
  limits.head_fields = 1000;
  limits.body_bytes = 64 * 1024 * 1024;
  limits.body_share = 1024 * 1024;
  limits.head = std::chrono::minutes(1);
  limits.body = std::chrono::minutes(2);
  limits.write = std::chrono::minutes(10);
  limits.connections = 1024;
  limits.relay = true;
  return limits;
}

constexpr Timeouts patient{std::chrono::seconds(10), Timeouts::forever, Timeouts::forever,
                           Timeouts::forever};

const Fault* find(const std::vector<Fault>& faults, Fault::Kind kind) {
  for (const auto& fault : faults) {
    if (fault.kind == kind) return &fault;
  }
  return nullptr;
}

}  // namespace

class Tap::State : public std::enable_shared_from_this<Tap::State> {
 public:
  State(TapOptions options, Observer& observer)
      : record_(options.name, options.max_exchanges, options.max_frames, observer),
        upstream_(std::move(options.upstream)) {}

  Result<void> start(asio::any_io_executor executor, const Address& address) {
    // The server's coroutines own what they use; a weak pointer keeps tap and server from owning
    // each other.
    const std::weak_ptr<State> weak = weak_from_this();
    auto server = Server::listen(
        std::move(executor), {address, {}},
        [weak](const Request& request) { return handle(weak.lock(), request); }, relay_limits(),
        [weak](const Request& request, const Response& response) {
          if (const auto self = weak.lock()) self->refused(request, response);
        });
    if (!server) return server.error();
    server_ = std::move(*server);
    address_ = server_->address();
    return {};
  }

  void close() { record_.close(still_open); }

  /// Cuts everything at once. Exchanges under way keep this state, so it would not die by itself.
  void shut() {
    close();
    server_.reset();
  }

  asio::awaitable<void> stop() {
    const auto self = shared_from_this();
    close();
    co_await server_->stop(std::chrono::milliseconds(0));
  }

  void set_upstream(Address upstream) {
    const std::lock_guard lock(mutex_);
    upstream_ = std::move(upstream);
  }

  void inject(FaultMatch match, Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back({std::move(match), std::move(fault)});
  }

  void clear_faults() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
  }

  const TapRecord& record() const { return record_; }
  const Address& address() const { return address_; }

 private:
  struct Planned {
    FaultMatch match;
    Fault fault;
  };
  using Entry = std::shared_ptr<TapRecord::Entry>;

  static asio::awaitable<Response> handle(std::shared_ptr<State> self, const Request& request) {
    if (!self) co_return Response::none();
    // The record lives in the state, so the entry keeps the state.
    const Entry entry(new TapRecord::Entry(self->record_, request),
                      [self](TapRecord::Entry* dying) { delete dying; });
    auto faults = self->take_faults(request, *entry);
    if (const auto* fault = find(faults, Fault::Kind::delay)) co_await pause_for(fault->pause);
    if (find(faults, Fault::Kind::refuse) != nullptr)
      co_return drop(entry, "refused by an injected fault");
    if (const auto* fault = find(faults, Fault::Kind::respond)) {
      co_return whole(entry, fault->response);
    }
    if (find(faults, Fault::Kind::hang) != nullptr) {
      for (;;) co_await pause_for(std::chrono::hours(1));
    }
    co_return co_await self->call_upstream(request, entry, std::move(faults));
  }

  asio::awaitable<Response> call_upstream(const Request& request, Entry entry,
                                          std::vector<Fault> faults) {
    if (find(faults, Fault::Kind::replay) != nullptr) co_await call_before(request);
    auto onward = forwarded(request);
    auto opened = co_await ResponseStream::open(upstream(), std::move(onward), patient);
    if (!opened) {
      const auto& code = opened.error().code;
      if (code.starts_with("connect_") || code == "resolve_failed") entry->status(502);
      co_return drop(entry, why_broken(opened.error()));
    }
    entry->heard();
    const auto stream = std::make_shared<ResponseStream>(std::move(*opened));
    auto response = returned(stream->head());
    if (find(faults, Fault::Kind::lose_answer) != nullptr) {
      co_return drop(entry, "the answer was lost by an injected fault");
    }
    const bool bodiless =
        request.method == "HEAD" || response.status == 204 || response.status == 304;
    if (bodiless) {
      entry->head(response);
      entry->end();
      co_return response;
    }
    if (const auto* fault = find(faults, Fault::Kind::edit_body)) {
      co_return co_await edit(*stream, std::move(response), entry, *fault);
    }
    const bool reframed = find(faults, Fault::Kind::edit_frames) != nullptr;
    if (reframed && is_event_stream(response)) response.headers.remove("Content-Length");
    entry->head(response);
    response.stream = [stream, entry, faults](BodyWriter& writer) -> asio::awaitable<void> {
      return relay_body(*stream, writer, *entry, faults);
    };
    co_return response;
  }

  /// The first of two calls with the same bytes: on record as an exchange of its own.
  asio::awaitable<void> call_before(const Request& request) {
    TapRecord::Entry entry(record_, request);
    entry.fault(to_string(Fault::Kind::replay));
    auto onward = forwarded(request);
    const auto opened = co_await ResponseStream::open(upstream(), std::move(onward), patient);
    if (opened) {
      entry.head(returned(opened->head()));
    } else {
      entry.fail(why_broken(opened.error()));
    }
    entry.end();
  }

  static asio::awaitable<Response> edit(ResponseStream& stream, Response response, Entry entry,
                                        const Fault& fault) {
    std::string body;
    for (;;) {
      const auto piece = co_await stream.read();
      if (!piece) co_return drop(entry, why_broken(piece.error()));
      if (piece->empty()) break;
      entry->heard();
      body += *piece;
    }
    response.body = fault.body(body);
    co_return whole(entry, std::move(response));
  }

  static Response whole(const Entry& entry, Response response) {
    entry->head(response);
    entry->body(response.body);
    entry->end();
    return response;
  }

  static Response drop(const Entry& entry, const std::string& why) {
    entry->fail(why);
    entry->end();
    return Response::none();
  }

  void refused(const Request& request, const Response& response) {
    TapRecord::Entry entry(record_, request);
    entry.fail("the tap itself refused the request");
    entry.head(response);
    entry.body(response.body);
    entry.end();
  }

  Address upstream() const {
    const std::lock_guard lock(mutex_);
    return upstream_;
  }

  std::vector<Fault> take_faults(const Request& request, TapRecord::Entry& entry) {
    std::vector<Fault> out;
    {
      const std::lock_guard lock(mutex_);
      for (auto& [match, fault] : faults_) {
        const bool meets = match.times != 0 && glob_match(match.method, request.method) &&
                           glob_match(match.path, path_of(request.target));
        if (!meets) continue;
        if (match.skip > 0) {
          --match.skip;
          continue;
        }
        if (match.times > 0) --match.times;
        out.push_back(fault);
      }
    }
    for (const auto& fault : out) entry.fault(to_string(fault.kind));
    return out;
  }

  TapRecord record_;
  mutable std::mutex mutex_;
  Address upstream_;
  std::vector<Planned> faults_;
  Address address_;
  std::unique_ptr<Server> server_;
};

Result<std::unique_ptr<Tap>> Tap::listen(asio::any_io_executor executor, TapOptions options,
                                         Observer& observer) {
  const auto address = options.listen;
  auto state = std::make_shared<State>(std::move(options), observer);
  const auto started = state->start(std::move(executor), address);
  if (!started) return started.error();
  return std::unique_ptr<Tap>(new Tap(std::move(state)));
}

Tap::Tap(std::shared_ptr<State> state) : state_(std::move(state)) {}
Tap::~Tap() {
  state_->close();
}

const std::string& Tap::name() const {
  return state_->record().name();
}
Address Tap::address() const {
  return state_->address();
}
void Tap::set_upstream(Address upstream) {
  state_->set_upstream(std::move(upstream));
}
std::size_t Tap::calls(std::string_view method, std::string_view path_glob) const {
  return state_->record().calls(method, path_glob);
}
std::vector<TapExchange> Tap::exchanges(std::string_view method, std::string_view path_glob) const {
  return state_->record().exchanges(method, path_glob);
}
std::size_t Tap::open_requests() const {
  return state_->record().open();
}
std::int64_t Tap::last_activity_ns() const {
  return state_->record().last_activity_ns();
}
void Tap::inject(FaultMatch match, Fault fault) {
  state_->inject(std::move(match), std::move(fault));
}
void Tap::clear_faults() {
  state_->clear_faults();
}
asio::awaitable<void> Tap::stop() {
  return state_->stop();
}

}  // namespace muster::net
