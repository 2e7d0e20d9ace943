"""Step files of any number of definitions, compiled just as the step files of a runner are: by the command that the build uses for one."""
import json
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build/release"
SAMPLE = "step_definitions/kit/minimal.cpp"


def definitions(count):
    """(text, C++ parameters, JavaScript parameters): alike, as those of a large suite are; the first five are those that scenarios use."""
    for number in range(count):
        if number % 2 == 0:
            yield f"the subject{number} has {{int}} item(s) in {{string}}", "int, std::string", "n, s"
        else:
            yield f"the user {{word}} asks subject{number} for {{int}}", "std::string, int", "w, n"


def texts():
    return ["the subject0 has 12 items in \"the cellar\"", "the user anna asks subject1 for 3", "the subject2 has 1 item in \"a box\"",
            "the user bert asks subject3 for -4", "the subject4 has 7 items in \"the attic\""]


def write_cpp(path, count):
    lines = ["#include \"muster/step.hpp\"", "", "using namespace muster;", ""]
    for text, parameters, _ in definitions(count):
        lines.append(f"STEP(\"{text}\") = []({parameters}) {{}};")
    path.write_text("\n".join(lines) + "\n")


def write_javascript(path, count):
    lines = ["const { Given } = require('@cucumber/cucumber')"]
    for text, _, parameters in definitions(count):
        lines.append(f"Given('{text}', function ({parameters}) {{}})")
    path.write_text("\n".join(lines) + "\n")


def compile_command(source, output):
    """The build's command for a step file of a runner, with other files."""
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        if entry["file"].endswith(SAMPLE):
            words = shlex.split(entry["command"])
            words[words.index("-o") + 1] = str(output)
            words[words.index("-c") + 1] = str(source)
            return words, entry["directory"]
    sys.exit(f"bench: the build has no {SAMPLE}; ci/build release")


def make_runner(folder, count):
    """A runner of `count` definitions."""
    source, output, runner = folder / f"steps{count}.cpp", folder / f"steps{count}.o", folder / f"runner{count}"
    write_cpp(source, count)
    words, directory = compile_command(source, output)
    subprocess.run(words, cwd=directory, check=True)
    subprocess.run([words[0], output, BUILD / "libmuster_main.a", f"-L{BUILD}/lib", "-lmuster", f"-Wl,-rpath,{BUILD}/lib", "-o", runner],
                   check=True)
    return runner
