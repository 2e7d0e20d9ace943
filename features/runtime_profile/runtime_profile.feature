Feature: Runtime profile
  Is the project ready to be deployed? Nothing of it is started: modules are imported one by one, scripts are judged as the kernel and
  the deployment will see them, the configuration is resolved, the migrations are parsed. Zero subjects are a failure.

  The project is that of the nearest muster.toml, or `--project DIR`; its section [profile] says how it is deployed.

  @tier-0
  Scenario: Core package is importable
    When I import "atelier"
    Then no ImportError is raised
    And atelier.__version__ is defined

  @tier-0
  Scenario: All entry points are importable
    When I import "atelier.server"
    And I import "atelier.gateway"
    And I import "atelier.config"
    And I import "atelier.db.bootstrap"
    Then no ImportError is raised

  @tier-0
  Scenario: Proto stubs are generated and importable
    Given the file "proto/commission.proto" exists
    And the file "atelier/proto/commission_pb2.py" exists
    When I import "atelier.proto.commission_pb2"
    Then no ImportError is raised

  @tier-0
  Scenario: Required scripts exist and are executable
    Then the file "scripts/start.sh" exists
    And the file "scripts/start.sh" is executable
    And the file "scripts/backup.sh" exists
    And the file "scripts/backup.sh" is executable
    And the file "scripts/generate_stubs.sh" exists
    And the file "scripts/generate_stubs.sh" is executable
    And the file "scripts/wait_healthy.py" exists
    And the file "scripts/wait_healthy.py" is executable
    When I compile "scripts/wait_healthy.py" with py_compile
    Then no SyntaxError is raised

  @tier-0
  Scenario: HOCON config resolves without errors
    When I load the config with no overrides
    Then no exception is raised
    And the config has server_port > 0
    And the config has gateway_port > 0

  @tier-0
  Scenario: Database migrations are parseable
    Given migration files exist in "db/migrations"
    When I parse each migration for UP/DOWN blocks
    Then every migration has a valid UP block
