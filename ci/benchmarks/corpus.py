"""Makes a folder of feature files of the shape of the openCypher TCK and of TinkerPop's features, from a seed: a licence in comments, short
scenarios with a query in a doc string and a result in a table, a fifth of them outlines.
  ci/benchmarks/corpus.py DIR [--megabytes N] [--seed N]"""
import argparse
import pathlib
import random

LICENCE = """#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#
# Works that are not approved should not be described as “Cypher” (and Cypher®
# is a registered trademark of its owner).
#

#encoding: utf-8
"""
LABELS = ["Person", "Label", "A", "B:C", "TextNode", "IntNode", "T1", "Movie", "Foo", "Année"]
NAMES = ["n", "a", "m.name", "id", "count", "prop", "list", "p", "r.weight", "size(nodes)"]
VALUES = ["'foo'", "12", "null", "true", "[1, 2, 3]", "({name: 'bar'})", "4611686018427387905", "-0.5", "'1984-10-11'", "(:A)", "'é'"]
TAGS = ["@skipStyleCheck", "@NegativeTests", "@skipGrammarCheck", "@GraphComputerVerificationReferenceOnly", "@StepClassMap"]


class Corpus:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, items):
        return self.random.choice(items)

    def query(self, value=None):
        lines = [f"MATCH (n:{self.pick(LABELS)} {{{self.pick(NAMES)}: {value or self.pick(VALUES)}}})-[:{self.pick(LABELS)}]->(m)"]
        for _ in range(self.random.randint(0, 4)):
            lines.append(self.pick([f"WHERE {self.pick(NAMES)} = {self.pick(VALUES)} AND {self.pick(NAMES)} <> {self.pick(VALUES)}",
                                    f"WITH {self.pick(NAMES)} AS {self.pick(NAMES)}",
                                    f"CREATE (n:{self.pick(LABELS)} {{id: {self.pick(VALUES)}, name: {self.pick(VALUES)}}})",
                                    f"       (n:{self.pick(LABELS)})<-[:T1]-()"]))
        lines.append(f"RETURN {self.pick(NAMES)} AS {self.pick(NAMES)}, {self.pick(NAMES)}")
        return ['      """', *(f"      {line}" for line in lines), '      """']

    def table(self, rows, columns):
        cells = [[self.pick(NAMES) for _ in range(columns)]] + [[self.pick(VALUES) for _ in range(columns)] for _ in range(rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(columns)]
        return ["      | " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]

    def steps(self, value=None):
        lines = ["    Given " + self.pick(["an empty graph", "any graph", "the modern graph", "the binary-tree-1 graph"])]
        if self.random.random() < 0.4:
            lines += ["    And having executed:", *self.query()]
        lines += [self.pick(["    When executing query:", "    And the traversal of"]), *self.query(value)]
        kind = self.random.random()
        if kind < 0.6:
            lines += ["    Then the result should be, in any order:", *self.table(self.random.randint(1, 5), self.random.randint(1, 3))]
        elif kind < 0.8:
            lines += ["    Then a SyntaxError should be raised at compile time: VariableAlreadyBound"]
        else:
            lines += ["    Then the result should be empty"]
        if self.random.random() < 0.5:
            lines += ["    And the side effects should be:", "      | +nodes      | 2 |", "      | +properties | 1 |"]
        else:
            lines += ["    And no side effects"]
        return lines

    def feature(self, number):
        lines = [LICENCE, f"Feature: Match{number} - Matching nodes with {self.pick(NAMES)} and {self.pick(LABELS)}", ""]
        for scenario in range(self.random.randint(8, 30)):
            if self.random.random() < 0.15:
                lines.append(f"  {self.pick(TAGS)}")
            outline = self.random.random() < 0.2
            title = f"[{scenario + 1}] {self.pick(['Fail when', 'Return', 'Handle', 'Find'])} a node with {self.pick(NAMES)} bound"
            lines.append(f"  Scenario{' Outline' if outline else ''}: {title}")
            lines += self.steps("<value>" if outline else None)
            if outline:
                rows = self.random.randint(3, 8)
                lines += ["", "    Examples:", "      | value                | result |"]
                lines += [f"      | {self.pick(VALUES):20} | {self.pick(VALUES)} |" for _ in range(rows)]
            lines.append("")
        return "\n".join(lines)


def make(folder, megabytes=2.7, seed=1):
    folder.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(seed)
    size = number = 0
    while size < megabytes * 1e6:
        number += 1
        text = corpus.feature(number).encode()
        size += len(text)
        (folder / f"match{number}.feature").write_bytes(text)
    return size


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--megabytes", type=float, default=2.7)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.megabytes, arguments.seed)
