@probe
Feature: What a step body does wrong costs its own scenario
  Played by ci/tests/isolation with the runner muster_probes; it is red by design.

  Scenario: passes before
    Given a step that passes
    And a step that passes
    Then 2 steps have passed

  Scenario: dereferences null
    Given a step that passes
    When a step dereferences null
    Then 1 steps have passed

  Scenario: throws 42
    When a step throws 42

  Scenario: calls exit(0)
    When a step calls exit with 0

  Scenario: never returns
    When a step never returns
    Then a step that passes

  Scenario: passes after
    Given a step that passes
    Then 1 steps have passed
