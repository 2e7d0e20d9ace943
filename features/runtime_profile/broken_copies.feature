@tier-1
Feature: Each failure has its name
  A copy of the sample project is broken in one place; the runtime profile fails in the scenarios that it concerns, and says by which check.

  Scenario Outline: <what>
    Given a copy of the project "fixtures/atelier"
    And its "<file>" says '<new>' instead of '<old>'
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario   | check   |
      | <scenario> | <check> |

    Examples: Imports
      | what                             | file                    | old                           | new                                   | scenario                        | check              |
      | a module that is not there       | atelier/gateway.py      | import http.client            | import httpx                          | All entry points are importable | dependency-missing |
      | a name that is not in its module | atelier/gateway.py      | import json_format            | import jason_format                   | All entry points are importable | name-missing       |
      | modules that need each other     | atelier/config.py       | from atelier import hocon     | from atelier.gateway import Handler   | All entry points are importable | circular           |
      | code that raises                 | atelier/db/bootstrap.py | import re\\n                  | import re\\nre.compile("(")\\n        | All entry points are importable | exception          |
      | code that dies                   | atelier/config.py       | import os                     | import os; os.kill(os.getpid(), 11)   | All entry points are importable | signalled          |
      | code that ends the interpreter   | atelier/config.py       | import os                     | import os; raise SystemExit(0)        | All entry points are importable | exited             |
      | a version that is None           | atelier/__init__.py     | "1.4.0"                       | None                                  | Core package is importable      | attribute-empty    |

    Examples: Scripts
      | what                            | file                     | old                     | new                    | scenario                                  | check       |
      | lines that end with CRLF        | scripts/start.sh         | \\n                     | \\r\\n                 | Required scripts exist and are executable | shebang     |
      | no first line                   | scripts/start.sh         | #!/usr/bin/env bash\\n  | set -u\\n              | Required scripts exist and are executable | shebang     |
      | a byte order mark               | scripts/start.sh         | #!/usr/bin/env          | \\u{feff}#!/usr/bin/env | Required scripts exist and are executable | shebang     |
      | an interpreter that is not there | scripts/backup.sh       | #!/bin/sh               | #!/opt/none/sh         | Required scripts exist and are executable | interpreter |
      | a program that env will not find | scripts/wait_healthy.py | env python3             | env python3.99         | Required scripts exist and are executable | env         |
      | a syntax error of a shell       | scripts/start.sh         | wait -n                 | if wait -n             | Required scripts exist and are executable | syntax      |
      | a syntax error of Python        | scripts/wait_healthy.py  | def healthy(url):       | def healthy(url)       | Required scripts exist and are executable | syntax      |

    Examples: Configuration
      | what                               | file                    | old                    | new                       | scenario                             | check               |
      | a bracket that is not closed       | config/reference.conf   | [EUR]                  | [EUR                      | HOCON config resolves without errors | config-syntax       |
      | a required file that is not there  | config/application.conf | "reference"            | "referense"               | HOCON config resolves without errors | config-include      |
      | a reference to nothing             | config/reference.conf   | ${server.host}\\n      | ${server.hots}\\n         | HOCON config resolves without errors | config-substitution |
      | references in a circle             | config/reference.conf   | host = "127.0.0.1"     | host = ${gateway.host}    | HOCON config resolves without errors | config-cycle        |
      | an include from a place on the net | config/application.conf | include "logging"      | include url("http://a/b") | HOCON config resolves without errors | config-unsupported  |
      | a field under another name         | config/reference.conf   | port = 7411            | prot = 7411               | HOCON config resolves without errors | config-field        |
      | a field that is no number          | config/reference.conf   | port = 7411            | port = "7411/tcp"         | HOCON config resolves without errors | config-number       |
      | a field that is too low            | config/reference.conf   | port = 7411            | port = 0                  | HOCON config resolves without errors | config-value        |

    Examples: Migrations
      | what                              | file                                                | old                   | new                                        | scenario                          | check           |
      | no DOWN block                     | db/migrations/20240902081500_keep_measurements.sql  | -- migrate:down\\n    | -- down\\n                                 | Database migrations are parseable | dbmate          |
      | an UP block without a statement   | db/migrations/20240902081500_keep_measurements.sql  | -- migrate:up\\n      | -- migrate:up\\n-- migrate:down\\n-- migrate:up\\n | Database migrations are parseable | empty-up |
      | a word that is no SQL             | db/migrations/20240902081500_keep_measurements.sql  | CREATE TABLE          | CREAT TABLE                                | Database migrations are parseable | syntax          |
      | a block without its last ;        | db/migrations/20240902081500_keep_measurements.sql  | measurements;         | measurements                               | Database migrations are parseable | unterminated-block |
      | a table that is not there         | db/migrations/20240902081500_keep_measurements.sql  | DROP TABLE measurements | DROP TABLE measurement                   | Database migrations are parseable | round-trip      |

  Scenario: A package without a version
    Given a copy of the project "fixtures/atelier"
    And its "atelier/__init__.py" says "version" instead of "__version__"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                        | check             |
      | Core package is importable      | attribute-missing |
      | All entry points are importable | exception         |

  Scenario: Generated code that is not there
    Given a copy of the project "fixtures/atelier"
    And its "atelier/proto/commission_pb2.py" is removed
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                                 | check        |
      | All entry points are importable          | stub-missing |
      | Proto stubs are generated and importable | file         |

  Scenario: A package that lost its __init__.py
    Given a copy of the project "fixtures/atelier"
    And its "atelier/db/__init__.py" is removed
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                        | check        |
      | All entry points are importable | missing-init |

  Scenario: A script that is not there
    Given a copy of the project "fixtures/atelier"
    And its "scripts/backup.sh" is removed
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                                  | check |
      | Required scripts exist and are executable | file  |

  Scenario: A script that git does not track
    Given a copy of the project "fixtures/atelier"
    And git forgets its "scripts/backup.sh"
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                                  | check   |
      | Required scripts exist and are executable | tracked |

  Scenario: A script that nobody may execute here
    Given a copy of the project "fixtures/atelier"
    And its "scripts/backup.sh" is not executable
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                                  | check      |
      | Required scripts exist and are executable | executable |

  Scenario: Two migrations of one version
    Given a copy of the project "fixtures/atelier"
    And its "db/migrations/20240902081500_also.sql" is:
      """
      -- migrate:up
      CREATE TABLE also (id INTEGER);
      -- migrate:down
      DROP TABLE also;
      """
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                          | check             |
      | Database migrations are parseable | duplicate-version |

  Scenario: A configuration that is not there
    Given a copy of the project "fixtures/atelier"
    And its "config/application.conf" is removed
    When the runtime profile is played on the copy
    Then the copy is red by:
      | scenario                             | check       |
      | HOCON config resolves without errors | config-read |

  Scenario: A muster.toml with a mistake
    Given a copy of the project "fixtures/atelier"
    And its "muster.toml" says "fiel =" instead of "file ="
    When `muster profile imports atelier` runs on the copy
    Then the copy exits 1
    And the copy says "muster.toml:7:"
    And the copy says "did you mean"
