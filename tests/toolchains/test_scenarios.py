"""The explorer's scenarios as other compilers and optimisation levels make them.

Method: every execution again, of what gcc -O2 and clang -O2 leave of the same source: which loads
and stores there are, and in which order, is up to the compiler. gcc -O1 is explored in every run of
the tests.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explorer.run import Toolchain
from tests.support.scenarios import SCENARIOS, failures, name_of

TOOLCHAINS = [Toolchain("gcc", "-O2"), Toolchain("clang", "-O2")]

CASE_TIMEOUT_S = 3600.0
"""The largest case takes several minutes by itself, and other work may run beside the night."""


@pytest.mark.parametrize("toolchain", TOOLCHAINS, ids=lambda each: each.folder.name)
@pytest.mark.parametrize("source", SCENARIOS, ids=name_of)
def test_scenario(source: Path, toolchain: Toolchain) -> None:
    """Goal: the runtime's protocols hold whatever a compiler makes of them."""
    assert failures(source, toolchain, timeout_s=CASE_TIMEOUT_S) == []
