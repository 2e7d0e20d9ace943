@lifecycle
Feature: Upgrade
  An upgrade keeps the workspace and changes its tier.

  Scenario: A workspace goes from solo to team
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And the workspace "test" is upgraded to team
    Then the workspace is ready
    When a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the workspace is tier_torn_down
    And the HATCH events for workspace "test" are exactly:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 60s  where /payload/last_status == "ready"
      hearth.upgrade_started            where /payload/from == "solo", /payload/to == "team"
      hearth.upgraded                   within 30s
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id
      }
      hearth.decommission_started
      hearth.decommissioned             within 30s
      never hearth.failed
      """
