"""The steps of the runtime profile for behave as they are usually written: all in behave's own process. A module is imported once, and
what it breaks it breaks for all."""
import importlib
import os
import re
import sys

from behave import given, then, when

ROOT = os.environ["PROFILE_PROJECT"]
sys.path.insert(0, ROOT)


@when('I import "{module}"')
def import_module(context, module):
    context.imported = importlib.import_module(module)


@then("no ImportError is raised")
def no_import_error(context):
    assert context.imported


@then("{module}.__version__ is defined")
def version(context, module):
    assert importlib.import_module(module).__version__


@given('the file "{path}" exists')
@then('the file "{path}" exists')
def exists(context, path):
    assert os.path.isfile(os.path.join(ROOT, path)), path


@then('the file "{path}" is executable')
def executable(context, path):
    assert os.access(os.path.join(ROOT, path), os.X_OK), path


@when('I compile "{script}" with py_compile')
def compile_script(context, script):
    path = os.path.join(ROOT, script)
    with open(path, "rb") as file:
        context.compiled = compile(file.read(), path, "exec")


@then("no SyntaxError is raised")
def no_syntax_error(context):
    assert context.compiled


@when("I load the config with no overrides")
def load_config(context):
    from atelier import hocon

    context.settings = hocon.load(os.path.join(ROOT, "config/application.conf"), {})


@then("no exception is raised")
def no_exception(context):
    assert context.settings


@then("the config has {field} > {number:d}")
def field_above(context, field, number):
    value = context.settings
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
