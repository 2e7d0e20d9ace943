Feature: What must be red

  Scenario: More is taken than there is
    Given 1 jar of plum jam
    When 2 jars of plum jam are taken

  Scenario: Nobody defined it
    Given a jar of marmalade
