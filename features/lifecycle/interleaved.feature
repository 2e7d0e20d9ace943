@lifecycle
Feature: Workspaces side by side
  Two workspaces and their runs at once: the events of each keep the chain, as if the other were not there.

  Scenario: Two workspaces, interleaved
    Given hearth, the console and ralph are running
    When a solo workspace "left" is requested
    And a solo workspace "right" is requested
    And a run of 4 prompts starts in workspace "left"
    And a run of 4 prompts starts in workspace "right"
    Then the runs in workspaces "left" and "right" end clean
    When the workspace "right" is torn down
    And the workspace "left" is torn down
    Then the HATCH events for workspace "left" are exactly:
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
    And the HATCH events for workspace "right" are exactly:
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
