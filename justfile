# One line each; the work is in ci/.

# the lifecycle drill: provision, run four prompts, tear down, assert the exact chain
bdd-lifecycle *ARGS:
    ci/drill {{ARGS}}

# the runtime profile: imports, scripts, configuration, migrations, with nothing started; before every push
bdd-runtime *ARGS:
    ci/profile {{ARGS}}

# the lifecycle with no way out, and the proof that nothing was called
parity *ARGS:
    ci/parity {{ARGS}}

# all tests
test:
    ci/test

# accept the output of all golden tests as it is now
approve:
    MUSTER_APPROVE=1 ctest --test-dir build/release --output-on-failure
