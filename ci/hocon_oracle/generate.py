#!/usr/bin/env python3
"""Writes seeded HOCON inputs over the grammar: generate.py DIR COUNT SEED. Case N is DIR/N/main.conf (or .json), with the files it
includes beside it. A fifth are broken by a random edit, so that errors are compared too."""
import json
import pathlib
import random
import sys

KEYS = ["a", "b", "c", "d", "e.f", "a.b", "b.c", "c.d.e", '"q.r"', "k v", "x", "y", "1", "2.5", "true", "g", "h", "h.i"]
PATHS = ["a", "b", "c", "d", "e.f", "a.b", "b.c", "c.d.e", '"q.r"', "x", "y", "a.a", "b.b", "e", "a.b.c", "missing", "1", "g", "h", "h.i",
         "PROBE_PORT", "PROBE_EMPTY", "NOPE_UNSET"]
WORDS = ["foo", "bar", "foo-bar", "x/y", "true", "false", "null", "yes", "1", "42", "-7", "1.5", "1e3", "007", "1.0", "10ms", "5 m",
         "trueish", "nullable", "a.b", "50%", "(z)", "9999999999999999999", "-", "1-2", "é", "日本", "<t>", "~", "|", "file(", "include"]
STRINGS = ['""', '"s"', '"a b"', '"é\\u00e9"', '"\\n\\t\\\\"', '"${a}"', '"x # y"', '"""t"""', '"""q"q"""', '"""end"""""', '"//"',
           '"\\ud83d\\ude00"', '"1"', '"true"']


class Writer:
    def __init__(self, rng, folder):
        self.rng = rng
        self.folder = folder
        self.files = 0
        self.depth = 0  # of included files

    def pick(self, items):
        return self.rng.choice(items)

    def chance(self, share):
        return self.rng.random() < share

    def space(self):
        return self.pick(["", "", " ", " ", "  ", "\t"])

    def substitution(self):
        return "${" + ("" if self.chance(0.12) else "?") + self.space() * self.chance(0.1) + self.pick(PATHS) + self.space() * self.chance(0.1) + "}"

    def simple(self):
        roll = self.rng.random()
        if roll < 0.45:
            return self.pick(WORDS)
        if roll < 0.7:
            return self.pick(STRINGS)
        return self.substitution()

    def value(self, depth):
        roll = self.rng.random()
        if depth <= 0 or roll < 0.3:
            return self.simple()
        if roll < 0.45:
            return self.substitution()
        if roll < 0.6:
            return self.array(depth - 1)
        if roll < 0.78:
            return self.object(depth - 1)
        parts = [self.pick([self.simple, self.simple, self.substitution])() for _ in range(self.rng.randint(2, 3))]
        if self.chance(0.04):
            parts[self.rng.randrange(len(parts))] = self.array(depth - 1)
        if self.chance(0.3):
            parts = [self.substitution(), self.pick([self.array, self.object])(depth - 1)]
            if self.chance(0.3):
                parts.reverse()
        return self.pick(["", " ", "  "]).join(parts) if self.chance(0.3) else " ".join(parts)

    def between(self):
        return self.pick([",", ", ", "\n", "\n", ",\n", " \n ", "\n\n", " # note\n", " // note\n", "\n,"])

    def array(self, depth):
        items = [self.value(depth) for _ in range(self.rng.randint(0, 3))]
        text = self.pick(["", "\n", " "])
        for index, item in enumerate(items):
            text += item + (self.between() if index + 1 < len(items) or self.chance(0.2) else "")
        return "[" + text + self.pick(["", " "]) + "]"

    def field(self, depth):
        if self.chance(0.06) and self.files < 4:
            return self.include(depth)
        key = self.pick(KEYS)
        if self.chance(0.12):
            return key + self.space() + self.object(depth)
        operator = self.pick(["=", ":"]) if self.chance(0.9) else "+="
        line = "\n" if self.chance(0.005) else ""
        return key + self.space() + operator + self.space() + line + self.value(depth)

    def fields(self, depth, most):
        text = ""
        for _ in range(self.rng.randint(0, most)):
            text += self.field(depth) + self.between()
        return text

    def object(self, depth):
        inside = self.fields(depth, 3)
        if not inside.endswith((" # note\n", " // note\n")) and self.chance(0.7):
            inside = inside.rstrip(",\n ")
        return "{" + self.pick(["", "\n", " "]) + inside + self.pick(["", "\n", " "]) + "}"

    def include(self, depth):
        self.files += 1
        self.depth += 1
        stem = f"inc{self.files}"
        kind = self.pick(["conf", "conf", "conf", "json", "properties", "none"])
        if kind == "conf":
            (self.folder / f"{stem}.conf").write_text(self.fields(depth, 3), encoding="utf-8")
        elif kind == "json":
            (self.folder / f"{stem}.json").write_text(self.json(), encoding="utf-8")
        elif kind == "properties":
            (self.folder / f"{stem}.properties").write_text(self.properties(), encoding="utf-8")
        self.depth -= 1
        name = stem if self.chance(0.25) else f"{stem}.{kind if kind != 'none' else 'conf'}"
        # The reference takes a required file that is missing in an included one for the included one missing.
        required = self.chance(0.15) and (kind != "none" or self.depth == 0)
        target = f'"{name}"'
        return f"include required({target})" if required else f"include {target}"

    def json_value(self, depth):
        roll = self.rng.random()
        if depth <= 0 or roll < 0.5:
            return self.pick([1, -2, 1.5, True, False, None, "s", "a.b", "é", "${a}", ""])
        if roll < 0.7:
            return [self.json_value(depth - 1) for _ in range(self.rng.randint(0, 3))]
        return {self.pick(["a", "b", "c", "x", "q.r", ""]): self.json_value(depth - 1) for _ in range(self.rng.randint(0, 3))}

    def json(self):
        return json.dumps({"a": self.json_value(2), self.pick(["b", "c"]): self.json_value(2)}, ensure_ascii=self.chance(0.5), indent=self.pick([None, 1]))

    def properties(self):
        lines = [self.pick(["a", "b.c", "x", "d..e", "y\\ z", "c"]) + self.pick(["=", ":", " ", " = "]) +
                 self.pick(["1", "two", "", "a\\tb", "\\u00e9", "long \\\n  line", "${a}"]) for _ in range(self.rng.randint(0, 4))]
        return "\n".join(["# note"] * self.chance(0.3) + lines) + "\n"

    def broken(self, text):
        if not text:
            return "{"
        at = self.rng.randrange(len(text))
        edit = self.rng.randrange(4)
        if edit == 0:
            return text[:at] + text[at + 1:]
        if edit == 1:
            return text[:at] + self.pick(list('{}[]"$=:,+#/\\.`^?!@*& \n')) + text[at:]
        if edit == 2:
            return text[:at]
        return text[:at] + self.pick(["${", "${?", '"""', "include ", "//", "[]", "${a", "..", "= =", "required("]) + text[at:]

    def case(self):
        if self.chance(0.06):
            name, text = "main.json", self.json()
        else:
            name, text = "main.conf", self.fields(3, 7)
            if self.chance(0.1):
                text = "{" + text + "}"
        if self.chance(0.2):
            text = self.broken(text)
        (self.folder / name).write_text(text, encoding="utf-8")


def main():
    root, count, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        folder = root / str(number)
        folder.mkdir(parents=True)
        Writer(random.Random(f"{seed}/{number}"), folder).case()


main()
