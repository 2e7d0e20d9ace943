Feature: An environment is started, looked at and stopped
  What start says is up is up, what stop says is gone is gone, and the exit code says how it went.

  Background:
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "prepare"
      command = "echo prepared >>order"

      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]
      depends_on = ["prepare@completed"]

      [[service]]
      name = "worker"
      command = "echo working; exec sleep 1000"
      ready = ["log:working"]
      depends_on = ["web"]
      """

  Scenario: From start to stop
    When the workplace runs "muster env start --json"
    Then the workplace's command exits with 0
    And the service "Main Web" of the answer is running
    And the service "Main Worker" of the answer is running
    And the workplace's file "order" is:
      """
      prepared
      """
    When the workplace runs "muster env health --json"
    Then the workplace's command exits with 0
    And the service "Main Prepare" of the answer is completed
    And the workplace's answer has:
      | /overall          | healthy |
      | /status_counts/ok | 3       |
    When the workplace runs "muster env endpoints"
    Then the workplace is told "http://localhost:"
    When the workplace runs "muster env logs worker"
    Then the workplace is told "working"
    When the workplace runs "muster env stop --all"
    Then the workplace's command exits with 0
    And no process of the workplace is left after 0 ms
    When the workplace runs "muster env health --json"
    Then the workplace's command exits with 1
    And the service "Main Web" of the answer is stopped
    When the workplace runs "muster env errors --json"
    Then the workplace's answer has:
      | /failed_services/0/name | Main Web |

  Scenario: A start that fails leaves nothing behind and says why
    Given the workplace has the file "muster.toml":
      """
      [[service]]
      name = "db"
      command = "echo ready; exec sleep 1000"
      ready = ["log:ready"]

      [[service]]
      name = "web"
      command = "echo no such table; exit 3"
      ready = ["log:listening"]
      depends_on = ["db"]
      """
    When the workplace runs "muster env start --exit-class-file class"
    Then the workplace's command exits with 1
    And the workplace is told "Main Web"
    And the workplace is told "no such table"
    And the last line that the workplace is told is "muster env start: hard_start_failure (exit 1)"
    And the workplace's file "class" is:
      """
      hard_start_failure
      """
    And the workplace's command journal ends with "start" exiting 1 by "hard_start_failure"
    And no process of the workplace is left after 2000 ms
    When the workplace runs "muster env errors --json"
    Then the workplace's command exits with 1
    And the workplace's answer has:
      | /ok                              | false              |
      | /recent_failures/0/code          | died_before_ready  |
      | /recent_failures/0/failure_class | hard_start_failure |

  Scenario: A second start finds what runs, and starts what is missing
    When the workplace runs "muster env start --json"
    And the pid of "Main Web" in the answer is kept
    And the workplace runs "muster env stop worker"
    Then the workplace's command exits with 0
    When the workplace runs "muster env explain-startup --json"
    Then the workplace's answer has:
      | /decision                     | resume_missing |
      | /run_reuse/missing_services/0 | Main Worker    |
    When the workplace runs "muster env start --json"
    Then the workplace's command exits with 0
    And the service "Main Worker" of the answer is running
    And the workplace's service "Main Web" has the same pid as before
    When the workplace runs "muster env explain-startup --json"
    Then the workplace's answer has:
      | /decision | already_running |

  Scenario: One of several is restarted, the others stay
    When the workplace runs "muster env start --json"
    And the pid of "Main Web" in the answer is kept
    And the workplace runs "muster env restart worker --json"
    Then the workplace's command exits with 0
    And the workplace's service "Main Web" has the same pid as before
    And the service "Main Worker" of the answer is running

  Scenario: Another configuration is not mixed with what runs
    When the workplace runs "muster env start"
    Given the workplace has the file "muster.toml":
      """
      service = [{ name = "web", command = "exec sleep 1000" }]
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 1
    And the workplace is told "environment_differs"
    When the workplace runs "muster env restart --all --json"
    Then the workplace's command exits with 0
    And the service "Main Web" of the answer is running
    When the workplace runs "muster env s"
    Then the workplace's command exits with 0
    And no process of the workplace is left after 0 ms

  Scenario: Ctrl-C during a start stops what was started
    Given the workplace has the file "muster.toml":
      """
      [[service]]
      name = "slow"
      command = "echo not yet; exec sleep 1000"
      ready = ["log:listening"]
      ready_within = "50s"
      """
    When the workplace runs "muster env start" on a terminal:
      | shown         | typed  |
      | log:listening | Ctrl-C |
    Then the workplace's command exits with 2
    And no process of the workplace is left after 2000 ms
    And the workplace's command journal ends with "start" exiting 2 by "interrupted"

  Scenario: Settings come from the environment, the file, the default, and say so
    Given the workplace has the file "muster.toml":
      """
      service = [{ name = "web", command = "echo up; exec sleep 1000", ready = ["log:up"], port = 0 }]
      env = { compat_root = "mirror", slot = 50 }
      """
    And the workplace's variable MUSTER_DEFAULT_MODE is "main"
    And the workplace's variable MUSTER_PORT_WEB is "18555"
    When the workplace runs "muster env show-config"
    Then the workplace is told "MUSTER_DEFAULT_MODE"
    And the workplace is told "muster.toml:2"
    And the workplace is told "default"
    When the workplace runs "muster env start --json"
    Then the workplace's answer has:
      | /services/0/port | 18555 |
    When the workplace runs "muster env show-state --file mirror/run_state.json --json"
    Then the workplace's command exits with 0
    And the workplace's answer has:
      | /state/services/Main Web/actual_port | 18555 |
