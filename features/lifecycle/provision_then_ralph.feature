@lifecycle
Feature: Provision a workspace, run RALPH in it, tear it down
  The play in six acts: the programs come up, a workspace is provisioned, four prompts run in it, the run ends, the workspace is torn
  down, and the audit log holds the exact chain of HATCH events and nothing else.

  Scenario: The play, one take
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
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
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id
      }
      hearth.decommission_started
      hearth.decommissioned             within 30s
      never hearth.failed
      """
