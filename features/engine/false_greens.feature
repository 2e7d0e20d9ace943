Feature: What must not be green
  A runner is called from outside, as a user or a pipeline would, on something that a careless harness lets pass. Each has to be red: by
  its exit code, by the result word of the scenario, and by words that name the cause.

  Background:
    Given the runner's folder has "good.feature":
      """gherkin
      @good
      Feature: good
        Scenario: it passes
          Given a step that passes
      """

  Scenario: What is good is green
    When the runner is called as "probes run good.feature"
    Then the runner exits 0 and says "1 scenario (1 passed)"
    And the runner's scenarios end:
      | scenario  | ends   |
      | it passes | passed |

  Rule: Nothing to run is no success

    Scenario: A path that is not there
      When the runner is called as "probes run godo.feature"
      Then the runner exits 1 and says "error: no such file or folder: godo.feature"
      And the runner says "hint: did you mean good.feature?"
      And the runner has run no scenario

    Scenario: A path that is not there beside one that is
      When the runner is called as "probes run good.feature nowhere"
      Then the runner exits 1 and says "no such file or folder: nowhere"
      And the runner has run no scenario

    Scenario: A folder without features
      Given the runner's folder has "empty/README.md":
        """
        nothing here
        """
      When the runner is called as "probes run empty"
      Then the runner exits 1 and says "no .feature file in empty"

    Scenario: A feature file without scenarios
      Given the runner's folder has "void.feature":
        """gherkin
        Feature: void
        """
      When the runner is called as "probes run void.feature"
      Then the runner exits 1 and says "no scenario is selected"

    Scenario Outline: A selection of nothing, by <by>
      When the runner is called as "probes run <arguments>"
      Then the runner exits 1 and says "<words>"
      And the runner has run no scenario

      Examples:
        | by             | arguments                      | words                                    |
        | tags           | good.feature --tags @bad       | no scenario is selected                  |
        | a misspelt tag | good.feature --tags @goood     | did you mean @good?                      |
        | name           | good.feature --name nobody     | no scenario is selected                  |
        | line           | good.feature:99                | good.feature:99 selects no scenario      |
        | one of 2 lines | good.feature:3:99              | good.feature:99 selects no scenario      |
        | a rerun file   | --rerun @nothing.txt           | cannot read the rerun file nothing.txt   |
        | broken tags    | good.feature --tags '@a and'   | error                                    |
        | a broken name  | good.feature --name '['        | error                                    |
        | a lone shard   | good.feature --shard 1         | has no total                             |
        | shard          | good.feature --shard 3/2       | is no shard                              |

    Scenario: A run without a single step definition
      When the runner is called as "bare run good.feature"
      Then the runner exits 1 and says "error: 0 steps registered"
      And the runner has run no scenario

    Scenario: The same, allowed, is undefined
      When the runner is called as "bare run good.feature --allow-no-steps"
      Then the runner exits 1 and says "GIVEN("
      And the runner's scenarios end:
        | scenario  | ends      |
        | it passes | undefined |

    Scenario: Every scenario stands above the tier
      Given the runner's folder has "above.feature":
        """gherkin
        @tier-cai
        Feature: above
          Scenario: not today
            Given a step that passes
        """
      When the runner is called as "probes run above.feature"
      Then the runner exits 1 and says "nothing ran, this proves nothing: 1 of 1 scenarios are closed to this run: tier cai is above --tier 0"
      And the runner says "failed: "
      And the runner's scenarios end:
        | scenario  | ends    | because                   |
        | not today | skipped | tier cai is above --tier 0 |
      When the runner is called as "probes run above.feature --jobs 0"
      Then the runner exits 1 and says "nothing ran, this proves nothing"
      When the runner is called as "probes run above.feature good.feature"
      Then the runner exits 0 and says "2 scenarios (1 skipped, 1 passed)"

    Scenario: What is required is not there
      Given the runner's folder has "docker.feature":
        """gherkin
        Feature: needs
          @requires:docker
          Scenario: an engine
            Given a step that passes
        """
      And the runner's variable DOCKER_HOST is "unix:///nowhere"
      When the runner is called as "probes run docker.feature"
      Then the runner exits 1 and says "nothing ran, this proves nothing"
      When the runner is called as "probes run docker.feature good.feature --strict-capabilities"
      Then the runner exits 1 and says "under --strict-capabilities"
      And the runner's scenarios end:
        | scenario  | ends   |
        | an engine | failed |
        | it passes | passed |

  Rule: What cannot be read is not passed over

    Scenario: A malformed feature, beside a good one
      Given the runner's folder has "bad.feature":
        """gherkin
        Feature: bad
          Scenario: broken
            Given a step that passes
            Gievn a step that passes
            ```
            open
        """
      When the runner is called as "probes run bad.feature good.feature"
      Then the runner exits 1 and says "bad.feature:4:5: error: "
      And the runner says "nothing was run"
      And the runner has run no scenario

    Scenario: A file that is no text
      Given the runner's folder has "bad.feature":
        """
        nonsense
        """
      When the runner is called as "probes run ."
      Then the runner exits 1 and says "bad.feature:1:1: error: "

    Scenario: A keyword that is misspelt becomes a description, which is told
      Given the runner's folder has "typo.feature":
        """gherkin
        Feature: typo
          Scenario: nothing is left of it
            Gievn a step throws 42
        """
      When the runner is called as "probes run typo.feature"
      Then the runner says 'typo.feature:2: warning: the scenario "nothing is left of it" has no steps'
      When the runner is called as "probes check typo.feature --strict"
      Then the runner exits 1 and says "typo.feature:2:3: no steps: nothing is left of it"

    Scenario Outline: An option that is not understood: <option>
      When the runner is called as "probes run good.feature <option>"
      Then the runner exits 1 and says "<words>"
      And the runner has run no scenario

      Examples:
        | option              | words               |
        | --tgas @good        | did you mean --tags |
        | --format prety      | did you mean        |
        | --order sideways    | order               |
        | --jobs many         | jobs                |
        | --step-timeout soon | step-timeout        |
        | --tier high         | is no tier          |
        | --config none.toml  | none.toml           |
        | --profile none      | none                |

  Rule: What a step does is what the scenario is

    Scenario Outline: A scenario with a step that <what>
      Given the runner's folder has "one.feature":
        """gherkin
        Feature: one
          Scenario: it
            Given a step that passes
            When <step>
            Then a step that passes
          Scenario: another
            Given a step that passes
        """
      When the runner is called as "probes run one.feature"
      Then the runner exits 1 and says "<words>"
      And the runner says "one.feature:2 Scenario: it # <word>"
      And the runner's scenarios end:
        | scenario | ends   | because   |
        | it       | <word> | <because> |
        | another  | passed |           |
      When the runner is called as "probes run one.feature --jobs 1 --format summary"
      Then the runner exits 1 and says "1 passed"

      Examples:
        | what                           | step                                   | word      | because                           | words                            |
        | nobody defined                 | a step that nobody defined             | undefined |                                   | Undefined steps can be defined   |
        | two definitions fit            | an ambiguous step                      | ambiguous |                                   | an ambiguous {word}              |
        | is pending                     | a step is pending                      | pending   | later                             | later                            |
        | fails an expectation           | two expectations fail                  | failed    | the second                        | Expected equality                |
        | throws a number                | a step throws 42                       | failed    | threw 42 of type int              | threw 42                         |
        | throws a type that nobody knows | a step throws a type of its own       | failed    | Odd                               | Odd                              |
        | calls exit(0)                  | a step calls exit with 0               | failed    | ended with exit status 0          | the step's body ended its process |
        | calls _exit(0)                 | a step calls _exit with 0              | failed    | ended with exit status 0          | the step's body ended its process |
        | prints a green report and exits | a step prints a green report and exits | failed   | all is well                       | ended with exit status 0         |
        | aborts                         | a step aborts                          | failed    | signal 6                          | signal 6                         |
        | dereferences null              | a step dereferences null               | failed    | signal 11                         | about to dereference null        |
        | overflows its stack            | a step overflows the stack             | failed    | signal 11                         | signal 11                        |
        | never returns                  | a step never returns                   | timed-out | timed out after 0.3 s             | timed out after 0.3 s            |
        | waits for ever in a coroutine  | a step waits for ever in a coroutine   | timed-out | timed out after 0.3 s             | timed out after 0.3 s            |

    Scenario: In one process it is no greener
      Given the runner's folder has "one.feature":
        """gherkin
        Feature: one
          Scenario: thrown
            When a step throws a type of its own
          Scenario: undefined
            When a step that nobody defined
          Scenario: pending
            When a step is pending
        """
      When the runner is called as "probes run one.feature --jobs 0"
      Then the runner exits 1 and says "3 scenarios (1 failed, 1 undefined, 1 pending)"

    Scenario: A body that ends the process with success, with all of it in one process
      Given the runner's folder has "one.feature":
        """gherkin
        Feature: one
          Scenario: it
            When a step calls exit with 0
        """
      When the runner is called as "probes run one.feature --jobs 0"
      Then the runner exits 1 and says "a body ended the process with exit status 0"

    Scenario: A dry run finds what is undefined
      Given the runner's folder has "one.feature":
        """gherkin
        Feature: one
          Scenario: it
            When a step that nobody defined
        """
      When the runner is called as "probes run one.feature --dry-run"
      Then the runner exits 1 and says "1 undefined"

  Rule: A hook that fails is told

    Scenario Outline: A hook of the run: <wish>
      Given the runner's variable MUSTER_PROBE is "<wish>"
      When the runner is called as "probes run good.feature"
      Then the runner exits 1 and says "<words>"
      And the runner says "failed: "

      Examples:
        | wish                       | words                 |
        | before-all fails           | Expected equality     |
        | before-all crashes         | signal 6              |
        | before-all hangs           | timed out after 0.3 s |
        | before-all leaves a thread | left a thread behind  |
        | after-all fails            | threw 7               |
        | after-all crashes          | signal 6              |

    Scenario: A fixture of the run that ends badly
      Given the runner's variable MUSTER_PROBE is "run fixture fails"
      And the runner's folder has "visit.feature":
        """gherkin
        Feature: visit
          Scenario: it
            Given this is visit 1 of the worker
        """
      When the runner is called as "probes run visit.feature"
      Then the runner exits 1 and says "while fixtures of the run were destroyed: "
      And the runner says "the visits end badly"
      When the runner is called as "probes run visit.feature --jobs 0"
      Then the runner exits 1 and says "the visits end badly"

    Scenario Outline: A hook of the scenario: <wish>
      Given the runner's variable MUSTER_PROBE is "<wish>"
      When the runner is called as "probes run good.feature"
      Then the runner exits 1 and says "<words>"
      And the runner's scenarios end:
        | scenario  | ends   | because |
        | it passes | <ends> | <words> |

      Examples:
        | wish              | ends      | words                 |
        | before fails      | failed    | threw 9               |
        | after fails       | failed    | threw 8               |
        | after hangs       | timed-out | timed out after 0.3 s |
        | before-step fails | failed    | threw 10              |

    Scenario Outline: A hook around a step: <tag>
      Given the runner's folder has "hooked.feature":
        """gherkin
        Feature: hooked
          <tag>
          Scenario: it
            Given a step that passes
        """
      When the runner is called as "probes run hooked.feature"
      Then the runner exits 1 and says "hook step_definitions/probes/run_probes.cpp:"
      And the runner's scenarios end:
        | scenario | ends   | because   |
        | it       | <ends> | <because> |

      Examples:
        | tag                | ends      | because               |
        | @before-step-fails | failed    | Odd                   |
        | @after-step-fails  | failed    | Odd                   |
        | @before-step-hangs | timed-out | timed out after 0.2 s |
        | @after-step-hangs  | timed-out | timed out after 0.2 s |
