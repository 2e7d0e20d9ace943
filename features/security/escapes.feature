@security
Feature: What is printed is only shown
  Programs and steps may print anything. Where it is shown it moves no cursor, is no markup, ends no section and is no command to a CI
  system: it is text.

  Background:
    Given the runner's folder has "bytes" with these bytes:
      """
      ␛[2J␛]0;owned␇␛[31mred␛[0m ␈␈ ⟨U+202E⟩gnp.exe ⟨U+2066⟩ ⟨x9b⟩31m ⟨xc2⟩⟨x9b⟩2J ⟨xff⟩⟨xfe⟩ ␀ ␡ ⟨U+FFFF⟩ orchid
      </script><script>alert('orchid')</script><img src=x onerror=alert('orchid')><iframe src='javascript:alert(1)'></iframe>
      ]]> ]]&gt; &amp; &bogus; <!-- --> <?xml version="1.0"?> <!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]> &b;
      ::set-output name=orchid::1
        ::error file=a,line=1::orchid
      ::stop-commands::orchid
      ::add-mask::orchid
      before ##[set-env name=orchid]1
      ##vso[task.setvariable variable=orchid]1
      ##teamcity[buildStop comment='orchid']
      ␍::set-output name=orchid::2
      '"`$(touch orchid)`|\\⟨U+2028⟩::set-output name=orchid::3
      """
    And the runner's variable MUSTER_RUNTIME_DIR is "FOLDER/state"

  Scenario: What a step prints, logs, attaches and fails with
    Given the runner's folder has "said.feature" with these bytes:
      """
      @orchid
      Feature: <script>alert(1)</script> ]]> ␛[2J ⟨U+202E⟩ ::error::orchid
        ::set-output name=orchid::1
        ##[error]orchid
        Scenario: ␛]0;owned␇ </script><img src=x> ]]> ::set-output name=orchid::1
          Given a step says the bytes of "bytes" everywhere
        Scenario Outline: undefined <a>
          Given </script><script>alert(1)</script> ␛[2J is a step that nobody defined
            ```
            ::set-output name=orchid::1
            ␛[31m </script>
            ```
          Examples:
            | a                                |
            | ␛[31m ##[error]orchid </script>  |
      """
    And the runner's folder has "benign.feature":
      """gherkin
      Feature: benign
        Scenario: it passes
          Given a step that passes
      """
    When the runner is called as "probes run benign.feature --format html:benign.html"
    And the runner is called as "probes run said.feature --format html:r.html --format junit:r.xml --format pretty:r.txt --format progress:r.progress --format summary:r.summary --format github:r.github --format teamcity:r.teamcity --format tap:r.tap"
    Then the runner exits 1
    And the runner's "r.txt" has "orchid" and nothing that a terminal or a CI system obeys
    And the runner's "r.progress" has "orchid" and nothing that a terminal or a CI system obeys
    And the runner's "r.summary" has "orchid" and nothing that a terminal or a CI system obeys
    And the runner's "r.tap" has "orchid" and nothing that a terminal or a CI system obeys
    And the runner's "r.github" has "orchid" and nothing that a CI system obeys but:
      | ::group::    |
      | ::endgroup:: |
      | ::error      |
      | ::warning    |
      | ::notice     |
    And the runner's "r.teamcity" has "orchid" and nothing that a CI system obeys but:
      | ##teamcity[ |
    And the runner's "r.xml" is XML, whose texts have "orchid"
    And the runner's "r.html" has "orchid", and as many scripts, pictures and frames as "benign.html"
    When the runner is called as "probes run said.feature --color always"
    Then what the runner said has "orchid", and colours are all that is obeyed

  Scenario: The last words of a program of the play
    Given the runner's folder has the program "ralph":
      """
      #!/bin/sh
      cat FOLDER/bytes
      cat FOLDER/bytes >&2
      exit 3
      """
    And the runner's variable ROCKY_RALPH_BIN is "FOLDER/ralph"
    And the runner's folder has "play.feature":
      """gherkin
      Feature: a play
        Scenario: it breaks
          Given hearth, the console and ralph are running
          When a solo workspace "test" is requested
          Then the HATCH events for workspace "test" are exactly:
            ```chain
            key /workspace_slug
            hearth.provisioning_started
            hearth.provisioned
            ```
      """
    When the runner is called as "muster run play.feature --format html:benign.html --dry-run"
    And the runner is called as "muster run play.feature --format html:r.html --format junit:r.xml --format pretty:r.txt --format github:r.github --format tap:r.tap"
    Then the runner exits 1
    And the runner's "r.txt" has "orchid" and nothing that a terminal or a CI system obeys
    And the runner's "r.tap" has "orchid" and nothing that a terminal or a CI system obeys
    And the runner's "r.github" has "orchid" and nothing that a CI system obeys but:
      | ::group::    |
      | ::endgroup:: |
      | ::error      |
      | ::notice     |
    And the runner's "r.xml" is XML, whose texts have "orchid"
    And the runner's "r.html" has "orchid", and as many scripts, pictures and frames as "benign.html"
