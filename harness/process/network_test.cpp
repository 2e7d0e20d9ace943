#include "process/network.hpp"

#include "process/ports.hpp"
#include "process/readiness.hpp"
#include "process/test_bed.hpp"

namespace muster::process {
namespace {

using namespace testing;

class Networks : public ::testing::Test {
 protected:
  void SetUp() override {
    if (auto made = Network::make(); !made) GTEST_SKIP() << made.error().message;
  }
};

TEST_F(Networks, EachHasEveryPortOfItsOwn) {
  const Port outside = listen_loopback().value_or_throw();
  const Network first = Network::make().value_or_throw();
  const Network second = Network::make().value_or_throw();
  std::vector<Port> ports;
  for (const Network* network : {&first, &second}) {
    const auto visit = NetworkVisit::begin(*network).value_or_throw();
    ports.push_back(listen_loopback(outside.number).value_or_throw());
  }
  EXPECT_EQ(listen_loopback(outside.number).error().code, "listen_in_use") << "we are back";
}

TEST_F(Networks, ProgramsAreBornWhereTheirStarterIs) {
  const Network network = Network::make().value_or_throw();
  const Port outside = listen_loopback().value_or_throw();
  for (const Backend backend : kBackends) {
    if (!backend_available(backend)) continue;
    SCOPED_TRACE(to_string(backend));
    const auto visit = NetworkVisit::begin(network).value_or_throw();
    Bed bed(backend);
    auto program = bed.spawn(shell(
        "server",
        "exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => \"127.0.0.1\", "
        "LocalPort => $ARGV[0], ReuseAddr => 1, Listen => 5) or die \"bind: $!\"; sleep 1000' $1",
        {std::to_string(outside.number)}));
    const auto ready = run(bed.io, until_ready(*program, {{ReadyTcp{outside.number}}}, 10s));
    EXPECT_TRUE(ready) << ready.error().message << program->log().text();
  }
}

}  // namespace
}  // namespace muster::process
