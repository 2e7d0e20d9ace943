#include "judge/peers.hpp"

#include "judge/peers_impl.hpp"

namespace muster::judge {

namespace asio = boost::asio;

std::string Record::address() const {
  return impl_->address;
}

std::vector<events::Event> Record::events() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->recorded;
}

std::vector<std::string> Record::names() const {
  std::vector<std::string> names;
  for (const auto& event : events()) names.push_back(event.event);
  return names;
}

std::vector<events::Event> Record::named(const std::string& name) const {
  std::vector<events::Event> found;
  for (auto& event : events()) {
    if (event.event == name) found.push_back(std::move(event));
  }
  return found;
}

bool Record::await(const std::string& name, std::chrono::milliseconds within) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, within, [&] {
    return std::any_of(impl_->recorded.begin(), impl_->recorded.end(),
                       [&](const auto& event) { return event.event == name; });
  });
}

void Record::refuse_next(std::size_t count) {
  impl_->door->refuse_next(count);
}

std::vector<std::string> Record::continuity() const {
  std::vector<std::string> found;
  for (const auto& finding : impl_->sink.continuity()) found.push_back(to_text(finding));
  return found;
}

net::Address StandInHearth::address() const {
  return impl_->server->address();
}

std::vector<Call> StandInHearth::calls() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->calls;
}

void StandInHearth::refuse(int status, const std::string& code) {
  const std::lock_guard lock(impl_->mutex);
  impl_->refused_status = status;
  impl_->refused_code = code;
}

net::Response StandInHearth::Impl::answer(const net::Request& request) {
  const std::lock_guard lock(mutex);
  if (request.path == "/v1/healthz") return net::Response::json(200, {{"ok", true}});
  calls.push_back({request.method, request.target, request.body, "", "", record->count()});
  if (refused_status != 0)
    return net::Response::error(refused_status, refused_code, "the judge refuses", true);
  const auto body = parse_json(request.body);
  if (!body) return net::Response::error(400, "invalid_request", "not JSON");
  const std::string verb = request.path.substr(std::string("/v1/").size());
  Json ref = body->value("ref", Json::object());
  if (verb == "status") {
    const std::string slug = string_at(ref, "workspace_slug");
    return net::Response::json(200,
                               {{"status", torn_down.contains(slug) ? "tier_torn_down" : "ready"}});
  }
  if (verb == "teardown") {
    torn_down.insert(string_at(ref, "workspace_slug"));
    return net::Response::json(200, {{"ok", true}});
  }
  const Json profile = body->value("profile", Json::object());
  if (verb == "provision") {
    const std::string slug = string_at(*body, "slug");
    torn_down.erase(slug);
    ref = {{"workspace_slug", slug},
           {"driver", "fake"},
           {"endpoint", "fake://" + slug},
           {"secrets_vault_path", "vault://hearth/" + slug},
           {"created", "2026-01-02T03:04:05.678Z"}};
  } else if (verb != "upgrade") {
    return net::Response::error(404, "not_found", "no such verb");
  }
  ref["tier"] = string_at(profile, "tier", string_at(ref, "tier"));
  ref["last_status"] = "ready";
  return net::Response::json(200, ref);
}

Peers::Peers(net::IoThread& io, const std::string& folder, const net::KeyRing& keys)
    : io_(io),
      record_impl_(std::make_shared<Record::Impl>()),
      hearth_impl_(std::make_shared<StandInHearth::Impl>()),
      ralph_impl_(std::make_shared<StandInRalph::Impl>(keys)),
      record_(record_impl_),
      hearth_(hearth_impl_),
      ralph_(ralph_impl_) {
  hearth_impl_->record = record_impl_.get();
  ralph_impl_->record = record_impl_.get();
  record_impl_->subscribe();
  io.on([&] {
    const auto executor = io.executor();
    record_impl_->door =
        sinks::UnixDoor::open(executor, folder + "/sink", record_impl_->sink, record_impl_->nobody)
            .value_or_throw();
    record_impl_->address = record_impl_->door->address();
    net::Listen at_socket;
    at_socket.address = net::Address::unix_path(folder + "/sh");
    hearth_impl_->server =
        net::Server::listen(executor, at_socket,
                            [impl = hearth_impl_.get()](
                                const net::Request& request) -> asio::awaitable<net::Response> {
                              co_return impl->answer(request);
                            })
            .value_or_throw();
    net::Listen at_port;
    at_port.address = net::Address::tcp("127.0.0.1", 0);
    ralph_impl_->server =
        net::Server::listen(executor, at_port,
                            [impl = ralph_impl_.get()](
                                const net::Request& request) -> asio::awaitable<net::Response> {
                              co_return impl->answer(request);
                            })
            .value_or_throw();
  });
}

Peers::~Peers() {
  io_.await(hearth_impl_->server->stop(std::chrono::milliseconds(0)));
  io_.await(ralph_impl_->server->stop(std::chrono::milliseconds(0)));
  io_.on([this] {
    hearth_impl_->server.reset();
    ralph_impl_->server.reset();
    record_impl_->door.reset();
  });
}

}  // namespace muster::judge
