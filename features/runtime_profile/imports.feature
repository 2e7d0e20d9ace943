@tier-1
Feature: How modules are imported
  Each in a process of its own, and those that are named in a row at once.

  Background:
    Given a copy of the project "fixtures/atelier"

  Scenario: Two modules that wait for each other are both imported
    Given its "atelier/meeting.py" is:
      """
      import os

      PLACE = os.path.join(os.path.dirname(__file__), "place")
      try:
          os.mkfifo(PLACE)
      except FileExistsError:
          pass
      """
    And its "atelier/reader.py" is:
      """
      from atelier import meeting

      open(meeting.PLACE).close()
      """
    And its "atelier/writer.py" is:
      """
      from atelier import meeting

      open(meeting.PLACE, "w").close()
      """
    When this feature is played on the copy:
      """
      Feature: at once
        Scenario: each opens an end of one pipe
          When I import "atelier.reader"
          And I import "atelier.writer"
          Then no ImportError is raised
      """
    Then the copy is green

  Scenario: What one module leaves behind does not reach another
    Given its "atelier/first.py" is:
      """
      import builtins, os, sys

      builtins.left_behind = os.environ["LEFT_BEHIND"] = "yes"
      sys.modules["atelier.nowhere"] = builtins
      sys.path.clear()
      """
    And its "atelier/second.py" is:
      """
      import builtins, os, sys

      assert not hasattr(builtins, "left_behind") and "LEFT_BEHIND" not in os.environ and sys.path
      """
    When this feature is played on the copy:
      """
      Feature: apart
        Scenario: one after the other
          When I import "atelier.first"
          Then no ImportError is raised
          When I import "atelier.second"
          Then no ImportError is raised
          When I import "atelier.nowhere"
          Then no ImportError is raised
      """
    Then the copy is red by:
      | scenario            | check          |
      | one after the other | target-missing |
