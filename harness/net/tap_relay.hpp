#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "net/client.hpp"
#include "net/tap_fault.hpp"
#include "net/tap_record.hpp"

namespace muster::net {

/// `request` as it goes on to upstream: without the fields that belong to one connection (RFC 9110
/// section 7.6.1).
Request forwarded(const Request& request);
/// A response head as it goes back to the client, likewise.
Response returned(const Response& head);

bool is_event_stream(const Response& head);

/// Gives the body of `upstream` on to `writer` piece by piece, as the faults have it, and records
/// what the client gets. Throws when the body has to end visibly truncated.
boost::asio::awaitable<void> relay_body(ResponseStream& upstream, BodyWriter& writer,
                                        TapRecord::Entry& entry, const std::vector<Fault>& faults);

}  // namespace muster::net
