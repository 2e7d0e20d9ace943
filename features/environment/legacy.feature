Feature: What the older tool left is read
  Its artifacts are shown and judged, never gone on from.

  Scenario: A recorded state is shown
    Given a workplace
    And the workplace has the recorded file "run_state.json"
    When the workplace runs "muster env show-state --file run_state.json --json"
    Then the workplace's command exits with 0
    And the workplace's answer has:
      | /found                                           | true                       |
      | /legacy                                          | true                       |
      | /state/run_id                                    | run-20261120204925-615901b0 |
      | /state/schema_version                            | 1                          |
      | /runtime_map/service_to_actual_port/Main Backend | 18433                      |
      | /runtime_map/projection/Main/backend_url         | http://localhost:18433     |
    When the workplace runs "muster env show-state --file run_state.json"
    Then the workplace is told "Main Frontend"
    And the workplace is told "written by the older tool"

  Scenario Outline: What is no state is refused with its path: <file>
    Given a workplace
    And the workplace has the recorded file "<file>"
    When the workplace runs "muster env show-state --file <file>"
    Then the workplace's command exits with 1
    And the workplace is told "<file>"

    Examples:
      | file                |
      | runtime_map.json    |
      | ports_manifest.json |
      | events.jsonl        |

  Scenario: A file that is not there
    Given a workplace
    When the workplace runs "muster env show-state --file nowhere.json"
    Then the workplace's command exits with 1
    And the workplace is told "nowhere.json"
