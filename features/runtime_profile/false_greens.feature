@tier-1
Feature: What must not pass
  Each scenario takes a copy of the sample project, does one thing to it that a careless check lets through, and plays the runtime
  profile on the copy from outside. It has to be red, in the right scenario and by the right check.

  Background:
    Given a copy of the project "fixtures/atelier"

  Scenario: The copy itself is green
    When the runtime profile is played on the copy
    Then the copy is green

  Scenario: Zero subjects, a folder without migrations
    Given its "db/migrations" is removed
    And its "db/migrations/.gitkeep" is empty
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                          | check    |
      | Database migrations are parseable | subjects |

  Scenario: A folder that is not there
    Given its "db/migrations" is removed
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                          | check     |
      | Database migrations are parseable | no-folder |

  Scenario: A folder where a script should be, which passes for executable
    Given its "scripts/start.sh" is a folder
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                              | check |
      | Required scripts exist and are executable | file |

  Scenario: An exec bit that stays at home, because git ships another mode
    Given git ships its "scripts/backup.sh" without the exec bit
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                                  | check    |
      | Required scripts exist and are executable | git-mode |

  Scenario: An import of a development tool that happens to be installed
    Given its "atelier/gateway.py" says "import behave\nimport json" instead of "import json"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                        | check    |
      | All entry points are importable | dev-only |

  Scenario: A module that ends the interpreter with success
    Given its "atelier/config.py" ends with:
      """
      os._exit(0)
      """
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                        | check  |
      | All entry points are importable | exited |

  Scenario: A stub that was generated from an older .proto
    Given its "proto/commission.proto" says "uint64 price_cents = 3;\n  uint32 weeks = 5;" instead of "uint64 price_cents = 3;"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                                | check      |
      | Proto stubs are generated and importable | stub-stale |

  Scenario: A misspelt optional variable, which can never fail by itself
    Given its "config/application.conf" says "${?ATELIER_SERVER_PROT}" instead of "${?ATELIER_SERVER_PORT}"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                             | check                       |
      | HOCON config resolves without errors | config-unknown-environment |

  Scenario: A value that only the developer's shell provides
    Given its "config/application.conf" says "key = ${OLDPWD}" instead of "key = ${?ATELIER_SIGNING_KEY}"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                             | check               |
      | HOCON config resolves without errors | config-substitution |

  Scenario: A statement whose terminator is missing before the next one
    Given its "db/migrations/20240318140500_create_commissions.sql" says ")\nCREATE INDEX" instead of ");\nCREATE INDEX"
    And its "db/applied.sha256" is removed
    And its "muster.toml" says "# applied" instead of "applied"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                          | check              |
      | Database migrations are parseable | missing-terminator |

  Scenario: A migration that the application passes over without a word
    Given its "db/migrations/20240902081500_keep_measurements.sql" says "-- migrate up" instead of "-- migrate:up"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                          | check  |
      | Database migrations are parseable | dbmate |

  Scenario: A migration that was edited after it was applied
    Given its "db/migrations/20240311090000_create_patrons.sql" says "VARCHAR(80)" instead of "VARCHAR(120)"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                          | check  |
      | Database migrations are parseable | edited |

  Scenario: An import whose failure no step asks for
    When this feature is played on the copy:
      """
      Feature: swallowed
        Scenario: nobody asks
          When I import "atelier.nowhere"
      """
    Then the copy is red by:
      | scenario    | check  |
      | nobody asks | failed |
    And the copy says "no step asked what became of it"
    And the copy says "atelier.nowhere"

  Scenario Outline: An assertion about <what>, which never happened
    When this feature is played on the copy:
      """
      Feature: empty
        Scenario: nothing was done
          Then <assertion>
      """
    Then the copy is red by:
      | scenario         | check           |
      | nothing was done | asserts-nothing |

    Examples:
      | what          | assertion                              |
      | an import     | no ImportError is raised               |
      | a load        | no exception is raised                 |
      | a compilation | no SyntaxError is raised               |
      | a field       | the config has server_port > 0         |
      | migrations    | every migration has a valid UP block   |

  Scenario: A play in which every scenario stands above the tier
    When this feature is played on the copy:
      """
      @tier-cai
      Feature: above
        Scenario: not today
          When I import "atelier"
          Then no ImportError is raised
      """
    Then the copy exits 1
    And the copy says "nothing ran, this proves nothing"

  Scenario: Commands that are given nothing to check
    Given its "db/migrations" is removed
    And its "db/migrations/README.md" is empty
    When `muster profile migrations db/migrations` runs on the copy
    Then the copy exits 1
    When `muster profile scripts scripts` runs on the copy
    Then the copy exits 1
    And the copy says "a directory"
    When `muster profile config config/none.conf` runs on the copy
    Then the copy exits 1
    And the copy says "none.conf"
