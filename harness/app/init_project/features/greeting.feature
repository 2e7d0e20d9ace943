Feature: A greeter
  The greeter watches a folder and greets whoever is named in it.

  Scenario: Somebody is greeted
    Given the greeter is running
    When "Ada" is named
    Then it says "hello Ada" within 2 s

  Scenario: It ends when it is asked to
    Given the greeter is running
    When the greeter is stopped
    Then it has said "bye"
