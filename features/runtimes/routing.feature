@runtimes
Feature: A run goes to a worker that has what it requires
  Each worker tells what it can run, verified on its own host. The console gives a run to one that meets every requirement, and says
  what each worker lacks when none does.

  Background:
    Given the worker ralph has the runtimes:
      | snake | 3.2.1 |
    And the worker beta has the runtimes:
      | snake | 2.7.18 |
      | newt  | 5.0.1  |
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    Then the workspace is ready

  Scenario: The right one of two workers
    Then the console lists the runtimes:
      | runtime | versions           | workers          |
      | newt    | ["5.0.1"]          | ["beta"]         |
      | snake   | ["2.7.18","3.2.1"] | ["beta","ralph"] |
    When a run that requires "snake>=3" starts in workspace "test"
    Then the run is on the worker ralph
    And the run ends clean
    When a run that requires "newt" starts in workspace "test"
    Then the run is on the worker beta
    And the run ends clean
    When a run that requires "snake~2.7" starts in workspace "test"
    Then the run is on the worker beta
    And the run ends clean
    When the workspace "test" is torn down
    Then the workspace is tier_torn_down

  Scenario: The refusal names what is missing
    Then a run that requires "snake>=4" is refused in workspace "test": "no worker has snake>=4: ralph: snake 3.2.1 does not satisfy >=4; beta: snake 2.7.18 does not satisfy >=4"
    And a run that requires "toad" is refused in workspace "test": "no worker has toad: ralph: it does not have toad; beta: it does not have toad"
    When the workspace "test" is torn down
    Then the HATCH events for workspace "test" are exactly:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned
      ralph.run.rejected  where /payload/code == "no_compatible_worker"
      ralph.run.rejected  where /payload/status == 409
      hearth.decommission_started
      hearth.decommissioned
      """
