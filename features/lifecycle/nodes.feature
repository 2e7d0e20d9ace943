@lifecycle
Feature: What becomes of the nodes of a run
  A node is planned, executed and audited until its commands succeed or its iterations are spent. The audit log has one event per
  node; the stream of frames tells every attempt, and has a chain of its own.

  Scenario: Every frame of a run without trouble
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    When the workspace "test" is torn down
    Then the KAHN frames of workspace "test" are exactly:
      """kahn
      run_start         where /payload/total_nodes == 4
      repeat x4 {
        node_transition where /payload/from == "pending", /payload/to == "ready"
        node_transition where /payload/to == "running", /payload/attempt == 1
        node_attempt    where /payload/converged == true, /payload/backoff_s absent
        node_transition where /payload/from == "running", /payload/to == "done"
      }
      run_end           where /payload/outcome == "clean", /payload/done == 4, /payload/exit_code == 0
      """

  Scenario: A flaky node
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test", prompt 2 converging at attempt 3
    Then the run ends clean_with_flake
    When the workspace "test" is torn down
    Then the HATCH events for workspace "test" are exactly:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned
      ralph.run.started
      ralph.node.done                   where /payload/node_id == "prompt-1", /payload/attempts == 1
      ralph.node.done                   where /payload/node_id == "prompt-2", /payload/attempts == 3
      ralph.node.done ×2 distinct /payload/node_id
      ralph.run.ended                   where /payload/outcome == "clean_with_flake", /payload/done == 4
      hearth.decommission_started
      hearth.decommissioned
      never hearth.failed
      """
    And the KAHN frames of workspace "test" are exactly:
      """kahn
      scope run_start, run_end, node_attempt
      run_start
      node_attempt      where /payload/node_id == "prompt-1", /payload/converged == true
      node_attempt      where /payload/node_id == "prompt-2", /payload/attempt == 1, /payload/converged == false
      node_attempt      where /payload/node_id == "prompt-2", /payload/attempt == 2, /payload/backoff_s > 0
      node_attempt      where /payload/node_id == "prompt-2", /payload/attempt == 3, /payload/converged == true
      node_attempt ×2
      run_end           where /payload/flake_retries == 2, /payload/total_attempts == 6
      """

  Scenario: A node that never converges blocks those after it
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of 4 prompts starts in workspace "test", prompt 3 failing
    Then the run ends partial
    When the workspace "test" is torn down
    Then the HATCH events for workspace "test" are exactly:
      """chain
      key /workspace_slug
      scope hearth.**, ralph.**, auth.**
      hearth.provisioning_started
      hearth.provisioned
      ralph.run.started
      ralph.node.done ×2 distinct /payload/node_id
      ralph.node.failed                 where /payload/node_id == "prompt-3", /payload/attempts == 6
      ralph.node.blocked                where /payload/node_id == "prompt-4", /payload/attempts == 0
      ralph.run.ended                   where /payload/outcome == "partial", /payload/done == 2, /payload/failed == 1, /payload/blocked == 1
      hearth.decommission_started
      hearth.decommissioned
      never hearth.failed
      """

  Scenario: Commands decide when a node is done
    Given hearth, the console and ralph are running
    When a solo workspace "test" is requested
    And a run of this graph starts in workspace "test":
      """json
      {"version": 1, "nodes": [
        {"id": "build", "done_when": ["test -e built || { touch built; echo not yet; exit 4; }", "true"]},
        {"id": "hangs", "depends_on": ["build"], "done_when": ["sleep 60"], "timeout_s": 1, "max_ralph_iters": 1},
        {"id": "after", "depends_on": ["hangs"], "done_when": ["true"]}
      ]}
      """
    Then the run ends partial
    When the workspace "test" is torn down
    Then the KAHN frames of workspace "test" are exactly:
      """kahn
      scope node_attempt, run_end
      node_attempt      where /payload/node_id == "build", /payload/done_when_results/0/rc == 4, /payload/done_when_results/0/tail =~ "^not yet"
      node_attempt      where /payload/node_id == "build", /payload/converged == true, /payload/done_when_results/1/rc == 0
      node_attempt      where /payload/node_id == "hangs", /payload/done_when_results/0/rc == 124
      run_end           where /payload/done == 1, /payload/failed == 1, /payload/blocked == 1
      """
