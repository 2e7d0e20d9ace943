@environment
Feature: Ports stay where they are, and nobody else answers on them
  A port is held from the moment it is planned. Whoever takes free ports meanwhile never gets it, and a server that was there before is never
  taken for the new one.

  Background:
    Given a program "greeter":
      """sh
      exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ENV{PORT}, ReuseAddr => 1, Listen => 50)
        or die "bind: $!\n"; while ($c = $s->accept) { print $c "web $ENV{MUSTER_NONCE}\n"; close $c }'
      """

  # nobody else shall lose a port to it
  @serial
  Scenario Outline: A storm of restarts under a thief, <of>
    Given this environment:
      """toml
      [[service]]
      name = "web"
      command = ["greeter"]
      port = 0
      ready = ["tcp"]
      <beside>
      """
    When its start is asked for
    Then it ends with 0
    And 25 restarts under a thief of ports meet nobody else and stay where they are

    Examples:
      | of                       | beside                                                   |
      | by the keeper that stays |[[service]]\nname = "other"\ncommand = "exec sleep 1000" |
      | each with a new keeper   |                                                          |

  Scenario: A port that is taken is answered by the next
    Given somebody listens on port 28431
    And this environment:
      """toml
      [[service]]
      name = "web"
      command = ["greeter"]
      port = 28431
      ready = ["tcp"]
      """
    When its start is asked for
    Then it ends with 0
    And the port of "web" is not 28431
    And "web " answers at the port of "web"

  Scenario: A program that does not share its port gets it all the same
    Given a program "alone":
      """sh
      exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ENV{PORT}, Listen => 50)
        or die "bind: $!\n"; while ($c = $s->accept) { print $c "alone\n"; close $c }'
      """
    And this environment:
      """toml
      [[service]]
      name = "web"
      command = ["alone"]
      port = 28433
      ready = ["tcp"]
      """
    When its start is asked for
    Then it ends with 0
    And the port of "web" is 28433
    And "alone" answers at the port of "web"

  Scenario: A listening descriptor is handed on
    Given a program "heir":
      """sh
      exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new; $s->fdopen(3, "r+"); while ($c = $s->accept) { print $c "heir\n"; close $c }'
      """
    And this environment:
      """toml
      [[service]]
      name = "web"
      command = ["heir"]
      port = 0
      port_mode = "passed"
      ready = ["listener"]
      """
    When its start is asked for
    Then it ends with 0
    And "heir" answers at the port of "web"
