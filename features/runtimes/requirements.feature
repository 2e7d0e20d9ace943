@runtimes
Feature: A scenario says what it needs of the host
  `@requires:NAME[CONSTRAINT]` skips a scenario where the host lacks it, and says why; under --strict-capabilities it fails, so that a
  required check cannot go green by skipping. Nothing is started for it.

  Background:
    Given a program "python3" that prints "Python 3.11.2"
    And this feature:
      """gherkin
      Feature: Needs

        @requires:python>=3.12
        Scenario: a newer python
          Given hearth, the console and ralph are running

        @requires:python>=3.11 @requires:shell
        Scenario: this python
          Given a program "x" that prints "y"

        @requires:docker
        Scenario: an engine
          Given hearth, the console and ralph are running
      """
    And the variable DOCKER_HOST is "unix:///nowhere"

  Scenario: What is missing is skipped with the reason, and nothing is started for it
    When the feature is run
    Then the exit code is 0
    And its scenario "a newer python" is skipped because "python 3.11.2 does not satisfy >=3.12 (@requires:python>=3.12)"
    And its scenario "this python" is passed
    And its scenario "an engine" is skipped
    And the output has "docker: unix:///nowhere: "
    And it started 0 processes
    And the program "python3" was run 1 time

  Scenario: Under --strict-capabilities it fails
    When the feature is run with --strict-capabilities
    Then the exit code is 1
    And its scenario "a newer python" is failed because "python 3.11.2 does not satisfy >=3.12 (@requires:python>=3.12 under --strict-capabilities)"
    And its scenario "this python" is passed
    And its scenario "an engine" is failed
    And it started 0 processes

  Scenario: What is not claimed is not used, though it is there
    Given the variable MUSTER_WORKER_RUNTIMES is "shell"
    When the feature is run
    Then its scenario "this python" is skipped because "python: overridden: MUSTER_WORKER_RUNTIMES leaves it out (@requires:python>=3.11)"
    And the program "python3" was run 0 times

  Scenario: What nothing asks for is not tried
    When the feature is run with --tags=@requires:docker
    Then the exit code is 1
    And its scenario "an engine" is skipped
    And the output has "nothing ran"
    And the program "python3" was run 0 times

  Scenario Outline: A malformed tag is an error at its place, not a silent skip
    Given this feature:
      """gherkin
      Feature: Needs

        @slow <tag>
        Scenario: odd
          Given a program "x" that prints "y"
      """
    When the feature is run
    Then the exit code is 1
    And the output has "a.feature:3:9: error: <problem>"
    And the output has "hint: <hint>"

    Examples:
      | tag                  | problem                                                        | hint                     |
      | @requires:           | '' is no requirement                                           | write a name             |
      | @requires            | '@requires' requires nothing                                   | write @requires:         |
      | @require:docker      | '@require:docker' requires nothing                             | write @requires:         |
      | @requires:python>=x  | '>=x'                                                          | write an operator        |
      | @requires:dokcer     | 'dokcer' is neither a runtime that is known here nor a capability | did you mean docker?  |
      | @requires:pyhton>=3  | 'pyhton' is neither a runtime that is known here nor a capability | did you mean python?  |
