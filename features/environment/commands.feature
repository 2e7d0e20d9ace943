Feature: Commands are told apart, refused and explained
  Exit codes are 0, 1 and 2; the class of a failure is in the last line.

  Scenario Outline: <alias> is <command>
    Given a workplace
    When the workplace runs "muster env <alias> --help"
    Then the workplace's command exits with 0
    And the workplace is told "muster env <command>"

    Examples:
      | alias    | command   |
      | r        | restart   |
      | s        | stop      |
      | kill     | stop      |
      | kill-all | stop-all  |
      | h        | health    |
      | e        | errors    |
      | l        | logs      |
      | t        | test      |
      | m        | migrate   |
      | d        | doctor    |
      | dash     | dashboard |

  Scenario Outline: "<line>" is refused
    Given a workplace with this muster.toml:
      """
      [action.review]
      command = "true"
      """
    When the workplace runs "muster env <line>"
    Then the workplace's command exits with 1
    And the workplace is told "<hint>"
    And the last line that the workplace is told is "muster env: usage (exit 1)"

    Examples:
      | line              | hint                           |
      | helth             | did you mean muster env health |
      | health --jsn      | did you mean --json            |
      | start --mode tree | --mode                         |
      | logs --lines -3   | lines                          |

  Scenario Outline: <command> works where nothing is configured
    Given a workplace
    When the workplace runs "muster env <command> --json"
    Then the workplace's command exits with 0
    When the workplace runs "muster env <command>"
    Then the workplace's command exits with 0
    And the workplace has no file "state"

    Examples:
      | command         |
      | list-commands   |
      | list-targets    |
      | show-config     |
      | show-state      |
      | explain-startup |

  Scenario Outline: <command> says what it lacks
    Given a workplace
    When the workplace runs "muster env <command>"
    Then the workplace's command exits with 1
    And the workplace is told "<words>"
    And the last line that the workplace is told is "muster env <command>: <class> (exit 1)"

    Examples:
      | command | class          | words               |
      | health  | no_environment | muster env start    |
      | stop    | no_environment | muster env start    |
      | logs    | no_environment | muster env start    |
      | test    | not_configured | action.test.command |
      | migrate | not_configured | action.migrate      |

  Scenario: Clean-up is no failure where there is nothing
    Given a workplace
    When the workplace runs "muster env stop-all"
    Then the workplace's command exits with 0
    When the workplace runs "muster env blast-all"
    Then the workplace's command exits with 0

  Scenario: Several could be meant
    Given a workplace with this muster.toml:
      """
      service = [{ name = "one", command = "echo first; exec sleep 1000", ready = ["log:first"] }, { name = "two", command = "echo second; exec sleep 1000", ready = ["log:second"] }]
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env logs"
    Then the workplace's command exits with 1
    And the workplace is told "Main One, Main Two"
    And the workplace is told "--all"
    And the last line that the workplace is told is "muster env logs: selection_required (exit 1)"
    When the workplace runs "muster env logs thre"
    Then the workplace's command exits with 1
    When the workplace runs "muster env logs tow"
    Then the workplace is told "did you mean two?"
    When the workplace runs "muster env logs --all"
    Then the workplace's command exits with 0
    And the workplace is told "Main One | first"
    When the workplace runs "muster env clear-logs one"
    And the workplace runs "muster env logs one --json"
    Then the workplace's answer has:
      | /logs/0/service | Main One |
      | /logs/0/lines   | []       |

  Scenario: A selector asks on a terminal
    Given a workplace with this muster.toml:
      """
      service = [{ name = "one", command = "echo first; exec sleep 1000", ready = ["log:first"] }, { name = "two", command = "echo second; exec sleep 1000", ready = ["log:second"] }]
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env logs" on a terminal:
      | shown  | typed |
      | Which? | 2     |
    Then the workplace's command exits with 0
    And the workplace is told "second"
    When the workplace runs "muster env logs --follow --all" on a terminal:
      | shown  | typed  |
      | second | Ctrl-C |
    Then the workplace's command exits with 2

  Scenario: An action finds the environment, and its output is kept with the run
    Given a workplace with this muster.toml:
      """
      [[service]]
      name = "web"
      command = ["python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
      port = 0
      ready = ["tcp"]

      [action.review]
      command = "echo \"reviewing $WEB_URL of $MUSTER_PROJECT with $1\""
      environment = "required"

      [action.test]
      command = ["false"]
      """
    When the workplace runs "muster env review"
    Then the workplace's command exits with 1
    And the workplace is told "no_environment"
    When the workplace runs "muster env start"
    And the workplace runs "muster env review care"
    Then the workplace's command exits with 0
    And the workplace is told "reviewing http://localhost:"
    And the workplace is told "of Main with care"
    When the workplace runs "muster env action review"
    Then the workplace's command exits with 0
    When the workplace runs "muster env action"
    Then the workplace's command exits with 1
    And the workplace is told "one of review, test"
    When the workplace runs "muster env t --json"
    Then the workplace's command exits with 1
    And the workplace's answer has:
      | /results/0/exit | exited 1 |
    And the last line that the workplace is told is "muster env test: action_failed (exit 1)"
    When the workplace runs "muster env reviw"
    Then the workplace's command exits with 1

  Scenario: Every command that prints does so as one document
    Given a workplace with this muster.toml:
      """
      service = [{ name = "one", command = "exec sleep 1000" }]
      """
    Then all commands of the environment answer to --json with one document:
      | command         |
      | start           |
      | health          |
      | errors          |
      | endpoints       |
      | logs            |
      | clear-logs      |
      | show-state      |
      | show-config     |
      | explain-startup |
      | list-commands   |
      | list-targets    |
      | restart         |
      | resume          |
      | stop            |
      | stop-all        |
      | blast-all       |
