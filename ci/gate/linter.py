#!/usr/bin/env python3
"""Holds CI definitions to the rules of a required merge check.

linter.py [--gate JOB] FILE...   GitHub workflows, or a .gitlab-ci.yml; exit 0 when nothing is found, 1 otherwise, 2 on bad usage.

A check that can be skipped, filtered away or run with a stranger's code and the project's rights is none. Each finding is
`file: rule: where: what`.
"""
import argparse
import re
import sys

import yaml

PINNED = re.compile(r"^[^@\s]+@[0-9a-f]{40}$")
PINNED_IMAGE = re.compile(r"^(docker://)?[^@\s]+@sha256:[0-9a-f]{64}$")
WITHIN = r"\$\{\{(?:(?!\}\}).)*"  # an expression, up to here
SECRET = re.compile(WITHIN + r"\b(secrets\s*(\.|\[)|github\.token\b)", re.I)
INJECTED = re.compile(  # text of strangers, which a shell would run
    WITHIN + r"github\.(head_ref|event\.(issue|pull_request|comment|review|review_comment|discussion|head_commit|commits|pages)\b)", re.I)
FILTERS = ("paths", "paths-ignore", "branches", "branches-ignore")
REQUIRED_EVENTS = ("pull_request", "merge_group")
ALWAYS = re.compile(r"^\s*(\$\{\{\s*)?always\(\)(\s*\}\})?\s*$")


class Findings(list):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def add(self, rule, where, what):
        self.append(f"{self.path}: {rule}: {where}: {what}")


def strings(value, where=""):
    """Every string below `value`, with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key, f"{where}.{key}".lstrip("."))
            yield from strings(inner, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from strings(inner, f"{where}[{index}]")
    elif isinstance(value, str):
        yield where, value


def events_of(workflow):
    on = workflow.get("on", workflow.get(True))  # YAML 1.1 reads `on` as a truth value
    if isinstance(on, str):
        return {on: None}
    if isinstance(on, list):
        return {event: None for event in on}
    return on if isinstance(on, dict) else {}


def needs_of(job):
    needs = job.get("needs", [])
    return {needs} if isinstance(needs, str) else set(needs or [])


def check_events(found, workflow, is_gate):
    events = events_of(workflow)
    for forbidden in ("pull_request_target", "workflow_run"):
        if forbidden in events:
            found.add("event", "on", f"{forbidden} runs with the rights of the base repository")
    if not is_gate:
        return
    for event in REQUIRED_EVENTS:
        if event not in events:
            found.add("event", "on", f"{event} is missing: the check would not be there")
            continue
        for name in FILTERS:
            if isinstance(events[event], dict) and name in events[event]:
                found.add("path-filter", f"on.{event}.{name}", "a check that is filtered away stays pending, or passes unseen")
        types = events[event].get("types") if isinstance(events[event], dict) else None
        if event == "pull_request" and types is not None and not {"opened", "synchronize", "reopened"} <= set(types):
            found.add("event", "on.pull_request.types", "opened, synchronize and reopened are all needed")


def check_permissions(found, workflow):
    if workflow.get("permissions") != {"contents": "read"}:
        found.add("permissions", "permissions", "must be `contents: read` and nothing else")
    for name, job in workflow["jobs"].items():
        given = job.get("permissions") if isinstance(job, dict) else None
        if given is not None and given not in ({}, {"contents": "read"}):
            found.add("permissions", f"jobs.{name}.permissions", "must not widen `contents: read`")


def check_actions(found, job_name, job):
    if "uses" in job and not str(job["uses"]).startswith("./") and not PINNED.match(str(job["uses"])):
        found.add("unpinned", f"jobs.{job_name}.uses", f"{job['uses']} is not pinned to a commit")
    image = job.get("container")
    image = image.get("image") if isinstance(image, dict) else image
    images = [("container", image)] + [
        (f"services.{name}", service.get("image") if isinstance(service, dict) else service)
        for name, service in (job.get("services") or {}).items()]
    for where, each in images:
        if each and not PINNED_IMAGE.match(str(each)):
            found.add("unpinned", f"jobs.{job_name}.{where}", f"{each} is not pinned to a digest")
    for index, step in enumerate(job.get("steps") or []):
        uses = str(step.get("uses", "")) if isinstance(step, dict) else ""
        if uses and not uses.startswith("./") and not (PINNED_IMAGE if uses.startswith("docker://") else PINNED).match(uses):
            found.add("unpinned", f"jobs.{job_name}.steps[{index}]", f"{uses} is not pinned to a commit")


def check_hidden_failures(found, job_name, job):
    if job.get("continue-on-error"):
        found.add("hidden-failure", f"jobs.{job_name}", "continue-on-error makes a failure a success")
    for index, step in enumerate(job.get("steps") or []):
        if not isinstance(step, dict):
            continue
        where = f"jobs.{job_name}.steps[{index}]"
        if step.get("continue-on-error"):
            found.add("hidden-failure", where, "continue-on-error makes a failure a success")
        if re.search(r"\|\|\s*(true|:|exit 0)\s*(#.*)?$", str(step.get("run", "")), re.M):
            found.add("hidden-failure", where, "`|| true` makes a failure a success")


def check_gate(found, workflow, gate):
    jobs = workflow["jobs"]
    job = jobs[gate]
    if not ALWAYS.match(str(job.get("if", ""))):
        found.add("always", f"jobs.{gate}.if", "must be always(): a skipped job passes as a required check")
    missing = set(jobs) - {gate} - needs_of(job)
    if missing:
        found.add("needs", f"jobs.{gate}.needs", "does not wait for " + ", ".join(sorted(missing)))
    if "strategy" in job:
        found.add("matrix", f"jobs.{gate}", "a matrix changes the name of the required check")
    if job.get("name", gate) != gate:
        found.add("name", f"jobs.{gate}.name", f"the required check is called {gate}")
    text = yaml.safe_dump(job)
    if "toJSON(needs)" not in text.replace(" ", ""):
        found.add("verdict", f"jobs.{gate}", "does not look at what the others came to: toJSON(needs)")
    for name, other in jobs.items():
        if name != gate and isinstance(other, dict) and "if" in other:
            found.add("conditional", f"jobs.{name}.if", "a required job must not be skipped")


def check_github(path, workflow, gate):
    found = Findings(path)
    if not isinstance(workflow, dict) or not isinstance(workflow.get("jobs"), dict) or not workflow["jobs"]:
        found.add("syntax", "jobs", "no job at all")
        return found
    is_gate = gate in workflow["jobs"]
    check_events(found, workflow, is_gate)
    check_permissions(found, workflow)
    for where, text in strings(workflow):
        if SECRET.search(text) or (where.endswith(".secrets") and text == "inherit"):
            found.add("secret", where, "a check of strangers' code must know no secret")
        if where.endswith(".run") and INJECTED.search(text):
            found.add("injection", where, "text of a stranger becomes part of the script; pass it by env")
    for name, job in workflow["jobs"].items():
        if not isinstance(job, dict):
            found.add("syntax", f"jobs.{name}", "must be an object")
            continue
        check_actions(found, name, job)
        check_hidden_failures(found, name, job)
        if "timeout-minutes" not in job and "uses" not in job:
            found.add("timeout", f"jobs.{name}", "no timeout-minutes: a hang would hold the queue for hours")
    if is_gate:
        check_gate(found, workflow, gate)
    return found


GITLAB_WORDS = {"stages", "variables", "workflow", "default", "include", "image", "services", "cache", "before_script",
                "after_script", "spec", "pages"}


def check_gitlab(path, definition, gate):
    found = Findings(path)
    jobs = {name: job for name, job in definition.items()
            if name not in GITLAB_WORDS and not str(name).startswith(".") and isinstance(job, dict)}
    if gate not in jobs:
        found.add("gate", "jobs", f"there is no {gate}")
        return found
    for name, job in jobs.items():
        for word in ("only", "except"):
            if word in job:
                found.add("path-filter", f"{name}.{word}", "a required job must not be filtered away")
        for rule in job.get("rules") or []:
            if isinstance(rule, dict) and ("changes" in rule or rule.get("when") in ("never", "manual")):
                found.add("path-filter", f"{name}.rules", "a required job must not be filtered away")
        if job.get("allow_failure"):
            found.add("hidden-failure", name, "allow_failure makes a failure a success")
        if name != gate and job.get("when", "on_success") in ("manual", "delayed"):
            found.add("conditional", name, "a required job must run by itself")
        for index, line in enumerate(job.get("script") or []):
            if re.search(r"\|\|\s*(true|:|exit 0)\s*$", str(line)):
                found.add("hidden-failure", f"{name}.script[{index}]", "`|| true` makes a failure a success")
    if jobs[gate].get("when") != "always":
        found.add("always", gate, "must have `when: always`")
    waited = {need["job"] if isinstance(need, dict) else need for need in jobs[gate].get("needs") or []}
    missing = set(jobs) - {gate} - waited
    if missing:
        found.add("needs", gate, "does not wait for " + ", ".join(sorted(missing)))
    images = [("image", definition.get("image"))] + [(f"{name}.image", job.get("image")) for name, job in jobs.items()]
    images.append(("default.image", (definition.get("default") or {}).get("image")))
    for where, image in images:
        image = image.get("name") if isinstance(image, dict) else image
        if image and not PINNED_IMAGE.match(str(image)):
            found.add("unpinned", where, f"{image} is not pinned to a digest")
    if definition.get("include"):
        found.add("unpinned", "include", "definitions from elsewhere can change under the check")
    return found


def check(path, text, gate="bdd-gate"):
    """What is wrong with one definition."""
    try:
        definition = yaml.safe_load(text)
    except yaml.YAMLError as failure:
        found = Findings(path)
        found.add("syntax", "file", " ".join(str(failure).split()))
        return found
    if re.search(r"\.gitlab-ci\.ya?ml$", path):
        return check_gitlab(path, definition if isinstance(definition, dict) else {}, gate)
    return check_github(path, definition, gate)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gate", default="bdd-gate", help="the job that is the required check (default: %(default)s)")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args(arguments)
    findings, gates = [], 0
    for path in options.files:
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except OSError as failure:
            print(f"gate linter: {path}: {failure.strerror}", file=sys.stderr)
            return 2
        gates += options.gate + ":" in text
        findings += check(path, text, options.gate)
    if not gates:
        findings.append(f"{options.files[0]}: gate: jobs: none of the files has the job {options.gate}")
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
