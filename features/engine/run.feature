Feature: How scenarios are run
  A runner is called from outside; what it did stands in its messages, its words and its exit code.

  Rule: Attempts

    Background:
      Given the runner's folder has "flaky.feature":
        """gherkin
        Feature: flaky
          @may-retry
          Scenario: passes at last
            Given a step that passes from attempt 3 on
          Scenario: passes at once
            Given a step that passes from attempt 1 on
          Scenario: never passes
            When a step throws 42
        """

    Scenario: Without retries what fails once has failed
      When the runner is called as "probes run flaky.feature"
      Then the runner exits 1 and says "3 scenarios (2 failed, 1 passed)"

    Scenario Outline: Flaky is a result of its own, with <jobs>
      When the runner is called as "probes run flaky.feature --retry 2 --jobs <jobs>"
      Then the runner exits 1 and says "3 scenarios (1 failed, 1 flaky, 1 passed)"
      And the runner says "flaky.feature:3 Scenario: passes at last # flaky"
      And the runner's scenarios end:
        | scenario       | ends   | attempts |
        | passes at last | flaky  | 3        |
        | passes at once | passed | 1        |
        | never passes   | failed | 3        |

      Examples:
        | jobs |
        | 0    |
        | 1    |
        | 2    |

    Scenario: A run in which something was flaky and nothing failed is green, and says so
      When the runner is called as "probes run flaky.feature:3 --retry 2 --format junit:j.xml"
      Then the runner exits 0 and says "1 scenario (1 flaky)"
      And the runner's folder has a "j.xml" with "<flakyFailure"

    Scenario: Only what its tags allow is tried again
      When the runner is called as "probes run flaky.feature --retry 2 --retry-tags @may-retry"
      Then the runner's scenarios end:
        | scenario       | ends   | attempts |
        | passes at last | flaky  | 3        |
        | passes at once | passed | 1        |
        | never passes   | failed | 1        |

    Scenario: A crash and a hang are tried again as well
      Given the runner's folder has "crash.feature":
        """gherkin
        Feature: crash
          Scenario: dies
            When a step aborts
          Scenario: hangs
            When a step hangs within 200 ms
        """
      When the runner is called as "probes run crash.feature --retry 1"
      Then the runner exits 1 and says "2 scenarios (2 failed)"
      And the runner's scenarios end:
        | scenario | ends      | attempts |
        | dies     | failed    | 2        |
        | hangs    | timed-out | 2        |

  Rule: Steps and their keywords

    Background:
      Given the runner's folder has "bound.feature":
        """gherkin
        Feature: bound
          Scenario: two definitions of one text
            Given a step of two keywords
            And a step of two keywords
            When a step of two keywords
          Scenario: another keyword
            Given a step of Then
        """

    Scenario: By default a keyword chooses nothing
      When the runner is called as "probes run bound.feature"
      Then the runner exits 1 and says "2 scenarios (1 ambiguous, 1 passed)"

    Scenario: Bound to their keywords
      When the runner is called as "probes run bound.feature --keyword-bound"
      Then the runner exits 1 and says "2 scenarios (1 undefined, 1 passed)"
      And the runner's scenarios end:
        | scenario                    | ends      |
        | two definitions of one text | passed    |
        | another keyword             | undefined |
      When the runner is called as "probes check bound.feature --keyword-bound"
      Then the runner exits 1 and says "2 scenarios, 4 steps: 1 undefined, 0 ambiguous"

  Rule: What lives as long as a worker

    Scenario: One fixture of the run for each worker
      Given the runner's folder has "visits.feature":
        """gherkin
        Feature: visits
          Scenario: first
            Then this is visit 1 of the worker
            And this is visit 2 of the worker
          Scenario: second
            Then this is visit 3 of the worker
          Scenario: crashes
            When a step aborts
          Scenario: after the crash
            Then this is visit 1 of the worker
        """
      When the runner is called as "probes run visits.feature --jobs 1"
      Then the runner exits 1 and says "4 scenarios (1 failed, 3 passed)"

  Rule: What bodies print

    Scenario Outline: A great deal from two at once, with <jobs> workers
      Given the runner's folder has "print.feature":
        """gherkin
        Feature: print
          Scenario: one
            When a step prints 40 MiB of 'apples'
          Scenario: two
            When a step prints 40 MiB of 'pears'
        """
      When the runner is called as "probes run print.feature --jobs <jobs> --format summary"
      Then the runner exits 0 and says "2 scenarios (2 passed)"
      And of each scenario the runner kept what it printed alone:
        | scenario | printed |
        | one      | apples  |
        | two      | pears   |

      Examples:
        | jobs |
        | 1    |
        | 2    |

  Rule: Locks and what runs alone

    Scenario Outline: Two that must not meet: <tag>
      Given the runner's folder has "meet.feature":
        """gherkin
        Feature: meet
          <tag>
          Scenario: one
            Then nobody else comes to 'here' within 300 ms
          <tag>
          Scenario: two
            Then nobody else comes to 'here' within 300 ms
        """
      When the runner is called as "probes run meet.feature --jobs 2"
      Then the runner exits <code> and says "<words>"

      Examples:
        | tag          | code | words                   |
        | @lock(place) | 0    | 2 scenarios (2 passed)  |
        | @serial      | 0    | 2 scenarios (2 passed)  |
        | @free        | 1    | somebody else is at here |

  Rule: Times

    Background:
      Given the runner's folder has "slow.feature":
        """gherkin
        Feature: slow
          Scenario: hangs
            When a step hangs
            Then a step that passes
          Scenario: passes
            Given a step that passes
        """

    Scenario Outline: The time of a <what>
      When the runner is called as "probes run slow.feature <option> --jobs 1"
      Then the runner exits 1 and says "<words>"
      And the runner's scenarios end:
        | scenario | ends   | because |
        | hangs    | <ends> | <words> |
        | passes   | <next> |         |

      Examples:
        | what     | option                   | ends      | next    | words                              |
        | step     | --step-timeout 200ms     | timed-out | passed  | timed out after 0.2 s              |
        | scenario | --scenario-timeout 200ms | timed-out | passed  | the scenario timed out after 0.2 s |

    Scenario: The time of the run
      When the runner is called as "probes run slow.feature --run-timeout 300ms --jobs 1"
      Then the runner exits 1 and says "2 scenarios (1 failed, 1 not run)"
      And the runner says "muster: the run timed out after 0.3 s"
      And the runner's scenarios end:
        | scenario | ends   | because                       |
        | hangs    | failed | the run timed out after 0.3 s |

    Scenario: The time of a hook
      Given the runner's folder has "hook.feature":
        """gherkin
        Feature: hook
          @before-hangs
          Scenario: hook
            Given a step that passes
          Scenario: passes
            Given a step that passes
        """
      When the runner is called as "probes run hook.feature"
      Then the runner exits 1 and says "timed out after 0.2 s"
      And the runner's scenarios end:
        | scenario | ends      | because               |
        | hook     | timed-out | timed out after 0.2 s |
        | passes   | passed    |                       |

    Scenario: Reports call it timed out
      When the runner is called as "probes run slow.feature --step-timeout 200ms --format junit:j.xml --format tap:t.tap --format teamcity:t.txt --format github:g.txt"
      Then the runner says "slow.feature:2 Scenario: hangs # timed-out"
      And the runner's folder has a "j.xml" with 'type="timed-out"'
      And the runner's folder has a "t.tap" with 'status: "timed-out"'
      And the runner's folder has a "t.txt" with "message='timed-out: When a step hangs"
      And the runner's folder has a "g.txt" with "::group::timed-out: hangs"

  Rule: Chosen again

    Background:
      Given the runner's folder has "mixed.feature":
        """gherkin
        Feature: mixed
          Scenario: good
            Given a step that passes
          Scenario: bad
            When a step throws 42
          Scenario: also bad
            When a step is pending
        """

    Scenario: The rerun file is what to run again
      When the runner is called as "probes run mixed.feature --format rerun:again.txt"
      Then the runner's folder has a "again.txt" with "mixed.feature:4:6"
      When the runner is called as "probes run @again.txt"
      Then the runner's scenarios end:
        | scenario | ends    |
        | bad      | failed  |
        | also bad | pending |

    Scenario: A rerun file with a blank in a path
      Given the runner's folder has "a folder/mixed.feature":
        """gherkin
        Feature: mixed
          Scenario: bad
            When a step throws 42
        """
      When the runner is called as "probes run . --format rerun:again.txt"
      And the runner is called as "probes run @again.txt"
      Then the runner's scenarios end:
        | scenario | ends    |
        | bad      | failed  |
        | bad      | failed  |
        | also bad | pending |

    Scenario: The last run of this project, until nothing is red in it
      When the runner is called as "probes run mixed.feature"
      And the runner is called as "probes run --last-failed"
      Then the runner exits 1 and says "2 scenarios (1 failed, 1 pending)"
      When the runner is called as "probes run mixed.feature:2"
      And the runner is called as "probes run --last-failed"
      Then the runner exits 1 and says "error: "
      And the runner has run no scenario

  Rule: Inside other test runners

    Background:
      Given the runner's folder has "three.feature":
        """gherkin
        Feature: three
          Scenario: one
            Given a step that passes
          Scenario: two
            Given a step that passes
          Scenario: three
            Given a step writes its temporary folder
        """

    Scenario Outline: The shard of <prefix>
      Given the runner's variable <prefix>_SHARD_INDEX is "1"
      And the runner's variable <prefix>_TOTAL_SHARDS is "2"
      And the runner's variable TEST_SHARD_STATUS_FILE is "FOLDER/status"
      When the runner is called as "probes run three.feature"
      Then the runner exits 0 and says "1 scenario (1 passed)"
      And the runner's folder has a "status"
      And the runner's scenarios end:
        | scenario | ends   |
        | two      | passed |

      Examples:
        | prefix |
        | GTEST  |
        | TEST   |

    Scenario: A shard with nothing to do is no failure of the whole
      Given the runner's variable GTEST_SHARD_INDEX is "6"
      And the runner's variable GTEST_TOTAL_SHARDS is "7"
      When the runner is called as "probes run three.feature"
      Then the runner exits 0 and says "shard 7/7 has no scenario"

    Scenario Outline: A shard that makes no sense: <index> of <total>
      Given the runner's variable GTEST_SHARD_INDEX is "<index>"
      And the runner's variable <other> is "<total>"
      When the runner is called as "probes run three.feature"
      Then the runner exits 1 and says "GTEST_SHARD_INDEX"
      And the runner has run no scenario

      Examples:
        | index | other              | total |
        | 1     | HOME               | /tmp  |
        | 2     | GTEST_TOTAL_SHARDS | 2     |
        | one   | GTEST_TOTAL_SHARDS | 2     |

    Scenario: What Bazel gives to a test
      Given the runner's folder has "tmp/README":
        """
        for temporary files
        """
      And the runner's variable XML_OUTPUT_FILE is "FOLDER/test.xml"
      And the runner's variable TEST_PREMATURE_EXIT_FILE is "FOLDER/premature"
      And the runner's variable TEST_TMPDIR is "FOLDER/tmp"
      And the runner's variable TESTBRIDGE_TEST_ONLY is "three"
      When the runner is called as "probes run three.feature"
      Then the runner exits 0 and says "1 scenario (1 passed)"
      And the runner says "temporary folder FOLDER/tmp"
      And the runner's folder has a "test.xml" with '<testcase name="three"'
      And the runner's folder has no "premature"

    Scenario: A test that ends too early
      Given the runner's variable TEST_PREMATURE_EXIT_FILE is "FOLDER/premature"
      And the runner's folder has "exit.feature":
        """gherkin
        Feature: exit
          Scenario: it
            When a step calls _exit with 0
        """
      When the runner is called as "probes run exit.feature --jobs 0"
      Then the runner's folder has a "premature" with "muster"

    Scenario: Fail fast, as Bazel asks for it
      Given the runner's variable TESTBRIDGE_TEST_RUNNER_FAIL_FAST is "1"
      And the runner's folder has "exit.feature":
        """gherkin
        Feature: exit
          Scenario: first
            When a step throws 42
          Scenario: second
            Given a step that passes
        """
      When the runner is called as "probes run exit.feature --jobs 1"
      Then the runner's scenarios end:
        | scenario | ends    |
        | first    | failed  |
        | second   | skipped |

  Rule: Configured

    Background:
      Given the runner's folder has "two.feature":
        """gherkin
        Feature: two
          @quick
          Scenario: quick
            Given a step that passes
          Scenario: slow
            Given a step that passes
        """
      And the runner's folder has "muster.toml":
        """toml
        [run]
        paths = ["two.feature"]
        order = "reverse"

        [profiles.ci.run]
        tags = "@quick"
        retry = 1
        """

    Scenario: The file
      When the runner is called as "probes run"
      Then the runner exits 0 and says "2 scenarios (2 passed)"
      And the runner's scenarios end:
        | scenario | ends   |
        | slow     | passed |
        | quick    | passed |

    Scenario: A profile over the file
      When the runner is called as "probes run --profile ci"
      Then the runner exits 0 and says "1 scenario (1 passed)"
      When the runner is called as "probes show-config --profile ci"
      Then the runner exits 0 and says "(profile ci)"
      And the runner says "@quick"

    Scenario: A profile that is misspelt
      When the runner is called as "probes run --profile cj"
      Then the runner exits 1 and says "did you mean ci?"

    Scenario: A key that is misspelt
      Given the runner's folder has "muster.toml":
        """toml
        [run]
        oder = "reverse"
        """
      When the runner is called as "probes run two.feature"
      Then the runner exits 1 and says "muster.toml:2:1: error: "
      And the runner says "did you mean"

  Rule: Did you mean

    Scenario Outline: <what>
      Given the runner's folder has "a.feature":
        """gherkin
        @smoke
        Feature: a
          Scenario: it
            Given a step that pases
        """
      When the runner is called as "<call>"
      Then the runner exits 1 and says '<words>'

      Examples:
        | what      | call                                 | words                          |
        | a command | probes rnu a.feature                 | did you mean                   |
        | an option | probes run a.feature --tgas @smoke   | did you mean --tags?           |
        | a path    | probes run b.feature                 | did you mean a.feature?        |
        | a tag     | probes run a.feature --tags @smok    | did you mean @smoke?           |
        | a step    | probes check a.feature               | did you mean STEP("a step that passes")? |
        | a step    | probes match 'a step that pases'     | did you mean STEP("a step that passes")? |
        | a format  | probes run a.feature --format junti  | hint: did you mean             |
        | a shell   | probes completion bsh                | bash                           |

  Rule: Whose steps are asked

    Scenario Outline: The definitions of <whose>
      When the runner is called as "muster match --steps <file> 'this is visit 3 of the worker'"
      Then the runner exits 0 and says 'STEP("this is visit {int} of the worker")'
      And the runner says "{int} at column 15: 3"
      When the runner is called as "muster match --json --steps <file> 'this is visit 3 of the worker'"
      Then the runner exits 0 and says "run_probes.cpp"
      When the runner is called as "muster match --steps <file> 'nobody defined it'"
      Then the runner exits 1 and says "no definition fits"

      Examples:
        | whose            | file                                  |
        | a runner         | PROGRAMS/muster_probes                |
        | a shared library | PROGRAMS/../lib/libmuster_probe_steps.so |

    Scenario Outline: What is neither a runner nor a library: <file>
      Given the runner's folder has "text":
        """
        no program
        """
      When the runner is called as "muster match --steps <file> 'a text'"
      Then the runner exits 1 and says "error: <words>"

      Examples:
        | file          | words                                |
        | FOLDER/none   | cannot be run: No such file          |
        | FOLDER/text   | cannot be run: Permission denied     |
        | /usr/lib/x86_64-linux-gnu/libz.so.1 | is not linked with muster's engine |
