"""Goal: nothing written by hand, and nothing of another living schema, is ever overwritten.
Method: random sequences of what people do with three schemas and one folder (generate, --check,
--force, rename, move, edit, shrink, rename a world, files by hand) are run by the tool and by a
model of a few lines, and both must agree on the exit code and on every byte after each step.
Seeded: a failure names its sequence, which can be run alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from corinth import cli, pipeline
from corinth import generate as generating
from corinth.diagnostics import Diagnostics
from corinth.model import Layout
from corinth.pipeline import read_layout
from corinth.render import render

SEQUENCES = 200
STEPS = 12
CHUNK = 25
SEED = 1893
FOLDER = "gen"
TWO_WORLDS = '{"a": {"routing": {"default_target": "WORLD"}}, "WORLD": {}}'
ONE_WORLD = '{"a": {"role": "standalone"}}'
PARTS = ("_components.h", "_transfer.h", ".h", ".json")
LANE_PARTS = ("_lanes.h", "_a.h", "_coordinator.h", "_dispatch.h")
SECOND_WORLDS = ("b", "c")
NAMES = ("sea", "sea_lanes", "bay", "third")
"""One is also a part's name of another, one the stem of a schema that lies in the folder."""

Mark = tuple[str, str]


@dataclass
class Schema:
    """One of the three."""

    path: str
    name: str
    has_lanes: bool = True
    second_world: str = "b"
    edits: int = 0

    @property
    def mark(self) -> Mark:
        return self.name, Path(self.path).name

    @property
    def text(self) -> str:
        """JSON is YAML, so the one in the folder can have the name of an output."""
        fields = f'{{"C{self.edits}": {{"fields": {{"x": "f32"}}}}}}'
        head = f'"corinth": 1, "name": "{self.name}"'
        worlds = TWO_WORLDS.replace("WORLD", self.second_world) if self.has_lanes else ONE_WORLD
        return f'{{{head}, "components": {fields}, "worlds": {worlds}}}\n'

    def save(self) -> None:
        Path(self.path).parent.mkdir(exist_ok=True)
        Path(self.path).write_text(self.text, encoding="utf-8")


@dataclass
class File:
    """What the folder holds under a name; `mark` is None for what was written by hand."""

    text: str
    mark: Mark | None = None


@dataclass
class Model:
    """The rule, as the docs have it."""

    schemas: list[Schema]
    files: dict[str, File] = field(default_factory=dict)

    def generate(self, schema: Schema, forced: set[str], is_check: bool) -> int:
        """The exit code; brings the files up to date unless it is refused or a check."""
        texts = expected(schema.text, Path(schema.path).name)
        made = {name for name, file in self.files.items() if self._is_of(file, schema)}
        if any(self._is_refused(name, schema, forced) for name in {*texts, *made}):
            return 1
        after = {name: file for name, file in self.files.items() if name not in made}
        after |= {name: File(text, schema.mark) for name, text in texts.items()}
        if is_check:
            return int(after != self.files)
        self.files = after
        return 0

    def _is_of(self, file: File, schema: Schema) -> bool:
        """Whether a schema of this file name made it."""
        return file.mark is not None and file.mark[1] == schema.mark[1]

    def _is_refused(self, name: str, schema: Schema, forced: set[str]) -> bool:
        """Whether a file that would be replaced or removed has another owner."""
        if f"{FOLDER}/{name}" in [each.path for each in self.schemas]:
            return True
        file = self.files.get(name)
        if file is None or name in forced or file.mark == schema.mark:
            return False
        others = [other.mark for other in self.schemas if other is not schema]
        return not self._is_of(file, schema) or file.mark in others


@cache
def expected(schema_text: str, file_name: str) -> dict[str, str]:
    """What a schema becomes, made without looking at the folder."""
    path = Path("elsewhere") / file_name
    path.parent.mkdir(exist_ok=True)
    path.write_text(schema_text, encoding="utf-8")
    layout = read_layout(str(path), Diagnostics())
    path.unlink()
    path.parent.rmdir()
    assert layout is not None
    return render(layout)


@cache
def layout_of(path: str, _schema_text: str) -> Layout:
    """Each text is read only once; what happens to the files is what is tried here."""
    layout = read_layout(path, Diagnostics())
    assert layout is not None
    return layout


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command do without reading and rendering again what it has read and rendered."""

    def read(path: str, _diagnostics: Diagnostics) -> Layout:
        return layout_of(path, Path(path).read_text(encoding="utf-8"))

    def texts(layout: Layout) -> dict[str, str]:
        schema = Path(layout.model.inputs[0])
        return expected(schema.read_text(encoding="utf-8"), schema.name)

    monkeypatch.setattr(pipeline, "read_layout", read)
    monkeypatch.setattr(generating, "render", texts)


def rename(model: Model, schema: Schema, dice: random.Random) -> None:
    taken = {other.mark for other in model.schemas}
    free = [name for name in NAMES if (name, schema.mark[1]) not in taken]
    schema.name = dice.choice(free)


def move(model: Model, schema: Schema, dice: random.Random) -> None:
    """The schema's file gets another name; the one in the folder stays."""
    path = Path(schema.path).with_name(dice.choice(["game.yaml", "boat.yaml"]))
    taken = {other.mark for other in model.schemas if other is not schema}
    if schema.path.startswith(FOLDER) or (schema.name, path.name) in taken:
        return
    Path(schema.path).rename(path)
    schema.path = str(path)


def edit(_model: Model, schema: Schema, dice: random.Random) -> None:
    schema.edits = dice.randrange(3)


def resize(_model: Model, schema: Schema, _dice: random.Random) -> None:
    """With one world there are neither lanes nor a coordinator."""
    schema.has_lanes = not schema.has_lanes


def rename_world(_model: Model, schema: Schema, dice: random.Random) -> None:
    schema.second_world = dice.choice(SECOND_WORLDS)


def write_by_hand(model: Model, _schema: Schema, dice: random.Random) -> None:
    """A file where a header might be, or an edit of a header that is there."""
    worlds = [f"_{world}.h" for world in SECOND_WORLDS]
    name = dice.choice(NAMES) + dice.choice([*PARTS, *LANE_PARTS, *worlds])
    if any(schema.path == f"{FOLDER}/{name}" for schema in model.schemas):
        return
    file = model.files.get(name)
    if file is not None and dice.random() < 0.5:
        file.text += "/* an edit */\n"
    else:
        file = File(f"/* by hand: {dice.random()} */\n")
    model.files[name] = file
    (Path(FOLDER) / name).write_text(file.text, encoding="utf-8")


CHANGES = (rename, move, edit, resize, rename_world, write_by_hand)


def generate(model: Model, schema: Schema, dice: random.Random) -> str:
    """Run the tool and the model; returns the command."""
    schemas = {Path(each.path).name for each in model.schemas if each.path.startswith(FOLDER)}
    present = sorted(model.files.keys() - schemas)
    count = dice.choice([0, 0, 0, 1, 3, len(present)])
    forced = set(dice.sample(present, min(count, len(present))))
    is_check = dice.random() < 0.3
    words = ["generate", schema.path, "-o", FOLDER, *["--check"] * is_check]
    words += [word for name in sorted(forced) for word in ("--force", f"{FOLDER}/{name}")]
    command = " ".join(words)
    kept = {
        name: file.text
        for name, file in model.files.items()
        if name not in forced and (file.mark is None or is_of_another(file.mark, schema, model))
    }
    code = cli.main(words)
    assert code == model.generate(schema, forced, is_check), command
    for name, text in kept.items():
        # Said apart from the model, which could be wrong in the same way.
        assert (Path(FOLDER) / name).read_text(encoding="utf-8") == text, (command, name)
    return command


def is_of_another(mark: Mark, schema: Schema, model: Model) -> bool:
    """Whether a schema that is alive made a file, and not this one."""
    return mark != schema.mark and mark in [other.mark for other in model.schemas]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("first", range(0, SEQUENCES, CHUNK))
def test_random_sequences(
    first: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each sequence begins with three schemas, of which two have one file name, and no headers."""
    for number in range(first, first + CHUNK):
        home = tmp_path / str(number)
        (home / FOLDER).mkdir(parents=True)
        monkeypatch.chdir(home)
        dice = random.Random(SEED * SEQUENCES + number)
        model = Model(
            [
                Schema("a/game.yaml", "sea"),
                Schema("b/game.yaml", "bay"),
                Schema(f"{FOLDER}/third.json", "sea_lanes"),
            ]
        )
        history = []
        for schema in model.schemas:
            schema.save()
        for _ in range(STEPS):
            schema = dice.choice(model.schemas)
            if dice.random() < 0.6:
                history.append(generate(model, schema, dice))
            else:
                change = dice.choice(CHANGES)
                change(model, schema, dice)
                schema.save()
                history.append(f"{change.__name__} {schema}")
            wanted = {name: file.text for name, file in model.files.items()}
            wanted |= {Path(s.path).name: s.text for s in model.schemas if FOLDER in s.path}
            found = {path.name: path.read_text("utf-8") for path in Path(FOLDER).iterdir()}
            assert found == wanted, f"sequence {number}, seed {SEED}: {history}"
    refused = capsys.readouterr().err
    assert all(f"[{rule}]" in refused for rule in ("foreign-file", "rival-schema"))
