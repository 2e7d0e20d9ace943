Feature: malformed
  Scenario: one
    Given a step
    Gvien another
