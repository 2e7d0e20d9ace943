# Runs in the interpreter of a project, after import_boot.py: runs the code of those modules of the standard library that several
# children need once for all of them, and puts the modules out of sight again. In a child such a module comes into sight when
# something imports it, and with it what its own code imports, so that sys.modules and the attributes of packages are at any time
# what they are where that code runs then. A module that raises, warns, asks for what the project has or brings in anything from
# elsewhere is left to the children.
import builtins
import gc
import posix
import sys

# What an import of them does is to be seen, or to be done by each.
LOUD = frozenset(("__hello__", "__main__", "__phello__", "antigravity", "distutils", "idlelib", "lib2to3", "readline", "rlcompleter",
                  "site", "sitecustomize", "test", "this", "turtledemo", "usercustomize"))


class Standard:
    """The modules of the standard library that are out of sight."""

    def __init__(self):
        self.modules = {}   # name -> module
        self.needs = {}     # name -> names that its code imports
        self.folders = ()
        self.taken = set()  # names at the top of the project's folders
        self.asked = False  # for one of them
        self.path = []      # sys.path with which all this is so

    def load(self, names, paths, folders):
        """Imports those of `names` that it may; `paths` of the project are in front of sys.path, `folders` hold the library."""
        self.folders = tuple(folder.rstrip("/") + "/" for folder in folders)
        self.taken = {entry.partition(".")[0] for path in paths for entry in entries(path)}
        self.path = list(sys.path)
        visible = set(sys.modules)
        usual_import = builtins.__import__
        collects = gc.isenabled()
        gc.disable()
        sys.path[:] = self.path[len(paths):]
        sys.meta_path.insert(0, Guard(self))
        builtins.__import__ = self.recorder(usual_import)
        try:
            import warnings
            for name in names:
                if name not in sys.modules and is_standard_name(name):
                    self.load_one(name, warnings)
        finally:
            builtins.__import__ = usual_import
            del sys.meta_path[0]
            sys.path[:] = self.path
            if collects:
                gc.enable()
            self.modules = take_out([name for name in sys.modules if name not in visible])

    def load_one(self, name, warnings):
        before = set(sys.modules)
        self.asked = False
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                __import__(name)
                strange = bool(said) or self.asked
            except BaseException:  # whoever wants it meets that again
                strange = True
        loaded = [each for each in sys.modules if each not in before]
        if strange or not all([self.is_standard(each) for each in loaded]):
            take_out(loaded)

    def is_standard(self, name):
        spec = getattr(sys.modules[name], "__spec__", None)
        origin = spec and spec.origin or ""
        return is_standard_name(name) and (
            origin in ("built-in", "frozen") or origin.startswith(self.folders) and "-packages/" not in origin)

    def recorder(self, usual):
        """An __import__ that puts down which module's code imports what."""
        def __import__(name, globals=None, locals=None, fromlist=(), level=0):
            module = usual(name, globals, locals, fromlist, level)
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_name != "<module>":
                frame = frame.f_back
            if frame is not None:
                if level:
                    base = (globals.get("__package__") or "").rsplit(".", level - 1)[0]
                    name = base + "." + name if name else base
                needs = self.needs.setdefault(frame.f_globals.get("__name__"), [])
                needs.append(name)
                if fromlist and hasattr(module, "__path__"):
                    needs.extend([name + "." + each for each in fromlist])
            return module

        return __import__

    # -- in a child

    def install(self):
        if self.modules:
            sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        module = self.modules.get(name)
        if module is None or target is not None:
            return None
        if sys.path != self.path:  # what comes first on it now may have modules of these names
            self.modules.clear()
            return None
        found = module.__spec__
        spec = type(found)(name, Appearance(self, found), origin=found.origin, loader_state=found.loader_state)
        spec.submodule_search_locations = found.submodule_search_locations
        spec.cached = found.cached
        spec._set_fileattr = found.has_location
        return spec

    def appear(self, names):
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            module = self.modules.pop(name, None)
            if module is None:
                continue
            sys.modules.setdefault(name, module)
            waiting.extend(self.needs.get(name, ()))
            parent, _, child = name.rpartition(".")
            if parent:
                if parent in self.modules:
                    self.appear([parent])
                if parent in sys.modules:
                    setattr(sys.modules[parent], child, module)


class Appearance:
    """A loader whose module has run already."""

    def __init__(self, standard, spec):
        self.standard = standard
        self.found = spec

    def __getattr__(self, name):
        return getattr(self.found.loader, name)

    def create_module(self, spec):
        return self.standard.modules[spec.name]

    def exec_module(self, module):
        module.__spec__ = self.found
        self.standard.appear([self.found.name])


class Guard:
    """Keeps the library from what the project has by the same name."""

    def __init__(self, standard):
        self.standard = standard

    def find_spec(self, name, path=None, target=None):
        if name in self.standard.taken:
            self.standard.asked = True
            raise ImportError("the project has a module " + name)


def is_standard_name(name):
    top = name.partition(".")[0]
    return top in getattr(sys, "stdlib_module_names", ()) and top not in LOUD


def entries(folder):
    try:
        return posix.listdir(folder)
    except OSError:
        return []


def take_out(names):
    """Out of sys.modules and of the packages that hold them; returns them by name."""
    taken = {name: sys.modules.pop(name) for name in names}
    for name, module in taken.items():
        parent, _, child = name.rpartition(".")
        holder = taken.get(parent) or sys.modules.get(parent)
        if holder is not None and holder.__dict__.get(child) is module:
            delattr(holder, child)
    return taken


def shared(lists):
    """What is in two of the lists at least, in order."""
    seen, found = set(), {}
    for names in lists:
        for name in names:
            if name in seen:
                found[name] = True
        seen.update(names)
    return [name for names in lists for name in names if found.pop(name, False)]
