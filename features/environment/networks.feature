@environment @own-network
Feature: A network of each scenario's own
  Programs with a fixed port run in as many scenarios at once as there are workers.

  Scenario Outline: <name> on the port that the others have, too
    Given a server that greets with "<name>" on port 8080
    Then "<name>" answers on port 8080

    Examples:
      | name  |
      | one   |
      | two   |
      | three |
      | four  |
