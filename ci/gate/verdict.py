#!/usr/bin/env python3
"""The verdict of the required check, from what the jobs it needs came to.

NEEDS='{"tier-0": {"result": "success", "outputs": {"counts": "{…}"}}, …}' verdict.py INVENTORY

Red unless every job succeeded, every count is as planned, nothing was undefined or pending, and the scenarios that are there now
are those of INVENTORY (one `uri:name` a line, `#` for comments; `skip uri:name` for one that may be skipped): a scenario that
goes, or is skipped from now on, must be named there by the same change. Exit 0 or 1.
"""
import json
import os
import sys

import counts

NEVER = ("pending", "undefined", "ambiguous", "failed", "unknown")


def job_problems(name, need, may_skip):
    if need.get("result") != "success":
        return [f"{name} came to {need.get('result', 'nothing')}"]
    text = (need.get("outputs") or {}).get("counts")
    if not text:
        return [f"{name} succeeded and reports no counts"]
    try:
        told = json.loads(text)
    except ValueError:
        return [f"{name} reports counts that are no JSON"]
    if not isinstance(told, dict):
        return [f"{name} reports counts that are no object"]
    problems = []
    planned, seen = told.get("planned", 0), told.get("seen", 0)
    if not planned:
        problems.append(f"{name} planned no scenario")
    if planned != seen or counts.digest(told.get("planned_names", [])) != told.get("seen_digest"):
        problems.append(f"{name} planned {planned} scenarios and reports {seen}, or others")
    problems += [f"{name} has {told[status]} {status}" for status in NEVER if told.get(status)]
    skipped = told.get("skipped_names", [])
    problems += [f"{name} skipped {one}, which the inventory does not allow" for one in skipped if one not in may_skip]
    if told.get("skipped", 0) != len(skipped) or told.get("passed", 0) + len(skipped) != planned:
        problems.append(f"{name} passed {told.get('passed', 0)} of {planned}")
    return problems


def read_inventory(text):
    """What is required, and what of it may be skipped."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return {line.removeprefix("skip ") for line in lines}, {line[5:] for line in lines if line.startswith("skip ")}


def planned_by(need):
    try:
        return set(json.loads(need["outputs"]["counts"])["planned_names"])
    except (KeyError, TypeError, ValueError):
        return set()  # job_problems says what is wrong with it


def verdict(needs, inventory):
    named, may_skip = read_inventory(inventory)
    present = set().union(*(planned_by(need) for need in needs.values()))
    problems = [] if needs else ["the gate needs no job at all"]
    for name in sorted(needs):
        problems += job_problems(name, needs[name], may_skip)
    problems += [f"the required scenario {one} is gone and still in the inventory" for one in sorted(named - present)]
    return problems + [f"the scenario {one} is not in the inventory" for one in sorted(present - named)]


def main(inventory):
    with open(inventory, encoding="utf-8") as file:
        problems = verdict(json.loads(os.environ.get("NEEDS") or "{}"), file.read())
    for problem in problems:
        print(f"bdd-gate: {problem}")
    print("bdd-gate: " + ("red" if problems else "green"))
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
