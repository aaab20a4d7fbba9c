"""Goal: an installed Corinth has all that the checkout has.

Method: build the wheel, install it into a virtual environment of its own without a network, and use
what arrived.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from corinth import __version__
from tests.support.process import Result, run
from tests.support.tool import corinth
from tests.support.tree import GENERATOR, INCLUDE, ROOT, SCHEMAS, SOURCE, TEMPLATES


@dataclass(frozen=True)
class Installation:
    """A wheel, and the virtual environment that it was installed into."""

    wheel: Path
    prefix: Path

    @property
    def package(self) -> Path:
        (package,) = self.prefix.glob("lib/python*/site-packages/corinth")
        return package

    def corinth(self, *arguments: str | Path) -> Result:
        """Run the installed command where nothing of the checkout is in reach."""
        command = self.prefix / "bin" / "corinth"
        return run([command, *arguments], cwd=self.prefix, environment={"PYTHONPATH": ""})


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("install")
    prefix = folder / "prefix"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    build = ["wheel", *offline, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    run([*pip, *build], environment=path).expect_success()
    (wheel,) = folder.glob("*.whl")
    run([sys.executable, "-m", "venv", "--without-pip", prefix]).expect_success()
    run([*pip, "--python", prefix, "install", *offline, wheel]).expect_success()
    # Its requirements come from the environment that runs this test: there is no network.
    (site_packages,) = prefix.glob("lib/python*/site-packages")
    (site_packages / "requirements.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installation(wheel, prefix)


def files_under(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_everything_and_nothing_else(installation: Installation) -> None:
    """Goal: no file is forgotten, none is left over. Method: compare with the checkout."""
    origins = {
        "": GENERATOR / "corinth",
        "templates/": TEMPLATES,
        "schemas/": SCHEMAS,
        "runtime/include/": INCLUDE,
        "runtime/src/": SOURCE,
    }
    expected = {
        f"corinth/{prefix}{file}"
        for prefix, folder in origins.items()
        for file in files_under(folder)
    }
    with zipfile.ZipFile(installation.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == expected


def test_the_wheel_fits_every_platform(installation: Installation) -> None:
    """Goal: nothing compiled is inside. Method: the tag in the wheel's name."""
    assert installation.wheel.name == f"corinth-{__version__}-py3-none-any.whl"


def test_version(installation: Installation) -> None:
    """Goal: the command is there and knows its version. Method: ask it."""
    assert __version__ in installation.corinth("--version").expect_success().stdout


def test_include_dir(installation: Installation) -> None:
    """Goal: include/ and src/ lie side by side in the package. Method: look where it says."""
    include = Path(installation.corinth("--include-dir").expect_success().stdout.strip())
    assert include == installation.package / "runtime" / "include"
    assert files_under(include) == files_under(INCLUDE)
    assert files_under(include.parent / "src") == files_under(SOURCE)


def test_sources(installation: Installation) -> None:
    """Goal: what is printed is the installed runtime. Method: compare with the tree's files."""
    printed = installation.corinth("--sources").expect_success().stdout.splitlines()
    source = installation.package / "runtime" / "src"
    assert printed == [str(source / path.name) for path in sorted(SOURCE.glob("*.c"))]


def test_schema(installation: Installation) -> None:
    """Goal: editors get the JSON Schema from the installed tool. Method: it equals the tree's."""
    printed = installation.corinth("schema").expect_success().stdout
    assert json.loads(printed) == json.loads((SCHEMAS / "corinth-1.schema.json").read_text())


def test_generate_equals_the_tree(installation: Installation, tmp_path: Path) -> None:
    """Goal: output doesn't depend on where the tool is. Method: the same schema by both."""
    schema = ROOT / "examples" / "hello" / "hello.yaml"
    installation.corinth("generate", schema, "-o", tmp_path / "installed").expect_success()
    corinth("generate", schema, "-o", tmp_path / "tree").expect_success()
    names = files_under(tmp_path / "tree")
    assert names
    assert files_under(tmp_path / "installed") == names
    for name in names:
        expected = (tmp_path / "tree" / name).read_bytes()
        assert (tmp_path / "installed" / name).read_bytes() == expected, name
