"""The processes of this machine by the environment that they were started with, which they cannot shed."""
import os
import pathlib


def started_with(*, variable=None, containing=None):
    """(pid, command line, environment) of every other process with exactly this `NAME=value`, or with this anywhere in its environment;
    of zombies nothing can be read."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if variable is not None and os.fsencode(variable) in environment.split(b"\0") or containing is not None and os.fsencode(containing) in environment:
            yield int(entry.name), command, environment
