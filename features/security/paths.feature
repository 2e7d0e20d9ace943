@security
Feature: Names that would be paths
  Slugs, run ids, names of scenarios and of attachments come from outside. None becomes a path that leads out of its folder, and nothing
  that stands in the way of a run is followed, opened or overwritten.

  Scenario Outline: Slugs that are none: <server>
    Given the servers are running
    Then <server> answers <status> to a request for each of these workspaces:
      | ../escapee          |
      | ../../../../escapee |
      | /tmp/escapee        |
      | ./escapee           |
      | .                   |
      | ..                  |
      | escapee/..          |
      | escapee/a           |
      | escapee\\a          |
      | escapee␀            |
      | escapee␀.json       |
      | escapee␊            |
      | %2e%2e%2fescapee    |
      | ..%00escapee        |
      | escapee.            |
      | -escapee            |
      | escapee-            |
      | Escapee             |
      | éscapee             |
      | escapee⟨U+202E⟩     |
      | ⟨U+2066⟩escapee     |
      | ⟨U+FEFF⟩escapee     |
      | ␛[2Jescapee         |
      | escapee⟨a×293⟩      |
      | escapee⟨a×57⟩       |
      |                     |
    And no file anywhere near has "scapee" in its name
    # the same search finds what is a slug
    Given a solo workspace "escapee" is requested
    Then a file of hearth has "scapee" in its name
    When the workspace "escapee" is torn down
    Then the sink has recorded 1 "hearth.decommissioned"

    Examples:
      | server      | status |
      | hearth      | 400    |
      | the console | 422    |
      | ralph       | 422    |

  Scenario: Targets that lead elsewhere
    Given the servers are running
    Then the console answers each of these targets so, and neutrally:
      | method | target                                        | status |
      | GET    | /api/hearth/workspaces/..                     | 400    |
      | GET    | /api/hearth/workspaces/%2e%2e                 | 400    |
      | DELETE | /api/hearth/workspaces/%2E%2E%2Fescapee       | 400    |
      | GET    | /api/hearth/workspaces/..%5cescapee           | 400    |
      | GET    | /api/hearth/workspaces/escapee%00             | 400    |
      | GET    | /api/hearth/workspaces/escapee%0d%0aX:1       | 400    |
      | GET    | /api/hearth/workspaces/%ffescapee             | 400    |
      | GET    | /api/hearth/workspaces/%252e%252e%252fescapee | 404    |
      | GET    | /api/hearth/workspaces/escapee%E2%80%AE       | 404    |
      | GET    | /api/hearth/workspaces/⟨a×300⟩                | 404    |
      | GET    | /api/hearth/workspaces/⟨a×15000⟩              | 404    |
      | GET    | /⟨%E2%80%AE×1000⟩                             | 404    |
      | GET    | /api/ralph/runs/../../healthz                 | 400    |
      | GET    | /api/ralph/runs/%2e%2e%2fescapee              | 400    |
      | GET    | /api/ralph/runs/escapee%00                    | 400    |
      | GET    | /api/ralph/runs/escapee%E2%80%AE              | 404    |
      | POST   | /api/ralph/runs/⟨a×300⟩/cancel                | 404    |
    And ralph answers each of these targets so, and neutrally:
      | method | target                       | status |
      | GET    | /runs/../stream              | 400    |
      | GET    | /runs/%2e%2e/stream          | 400    |
      | GET    | /runs/..%2fescapee/stream    | 400    |
      | GET    | /runs/escapee%00/stream      | 400    |
      | GET    | /runs/escapee%E2%80%AE/stream | 404    |
      | GET    | /runs/⟨a×300⟩/stream         | 404    |
      | POST   | /runs/⟨a×15000⟩/cancel       | 404    |
      | GET    | /escapee⟨%E2%80%AE×1000⟩     | 404    |
    And hearth answers each of these targets so, and neutrally:
      | method | target                     | status |
      | POST   | /v1/../v1/provision        | 400    |
      | POST   | /v1/%2e%2e/provision       | 400    |
      | POST   | /v1/provision%00           | 400    |
      | POST   | /v1/escapee%E2%80%AE       | 404    |
      | GET    | /⟨a×15000⟩                 | 404    |
    And the sink's door answers each of these targets so, and neutrally:
      | method | target               | status |
      | POST   | /ingest/../escapee   | 400    |
      | POST   | /ingest%00           | 400    |
      | POST   | /escapee%E2%80%AE    | 404    |
    And no file anywhere near has "scapee" in its name

  Scenario Outline: A worker that gives out a run id which is none: <id>
    Given ralph gives out the run id "<id>"
    And hearth, the console and ralph are running
    And a solo workspace "test" is requested
    When a run that is refused with 502 is submitted for workspace "test"
    Then the sink has recorded 1 "ralph.run.rejected"
    And the sink has recorded 0 "ralph.run.started"
    When the workspace "test" is torn down
    Then the sink has recorded 1 "hearth.decommissioned"

    Examples:
      | id              |
      | ../../escapee   |
      | run/../escapee  |
      | ..              |
      | run␀            |
      | run%2e%2e       |
      | -run            |
      | run⟨U+202E⟩     |
      | run␊data: x     |
      | ⟨a×300⟩         |
      |                 |

  Scenario: Names of features, scenarios, steps and attachments
    Given the runner's folder has "names/escapee ..%2e⟨a⟩.feature" with these bytes:
      """
      Feature: ../../../../escapee
        Scenario: ../../../../escapee
          Given a step attaches "text" as "../../../../escapee.txt"
        Scenario: /tmp/escapee
          Given a step attaches "text" as "/tmp/escapee.txt"
        Scenario: escapee⟨U+202E⟩
          Given a step attaches "text" as "escapee⟨U+202E⟩txt"
        Scenario: escapee%00%2e%2e%2f..\escapee
          Given a step attaches "text" as "%2e%2e/escapee"
        Scenario: escapee␀␛[2J
          Given a step attaches "text" as "escapee␀.txt"
        Scenario: escapee⟨a×300⟩
          Given a step attaches "text" as "escapee⟨a×300⟩"
        Scenario: .
          Given a step attaches "text" as ".."
      """
    And the runner's variable MUSTER_RUNTIME_DIR is "FOLDER/state"
    When the runner is called as "probes run names --format html:r.html --format junit:r.xml --format json:r.json --format pretty:r.txt --format usage:r.usage"
    Then the runner exits 0 and says "7 scenarios (7 passed)"
    And the runner's folder holds, beside "state", only:
      | names                             |
      | names/escapee ..%2e⟨a⟩.feature    |
      | r.html                            |
      | r.json                            |
      | r.txt                             |
      | r.usage                           |
      | r.xml                             |
      | run.ndjson                        |
    And the runner's "state" has 9 files at least, named plainly and without "scapee"

  Rule: What stands in the way of a run

    Background:
      Given the runner's folder has "good.feature":
        """gherkin
        Feature: good
          Scenario: it passes
            Given a step that passes
        """
      And the runner's folder has ".git/HEAD":
        """
        ref: refs/heads/main
        """
      And the runner's folder has "elsewhere/kept":
        """
        kept
        """
      And the runner's folder has "muster.toml":
        """
        [[service]]
        name = "sleeper"
        command = ["sleep", "20"]
        """
      And the runner's variable MUSTER_RUNTIME_DIR is "FOLDER/state"

    Scenario: Nothing
      When the runner is called as "probes run good.feature"
      Then the runner exits 0 and says "1 scenario (1 passed)"

    Scenario Outline: A run that is none: <id>
      When the runner is called as "probes run good.feature"
      And the runner is called as "muster replay <id>"
      Then the runner exits 1 and says "<words>"

      Examples:
        | id                   | words                     |
        | ..                   | is no run                 |
        | %2e%2e               | is no run                 |
        | 20260102T030405Z-0*  | is no run                 |
        | latest/../../kept    | there is no run directory |
        | ../../elsewhere/kept | there is no run directory |
        | FOLDER/elsewhere     | is no run directory       |

    Scenario Outline: A link at <path> is not followed
      Given in the runner's folder "<path>" is a link to "FOLDER/elsewhere"
      When the runner is called as "<call>"
      Then the runner exits <code> and says "symbolic links are not followed"
      And the runner's folder "elsewhere" holds "kept" alone

      Examples:
        | path             | call                     | code |
        | state            | probes run good.feature  | 1    |
        | state/SCOPE      | probes run good.feature  | 1    |
        | state/SCOPE/runs | probes run good.feature  | 1    |
        | state            | muster env start         | 1    |
        | state/SCOPE      | muster env start         | 1    |
        | state/SCOPE/runs | muster env start         | 1    |

    Scenario Outline: A FIFO at <path> holds nobody up
      Given in the runner's folder "<path>" is a FIFO
      When the runner is called as "<call>"
      Then the runner exits <code> and says "<words>"
      And the runner's folder "elsewhere" holds "kept" alone

      Examples:
        | path             | call                    | code | words           |
        | state            | probes run good.feature | 1    | ot a directory  |
        | state/SCOPE      | probes run good.feature | 1    | ot a directory  |
        | state/SCOPE/runs | probes run good.feature | 1    | ot a directory  |
        | state/SCOPE      | muster env start        | 1    | ot a directory  |

    Scenario Outline: A document of the environment that is <what> is replaced and neither followed nor opened
      Given in the runner's folder "state/SCOPE/run_state.json" is <what>
      When the runner is called as "muster env start"
      Then the runner exits 0
      When the runner is called as "muster env stop"
      Then the runner exits 0
      And the runner's folder has a "state/SCOPE/run_state.json" with "sleeper"
      And the runner's folder "elsewhere" holds "kept" alone
      And the runner's folder has a "elsewhere/kept" with "kept"

      Examples:
        | what                              |
        | a FIFO                            |
        | a link to "FOLDER/elsewhere/kept" |
        | a link to "FOLDER/elsewhere/none" |

    Scenario Outline: <what> at <path> is not used
      Given in the runner's folder "<path>" is <what>
      When the runner is called as "<call>"
      Then the runner exits <code> and says "<words>"

      Examples:
        | what                           | path             | call                    | code | words               |
        | a folder of another user       | state            | probes run good.feature | 1    | belongs to user     |
        | a folder of another user       | state/SCOPE      | probes run good.feature | 1    | belongs to user     |
        | a folder of another user       | state/SCOPE/runs | probes run good.feature | 1    | belongs to user     |
        | a folder of another user       | state            | muster env start        | 1    | belongs to user     |
        | a folder of another user       | state/SCOPE      | muster env start        | 1    | belongs to user     |
        | a folder that everybody may write | state         | probes run good.feature | 1    | writable by others  |
        | a folder that everybody may write | state/SCOPE   | probes run good.feature | 1    | writable by others  |
        | a folder that everybody may write | state/SCOPE   | muster env start        | 1    | writable by others  |
