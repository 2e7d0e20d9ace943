Feature: The dashboard shows what was saved
  It is drawn from the artifacts; nothing is asked of the programs for it.

  Background:
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]
      """

  Scenario: Plain where there is no terminal
    When the workplace runs "muster env start"
    And the workplace runs "muster env dashboard"
    Then the workplace's command exits with 0
    And the workplace is told "SERVICE"
    And the workplace is told "Main Web running"
    And the workplace is told "service.ready Main Web"
    When the workplace runs "muster env dash --json"
    Then the workplace's answer has:
      | /kept                           | true    |
      | /state/services/Main Web/status | running |

  Scenario: Live on a terminal, until it is left
    When the workplace runs "muster env start"
    And the workplace runs "muster env dashboard" on a terminal:
      | shown    | typed |
      | q quits  | q     |
    Then the workplace's command exits with 0
    When the workplace runs "muster env dashboard" on a terminal:
      | shown    | typed  |
      | Main Web | Ctrl-C |
    Then the workplace's command exits with 2

  Scenario: Nothing is probed for it
    When the workplace runs "muster env start"
    And the workplace's keeper is killed
    And the workplace runs "muster env dashboard"
    Then the workplace's command exits with 0
    And the workplace is told "nothing keeps it"
    And the workplace is told "Main Web running"

  Scenario: Without an environment
    When the workplace runs "muster env dashboard"
    Then the workplace's command exits with 1
    And the workplace is told "muster env start"
