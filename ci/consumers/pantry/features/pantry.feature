Feature: A pantry

  Scenario: Jars are taken
    Given 3 jars of plum jam
    When 2 jars of plum jam are taken
    Then 1 jar of plum jam is left

  @empty
  Scenario: Names with ; and ] and "quotes" are names
    Given these jars:
      | fruit  | count |
      | plum   | 2     |
      | quince | 5     |
    When 2 jars of plum jam are taken at once
    Then the shelf is:
      """json
      {"plum": 0, "quince": 5}
      """

  Scenario Outline: Every <count> of a kind
    Given <count> jars of quince jam
    Then <count> jars of quince jam are left

    Examples:
      | count |
      | 1     |
      | 2     |
