Feature: Settings are changed where muster may write, and nowhere else
  `muster env config` writes between two marks at the end of muster.toml. The rest of the file is kept byte for byte.

  Scenario: A setting is written and taken away again
    Given a workplace with this muster.toml:
      """
      # mine
      [run]   # odd   spacing
      paths = [ "features" ]
      """
    And the workplace has the file "before.toml":
      """
      # mine
      [run]   # odd   spacing
      paths = [ "features" ]
      """
    When the workplace runs "muster env config env.mode=trees debug.auto_pack=anomaly"
    Then the workplace's command exits with 0
    And the workplace's file "muster.toml" is:
      """
      # mine
      [run]   # odd   spacing
      paths = [ "features" ]
      # >>> muster: written by `muster env config`, which writes these lines anew >>>
      [debug]
      auto_pack = "anomaly"
      [env]
      mode = "trees"
      # <<< muster <<<
      """
    When the workplace runs "muster env config --unset env.mode --unset debug.auto_pack"
    Then the workplace's command exits with 0
    And the workplace's files "muster.toml" and "before.toml" are the same

  Scenario: A file without an end of its last line gets it back
    Given a workplace with this muster.toml:
      """
      # mine
      """
    And the workplace's file "muster.toml" does not end its last line
    And the workplace has the file "before.toml":
      """
      # mine
      """
    And the workplace's file "before.toml" does not end its last line
    When the workplace runs "muster env config env.slot=20"
    Then the workplace's file "muster.toml" begins with the file "before.toml"
    When the workplace runs "muster env config --unset env.slot"
    Then the workplace's files "muster.toml" and "before.toml" are the same

  Scenario: What is written by hand is not touched
    Given a workplace with this muster.toml:
      """
      [env]
      mode = "main"
      """
    When the workplace runs "muster env config env.mode=trees"
    Then the workplace's command exits with 1
    And the workplace is told "changed by hand"
    And the workplace's file "muster.toml" is:
      """
      [env]
      mode = "main"
      """

  Scenario: What is no key or no value is refused, with the nearest
    Given a workplace
    When the workplace runs "muster env config env.mod=trees"
    Then the workplace's command exits with 1
    And the workplace is told "did you mean env.mode?"
    When the workplace runs "muster env config env.mode=forest"
    Then the workplace's command exits with 1
    And the workplace has no file "muster.toml"

  Scenario: The environment is stronger, and show-config names each origin
    Given a workplace
    And the workplace's variable MUSTER_DEFAULT_MODE is "main"
    When the workplace runs "muster env config env.mode=trees env.slot=20"
    Then the workplace is told "MUSTER_DEFAULT_MODE of the environment overrides env.mode"
    When the workplace runs "muster env show-config"
    Then the workplace is told "MUSTER_DEFAULT_MODE"
    And the workplace is told "muster.toml:4"

  Scenario: An unconfigured folder without a terminal
    Given a workplace
    When the workplace runs "muster env start"
    Then the workplace's command exits with 1
    And the workplace is told "add to muster.toml:"
    And the workplace has no file "muster.toml"

  Scenario: An unconfigured folder on a terminal
    Given a workplace
    When the workplace runs "muster env start" on a terminal:
      | shown                    | typed                          |
      | Name of the service      |                                |
      | Its command              | python3 -m http.server {port}  |
      | Its port                 | 0                              |
      | that it is ready         | tcp                            |
      | Another service?         | n                              |
      | Write this to muster     | y                              |
    Then the workplace's command exits with 0
    And the workplace's file "muster.toml" is:
      """
      # >>> muster: written by `muster env config`, which writes these lines anew >>>
      [[service]]
      name = "web"
      command = "python3 -m http.server {port}"
      port = 0
      ready = ["tcp"]
      # <<< muster <<<
      """
    When the workplace runs "muster env health"
    Then the workplace's command exits with 0

  Scenario: The questions are left
    Given a workplace
    When the workplace runs "muster env config" on a terminal:
      | shown               | typed  |
      | Name of the service | a b    |
      | a name is letters   |        |
      | Its command         | Ctrl-C |
    Then the workplace's command exits with 2
    And the workplace has no file "muster.toml"

  Scenario: The settings of an older tool
    Given a workplace
    And the workplace has the file ".envctl":
      """
      # kept by hand
      ENVCTL_DEFAULT_MODE=trees
      export PORT_SPACING="20"
      BACKEND_PORT_BASE=8000
      ENVCTL_BACKEND_START_CMD='python3 -m http.server {port}'
      UNKNOWN_THING=1
      """
    When the workplace runs "muster env show-config"
    Then the workplace is told ".envctl:2"
    When the workplace runs "muster env config --import"
    Then the workplace's command exits with 0
    And the workplace is told ".envctl:2: ENVCTL_DEFAULT_MODE is env.mode here"
    And the workplace is told "UNKNOWN_THING is not taken over"
    And the workplace's file "muster.toml" is:
      """
      # >>> muster: written by `muster env config`, which writes these lines anew >>>
      [env]
      mode = "trees"
      slot = 20
      [[service]]
      name = "backend"
      command = "python3 -m http.server {port}"
      port = 8000
      ready = ["tcp"]
      # <<< muster <<<
      """
