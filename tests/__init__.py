"""The tests. `scripts/test` runs them; `tests.run` is what it calls."""
