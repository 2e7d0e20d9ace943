"""The steps of the runtime profile for behave, as isolated as muster's: an interpreter of its own for each module, script and
configuration, `bash -n`, git's index."""
import json
import os
import re
import shutil
import subprocess

from behave import given, then, when

PYTHON = "/usr/bin/python3"
ROOT = os.environ["PROFILE_PROJECT"]
IMPORT = "import sys; sys.path.insert(0, sys.argv[1]); import importlib; module = importlib.import_module(sys.argv[2])"


def python(code, *arguments):
    return subprocess.run([PYTHON, "-I", "-c", code, ROOT, *arguments], capture_output=True, text=True, timeout=30)


@when('I import "{module}"')
def import_module(context, module):
    context.imports = getattr(context, "imports", []) + [python(IMPORT, module)]


@then("no ImportError is raised")
def no_import_error(context):
    assert context.imports
    for done in context.imports:
        assert done.returncode == 0, done.stderr


@then("{module}.__version__ is defined")
def version(context, module):
    assert python(IMPORT + "; module.__version__", module).returncode == 0


@given('the file "{path}" exists')
@then('the file "{path}" exists')
def exists(context, path):
    assert os.path.isfile(os.path.join(ROOT, path)), path


@then('the file "{path}" is executable')
def executable(context, path):
    file = os.path.join(ROOT, path)
    assert os.path.isfile(file) and os.access(file, os.X_OK), path
    staged = subprocess.run(["git", "ls-files", "--stage", "--", path], cwd=ROOT, capture_output=True, text=True, timeout=30).stdout
    assert staged.startswith("100755"), path
    with open(file, "rb") as script:
        shebang = script.readline().decode().split()
    assert shebang[0].startswith("#!/") and os.access(shebang[0][2:], os.X_OK), path
    program = shutil.which(shebang[1]) if shebang[0].endswith("/env") else shebang[0][2:]
    assert program, path
    if program.endswith("sh"):
        done = subprocess.run([program, "-n", file], capture_output=True, text=True, timeout=30)
    else:
        done = python("import sys; compile(open(sys.argv[2], 'rb').read(), sys.argv[2], 'exec')", file)
    assert done.returncode == 0, done.stderr


@when('I compile "{script}" with py_compile')
def compile_script(context, script):
    context.compiled = python("import sys; compile(open(sys.argv[2], 'rb').read(), sys.argv[2], 'exec')", os.path.join(ROOT, script))


@then("no SyntaxError is raised")
def no_syntax_error(context):
    assert context.compiled.returncode == 0, context.compiled.stderr


@when("I load the config with no overrides")
def load_config(context):
    code = ("import json, os, sys; sys.path.insert(0, sys.argv[1]); os.chdir(sys.argv[1]); from atelier import hocon; "
            "print(json.dumps(hocon.load('config/application.conf', {})))")
    context.loaded = python(code)


@then("no exception is raised")
def no_exception(context):
    assert context.loaded.returncode == 0, context.loaded.stderr


@then("the config has {field} > {number:d}")
def field_above(context, field, number):
    value = json.loads(context.loaded.stdout)
    for part in {"server_port": "server.port", "gateway_port": "gateway.port"}.get(field, field).split("."):
        value = value[part]
    assert value > number


@given('migration files exist in "{folder}"')
def migration_files(context, folder):
    path = os.path.join(ROOT, folder)
    context.migrations = [os.path.join(path, name) for name in sorted(os.listdir(path)) if re.match(r"\d+.*\.sql$", name)]
    assert context.migrations


@when("I parse each migration for UP/DOWN blocks")
def parse_migrations(context):
    context.blocks = []
    for path in context.migrations:
        with open(path, encoding="utf-8") as file:
            context.blocks.append(re.split(r"^-- migrate:(?:up|down).*$", file.read(), flags=re.M)[1:])


@then("every migration has a valid UP block")
def valid_up(context):
    for up, _ in context.blocks:
        assert up.strip().endswith(";"), up
