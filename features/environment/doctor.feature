Feature: The doctor tells the truth and exits with it
  Four gates: command_parity, runtime_truth, lifecycle, shipability. What closes one has a code and a reason, and then the exit code is 1.

  Background:
    Given a workplace with this muster.toml:
      """
      [env]
      contracts = "contracts"

      [[service]]
      name = "web"
      command = ["python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]
      """
    And the workplace has the file "contracts/parity_manifest.json":
      """
      {"schema_version": 1, "generated_at": "2026-01-02T03:04:05Z", "commands": {}}
      """
    And the workplace has the file "contracts/gap_report.json":
      """
      {"schema_version": 1, "generated_at": "2026-01-02T03:04:05Z",
       "gaps": [{"id": "document-1", "severity": "low", "title": "a page is missing"}]}
      """
    And the workplace has the file "contracts/feature_matrix.json":
      """
      {"schema_version": 1, "generated_at": "2026-01-02T03:04:05Z", "features": []}
      """

  # the original printed another document and exited with 0
  Scenario: A sound environment passes every gate
    When the workplace runs "muster env start"
    And the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 0
    And the workplace's answer has:
      | /kind                               | doctor |
      | /ok                                 | true   |
      | /gates/command_parity/status        | pass   |
      | /gates/runtime_truth/status         | pass   |
      | /gates/lifecycle/status             | pass   |
      | /gates/shipability/status           | pass   |
      | /readiness/passed                   | true   |
      | /readiness/summary/low_gap_count    | 1      |
      | /readiness/gap_report/generated_at  | 2026-01-02T03:04:05Z |
      | /synthetic_state_detected           | false  |
    When the workplace runs "muster env d"
    Then the workplace's command exits with 0
    And the workplace is told "pass runtime_truth"
    And the workplace is told "cpp-httplib"
    And the workplace is told "reaping"
    And the workplace is told "all gates pass"

  Scenario: Before anything was started there is nothing to judge but muster
    When the workplace runs "muster env doctor"
    Then the workplace's command exits with 0
    And the workplace is told "none yet"

  Scenario: A state that is no longer true
    When the workplace runs "muster env start"
    And the workplace's keeper is killed
    And the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer has:
      | /ok                         | false |
      | /gates/runtime_truth/status | fail  |
      | /gates/lifecycle/status     | fail  |
      | /readiness/passed           | false |
    And the workplace's answer tells of "service_stale" in "/gates/runtime_truth/failures"
    And the workplace's answer tells of "keeper_gone" in "/gates/lifecycle/failures"
    And the workplace is told "doctor_gate_failed (exit 1)"

  Scenario: A simulated service closes a gate
    When the workplace runs "muster env start"
    And the workplace's state says that "Main Web" is simulated
    And the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer has:
      | /gates/shipability/status | fail |
      | /synthetic_state_detected | true |
    And the workplace's answer tells of "synthetic_state" in "/gates/shipability/failures"

  Scenario: A pointer that leads nowhere
    When the workplace runs "muster env start"
    And the workplace's pointers lead nowhere
    And the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer tells of "pointer_broken" in "/gates/lifecycle/failures"

  # in the original it was pending for ever
  Scenario: Readiness is decided, also without its documents
    Given the workplace's variable MUSTER_ENV_CONTRACTS is "FOLDER/nowhere"
    When the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer tells of "parity_manifest_missing" in "/gates/command_parity/failures"
    And the workplace's answer tells of "gap_report_missing" in "/gates/shipability/failures"
    And the workplace's answer has:
      | /readiness/passed | false |
    And the workplace is not told "pending"

  Scenario: A gap that blocks
    Given the workplace has the file "contracts/gap_report.json":
      """
      {"schema_version": 1, "generated_at": "2026-01-02T03:04:05Z",
       "gaps": [{"id": "feature-1", "severity": "blocking", "title": "stop leaves children"}]}
      """
    When the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer tells of "blocking_gap" in "/gates/shipability/failures"
    And the workplace is told "stop leaves children"

  Scenario Outline: A contract that is <wrong>
    Given the workplace has the file "contracts/parity_manifest.json":
      """
      <text>
      """
    When the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer tells of "<code>" in "/gates/command_parity/failures"

    Examples:
      | wrong          | code                       | text |
      | cut off        | parity_manifest_unreadable | {"schema_version": 1, |
      | of another age | parity_manifest_stale      | {"schema_version": 1, "generated_at": "2026-01-02T03:04:05Z", "commands": {"start": {"status": "complete"}}} |
      | not done       | parity_incomplete          | {"schema_version": 1, "generated_at": "2026-01-02T03:04:05Z", "commands": {"start": {"status": "partial"}}} |

  Scenario: A configuration that cannot be read
    Given the workplace has the file "muster.toml":
      """
      [env
      """
    When the workplace runs "muster env doctor --json"
    Then the workplace's command exits with 1
    And the workplace's answer tells of "config_invalid" in "/gates/shipability/failures"
