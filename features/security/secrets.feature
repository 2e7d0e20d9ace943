@security
Feature: The secrets of a play stay where they are
  The key of the bearer and the tokens of the sessions are in files of mode 0600 and in the memory of who needs them. They stand in no
  argument, variable, log, artifact or report, in no encoding, whatever the programs print and however the play ends.

  Scenario: Arguments and variables
    Given hearth, the console and ralph are running
    And a solo workspace "test" is requested
    When a run of 4 prompts starts in workspace "test"
    Then the run ends clean
    And no secret of the play stands in the arguments or variables of any process
    And the same search finds the file of each program's key in its variables
    When the workspace "test" is torn down
    Then the sink has recorded 1 "hearth.decommissioned"

  Rule: What another muster keeps of the play

    Background:
      Given the runner's variable MUSTER_RUNTIME_DIR is "FOLDER/state"
      And the runner's folder has the program "ralph":
        """
        #!/bin/sh
        # says all that it knows, as a careless program would
        cat "$ROCKY_RALPH_KEY_FILE"
        cat "$ROCKY_RALPH_KEY_FILE" >&2
        base64 "$ROCKY_RALPH_KEY_FILE"
        python3 - "$ROCKY_RALPH_KEY_FILE" <<'END'
        import base64, json, sys
        for key in json.load(open(sys.argv[1]))["keys"]:
            secret = base64.b64decode(key["secret"])
            print("hex", secret.hex(), secret.hex().upper())
            print("base64", key["secret"], base64.urlsafe_b64encode(secret).decode())
            print("percent", "".join("%%%02x" % byte for byte in secret))
            print("split", key["secret"][:20] + "\n" + key["secret"][20:])
            print(json.dumps({"headers": {"Authorization": "Bearer " + key["secret"]}}), flush=True)
        END
        exec PROGRAMS/ralph "$@"
        """
      And the runner's variable ROCKY_API_KEY is "canary-Of-The-Rocky-Key-31c4"
      And the runner's variable ROCKY_CONSOLE_PASSWORD is "canary-Of-The-Password-77aa"

    Scenario Outline: <play>
      Given the runner's variable ROCKY_RALPH_BIN is "<program>"
      And the runner's folder has "play.feature":
        """gherkin
        Feature: a play
          Scenario: orchid
            Given <keys>
            And hearth, the console and ralph are running
            And the secrets of this play are told to who has started it
            When a solo workspace "test" is requested
            And a run of 4 prompts starts in workspace "test"
            And the workspace "test" is torn down
            Then the HATCH events for workspace "test" are exactly:
              ```chain
              key /workspace_slug
              hearth.provisioning_started
              hearth.provisioned
              orchid.told                  within 1s
              ```
        """
      When the runner is called as "muster run play.feature --format html:r.html --format junit:r.xml --format json:r.json --format message:m.ndjson --format github"
      Then the runner exits 1 and says "orchid"
      And the runner says "<said>"
      And none of the secrets it told is found in what the runner wrote or said, beside:
        | ralph |
      And the runner wrote or said "canary-Of-The-Rocky-Key-31c4" nowhere
      And the runner wrote or said "canary-Of-The-Password-77aa" nowhere
      And the same search finds "orchid" in what the runner said, in its journal, and in "r.xml"

      Examples:
        | play                         | keys                                      | program        | said            |
        | A play that fails            | hearth runs on the local-process driver   | PROGRAMS/ralph | orchid.told     |
        | A bearer that is refused     | the console and ralph hold different keys | PROGRAMS/ralph | POST /runs  401 |
        | A program that tells its key | hearth runs on the local-process driver   | FOLDER/ralph   | orchid.told     |
