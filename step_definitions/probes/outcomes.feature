@probe
Feature: Every outcome of a step
  Scenario: fails twice
    When two expectations fail

  Scenario: throws in a coroutine
    When a requirement fails in a coroutine

  Scenario: hangs in a coroutine
    When a step waits for ever in a coroutine

  Scenario: overflows
    When a step overflows the stack

  Scenario: is pending
    When a step is pending
    Then a step that passes

  Scenario: is skipped
    When a step skips the rest
    Then a step that passes

  Scenario: is undefined
    When a step that nobody defined with "text" and 3
    Then a step that passes

  Scenario: is ambiguous
    When an ambiguous step

  Scenario Outline: takes a table and a doc string
    Then a table sums to <sum>:
      | n     |
      | <n>   |
      | <n>   |
    And a doc string of 3 bytes:
      """
      abc
      """

    Examples:
      | n | sum |
      | 1 | 2   |
      | 2 | 5   |
