"""Goal: the tool finds its own files. Method: what must be there, from the tree; installed is
tests/install.
"""

from __future__ import annotations

from corinth import paths


def test_the_tree_has_every_folder() -> None:
    """Goal: each function names a folder that holds its kind of file. Method: look for one."""
    assert (paths.templates_dir() / "components.h.j2").is_file()
    assert (paths.schemas_dir() / "corinth-1.schema.json").is_file()
    assert (paths.include_dir() / "corinth" / "platform.h").is_file()
    assert "status.c" in [path.name for path in paths.sources() if path.is_file()]


def test_include_and_source_lie_side_by_side() -> None:
    """Goal: a build needs only one of the two paths. Method: compare their parents."""
    assert {path.parent for path in paths.sources()} == {paths.include_dir().parent / "src"}
