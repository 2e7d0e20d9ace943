"""Makes feature files of the pieces that matter to the grammar, from a seed."""
import random


class FeatureGenerator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def files(self, count):
        """(uri, text) pairs: of six, one is soup, two are well-formed, two disturbed, one is Markdown."""
        made = []
        for number in range(count):
            kind = number % 6
            if kind == 5:
                made.append((f"generated/{number}.feature.md", self.markdown()))
            else:
                made.append((f"generated/{number}.feature", self.soup() if kind == 0 else self.feature(faults=kind < 3)))
        return made

    def soup(self):
        return "".join(self.any_line() + self.end() for _ in range(self.below(25)))

    def markdown(self):
        """Fences stand below steps only: the official matcher takes one in a description for the begin of a doc string that never ends."""
        text = self.pick("", "`@a` `@é`\n", "tags: `@b`\n") + self.pick("# Feature: f\n", "## Ability:\n")
        for _ in range(self.below(6)):
            text += self.prose() + self.pick("## Scenario: s\n", "### Scenario Outline: <v>\n", "## Rule: r\n### Scenario:\n",
                                             "`@c`\n## Example:\n")
            text += self.prose()
            for _ in range(self.below(4)):
                text += self.pick("* Given <v>\n", " *  When x\n", "- And y\n", "+ But z\n")
                text += self.pick("", "", "  | v |\n  | - |\n  | <v> |\n", "````xml <v>\n  a\n```\n````\n",
                                  "  ```\n    deep\n low\n  ```\n")
            if self.one_in(2):
                text += "### Examples:\n" + self.prose() + "  | v |\n  |:-:|\n  | 1 |\n  | 2 |\n"
        return text

    def feature(self, faults=False):
        self.lines = []
        self.tags()
        self.add(self.pick("Feature: f", "Ability:", "Business Need: é"))
        self.body()
        for _ in range(self.below(3)):
            self.tags()
            self.add("Rule: r")
            self.body()
        if faults:
            self.disturb()
        return "".join(line + self.end() for line in self.lines)

    def below(self, limit):
        return self.random.randrange(limit)

    def one_in(self, number):
        return self.below(number) == 0

    def pick(self, *texts):
        return self.random.choice(texts)

    def end(self):
        return "\r\n" if self.one_in(20) else "\n"

    def add(self, line):
        indent = self.pick("\t", "\u00a0", "\ufeff", "\u3000 ") if self.one_in(30) else " " * self.below(7)
        self.lines.append(indent + line)
        if self.one_in(12):
            self.lines.append(self.pick("", "   ", "# note", "  # language: fr"))

    def row(self, cells):
        made = "|" + "".join(self.pick("", "a", " b ", "<v>", "<w>", "x\\|y", "\\\\", "\\n", "\\q", "<", ">", "$1", "é", "v", "w",
                                       " \\n ", "<<v>>", "\u00a0z\u0085", "<v w>", '"""') + "|" for _ in range(cells))
        return made + (" tail" if self.one_in(15) else "  " if self.one_in(15) else "")

    def table(self):
        cells = 1 + self.below(3)
        for _ in range(1 + self.below(4)):
            self.add(self.row(cells))

    def doc_string(self):
        mark = self.pick('"""', "```")
        self.add(mark + self.pick("", "xml", " <v> ", "é"))
        for _ in range(self.below(4)):
            self.lines.append(self.pick("", "  text <v>", "      deep", '\\"\\"\\" \\"\\"\\"', "\\`\\`\\`", "# no", "Given x", '""', "\t<w>"))
        self.add(mark + self.pick("", "", " after"))

    def steps(self):
        for _ in range(self.below(4)):
            self.add(self.pick("Given ", "When ", "Then ", "And ", "But ", "* ") +
                     self.pick("a <v>", "<w><v>", "b", "<", "c  ", "<x> <v", "<v> < <w>", "😀 <v>", "", "$ <v w>"))
            if self.one_in(3):
                self.table()
            if self.one_in(3):
                self.doc_string()
            if self.one_in(20):
                self.table()

    def tags(self):
        while self.one_in(3):
            self.add(self.pick("@a", "@b @c", "@é@d", "@x  @y #z", "@#", "@a#b", "@@q", "@s @ @t", "@😀 @u"))

    def description(self):
        if self.one_in(3):
            self.lines += [self.pick("text", "  more", "", "  ", "# c", "\ttab") for _ in range(self.below(4))]

    def body(self):
        self.description()
        if self.one_in(2):
            self.add("Background:" + self.pick("", " b"))
            self.description()
            self.steps()
        for _ in range(self.below(4)):
            self.tags()
            self.add(self.pick("Scenario: s", "Example:", "Scenario Outline: <v> o", "Scenario Template: <w>"))
            self.description()
            self.steps()
            while self.one_in(2):
                self.tags()
                self.add(self.pick("Examples:", "Scenarios: e"))
                self.description()
                if not self.one_in(5):
                    self.add(self.pick("| v | w |", "|v|v|", "|<v>|v|", "| w | v w |", "||v|"))
                    for _ in range(self.below(3)):
                        self.add(self.row(2))

    def prose(self):
        return self.pick("", "text\n", "\n\n", "| no | row |\n| --- | --- |\n| x | y |\n", "* a list\n", "# Heading\n  indented\n",
                         "> quoted\n")

    def any_line(self):
        kind = self.below(6)
        if kind == 0:
            return self.row(self.below(3))
        if kind == 1:
            return self.pick("Feature: x", "Rule: y", "Scenario: z", "Background:", "Examples:", "Scenario Outline: <v>")
        if kind == 2:
            return self.pick("Given a", "* b", "And c", "Given", "When<v>", "Then  d")
        if kind == 3:
            return self.pick("@a", "@b c", "@", "@d #e", "@f@g", "  @h\t@i")
        if kind == 4:
            return self.pick('"""', "```", '"""json', "# language: fr", "#language:xx", " # language : en ", "# c")
        return self.pick("", "  ", "text", "    Feature :", "|", "\ufeffFeature: bom", "Fonctionnalité: f", "Scénario: s")

    def disturb(self):
        for _ in range(1 + self.below(3)):
            if not self.lines:
                return
            at = self.below(len(self.lines))
            action = self.below(3)
            if action == 0:
                del self.lines[at]
            elif action == 1:
                self.lines.insert(at, self.any_line())
            else:
                other = self.below(len(self.lines))
                self.lines[at], self.lines[other] = self.lines[other], self.lines[at]
