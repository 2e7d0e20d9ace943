#!/usr/bin/env python3
"""Every rule of the gate linter: one definition that keeps all of them, and for each rule a change that breaks it."""
import unittest

import linter

GOOD = """
name: bdd
on:
  pull_request:
  merge_group:
permissions:
  contents: read
jobs:
  tier-0:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - run: ci/profile
  bdd-gate:
    if: always()
    needs: [tier-0]
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - env:
          NEEDS: ${{ toJSON(needs) }}
        run: ci/gate/verdict.py
"""
SHA = "a" * 40
GITLAB = """
stages: [test, gate]
tier-0:
  stage: test
  script: [ci/profile]
bdd-gate:
  stage: gate
  when: always
  needs: [{job: tier-0, artifacts: true}]
  script: [ci/gate/verdict.py]
"""


def rules(text, path="bdd.yml"):
    return [finding.split(": ")[1] for finding in linter.check(path, text)]


class Github(unittest.TestCase):
    def broken(self, rule, old, new):
        self.assertIn(old, GOOD)
        self.assertIn(rule, rules(GOOD.replace(old, new, 1)), f"{old!r} -> {new!r}")

    def test_a_good_one_has_no_finding(self):
        self.assertEqual(rules(GOOD), [])

    def test_actions(self):
        step = "      - run: ci/profile\n"
        for uses in ("actions/checkout@v4", "actions/checkout@main", "actions/checkout", "docker://alpine:3", f"a/b@{SHA[:39]}"):
            self.broken("unpinned", step, f"      - uses: {uses}\n")
        for uses in (f"actions/checkout@{SHA}", "./ci/action", "docker://alpine@sha256:" + "b" * 64):
            self.assertEqual(rules(GOOD.replace(step, f"      - uses: {uses}\n")), [])
        self.broken("unpinned", "    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    container: debian:12\n")
        self.broken("unpinned", "    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    services: {db: {image: postgres}}\n")

    def test_events(self):
        self.broken("event", "  pull_request:\n", "  pull_request_target:\n")
        self.broken("event", "  pull_request:\n", "  pull_request:\n  workflow_run: {workflows: [x]}\n")
        self.broken("event", "  merge_group:\n", "")
        self.broken("event", "  pull_request:\n", "  pull_request: {types: [opened]}\n")
        self.assertEqual(rules(GOOD.replace("on:\n  pull_request:\n  merge_group:\n", "on: [pull_request, merge_group]\n")), [])

    def test_filters(self):
        for name in linter.FILTERS:
            self.broken("path-filter", "  pull_request:\n", f"  pull_request: {{{name}: [x]}}\n")

    def test_permissions(self):
        self.broken("permissions", "permissions:\n  contents: read\n", "")
        self.broken("permissions", "permissions:\n  contents: read\n", "permissions: write-all\n")
        self.broken("permissions", "  contents: read\n", "  contents: write\n")
        self.broken("permissions", "    timeout-minutes: 30\n", "    timeout-minutes: 30\n    permissions: {checks: write}\n")

    def test_secrets(self):
        for text in ("${{ secrets.TOKEN }}", "${{ secrets['TOKEN'] }}", "x ${{ format('{0}', secrets.A) }}", "${{ github.token }}"):
            self.broken("secret", "      - run: ci/profile\n", f"      - run: ci/profile\n        env: {{T: \"{text}\"}}\n")

    def test_injection(self):
        self.broken("injection", "run: ci/profile", "run: echo ${{ github.event.pull_request.title }}")
        self.broken("injection", "run: ci/profile", "run: git checkout ${{ github.head_ref }}")

    def test_gate(self):
        self.broken("always", "    if: always()\n", "")
        self.broken("always", "    if: always()\n", "    if: success() || always()\n")
        self.broken("always", "    if: always()\n", "    if: ${{ !cancelled() }}\n")
        self.assertEqual(rules(GOOD.replace("if: always()", "if: ${{ always() }}")), [])
        self.broken("needs", "    needs: [tier-0]\n", "")
        self.broken("needs", "jobs:\n", "jobs:\n  more: {runs-on: x, timeout-minutes: 1, steps: []}\n")
        self.broken("verdict", "toJSON(needs)", "needs.tier-0.outputs.x")
        self.broken("matrix", "    if: always()\n", "    if: always()\n    strategy: {matrix: {x: [1]}}\n")
        self.broken("name", "    if: always()\n", "    if: always()\n    name: Gate\n")
        self.broken("conditional", "    timeout-minutes: 30\n", "    timeout-minutes: 30\n    if: github.actor != 'x'\n")

    def test_hidden_failures(self):
        self.broken("hidden-failure", "run: ci/profile", "run: ci/profile || true")
        self.broken("hidden-failure", "run: ci/profile", "continue-on-error: true\n        run: ci/profile")
        self.broken("hidden-failure", "    timeout-minutes: 30\n", "    timeout-minutes: 30\n    continue-on-error: true\n")

    def test_timeouts_and_syntax(self):
        self.broken("timeout", "    timeout-minutes: 30\n", "")
        self.assertEqual(rules("jobs: ["), ["syntax"])
        self.assertEqual(rules("- a"), ["syntax"])


class Gitlab(unittest.TestCase):
    def test_rules(self):
        path = ".gitlab-ci.yml"
        self.assertEqual(rules(GITLAB, path), [])
        for rule, old, new in (
                ("always", "  when: always\n", ""),
                ("needs", "  needs: [{job: tier-0, artifacts: true}]\n", ""),
                ("gate", "bdd-gate:", "other:"),
                ("path-filter", "  script: [ci/profile]", "  script: [ci/profile]\n  rules: [{changes: [x]}]"),
                ("path-filter", "  script: [ci/profile]", "  script: [ci/profile]\n  only: [main]"),
                ("hidden-failure", "  script: [ci/profile]", "  script: [ci/profile]\n  allow_failure: true"),
                ("hidden-failure", "[ci/profile]", "['ci/profile || true']"),
                ("unpinned", "  script: [ci/profile]", "  script: [ci/profile]\n  image: debian:12"),
                ("unpinned", "stages:", "include: [x]\nstages:")):
            self.assertIn(rule, rules(GITLAB.replace(old, new, 1), path), f"{old!r} -> {new!r}")


if __name__ == "__main__":
    unittest.main()
