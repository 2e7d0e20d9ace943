@security
Feature: Bearers and sessions that must not be taken
  Whoever has no genuine bearer gets the same 401, to the byte, before anybody looks at what was sent; no answer tells whether the key, the
  time or the signature was wrong, and no run begins.

  Scenario: Every bearer that is not genuine
    Given hearth, the console and ralph are running
    Then ralph answers all of these bearers with 401 and the same bytes:
      | none                 |
      | empty                |
      | of another scheme    |
      | short                |
      | longer               |
      | the secret itself    |
      | of another key       |
      | of an unknown key    |
      | of an empty key      |
      | old                  |
      | future               |
      | of another method    |
      | of another target    |
      | of another body      |
      | given twice          |
      | replayed             |
      | with any bit flipped |
    And ralph has begun 0 runs
    And the sink has recorded 0 "ralph.run.started"
    # what all of them lack
    And ralph answers 400 to a genuine bearer over a body that is no JSON
    And ralph answers 202 to a genuine bearer of the key k1
    And ralph has begun 1 run

  Scenario: Two keys are live while they are rotated
    Given the console signs with a new key, which ralph holds beside the old one
    And hearth, the console and ralph are running
    Then ralph answers 202 to a genuine bearer of the key k1
    And ralph answers 202 to a genuine bearer of the key k2
    And ralph answers all of these bearers with 401 and the same bytes:
      | of another key    |
      | of an unknown key |
      | replayed          |
    And ralph has begun 2 runs
    When a solo workspace "test" is requested
    And a run of 1 prompts starts in workspace "test"
    Then the run ends clean
    And the sink has recorded 1 "ralph.run.started"
    When the workspace "test" is torn down
    Then the sink has recorded 1 "hearth.decommissioned"

  Scenario: A key whose time is over
    Given ralph's old key has expired, and the console signs with a new one
    And hearth, the console and ralph are running
    Then ralph answers all of these bearers with 401 and the same bytes:
      | retired        |
      | none           |
      | of another key |
    And ralph answers 202 to a genuine bearer of the key k2
    And ralph has begun 1 run

  Scenario Outline: No run is on record whose bearer was refused: <cause>
    Given <cause>
    And hearth, the console and ralph are running
    And a solo workspace "test" is requested
    When a run that is refused with 502 is submitted for workspace "test"
    Then the sink has recorded 1 "ralph.run.rejected"
    And the sink has recorded 0 "ralph.run.started"
    And the sink has recorded 1 "hearth.provisioned"
    When the workspace "test" is torn down
    Then the sink has recorded 1 "hearth.decommissioned"

    Examples:
      | cause                                      |
      | the console and ralph hold different keys  |
      | ralph does not know the console's key      |
      | the console's clock is 120 s ahead         |
      | the console's clock is 120 s behind        |
      | every submit reaches ralph twice           |

  Scenario: Every session that is none
    Given hearth, the console and ralph are running
    Then the console answers all of these sessions with 401 and the same bytes:
      | none                 |
      | empty                |
      | of another scheme    |
      | short                |
      | longer               |
      | in other letters     |
      | its digest           |
      | with any bit flipped |
    And the sink has recorded 0 "hearth.provisioning_started"
    # what all of them lack
    When a solo workspace "test" is requested
    And the workspace "test" is torn down
    Then the sink has recorded 1 "hearth.provisioning_started"
