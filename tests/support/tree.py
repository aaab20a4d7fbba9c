"""The checkout's folders."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "generator"
TEMPLATES = ROOT / "templates"
SCHEMAS = ROOT / "schemas"
INCLUDE = ROOT / "runtime" / "include"
SOURCE = ROOT / "runtime" / "src"
TESTS = ROOT / "tests"
BUILD = ROOT / "build"
