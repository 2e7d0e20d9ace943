"""Reads what modules import and define when they are imported, without importing them.

audit_modules.py SEARCH_PATHS MODULE...: SEARCH_PATHS is a JSON list of folders. Prints one JSON object:
{"modules": {name: {"file", "imports": [{"module", "names", "line", "end", "optional"}], "definitions": [{"name", "line"}], "problem"}},
 "distributions": {top-level module: [distribution]}, "requires": {distribution: [distribution]}}.
Only what runs at import counts: bodies of functions and of `if TYPE_CHECKING` are left out. An import is optional where the module says what
happens without it.
"""
import ast
import importlib.metadata
import json
import os
import re
import sys


def source_of(name, folders):
    parts = name.split(".")
    for folder in folders:
        base = os.path.join(folder, *parts)
        for path in (os.path.join(base, "__init__.py"), base + ".py"):
            if os.path.isfile(path):
                return path
    return None


def named(node):
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def guards_imports(handler):
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(c is None or named(c) in ("ImportError", "ModuleNotFoundError", "Exception", "BaseException") for c in caught)


class Reader:
    def __init__(self, name, path):
        self.package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
        self.imports, self.definitions = [], []

    def add(self, node, module, names, optional):
        self.imports.append({"module": module, "names": names, "line": node.lineno, "end": node.end_lineno, "optional": optional})

    def define(self, target):
        if isinstance(target, ast.Name):
            self.definitions.append({"name": target.id, "line": target.lineno})
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.define(part)

    def resolve(self, node):
        if not node.level:
            return node.module or ""
        parts = self.package.split(".") if self.package else []
        kept = parts[:len(parts) - (node.level - 1)]
        return ".".join(kept + ([node.module] if node.module else []))

    def body(self, statements, optional, top):
        for node in statements:
            self.statement(node, optional, top)

    def statement(self, node, optional, top):
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.add(node, alias.name, [], optional)
        elif isinstance(node, ast.ImportFrom):
            self.add(node, self.resolve(node), [alias.name for alias in node.names], optional)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if top:
                self.definitions.append({"name": node.name, "line": node.lineno})
        elif isinstance(node, ast.ClassDef):
            if top:
                self.definitions.append({"name": node.name, "line": node.lineno})
            self.body(node.body, optional, False)
        elif isinstance(node, ast.If):
            test = ast.dump(node.test)
            if "TYPE_CHECKING" not in test and "__main__" not in test:
                self.body(node.body, optional, top)
            self.body(node.orelse, optional, top)
        elif isinstance(node, ast.Try):
            self.body(node.body, optional or any(guards_imports(h) for h in node.handlers), top)
            for handler in node.handlers:
                self.body(handler.body, True, top)
            self.body(node.orelse, optional, top)
            self.body(node.finalbody, optional, top)
        elif isinstance(node, (ast.With, ast.For, ast.While)):
            self.body(node.body, optional, top)
            self.body(getattr(node, "orelse", []), optional, top)
        elif isinstance(node, ast.Assign) and top:
            for target in node.targets:
                self.define(target)
        elif isinstance(node, ast.AnnAssign) and top and node.value is not None:
            self.define(node.target)


def read(name, path):
    made = {"file": path, "imports": [], "definitions": [], "problem": ""}
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except (SyntaxError, ValueError, OSError, RecursionError) as failure:
        made["problem"] = f"{type(failure).__name__}: {failure}"
        return made
    reader = Reader(name, path)
    reader.body(tree.body, False, True)
    made["imports"], made["definitions"] = reader.imports, reader.definitions
    return made


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements():
    found = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            needed = [normalised(re.match(r"[A-Za-z0-9._-]*", text.strip()).group()) for text in distribution.requires or []]
            found.setdefault(normalised(name), needed)
    return found


def main():
    folders = json.loads(sys.argv[1])
    modules = {}
    for name in sys.argv[2:]:
        path = source_of(name, folders)
        if path:
            modules[name] = read(name, path)
    used = {i["module"].partition(".")[0] for m in modules.values() for i in m["imports"]}
    owned = importlib.metadata.packages_distributions()
    owners = {top: sorted({normalised(name) for name in names}) for top, names in owned.items() if top in used}
    json.dump({"modules": modules, "distributions": owners, "requires": requirements()}, sys.stdout)


main()
