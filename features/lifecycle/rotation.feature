@lifecycle
Feature: Keys are rotated without a gap
  Up to three keys are live at once. While the console signs with the new one already, the worker takes both.

  Scenario: Half-way through a rotation
    Given the console signs with a new key, which ralph holds beside the old one
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the HATCH events for workspace "test" are exactly:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 60s  where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id
      }
      hearth.decommission_started
      hearth.decommissioned             within 30s
      never hearth.failed
      """
