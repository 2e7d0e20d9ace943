# The first words of the interpreter that imports are checked with: it says who it is on descriptor 3 and reads there what
# it shall do. Only modules that every interpreter has loaded anyway, so that none is there for a module by accident.
import posix
import sys


def receive():
    """One message: its length in digits, a line end, its bytes. None at the end."""
    head = b""
    while not head.endswith(b"\n"):
        byte = posix.read(3, 1)
        if not byte:
            return None
        head += byte
    left = int(head)
    parts = []
    while left:
        part = posix.read(3, min(left, 1 << 20))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return b"".join(parts).decode("utf-8", "surrogateescape")


def quoted(text):
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " else "\\u%04x" % ord(c) for c in text) + '"'


def to_json(value):
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return "%.9f" % value
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([to_json(item) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([quoted(key) + ":" + to_json(item) for key, item in value.items()]) + "}"
    return quoted(str(value))


def hello():
    system, node, release, version, machine = posix.uname()
    info = sys.implementation.version
    implementation = "%d.%d.%d" % (info.major, info.minor, info.micro)
    if info.releaselevel != "final":
        implementation += info.releaselevel[0] + str(info.serial)
    names = {"cpython": "CPython", "pypy": "PyPy"}
    return {
        "version": "%d.%d.%d" % sys.version_info[:3],
        "executable": sys.executable or "",
        "path": [entry for entry in sys.path if entry],
        "stdlib": [sys.modules["os"].__file__.rpartition("/")[0]] if "os" in sys.modules else [],
        "modules": sorted(set(sys.builtin_module_names) | set(getattr(sys, "stdlib_module_names", ()))),
        "markers": {
            "os_name": "posix",
            "sys_platform": sys.platform,
            "platform_machine": machine,
            "platform_python_implementation": names.get(sys.implementation.name, sys.implementation.name),
            "platform_release": release,
            "platform_system": system,
            "platform_version": version,
            "python_version": "%d.%d" % sys.version_info[:2],
            "python_full_version": sys.version.split()[0].rstrip("+"),
            "implementation_name": sys.implementation.name,
            "implementation_version": implementation,
        },
    }


def send(text):
    data = (text + "\n").encode("utf-8", "replace")
    while data:
        data = data[posix.write(3, data):]


send(to_json(hello()))
for _ in range(3):
    _source = receive()
    if _source is None:
        posix._exit(0)
    exec(compile(_source, "<muster>", "exec"))
main()
