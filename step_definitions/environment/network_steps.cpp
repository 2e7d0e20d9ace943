#include "fixtures/worlds/port_thief.hpp"
#include "muster/own_network.hpp"
#include "muster/programs.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

BEFORE("@own-network") = [](OwnNetwork&) {};

GIVEN("a server that greets with {string} on port {int}",
      timeout(std::chrono::seconds(10))) = [](Programs& programs, std::string greeting, int port) {
  Command command;
  command.words = {"perl",
                   "-MIO::Socket::INET",
                   "-e",
                   "$s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => "
                   "$ARGV[0], ReuseAddr => 1, Listen => 50) or die \"bind: $!\\n\"; $| = 1; "
                   "print \"up\\n\"; while ($c = $s->accept) { print $c \"$ARGV[1]\\n\"; "
                   "close $c }",
                   std::to_string(port),
                   greeting};
  command.ready = ReadyWhen::line("up");
  programs.start("server", command);
};

THEN("{string} answers on port {int}") = [](std::string greeting, int port) {
  EXPECT_EQ(greeting_of(port), greeting);
};
