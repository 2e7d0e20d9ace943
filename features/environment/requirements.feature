@environment
Feature: What services need is there before they are
  A real PostgreSQL and a real Redis, from the programs that are installed, in data directories of their own and never as root. What runs as
  a container (supabase, n8n) is tried against a recorded engine API in the tests of harness/environment, not here.

  Scenario: PostgreSQL and Redis for a service
    Given this environment:
      ```toml
      [[requirement]]
      kind = "postgres"
      port = 0
      backing = "native"
      database = "shop"

      [[requirement]]
      name = "cache"
      kind = "redis"
      port = 0
      backing = "native"

      [[service]]
      name = "load"
      command = """
      psql "$DATABASE_URL" -XAtc "CREATE TABLE IF NOT EXISTS visit (at timestamptz)" \
                           -c "INSERT INTO visit VALUES (now())" -c "SELECT 'visits', count(*) FROM visit" >>found
      redis-cli -u "$REDIS_URL" --no-auth-warning INCR visits >>found
      """

      [[service]]
      name = "web"
      command = "exec sleep 1000"
      depends_on = ["load@completed"]
      ```
    When its start is asked for
    Then it ends with 0
    And the requirement "postgres" is healthy
    And the requirement "cache" is healthy
    And the server of "postgres" runs as "postgres"
    And the server of "cache" runs as "redis"
    And the file "found" has "visits|1"
    And no artifact has the password of "postgres"
    And no artifact has the password of "cache"
    When its stop is asked for
    Then it ends with 0
    And no server of "postgres" is left
    And no server of "cache" is left
    # the data stays, and so do the ports
    When its start is asked for
    Then it ends with 0
    And the file "found" has "visits|2"
    # nor does a killed keeper cost anything
    When its keeper is killed
    And its resume is asked for
    Then it ends with 0
    And the requirement "postgres" is healthy
    And the requirement "cache" is healthy
    And the server of "postgres" runs as "postgres"
    When all of it is stopped with its data
    Then it ends with 0
    And it says "the data of 2 requirements is removed"

  Scenario: A requirement of one's own
    Given a program "mailer":
      """sh
      echo "mail for $MUSTER_NONCE" >"$1/nonce"
      exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ENV{PORT}, ReuseAddr => 1, Listen => 5)
        or die "bind: $!\n"; while ($c = $s->accept) { print $c "220 mail\n"; close $c }'
      """
    And this environment:
      """toml
      [[requirement]]
      name = "mail"
      kind = "custom"
      command = ["mailer", "{data}"]
      port = 0
      variables.MAIL_URL = "smtp://127.0.0.1:{port}"
      bootstrap = "echo bootstrapped $MAIL_URL >&2; exit 3"

      [[service]]
      name = "web"
      command = "echo $MAIL_URL >url; exec sleep 1000"
      ready = ["exec:test -s url"]
      """
    When its start is asked for
    Then it ends with 0
    And the requirement "mail" is healthy
    And the requirement "mail" has failed as bootstrap_soft_failure
    And the file "url" has "smtp://127.0.0.1:"
    And "220 mail" answers at the port of "mail"

  Scenario: A requirement that can not be there fails the start, and services are not tried
    Given this environment:
      """toml
      [[requirement]]
      name = "gone"
      kind = "custom"
      command = ["no-such-server"]

      [[service]]
      name = "web"
      command = "touch started; exec sleep 1000"
      """
    When its start is asked for
    Then it ends with 1
    And it says "no-such-server"
    And the file "started" is not there
    And the requirement "gone" has failed as hard_start_failure

  Scenario: Words that look like a taken port are none
    Given a program "liar":
      """sh
      echo "cannot bind-mount: the port is in use" >&2; exit 1
      """
    And this environment:
      """toml
      [[requirement]]
      name = "liar"
      kind = "custom"
      command = ["liar"]
      port = 0
      """
    When its start is asked for
    Then it ends with 1
    And the requirement "liar" has failed as hard_start_failure

  Scenario: One that may be missing does not stop the rest
    Given this environment:
      """toml
      [[requirement]]
      name = "luxury"
      kind = "custom"
      command = ["no-such-server"]
      critical = false

      [[service]]
      name = "web"
      command = "exec sleep 1000"
      """
    When its start is asked for
    Then it ends with 0
    And the requirement "luxury" is unhealthy
