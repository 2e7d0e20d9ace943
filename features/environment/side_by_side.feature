Feature: Environments side by side
  Repositories have scopes of their own; trees of one repository have ports of their own. Nobody sees the others.

  Scenario: Eight repositories that ask for the same ports
    Given 8 repositories with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 18600
      ready = ["tcp"]
      """
    When "muster env start --json" runs in all of them at once
    Then all of them exit with 0
    And each answer has 1 service, with ports and runs that no other has
    When "muster env stop" runs in the first
    And "muster env health" runs in all of them at once
    Then 1 of them exits with 1
    When "muster env stop-all" runs in all of them at once
    Then all of them exit with 0
    And no process of them is left after 2000 ms

  Scenario: Eight worktrees of one repository, each on its own
    Given a repository with 8 worktrees and this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 18700
      ready = ["tcp"]
      """
    When "muster env start --json" runs in all of them at once
    Then all of them exit with 0
    And each answer has 1 service, with ports and runs that no other has
    When "muster env stop-all" runs in all of them at once
    Then all of them exit with 0
    And no process of them is left after 2000 ms

  Scenario: Eight starts of one repository
    Given 1 repositories with this muster.toml:
      """
      service = [{ name = "web", command = "echo up; exec sleep 1000", ready = ["log:up"] }]
      """
    When "muster env start" runs 8 times at once in the first
    Then one of them has started it, the others find it or are told by whom it is being started
    When "muster env health" runs in the first
    Then all of them exit with 0
    When "muster env stop" runs in the first
    Then all of them exit with 0
    And no process of them is left after 2000 ms

  Scenario: Plan starts trees in one environment, each with its own ports
    Given a repository with 3 worktrees and this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 18800
      ready = ["tcp"]
      """
    When "muster env plan" runs in its main tree
    Then all of them exit with 1
    And the answers tell "tree-0, tree-1, tree-2"
    When "muster env plan tree-0 tree-2 --json" runs in its main tree
    Then all of them exit with 0
    And the answer has these ports:
      | service    | port  |
      | tree-0 Web | 18900 |
      | tree-2 Web | 19100 |
    When "muster env health tree-2 --json" runs in its main tree
    Then all of them exit with 0
    When "muster env start main" runs in its main tree
    Then all of them exit with 1
    And the answers tell "environment_differs"
    When "muster env stop --all" runs in its main tree
    Then all of them exit with 0
    And no process of them is left after 2000 ms
