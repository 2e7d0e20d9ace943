@security
Feature: Bodies that are no JSON, or too much of it
  Every server reads JSON nested up to 64, without keys that stand twice or numbers that no double holds, and says where it stopped.

  Scenario Outline: What cannot be read is located: <server>
    Given the servers are running
    Then <server> refuses each of these bodies with 400 and says where:
      | body                                    | where              |
      | ⟨[×1000000⟩                             | line 1, column 65  |
      | ⟨{"a":×200000⟩                          | line 1, column 321 |
      | ␊ {"a":␊  ⟨[×100⟩                       | line 3, column 66  |
      | {"a":1,"b":{"c":1,"c":2}}               | line 1, column 19  |
      | {"⟨a×300000⟩":1,"⟨a×300000⟩":2}         | line 1, column 300007 |
      | {"a⟨U+202E⟩":1,"a⟨U+202E⟩":2}           | line 1, column 9   |
      | {"slug":1e400}                          | line 1, column 9   |
      | {"slug":-1e400}                         | line 1, column 9   |
      | {"slug":⟨9×400000⟩}                     | line 1, column 9 |
      | {"slug":"⟨xff⟩"}                        | line 1, column 10  |
      | {"slug":"⟨xc0⟩⟨xaf⟩"}                   | line 1, column 10  |
      | {"slug":"⟨xed⟩⟨xa0⟩⟨x80⟩"}              | line 1, column 11  |
      | {"slug":"\\ud800"}                      | line 1, column 16  |
      | {"slug":"␀"}                            | line 1, column 10  |
      | {"slug":"␊"}                            | line 1, column 10  |
      | {"slug":NaN}                            | line 1, column 9   |
      | {"slug":"a",}                           | line 1, column 13  |
      | {"slug":"a"} {}                         | line 1, column 14  |
      | /* a */ {}                              | line 1, column 1   |
      | {"slug":"⟨a×1000000⟩                    | line 1, column 1000010 |
      |                                         | line 1, column 1   |

    Examples:
      | server          |
      | hearth          |
      | the console     |
      | ralph           |
      | the sink's door |

  Scenario: One byte order mark is no part of a body, and what is refused is not recorded
    Given the servers are running
    Then each server answers so to a good body behind these bytes:
      | server          | before             | status |
      | hearth          | ⟨U+FEFF⟩           | 200    |
      | the console     | ⟨U+FEFF⟩           | 201    |
      | ralph           | ⟨U+FEFF⟩           | 202    |
      | the sink's door | ⟨U+FEFF⟩           | 204    |
      | the sink's door |                    | 204    |
      | hearth          | ⟨U+FEFF⟩⟨U+FEFF⟩   | 400    |
      | the console     | ⟨U+FEFF⟩⟨U+FEFF⟩   | 400    |
      | ralph           | ⟨U+FEFF⟩⟨U+FEFF⟩   | 400    |
      | the sink's door | ⟨U+FEFF⟩⟨U+FEFF⟩   | 400    |
      | the sink's door | ⟨xfe⟩⟨xff⟩         | 400    |
      | the sink's door | ⟨[×63⟩             | 400    |
    And the sink's door has recorded 2 events
    When the workspace "test" is torn down
    Then the sink has recorded 1 "hearth.decommissioned"
