Feature: What the older tool got wrong
  Each scenario is a defect of it that must not come back. Those of the doctor, of readiness reports and of redaction are in
  doctor.feature and canary.feature.

  # it reported success while a wrapper's child lived on, and signalled only the leader
  Scenario: Stop ends all that descends from a service
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "wrapper"
      command = "trap '' TERM; sh -c \"trap '' TERM; sleep 1001\" & setsid sleep 1002 & (setsid sh -c \"trap '' TERM; sleep 1003\" &) ; echo up; wait"
      ready = ["log:up"]
      stop = { grace = "200ms" }
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 0
    When the workplace runs "muster env stop"
    Then the workplace's command exits with 0
    And no process of the workplace is left after 0 ms

  # it wrote its events out with the state, and none that came later
  Scenario: Events after the save are kept
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = "echo up; exec sleep 1000"
      ready = ["log:up"]

      [[service]]
      name = "other"
      command = "exec sleep 1000"
      """
    When the workplace runs "muster env start"
    And the workplace's service "Main Web" is killed and its keeper has seen it
    And the workplace runs "muster env stop --all"
    Then the workplace's events tell of "service.ended"
    And the workplace's events tell of "environment.stopped"
    And every event of the workplace has a number, one more than the last

  # it took any "cannot bind" for a conflict of ports
  Scenario: Words do not make a conflict of ports
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = "echo cannot bind-mount /srv: address of the share is in use; exit 1"
      port = 0
      ready = ["tcp"]
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 1
    And the last line that the workplace is told is "muster env start: hard_start_failure (exit 1)"

  # its ports went up by one at each restart
  Scenario: Ports do not drift
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]
      """
    When the workplace runs "muster env start --json"
    And the port of "Main Web" in the answer is kept
    And the workplace runs "muster env restart --json"
    Then the workplace's service "Main Web" has the same port as before
    When the workplace runs "muster env stop"
    And the workplace runs "muster env start --json"
    Then the workplace's service "Main Web" has the same port as before
    When the workplace's keeper is killed
    And the workplace runs "muster env resume --json"
    Then the workplace's service "Main Web" has the same port as before

  # it called the locks of running services stale
  Scenario: The lock of what runs is held, that of what was killed is free
    Given a workplace with this muster.toml:
      """
      service = [{ name = "web", command = "exec sleep 1000" }]
      """
    When the workplace runs "muster env start"
    Then the lock of the workplace is held by its keeper
    When the workplace's keeper is killed
    Then the lock of the workplace is free
    When the workplace runs "muster env start"
    Then the workplace's command exits with 0

  # it needed seconds for a service that is ready in 40 ms
  Scenario: A start takes as long as its services
    Given a workplace with this muster.toml:
      """
      service = [{ name = "web", command = "echo up; exec sleep 1000", ready = ["log:up"] }]
      """
    When the workplace runs "muster env start --json"
    Then the workplace's answer has a number below 1000 at "/took_ms"

  # it went on probing what was dead until the timeout
  Scenario: A program that dies before it is ready fails at once with its last lines
    Given a workplace with this muster.toml:
      """
      service = [{ name = "web", command = "echo the table is missing; exit 3", ready = ["log:up"], ready_within = "50s" }]
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 1
    And the workplace is told "the table is missing"

  Scenario: What muster did not start is refused
    Given a workplace with this muster.toml:
      """
      service = [{ name = "web", command = "exec sleep 1000" }]
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env blast-all 1"
    Then the workplace's command exits with 1
    And the last line that the workplace is told is "muster env blast-all: not_ours (exit 1)"
    When the workplace runs "muster env health"
    Then the workplace's command exits with 0
    When the workplace runs "muster env blast-all"
    Then the workplace's command exits with 0
    And no process of the workplace is left after 2000 ms
    When the workplace runs "muster env show-state"
    Then the workplace is told "no environment was started here"
