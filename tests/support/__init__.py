"""What tests share. Import what you need from its module:

- `tests.support.tree`: `ROOT` and the folders under it that tests look into.
- `tests.support.process`: `run(command, ...)`, a subprocess that is killed with its children when
  it takes too long; `Watchdog(seconds)`, which ends a run that waits in this process.
- `tests.support.tool`: `corinth(*arguments)` runs the command line tool from the tree;
  `generate(schema, folder)` demands that it succeeds and returns the files.
- `tests.support.compilers`: `COMPILERS`, `compile_source` (a source text) and `build_and_run` (a C
  program with the runtime), both with the warnings of the specification as errors.
- `tests.support.builds`: `built(TSAN)` returns the build folder of a configuration with everything
  in it up to date, such as `examples/http_server/http_server`; `launch_prefix` and `environment()`
  are how its programs are started.
- `tests.support.schemas`: `schemas()`, a Hypothesis strategy of valid schema texts; `examine(text)`
  takes one through all stages up to the layout, `.valid()` demands that nothing is wrong.
- `tests.support.roundtrip`: C programs that send every component of a schema there and back.
- `tests.support.reference`: the parts of the docs that follow from the code.
- `tests.support.reports`: reads JUnit reports for `tests.run`.

pyproject.toml makes both `corinth` and `tests.support` importable; no test needs path juggling.
"""
