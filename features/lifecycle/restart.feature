@lifecycle
Feature: hearth is restarted between the acts
  What hearth made outlives it: its state is on disk, and what it started is found again.

  Scenario: A restart after each act
    Given hearth, the console and ralph are running
    When hearth is restarted
    And a solo workspace "test" is requested
    And hearth is restarted
    Then the workspace is ready
    When a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When hearth is restarted
    And the workspace "test" is torn down
    And hearth is restarted
    Then the workspace is tier_torn_down
    And the HATCH events for workspace "test" are exactly:
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
