Feature: A session can be looked into afterwards
  Each command that changes something is recorded. A bundle holds the record, the run's artifacts and what they say together.

  Background:
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]
      """

  Scenario: A start that went well
    When the workplace runs "muster env start"
    Then the workplace's command exits with 0
    When the workplace runs "muster env debug-last --json"
    Then the workplace's command exits with 0
    And the workplace's answer has:
      | /command       | env start |
      | /status        | ended     |
      | /exit_code     | 0         |
      | /anomalies     | 0         |
      | /crashed       | false     |
      | /latest_bundle | null      |
    When the workplace runs "muster env debug-report --json"
    Then the workplace's answer has:
      | /issues                     | []       |
      | /startup/services/0/service | Main Web |
      | /startup/services/0/outcome | ready    |

  Scenario: A start that failed names its cause
    Given the workplace has the file "muster.toml":
      """
      [debug]
      auto_pack = "anomaly"
      [[service]]
      name = "web"
      command = ["sh", "-c", "echo no such table; exit 3"]
      ready = ["notify"]
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 1
    And the workplace is told "muster-debug-bundle-session-"
    When the workplace runs "muster env debug-report"
    Then the workplace's command exits with 0
    And the workplace is told "## Issues"
    And the workplace is told "probably:"
    And the workplace is told "Main Web"
    When the workplace runs "muster env debug-pack --json --output FOLDER/given"
    Then the workplace's command exits with 0
    And the workplace is told "FOLDER/given/muster-debug-bundle-session-"

  Scenario: What is typed is told by its kinds of characters alone
    Given the workplace has the file "muster.toml":
      """
      [[service]]
      name = "one"
      command = "exec sleep 1000"
      [[service]]
      name = "two"
      command = "exec sleep 1000"
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env stop" on a terminal:
      | shown  | typed |
      | Which? | 2     |
    Then the workplace's command exits with 0
    And the workplace's newest session recorded "input" without its "text"
    And the workplace's newest session recorded "session.ended" without its "failure_class"

  # the original lost them
  Scenario: Events after the state was saved
    When the workplace runs "muster env start"
    And the workplace's service "Main Web" is killed and its keeper has seen it
    Then the workplace's events tell of "service.ended"
    And every event of the workplace has a number, one more than the last

  Scenario: There may be nothing to look into
    When the workplace runs "muster env debug-report"
    Then the workplace's command exits with 1
    Given the workplace has the file "muster.toml":
      """
      [debug]
      record = false
      [[service]]
      name = "idle"
      command = ["sleep", "300"]
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env debug-last"
    Then the workplace's command exits with 1
    And the workplace is told "no debug session was recorded here"
