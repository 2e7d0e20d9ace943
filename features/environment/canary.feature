Feature: A secret is in no artifact
  What is secret is hidden where something is written down: in logs, events, states, the record of the debugger and its bundles. It is
  known by the name it was given to (of a variable, a member, a header), and its value is found in any encoding from then on.

  Background:
    Given a workplace with this muster.toml:
      """
      [debug]
      auto_pack = "always"
      printable_input = true

      [[service]]
      name = "teller"
      command = ["python3", "FOLDER/teller.py"]
      ready = ["log:all told"]

      [service.env]
      TELLER_PASSWORD = "canary-Of-The-File-77aa"
      """
    And the workplace has the file "teller.py":
      """
      import base64, json, os, sys, time, urllib.parse
      for name in ("CANARY_TOKEN", "TELLER_PASSWORD"):
          secret = os.environ[name]
          half = len(secret) // 2
          print("plain", secret)
          print("hex", secret.encode().hex(), secret.encode().hex().upper())
          print("base64", base64.b64encode(secret.encode()).decode())
          for around in ("x", "xy", "user:"):
              print("base64", base64.urlsafe_b64encode((around + secret + "|").encode()).decode())
          print("percent", "".join("%%%02x" % ord(c) for c in secret))
          print("escaped", "".join("\\u%04x" % ord(c) for c in secret))
          print("json", json.dumps({"deep": [json.dumps({"said": secret})]}))
          print("split", secret[:half] + "\n" + secret[half:])
          print("hex split", secret.encode().hex()[:11] + "\n" + secret.encode().hex()[11:])
          print("url http://user:%s@host/path" % secret, flush=True)
          # written at different times
          print(secret[:half], flush=True)
          time.sleep(0.05)
          print(secret[half:], file=sys.stdout, flush=True)
          print("error with", secret, file=sys.stderr, flush=True)
      print("all told", flush=True)
      time.sleep(300)
      """
    And the workplace's variable CANARY_TOKEN is "canary-Of-The-Environment-31c4"

  Scenario: Secrets of the environment and of the file, in every form
    When the workplace runs "muster env start"
    Then the workplace's command exits with 0
    When the workplace runs "muster env logs"
    Then the workplace is told "all told"
    When the workplace runs "muster env debug-pack --json"
    Then the workplace's command exits with 0
    When the workplace runs "muster env debug-report"
    Then the workplace's command exits with 0
    And the secret "canary-Of-The-Environment-31c4" is found nowhere
    And the secret "canary-Of-The-File-77aa" is found nowhere

  Scenario: Secrets of a start that fails
    Given the workplace has the file "teller.py":
      """
      import os, sys
      sys.exit("cannot log in with " + os.environ["CANARY_TOKEN"] + " and " + os.environ["TELLER_PASSWORD"])
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 1
    And the workplace is told "cannot log in with [redacted]"
    When the workplace runs "muster env errors"
    Then the secret "canary-Of-The-Environment-31c4" is found nowhere
    And the secret "canary-Of-The-File-77aa" is found nowhere

  Scenario: What is no secret is left alone, and the search for it finds it in every form
    Given the workplace's variable CANARY_TOKEN is "not-Written-Down-0"
    And the workplace has the file "teller.py":
      """
      import base64, json, time, urllib.parse
      open_word = "Orchid-Of-The-Meadow-90"
      print(open_word, open_word.encode().hex(), base64.b64encode(b"xy" + open_word.encode()).decode())
      print("".join("%%%02X" % ord(c) for c in open_word), "".join("\\u%04x" % ord(c) for c in open_word))
      print("Tulip-Of-\nThe-Garden-17")
      print("all told", flush=True)
      time.sleep(300)
      """
    When the workplace runs "muster env start"
    And the workplace runs "muster env debug-pack"
    Then "Tulip-Of-The-Garden-17" is found in "tar.gz!logs/Main_teller.log" in the forms "plain, split over lines"
    And "Orchid-Of-The-Meadow-90" is found in "tar.gz!logs/Main_teller.log" in the forms "plain, hex, base64, percent-encoded, escaped"

  # the original leaked both
  Scenario: Bearer tokens and nested values that nobody has named before
    Given the workplace has the file "teller.py":
      """
      import json, time
      print("> Authorization: Bearer bearer-canary-4e5f.6a7b")
      print("sent Bearer bearer-canary-4e5f.6a7b")
      print(json.dumps({"headers": {"Authorization": "Bearer bearer-canary-4e5f.6a7b"}}))
      print(json.dumps({"credentials": {"inner": {"value": ["nested-canary-8c9d", 1]}}}))
      print(json.dumps({"body": json.dumps({"password": {"deep": "nested-canary-8c9d"}})}))
      print("postgres://app:nested-canary-8c9d@db/app?x=1&access_token=nested-canary-8c9d")
      print("tool --password nested-canary-8c9d --secret=nested-canary-8c9d")
      print("all told", flush=True)
      time.sleep(300)
      """
    When the workplace runs "muster env start"
    Then the workplace's command exits with 0
    When the workplace runs "muster env logs"
    And the workplace runs "muster env debug-pack"
    Then the secret "bearer-canary-4e5f.6a7b" is found nowhere
    And the secret "nested-canary-8c9d" is found nowhere

  Scenario: A command line is kept as a hash
    When the workplace runs "muster env start --exit-class-file FOLDER/state/label-orchid-55"
    Then the workplace's command exits with 0
    When the workplace runs "muster env debug-last --json"
    Then the workplace's answer has:
      | /command            | env start |
      | /command_line/words | 5         |
    And the workplace is not told "label-orchid-55"
