@lifecycle
Feature: The stream of frames breaks and is resumed
  The console follows a run by a stream of numbered frames. Wherever it is cut, the chain comes out the same, nothing doubled, nothing
  lost.

  Scenario Outline: The stream is cut after frame <id>
    Given hearth runs on the fake driver
    And the stream of frames is cut after frame <id>
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

    Examples:
      | id |
      |  1 |
      |  2 |
      |  3 |
      |  4 |
      |  5 |
      |  6 |
      |  7 |
      |  8 |
      |  9 |
      | 10 |
      | 11 |
      | 12 |
      | 13 |
      | 14 |
      | 15 |
      | 16 |
      | 17 |
      | 18 |

  Scenario: The stream is cut after every frame
    Given the stream of frames is cut after every frame up to 17
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

  Scenario: Frames that come twice count once
    Given frame 5 of ralph comes twice
    And frame 17 of ralph comes twice
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
