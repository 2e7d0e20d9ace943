@lifecycle
Feature: Every gap by its name
  The play is broken from outside, at the taps between the programs, in their files, environment and sink, and muster has to say what
  broke it: which gap, and in its headline why.

  @expects-gap
  Scenario: Gap A, a program is not on the path
    Given the ralph program is missing
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    And the workspace "test" is torn down
    Then the play breaks at gap A:
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
    And the headline says "the program ralph was not found"

  @expects-gap
  Scenario: Gap B, the container engine is down
    Given the container engine is down
    And hearth, the console and ralph are running
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

  @expects-gap
  Scenario Outline: Gap C, the bearer drifts: <cause>
    Given <cause>
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    And the workspace "test" is torn down
    Then the play breaks at gap C:
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
    And the headline says "<headline>"

    Examples:
      | cause                                     | headline                                       |
      | the console and ralph hold different keys | the worker rejected the console's bearer (401) |
      | ralph does not know the console's key     | it does not know the key k1 (401)              |
      | the console's clock is 120 s ahead        | s ahead of the worker's (401)                  |
      | the console's clock is 120 s behind       | s behind the worker's (401)                    |
      | every submit reaches ralph twice          | its nonce was used before, a replay (401)      |
      | ralph refuses connections                 | the worker could not be reached at submit      |

  @expects-gap
  Scenario: Gap D, the frames drift from their schema
    Given ralph's frames say "nodeId" for "node_id"
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the play breaks at gap D:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 1s
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "KAHN schema drift: 0 of 4 nodes, 16 frames rejected"

  @expects-gap
  Scenario: Gap D, a word of the frames drifts
    Given ralph's frames say "finished" for "done"
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the play breaks at gap D:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 1s
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "KAHN schema drift: 0 of 4 nodes, "

  @expects-gap
  Scenario: Gap D, a frame is lost on its way
    Given frame 4 of ralph is lost
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the play breaks at gap D:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 1s
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "KAHN schema drift: 3 of 4 nodes, 1 frame rejected"

  @expects-gap
  Scenario: Not gap D, the stream is cut for good
    Given hearth runs on the fake driver
    And the stream of frames is cut for good after frame 8
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the play breaks at no named gap:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 1s
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "the stream of frames was cut: 1 of 4 nodes"

  @expects-gap
  Scenario: Not gap D, the heartbeat stalls
    Given hearth runs on the fake driver
    And the stream of frames stalls after frame 8
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the play breaks at no named gap:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 1500ms
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "the worker's heartbeat stalled: 1 of 4 nodes"

  @expects-gap
  Scenario: Not gap D, the frames are never sent
    Given hearth runs on the fake driver
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 slow prompts starts in workspace "test"
    Then the play breaks at no named gap:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 500ms
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "the frames were never sent: 0 of 4 nodes"

  @expects-gap
  Scenario: Gap E, the teardown is stuck
    Given hearth runs on the fake driver
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    Given hearth takes 60 s from now on
    When the teardown of workspace "test" is requested
    And its status is polled for 400 ms
    Then the play breaks at gap E:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 5s
      }
      hearth.decommission_started
      hearth.decommissioned             within 600ms
      never hearth.failed
      """
    And the headline says "teardown is stuck: hearth.decommissioned did not come within 0.6 s"
    And the report says "tearing_down ×"
    And the report says "DELETE /api/hearth/workspaces/test  no answer yet"

  @expects-gap
  Scenario: Gap E, the answer to the teardown is lost
    Given hearth's answer to a teardown is lost
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the play breaks at gap E:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "teardown is stuck"
    And the report says "hearth.failed"

  @expects-gap
  Scenario: Gap F, the sink refuses the write
    Given the sink refuses the next 1 write
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    And the workspace "test" is torn down
    Then the play breaks at gap F:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started       within 500ms
      hearth.provisioned                within 5s   where /payload/last_status == "ready"
      between ralph.run.started and ralph.run.ended {
        ralph.node.*  ×4 distinct /payload/node_id  within 5s
      }
      hearth.decommission_started
      hearth.decommissioned             within 5s
      never hearth.failed
      """
    And the headline says "the sink refused the write: console answered 503, Provision calls: 0"

  @expects-gap
  Scenario: Gap G, the session is denied
    Given the session has the role observer
    And hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    And the workspace "test" is torn down
    Then the play breaks at gap G:
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
    And the headline says "the session was denied (403): role observer may not POST /api/hearth/workspaces"
