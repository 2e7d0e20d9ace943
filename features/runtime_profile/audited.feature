Feature: What the project ships beside
  Written by `muster profile audit --write`: what could break a deployment and was named by no other scenario.
  It is yours to edit; what is missing is added at the end.

  @tier-0
  Scenario: Every entry point can be called: atelier-gateway = atelier.gateway:main and 2 more
    Then every entry point can be called

  @tier-0
  Scenario: The configuration is complete: catalogue.currencies and 13 more
    When I load the config with no overrides
    Then no exception is raised
    And the config sets "catalogue.currencies"
    And the config sets "catalogue.file"
    And the config sets "database.busy_timeout"
    And the config sets "database.migrations"
    And the config sets "database.path"
    And the config sets "gateway.host"
    And the config sets "gateway.upstream"
    And the config sets "gateway.upstream_timeout"
    And the config sets "log.fields"
    And the config sets "log.level"
    And the config sets "server.host"
    And the config sets "server.max_body"
    And the config sets "server.request_timeout"
    And the config sets "signing.required"
