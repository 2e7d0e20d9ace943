@runtimes
Feature: Migrations are applied for real
  UP, DOWN and UP again, in a database that is dropped afterwards; what the database refuses is told with its line. muster's own
  migrations are held to it first.

  Scenario: muster's own migrations on SQLite
    When the migrations in "harness/runtimes/migrations/sqlite" are applied to SQLite
    Then the exit code is 0
    And the output has "5 migrations: 0 errors"

  @requires:postgres
  Scenario: muster's own migrations on PostgreSQL
    When the migrations in "harness/runtimes/migrations/postgres" are applied to PostgreSQL
    Then the exit code is 0
    And the output has "postgres: applied UP, DOWN, UP: 5 of 5"

  @requires:postgres
  Scenario: Those of the sample project
    When the migrations in "fixtures/atelier/db/migrations" are applied to PostgreSQL
    Then the exit code is 0
    And the output has "postgres: applied UP, DOWN, UP: "

  @requires:postgres
  Scenario: What only a server can refuse is found with its line, and nothing is left on the server
    Given a PostgreSQL server
    And a migration "20260101000000_a.sql":
      """sql
      -- migrate:up
      CREATE TABLE a (id bigint PRIMARY KEY);
      -- migrate:down
      DROP TABLE a;
      """
    And a migration "20260102000000_b.sql":
      """sql
      -- migrate:up
      CREATE VIEW b AS
        SELECT id,
               nmae
        FROM a;
      -- migrate:down
      DROP VIEW b;
      """
    When its migrations are applied to PostgreSQL
    Then the exit code is 1
    And the output has "20260102000000_b.sql:4: error: PostgreSQL, applied, UP: column \"nmae\" does not exist"
    And PostgreSQL answers "SELECT count(*) FROM pg_database WHERE datname LIKE 'muster_trip%'" with "0"

  Scenario: Without a server the report says that it only parsed
    Given a migration "20260101000000_a.sql":
      """sql
      -- migrate:up
      CREATE TABLE a (id bigint REFERENCES nowhere);
      -- migrate:down
      DROP TABLE a;
      """
    When its migrations are parsed
    Then the exit code is 0
    And the output has "postgres: parsed, not applied: no server was given"
