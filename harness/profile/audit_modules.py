"""Reads what modules import and define when they are imported, without importing them.

audit_modules.py SEARCH_PATHS MODULE...: SEARCH_PATHS is a JSON list of folders. Prints one JSON object:
{"modules": {name: {"file", "top", "imports": [{"module", "names", "line", "end", "optional"}], "definitions": [{"name", "line"}],
 "uses": [{"module", "name"}], "problem"}},
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
        self.imports, self.definitions, self.uses, self.called = [], [], [], {}

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

    def use(self, *expressions):
        """What is taken of an imported module while this one is imported: `base.Handler` of a class statement."""
        for expression in expressions:
            for node in ast.walk(expression) if expression is not None else []:
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.called:
                    self.uses.append({"module": self.called[node.value.id], "name": node.attr})

    def body(self, statements, optional, top):
        for node in statements:
            self.statement(node, optional, top)

    def statement(self, node, optional, top):
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.add(node, alias.name, [], optional)
                if alias.asname or "." not in alias.name:
                    self.called[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom):
            module = self.resolve(node)
            self.add(node, module, [alias.name for alias in node.names], optional)
            for alias in node.names:
                self.called[alias.asname or alias.name] = f"{module}.{alias.name}"
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if top:
                self.definitions.append({"name": node.name, "line": node.lineno})
            self.use(*node.decorator_list, *node.args.defaults, *node.args.kw_defaults)
        elif isinstance(node, ast.ClassDef):
            self.use(*node.decorator_list, *node.bases, *(k.value for k in node.keywords))
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
        elif isinstance(node, ast.Assign):
            self.use(node.value)
            for target in node.targets if top else []:
                self.define(target)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self.use(node.value)
            if top:
                self.define(node.target)
        elif isinstance(node, ast.Expr):
            self.use(node.value)


def top_of(body):
    """The line in front of which an import can be put: behind the docstring and what comes from __future__."""
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node is body[0]:
            continue
        return min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
    return body[-1].end_lineno + 1 if body else 1


def read(name, path):
    made = {"file": path, "top": 1, "imports": [], "definitions": [], "uses": [], "problem": ""}
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except (SyntaxError, ValueError, OSError, RecursionError) as failure:
        made["problem"] = f"{type(failure).__name__}: {failure}"
        return made
    reader = Reader(name, path)
    reader.body(tree.body, False, True)
    made["top"] = top_of(tree.body)
    made["imports"], made["definitions"], made["uses"] = reader.imports, reader.definitions, reader.uses
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
