# Runs in the child that imports one module: imports it behind the production closure, and puts down as facts what happened.
# What the facts mean is decided by import_verdict.cpp.
import posix
import sys
import time

OURS = globals()
SITES = ("/site-packages/", "/dist-packages/")


class Autopsy:
    def __init__(self, order, config, standard):
        self.order = order
        self.standard = standard
        self.roots = tuple(root.rstrip("/") + "/" for root in config["roots"])
        self.outside = tuple(root.rstrip("/") + "/" for root in config["environments"])
        self.gate = config["gate"]
        self.stdlib = tuple(root.rstrip("/") + "/" for root in config["stdlib"])
        self.blocked = {}
        self.missing = []
        self.pid = posix.getpid()

    def perform(self, tell):
        self.guard_exit(tell)
        self.guard_finders()
        name = self.order["module"]
        begun = time.perf_counter()
        try:
            __import__(name)
            facts = {"kind": "imported"}
        except BaseException as failure:
            facts = self.explain(failure)
        facts["seconds"] = time.perf_counter() - begun
        self.only_in_child()
        try:
            facts["namespaces"] = self.namespaces()
            if facts["kind"] == "imported":
                module = sys.modules[name]
                facts["attributes"] = [self.attribute(module, wanted) for wanted in self.order["attributes"]]
                if "__version__" not in self.order["attributes"] and "__version__" in getattr(module, "__dict__", ()):
                    facts["attributes"].append(self.attribute(module, "__version__"))
                self.find_names_given_up()
                facts["threads"] = len(sys._current_frames()) - 1
            facts["soft_missing"] = self.soft_missing(facts)
        except BaseException as failure:  # a module may have replaced whatever is used here
            facts["note"] = "could not be looked at in full: %s: %s" % (type(failure).__name__, failure)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # closed or replaced by the module: its own affair
                pass
        self.only_in_child()
        return facts

    def only_in_child(self):
        """A module that forks comes back twice; only the child that was asked reports."""
        if posix.getpid() != self.pid:
            real_exit(0)

    # -- before the import

    def guard_exit(self, tell):
        def _exit(status):
            if posix.getpid() == self.pid:
                frames = []
                frame = sys._getframe(1)
                while frame is not None:
                    frames.insert(0, (frame, frame.f_lineno))
                    frame = frame.f_back
                tell({"kind": "left", "code": status, "how": "os._exit", "frames": self.links(frames)})
            real_exit(status)

        posix._exit = _exit
        if "os" in sys.modules:
            sys.modules["os"]._exit = _exit

    def guard_finders(self):
        recorder = type("Recorder", (), {"find_spec": lambda _, name, path=None, target=None: self.record(name)})()
        if self.gate is not None:
            sys.meta_path[:] = [self.gated(finder) for finder in sys.meta_path]
        sys.meta_path.append(recorder)
        self.standard.install()

    def gated(self, finder):
        """The finder without what production does not have. A class stays a class of that name."""
        autopsy = self
        if getattr(finder, "__name__", "") in ("BuiltinImporter", "FrozenImporter"):
            return finder

        def find_spec(name, path=None, target=None):
            spec = finder.find_spec(name, path, target)
            return spec if spec is None or autopsy.permitted(name, spec) else None

        def find_distributions(*arguments, **named):
            for distribution in finder.find_distributions(*arguments, **named):
                if autopsy.deployed(distribution):
                    yield distribution

        members = {"find_spec": staticmethod(find_spec)}
        if hasattr(finder, "find_distributions"):
            members["find_distributions"] = staticmethod(find_distributions)
        if isinstance(finder, type):
            return type(finder.__name__, (finder,), members)
        return type(type(finder).__name__, (), {**members, "__getattr__": lambda _, name: getattr(finder, name)})()

    def permitted(self, name, spec):
        gate = self.gate
        owners = gate["owners"].get(name)
        if owners is None and "." in name:
            return True  # its package was permitted
        location = spec.origin if spec.origin and spec.has_location else next(iter(spec.submodule_search_locations or ()), None)
        if location is None or self.in_project(location):
            return True
        if not any(site in location for site in SITES) and location.startswith(self.stdlib):
            return True
        if owners is None:
            owners = [owner for place, owner in gate["places"].items() if location.startswith(place)]
        if any(owner in gate["allowed"] for owner in owners) or (not owners and gate["unsure"]):
            return True
        self.blocked[name] = {"distribution": owners[0] if owners else "", "location": location}
        return False

    def deployed(self, distribution):
        try:
            name = getattr(distribution, "_normalized_name", None) or distribution.metadata["Name"]
        except Exception:  # a broken distribution: whoever asks shall see it himself
            return True
        name = "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)
        return name in self.gate["allowed"] or name not in self.gate["installed"]

    def record(self, name):
        """Called when nobody knows the module `name`."""
        frame = sys._getframe(1)
        probe = False
        while frame is not None and (frame.f_globals is OURS or self.of_importlib(frame)):
            probe = probe or frame.f_code.co_name == "find_spec" and not frame.f_code.co_filename.startswith("<")
            frame = frame.f_back
        if frame is None or len(self.missing) >= 500:
            return None
        file = frame.f_code.co_filename
        if self.in_project(file) or any(site in file for site in SITES) or not file.startswith(self.stdlib):
            self.missing.append({"name": name, "file": file, "line": frame.f_lineno, "probe": probe,
                                 "module": frame.f_globals.get("__name__", "")})
        return None

    # -- after it

    def in_project(self, file):
        return file.startswith(self.roots) and not file.startswith(self.outside) and not any(site in file for site in SITES)

    @staticmethod
    def of_importlib(frame):
        file = frame.f_code.co_filename
        return file.startswith("<frozen importlib") or file.endswith(("/importlib/__init__.py", "/importlib/util.py",
                                                                     "/importlib/_bootstrap.py"))

    def links(self, frames):
        """The frames that are of modules, outermost first, each with what it goes on to."""
        links = []
        for frame, line in frames:
            if frame.f_globals is OURS or self.of_importlib(frame):
                continue
            code = frame.f_code
            module = frame.f_globals.get("__name__") or ""
            if links and code.co_name == "<module>":
                links[-1]["imports"] = str(module)
            links.append({"module": str(module), "file": code.co_filename, "line": line, "function": code.co_name, "imports": "",
                          "text": source_line(code.co_filename, line), "partial": code.co_name == "<module>"})
        return links if len(links) < 200 else links[:100] + links[-100:]

    def explain(self, failure):
        """The facts of an exception, with those that it stands for."""
        chain = [failure]
        while len(chain) < 20:
            last = chain[-1]
            cause = last.__cause__
            # What an ImportError was raised for while handling another is the other's fault.
            if cause is None and isinstance(last, ImportError) and not last.__suppress_context__:
                cause = last.__context__ if isinstance(last.__context__, ImportError) else None
            if cause is None or cause in chain:
                break
            chain.append(cause)
        frames = []
        for error in chain:
            own = []
            step = error.__traceback__
            while step is not None:
                own.append((step.tb_frame, step.tb_lineno))
                step = step.tb_next
            known = next((at for at, (frame, _) in enumerate(frames) if own and frame is own[0][0]), len(frames))
            frames = frames[:known] + own
        facts = {"kind": "raised", "frames": self.links(frames)}
        facts["errors"] = [describe(error) for error in chain]
        if isinstance(failure, SystemExit):
            facts["kind"] = "left"
            facts["how"] = "sys.exit"
            facts["code"] = failure.code if isinstance(failure.code, int) else 0 if failure.code is None else 1
            facts["errors"][0]["message"] = "" if failure.code is None else str(failure.code)[:2000]
        last = facts["errors"][-1]
        blocked = self.blocked.get(last.get("name") or "")
        if blocked:
            facts["blocked"] = blocked
        facts["source"] = self.source_of(last)
        return facts

    def source_of(self, error):
        """Of `cannot import name … from source`: what the source is."""
        module = sys.modules.get(error.get("name") or "")
        if module is None or error["type"] != "ImportError":
            return None
        wanted = error.get("wanted") or ""
        return {"file": getattr(module, "__file__", None) or "", "path": [str(entry) for entry in getattr(module, "__path__", ())],
                "nearest": nearest(wanted, getattr(module, "__dict__", ()))}

    def namespaces(self):
        """Folders of the project that were imported as packages and have no file of their own."""
        found = []
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__path__", None)
            if path is None or getattr(module, "__file__", None) is not None:
                continue
            for entry in path:
                if self.in_project(str(entry) + "/"):
                    try:
                        files = posix.listdir(entry)
                    except OSError:
                        continue
                    found.append({"name": name, "path": str(entry), "sources": sum(file.endswith(".py") for file in files)})
        return found

    def attribute(self, module, wanted):
        answer = {"name": wanted, "found": False, "callable": False, "type": "", "value": "", "nearest": ""}
        value = module
        for part in wanted.split("."):
            try:
                value = getattr(value, part)
            except BaseException as failure:
                answer["value"] = "%s: %s" % (type(failure).__name__, str(failure)[:200])
                answer["nearest"] = nearest(part, dir(value))
                return answer
        answer.update(found=True, callable=callable(value), type=type(value).__name__)
        try:
            answer["value"] = repr(value)[:200]
        except BaseException as failure:
            answer["value"] = "<%s in its repr>" % type(failure).__name__
        return answer

    def find_names_given_up(self):
        """`try: from x import y / except ImportError`, where x is there and y is not."""
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if not isinstance(file, str) or not file.endswith(".py") or not self.in_project(file):
                continue
            with open(file, "rb") as stream:
                source = stream.read()
            if b"except" not in source or b"ImportError" not in source and b"ModuleNotFoundError" not in source:
                continue
            package = getattr(module, "__package__", "") or ""
            for statement in guarded_imports(compile(source, file, "exec", 0x400, dont_inherit=True)):
                self.check_names(statement, package, file, module.__name__)

    def check_names(self, statement, package, file, importer):
        source = statement.module or ""
        if statement.level:
            base = package.split(".")
            base = base[:len(base) - statement.level + 1]
            source = ".".join(base + ([source] if source else []))
        found = sys.modules.get(source)
        if found is None:
            return
        for alias in statement.names:
            if alias.name != "*" and not hasattr(found, alias.name):
                self.missing.append({"name": source + "." + alias.name, "file": file, "line": statement.lineno,
                                     "probe": False, "module": importer})

    def soft_missing(self, facts):
        fatal = {error.get("name") for error in facts.get("errors", ())}
        fatal.update("%s.%s" % (error.get("name"), error.get("wanted")) for error in facts.get("errors", ()))
        fatal.add(self.order["module"])
        seen, soft = set(), []
        for entry in self.missing:
            key = (entry["name"], entry["file"], entry["line"])
            if key in seen or entry["name"] in sys.modules or entry["name"] in fatal:
                continue
            seen.add(key)
            blocked = self.blocked.get(entry["name"])
            entry["blocked_by"] = blocked["distribution"] if blocked else ""
            entry["in_project"] = self.in_project(entry["file"])
            soft.append(entry)
        return soft


def source_line(file, line):
    import linecache
    try:
        return linecache.getline(file, line).strip()[:200]
    except Exception:  # unreadable, or no text: the place alone has to do
        return ""


def describe(error):
    facts = {"type": type(error).__name__, "import_error": isinstance(error, ImportError),
             "not_found": isinstance(error, ModuleNotFoundError)}
    try:
        facts["message"] = str(error)[:2000]
    except BaseException as failure:
        facts["message"] = "<%s in its text>" % type(failure).__name__
    if isinstance(error, ImportError):
        facts["name"] = error.name if isinstance(error.name, str) else ""
        message = facts["message"]
        if message.startswith("cannot import name "):
            facts["wanted"] = getattr(error, "name_from", None) or message.split("'")[1] if "'" in message else ""
    if isinstance(error, SyntaxError):
        facts["file"] = error.filename or ""
        facts["line"] = error.lineno or 0
        facts["text"] = (error.text or "").strip()[:200]
    if isinstance(error, AttributeError):
        _, _, rest = facts["message"].partition(" has no attribute '")
        facts["wanted"] = getattr(error, "name", None) or rest.partition("'")[0]
    return facts


def nearest(wanted, names):
    import difflib
    close = difflib.get_close_matches(wanted, [name for name in names if isinstance(name, str)], 1, 0.6)
    return close[0] if close else ""


def guarded_imports(tree):
    """The `from … import` statements directly or deeper below a `try` that catches ImportError."""
    found = []
    stack = [(tree, False)]
    while stack:
        node, guarded = stack.pop()
        kind = type(node).__name__
        if kind == "ImportFrom" and guarded:
            found.append(node)
        if kind in ("FunctionDef", "AsyncFunctionDef", "Lambda"):
            continue  # was not run by the import, or in a call that may mean anything
        for field in node._fields:
            below = getattr(node, field, None)
            inside = guarded or kind in ("Try", "TryStar") and field == "body" and any(catches(h) for h in node.handlers)
            for item in below if isinstance(below, list) else [below]:
                if hasattr(item, "_fields"):
                    stack.append((item, inside))
    return found


def catches(handler):
    kinds = handler.type
    if kinds is None:
        return True
    names = [getattr(kind, "id", getattr(kind, "attr", "")) for kind in getattr(kinds, "elts", [kinds])]
    return any(name in ("ImportError", "ModuleNotFoundError", "Exception", "BaseException") for name in names)
