Feature: Health tells what is so, not what was saved
  Process, listener and state are looked at apart: a saved state is never taken for the truth.

  Background:
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]

      [[service]]
      name = "extra"
      command = "echo up; exec sleep 1000"
      ready = ["log:up"]
      critical = false
      """

  Scenario: A dead process is stale
    When the workplace runs "muster env start"
    And the workplace's keeper is killed
    And the workplace runs "muster env h --json"
    Then the workplace's command exits with 1
    And the service "Main Web" of the answer is stale
    And the service "Main Web" of the answer tells "has ended"
    And the workplace's answer has:
      | /healthy             | false    |
      | /critical_failures/0 | Main Web |
      | /optional_failures/0 | Main Extra |
    When the workplace runs "muster env endpoints --json"
    Then the workplace's answer has:
      | /endpoints/0/url | null |

  Scenario: A reused pid is not taken for the service
    When the workplace runs "muster env start"
    And the workplace's state says that "Main Web" began at another time
    And the workplace runs "muster env health --json"
    Then the workplace's command exits with 1
    And the service "Main Web" of the answer is stale
    And the service "Main Web" of the answer tells "another process by now"

  Scenario: A listener on another port is found
    Given the workplace has the file "muster.toml":
      """
      [[service]]
      name = "wanderer"
      command = ["python3", "-u", "-c", "import socket,time; s = socket.create_server(('127.0.0.1', 0)); open('port', 'w').write(str(s.getsockname()[1])); print('listening'); time.sleep(1000)"]
      port = 18000
      ready = ["log:listening"]
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env health --json"
    Then the workplace's command exits with 0
    And the service "Main Wanderer" of the answer is running
    And the service "Main Wanderer" of the answer is at the port in the workplace's file "port"

  Scenario: A service that is not critical does not make it unhealthy
    When the workplace runs "muster env start"
    And the workplace runs "muster env stop extra"
    And the workplace runs "muster env health --json"
    Then the workplace's command exits with 0
    And the workplace's answer has:
      | /overall             | degraded   |
      | /optional_failures/0 | Main Extra |

  Scenario Outline: A state of <kind> is refused with its path
    When the workplace runs "muster env start"
    And the workplace's state is of schema version <version>
    And the workplace runs "muster env health"
    Then the workplace's command exits with 1
    And the workplace is told "run_state.json"
    And the workplace is told "schema"

    Examples:
      | kind              | version |
      | a version to come | 3       |
      | no version        | 0       |
