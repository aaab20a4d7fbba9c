"""Settings of every Python test."""

from __future__ import annotations

import pytest
from hypothesis import settings


def pytest_configure(config: pytest.Config) -> None:
    """No property fails because a machine is slow, and each failure prints how to repeat it."""
    del config
    settings.register_profile("corinth", deadline=None, print_blob=True)
    settings.load_profile("corinth")
