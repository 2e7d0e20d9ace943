#!/usr/bin/env python3
"""Counts a run's Cucumber Messages for the gate.

counts.py PLANNED.json MESSAGES.ndjson   prints one line `counts={…}`, as a job's output takes it.

PLANNED.json is what `muster list --format json` says before the run. `seen` and the statuses come from the messages alone; a
scenario's status is the worst of its last attempt's steps.
"""
import hashlib
import json
import sys

ORDER = ["PASSED", "SKIPPED", "PENDING", "UNDEFINED", "AMBIGUOUS", "FAILED", "UNKNOWN"]


def identity(uri, name):
    return f"{uri}:{name}"


def planned_of(listed):
    """Identities of the scenarios that `muster list` names."""
    scenarios = listed["scenarios"] if isinstance(listed, dict) else listed
    return sorted(identity(one["uri"], one["name"]) for one in scenarios)


def statuses_of(lines):
    """(identity, status) of every pickle; None for one without an end."""
    pickles, cases, attempts, worst, ended = {}, {}, {}, {}, {}
    finished = False
    for line in lines:
        message = json.loads(line)
        if "pickle" in message:
            pickles[message["pickle"]["id"]] = identity(message["pickle"]["uri"], message["pickle"]["name"])
        elif "testCase" in message:
            cases[message["testCase"]["id"]] = message["testCase"]["pickleId"]
        elif "testCaseStarted" in message:
            started = message["testCaseStarted"]
            attempts[started["id"]] = cases[started["testCaseId"]]
            worst[started["id"]] = "PASSED"
        elif "testStepFinished" in message:
            step = message["testStepFinished"]
            status = step["testStepResult"]["status"]
            known = worst[step["testCaseStartedId"]]
            worst[step["testCaseStartedId"]] = max(known, status, key=ORDER.index)
        elif "testCaseFinished" in message and not message["testCaseFinished"].get("willBeRetried"):
            started = message["testCaseFinished"]["testCaseStartedId"]
            ended[attempts[started]] = worst[started]
        elif "testRunFinished" in message:
            finished = True
    if not finished:
        ended = {}  # a run without an end proves nothing
    return sorted((name, ended.get(pickle)) for pickle, name in pickles.items())


def digest(names):
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def count(listed, lines):
    planned = planned_of(listed)
    statuses = statuses_of(lines)
    counts = {"planned": len(planned), "seen": len(statuses)}
    for name, status in statuses:
        key = (status or "unknown").lower()
        counts[key] = counts.get(key, 0) + 1
    counts["skipped_names"] = [name for name, status in statuses if status == "SKIPPED"]
    counts["planned_names"] = planned
    counts["seen_digest"] = digest(name for name, _ in statuses)
    return counts


def main(planned, messages):
    with open(planned, encoding="utf-8") as file:
        listed = json.load(file)
    with open(messages, encoding="utf-8") as file:
        print("counts=" + json.dumps(count(listed, file), sort_keys=True))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
