@lifecycle
Feature: Cancel
  A run that is cancelled ends stuck: the node in work fails, those after it are blocked, and the workspace can be torn down.

  Scenario: A run is cancelled
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 slow prompts starts in workspace "test"
    And the run in workspace "test" is cancelled
    Then the run ends stuck
    When the workspace "test" is torn down
    Then the HATCH events for workspace "test" are exactly:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned
      ralph.run.started
      any order {
        ralph.node.{failed,blocked} ×4 distinct /payload/node_id
      }
      ralph.run.ended                   where /payload/outcome == "stuck", /payload/done == 0
      hearth.decommission_started
      hearth.decommissioned
      never hearth.failed
      """
