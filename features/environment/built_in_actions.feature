Feature: Actions that every project has
  test and migrate are there without being declared: what lies in the project says what they run.

  Scenario: migrate is what the project declares, with the ports of its environment
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "db"
      command = ["python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]

      [action.migrate]
      command = "echo migrated through $DB_PORT; exit $1"
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env migrate 0"
    Then the workplace's command exits with 0
    And the workplace is told "migrated through "
    When the workplace runs "muster env m 7"
    Then the workplace's command exits with 1
    And the workplace is told "action_failed (exit 1)"

  Scenario: migrate says how to tell it what to run
    Given a workplace with this muster.toml:
      """
      service = [{ name = "one", command = "exec sleep 1000" }]
      """
    When the workplace runs "muster env migrate"
    Then the workplace's command exits with 1
    And the workplace is told "action.migrate.command"
