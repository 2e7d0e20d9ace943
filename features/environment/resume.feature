Feature: Resume goes on from what is true
  Load, gates, reconcile, restore what is missing, save.

  Background:
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]

      [[service]]
      name = "worker"
      command = "echo up; exec sleep 1000"
      ready = ["log:up"]
      """

  Scenario: What lives stays, what is missing is started
    When the workplace runs "muster env start --json"
    And the pid of "Main Web" in the answer is kept
    And the workplace's service "Main Worker" is killed and its keeper has seen it
    And the workplace runs "muster env resume --json"
    Then the workplace's command exits with 0
    And the workplace's answer has:
      | /started/0 | Main Worker |
    And the service "Main Worker" of the answer is running
    And the workplace's service "Main Web" has the same pid as before
    When the workplace runs "muster env health"
    Then the workplace's command exits with 0

  Scenario: Without its keeper everything is started again
    When the workplace runs "muster env start"
    And the workplace's keeper is killed
    And the workplace runs "muster env resume --json"
    Then the workplace's command exits with 0
    And the service "Main Web" of the answer is running
    And the service "Main Worker" of the answer is running

  Scenario: Nothing to resume
    When the workplace runs "muster env resume"
    Then the workplace's command exits with 1
    And the last line that the workplace is told is "muster env resume: no_environment (exit 1)"

  Scenario: A state from elsewhere is shown, never resumed
    Given the workplace has the recorded file "run_state.json"
    When the workplace runs "muster env resume --file FOLDER/run_state.json"
    Then the workplace's command exits with 1
    And the workplace is told "state_foreign"
    And the workplace is told "FOLDER/run_state.json"

  Scenario: A simulated service is no base
    When the workplace runs "muster env start"
    And the workplace's keeper is killed
    And the workplace's state says that "Main Web" is simulated
    And the workplace runs "muster env resume"
    Then the workplace's command exits with 1
    And the workplace is told "state_simulated"
