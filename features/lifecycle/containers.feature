@lifecycle @docker
Feature: Workspaces are containers
  hearth provisions each workspace as two containers with a network and two volumes on a real container engine; once torn down, nothing
  of it is left there.

  Scenario: The play, on local-docker
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    Then the workspace is ready
    And the engine has 5 objects of workspace "test"
    When a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the workspace is tier_torn_down
    And the engine has 0 objects of workspace "test"
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

  @expects-gap @own-engine
  Scenario: Gap B, the engine stops after hearth has come up
    Given hearth, the console and ralph are running
    And the container engine is stopped
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    And the workspace "test" is torn down
    Then the play breaks at gap B:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 5s
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "provisioning failed: the container engine is unreachable"
    And the only "hearth.failed" of workspace "test" has the verb "provision"
    And the only "hearth.failed" of workspace "test" has the code "driver_failure"
