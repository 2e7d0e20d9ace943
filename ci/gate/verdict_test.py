#!/usr/bin/env python3
"""The gate's verdict: green when all is as planned, red for everything that is missing, skipped or worse."""
import json
import unittest

import counts
import verdict

LISTED = [{"uri": "a.feature", "name": "one"}, {"uri": "a.feature", "name": "two"}]
INVENTORY = "# required\na.feature:one\na.feature:two\n"


def messages(statuses, finished=True, retried=()):
    """A run of the scenarios of LISTED with these statuses."""
    lines = []
    for index, (one, status) in enumerate(zip(LISTED, statuses)):
        lines += [{"pickle": {"id": f"p{index}", **one}}, {"testCase": {"id": f"c{index}", "pickleId": f"p{index}"}}]
        if status is None:
            continue
        for attempt, each in enumerate(["FAILED", status] if index in retried else [status]):
            case = f"s{index}-{attempt}"
            again = index in retried and attempt == 0
            lines += [{"testCaseStarted": {"id": case, "testCaseId": f"c{index}", "attempt": attempt}},
                      {"testStepFinished": {"testCaseStartedId": case, "testStepResult": {"status": "PASSED"}}},
                      {"testStepFinished": {"testCaseStartedId": case, "testStepResult": {"status": each}}},
                      {"testCaseFinished": {"testCaseStartedId": case, "willBeRetried": again}}]
    if finished:
        lines.append({"testRunFinished": {"success": True}})
    return [json.dumps(line) for line in lines]


def need(statuses, result="success", **how):
    return {"result": result, "outputs": {"counts": json.dumps(counts.count(LISTED, messages(statuses, **how)))}}


class Verdict(unittest.TestCase):
    def red(self, word, needs, inventory=INVENTORY):
        problems = verdict.verdict(needs, inventory)
        self.assertTrue(any(word in problem for problem in problems), f"{word!r} not in {problems}")

    def test_green(self):
        self.assertEqual(verdict.verdict({"t": need(["PASSED", "PASSED"])}, INVENTORY), [])
        self.assertEqual(verdict.verdict({"t": need(["PASSED", "PASSED"], retried=[1])}, INVENTORY), [])

    def test_jobs(self):
        for result in ("failure", "cancelled", "skipped", ""):
            self.red("came to", {"t": need(["PASSED", "PASSED"], result)})
        self.red("no job", {})
        self.red("no counts", {"t": {"result": "success", "outputs": {}}})
        self.red("no JSON", {"t": {"result": "success", "outputs": {"counts": "{"}}})
        self.red("no object", {"t": {"result": "success", "outputs": {"counts": "[1]"}}})

    def test_every_other_status_is_red(self):
        for status in ("PENDING", "UNDEFINED", "AMBIGUOUS", "FAILED", "UNKNOWN"):
            self.red(status.lower(), {"t": need(["PASSED", status])})

    def test_zero_and_lost_scenarios_are_red(self):
        self.red("planned no scenario", {"t": {"result": "success", "outputs": {"counts": '{"planned": 0, "seen": 0}'}}})
        self.red("unknown", {"t": need(["PASSED", None])})
        self.red("unknown", {"t": need(["PASSED", "PASSED"], finished=False)})
        told = counts.count(LISTED, messages(["PASSED"]))
        self.red("reports 1", {"t": {"result": "success", "outputs": {"counts": json.dumps(told)}}})

    def test_a_skip_must_be_named(self):
        needs = {"t": need(["PASSED", "SKIPPED"])}
        self.red("skipped a.feature:two", needs)
        named = INVENTORY.replace("a.feature:two", "skip a.feature:two")
        self.assertEqual(verdict.verdict(needs, named), [])

    def test_the_inventory_is_that_of_the_change(self):
        needs = {"t": need(["PASSED", "PASSED"])}
        self.red("gone", needs, INVENTORY + "b.feature:three\n")
        self.red("not in the inventory", needs, "a.feature:one\n")


if __name__ == "__main__":
    unittest.main()
