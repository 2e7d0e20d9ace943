@runtimes
Feature: Runtimes are detected by running them
  Whoever claims a runtime is believed as far as its program says so. Probes are programs that nobody vouches for: they are bounded, and
  take nothing with them.

  Background:
    Given a program "snake" that prints "Snake 3.2.1"
    And a runtime "snake" verified by the program "snake"

  Scenario: What is there, what is not, and why
    Given a program "lame":
      """sh
      echo "Lame 1.0"; exit 3
      """
    And a program "shot":
      """sh
      kill -9 $$
      """
    And a runtime "lame" verified by the program "lame"
    And a runtime "shot" verified by the program "shot"
    And a runtime "ghost" verified by the program "no-such-program"
    When the runtimes are listed
    Then the exit code is 0
    And "snake" is there in version "3.2.1"
    And "lame" is missing: exit_mismatch
    And "shot" is missing: signalled
    And "ghost" is missing: binary_missing

  Scenario: A required runtime that is missing or too old is red
    When the runtimes are listed with "--require snake>=3.2 --require snake<3.2"
    Then the exit code is 1
    And the output has "snake<3.2 is required and not there: snake 3.2.1 does not satisfy <3.2"
    When the runtimes are listed with "--require snake~3.2"
    Then the exit code is 0
    When the runtimes are listed with "--require snkae"
    Then the exit code is 1
    And the output has "did you mean snake?"

  Scenario: The environment goes before muster.toml, that before the rows; claims are verified, too
    Given a program "newt" that prints "newt 5"
    And a runtime "newt" verified by the program "newt"
    And a runtime "ghost" verified by the program "no-such-program"
    When the runtimes are listed
    Then claimed are "" and verified "newt, snake", by database
    Given this muster.toml:
      """toml
      [worker]
      capabilities.runtimes = ["newt", "ghost"]
      """
    When the runtimes are listed
    Then claimed are "newt, ghost" and verified "newt", by config
    Given the variable MUSTER_WORKER_RUNTIMES is "snake, cobol"
    When the runtimes are listed
    Then claimed are "snake, cobol" and verified "snake", by env
    And "cobol" is missing: no_metadata
    When the runtimes are listed with "--role sensor"
    Then claimed are "" and verified "newt, snake", by database
    Given the variable MUSTER_WORKER_RUNTIMES is ""
    When the runtimes are listed
    Then the exit code is 1
    And the output has "MUSTER_WORKER_RUNTIMES is set but empty"

  Scenario: A claim of a wrong type is an error at its place
    Given this muster.toml:
      """toml
      [worker]
      capabilities.runtimes = ["snake", 3]
      """
    When the runtimes are listed
    Then the exit code is 1
    And the output has "muster.toml:2:25: error: worker.capabilities.runtimes has at 1 a number"

  Scenario: A probe that hangs costs its time and takes nobody with it
    Given a program "sleepy":
      """sh
      trap '' TERM; sleep 86391 & wait
      """
    And a runtime "sleepy" verified by the program "sleepy"
    When the runtimes are listed with "--probe-timeout 300ms"
    Then "sleepy" is missing: timeout
    And "snake" is there in version "3.2.1"
    And nothing of the probes is left

  Scenario: A probe that floods is read no further than the bound
    Given a program "flood":
      """sh
      head -c 30000000 /dev/zero | tr '\0' x; echo; echo "Flood 9.9"
      """
    And a program "endless":
      """sh
      exec yes Endless
      """
    And a runtime "flood" verified by the program "flood"
    And a runtime "endless" verified by the program "endless"
    When the runtimes are listed with "--probe-timeout 2s"
    Then "flood" is there in a version nobody sees
    And "endless" is missing: timeout
    And "snake" is there in version "3.2.1"
    And nothing of the probes is left

  Scenario: What a probe leaves running dies with it
    Given a program "forker":
      """sh
      (setsid sh -c 'sleep 86392 & sleep 86393' &) >/dev/null 2>&1
      for i in 1 2 3 4 5 6 7 8; do (sleep 86394 &) ; done
      echo "Forker 1.2"
      """
    And a runtime "forker" verified by the program "forker"
    When the runtimes are listed
    Then "forker" is there in version "1.2.0"
    And nothing of the probes is left

  Scenario: A probe that looks for secrets finds none
    Given the variable API_TOKEN is "hunter2"
    And the variable AWS_SECRET_ACCESS_KEY is "hunter2"
    And a program "spy":
      """sh
      { env; pwd; ls -l /proc/self/fd; tr '\0' '\n' </proc/self/environ; cat; } >FOLDER/loot 2>&1
      echo "Spy 0.0.7"
      """
    And a runtime "spy" verified by the program "spy"
    When the runtimes are listed
    Then "spy" is there in version "0.0.7"
    And "hunter2" is not in what "loot" wrote
    And "rows.db" is not in what "loot" wrote

  Scenario: A database is only read, and made when that is asked for
    When muster is run with "runtimes --database other.db"
    Then the exit code is 1
    And the output has "cannot open other.db"
    And the file "other.db" is not there
    When muster is run with "runtimes --database other.db --migrate --require shell"
    Then the exit code is 0
    And the output has "verified by the rows of other.db"
    And the output has "always_available"
    When muster is run with "runtimes --database other.db --require shell"
    Then the exit code is 0

  @requires:postgres
  Scenario: PostgreSQL and SQLite say the same
    Given a program "lame":
      """sh
      exit 3
      """
    And a runtime "lame" verified by the program "lame"
    And a runtime "ghost" verified by the program "no-such-program"
    And the same rows in a PostgreSQL server
    Then both databases list the same
    When a worker "w1" registers
    Then SQLite answers "SELECT name, capabilities->'runtimes' FROM worker;" with "w1|[\"snake\"]"
    And PostgreSQL answers "SELECT name, capabilities->'runtimes' FROM worker;" with "w1|[\"snake\"]"
    And PostgreSQL answers "SELECT r.ref, c.reason FROM runtime_check c JOIN runtime r ON r.id = c.runtime ORDER BY 1" with "machine.ghost|binary_missing; machine.lame|exit_mismatch; machine.snake|ok"
