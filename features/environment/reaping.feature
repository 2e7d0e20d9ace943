@environment
Feature: Nothing outlives what muster ends
  Whatever a program makes of itself: wrapped, deaf to TERM, in a session of its own, a daemon, an orphan of a crash. However it ends: it is
  stopped, its scenario is over, muster itself is killed. Each with every backend that works here.

  Scenario Outline: <shape>, stopped, held by <backend>
    Given programs are held by <backend>
    And a service of the shape "<shape>"
    When the environment has come up or failed
    And it is stopped
    Then nothing of it survives 500 ms

    Examples:
      | shape                     | backend       |
      | plain                     | pid_namespace |
      | plain                     | cgroup        |
      | plain                     | subreaper     |
      | wrapper and child         | pid_namespace |
      | wrapper and child         | cgroup        |
      | wrapper and child         | subreaper     |
      | child ignores TERM        | pid_namespace |
      | child ignores TERM        | cgroup        |
      | child ignores TERM        | subreaper     |
      | setsid child              | pid_namespace |
      | setsid child              | cgroup        |
      | setsid child              | subreaper     |
      | daemon ignoring TERM      | pid_namespace |
      | daemon ignoring TERM      | cgroup        |
      | daemon ignoring TERM      | subreaper     |
      | crashed leader and daemon | pid_namespace |
      | crashed leader and daemon | cgroup        |
      | crashed leader and daemon | subreaper     |

  Scenario Outline: <shape>, its scenario over, held by <backend>
    Given programs are held by <backend>
    When a scenario that starts a program of the shape "<shape>" has ended
    Then nothing of it survives 500 ms

    Examples:
      | shape                     | backend       |
      | plain                     | pid_namespace |
      | plain                     | cgroup        |
      | plain                     | subreaper     |
      | wrapper and child         | pid_namespace |
      | wrapper and child         | cgroup        |
      | wrapper and child         | subreaper     |
      | child ignores TERM        | pid_namespace |
      | child ignores TERM        | cgroup        |
      | child ignores TERM        | subreaper     |
      | setsid child              | pid_namespace |
      | setsid child              | cgroup        |
      | setsid child              | subreaper     |
      | daemon ignoring TERM      | pid_namespace |
      | daemon ignoring TERM      | cgroup        |
      | daemon ignoring TERM      | subreaper     |
      | crashed leader and daemon | pid_namespace |
      | crashed leader and daemon | cgroup        |
      | crashed leader and daemon | subreaper     |

  Scenario Outline: <shape>, muster killed, held by <backend>
    Given programs are held by <backend>
    And a service of the shape "<shape>"
    When the environment has come up or failed
    And its keeper is killed
    Then nothing of it survives 2000 ms

    Examples:
      | shape                     | backend       |
      | plain                     | pid_namespace |
      | plain                     | cgroup        |
      | plain                     | subreaper     |
      | wrapper and child         | pid_namespace |
      | wrapper and child         | cgroup        |
      | wrapper and child         | subreaper     |
      | child ignores TERM        | pid_namespace |
      | child ignores TERM        | cgroup        |
      | child ignores TERM        | subreaper     |
      | setsid child              | pid_namespace |
      | setsid child              | cgroup        |
      | setsid child              | subreaper     |
      | daemon ignoring TERM      | pid_namespace |
      | daemon ignoring TERM      | cgroup        |
      | daemon ignoring TERM      | subreaper     |
      | crashed leader and daemon | pid_namespace |
      | crashed leader and daemon | cgroup        |
      | crashed leader and daemon | subreaper     |
