"""Goal: what everyone gets wrong first in YAML is told as what it is, and hides nothing.
Method: texts with one such mistake and a second, ordinary one; both are reported with their
columns in the file, and texts that only look alike are left as they are.
"""

from __future__ import annotations

import os
import time

import pytest

from corinth.diagnostics import Diagnostics
from corinth.pipeline import read_layout
from corinth.report import text

HEAD = "corinth: 1\nname: game\n"
WORLDS = "worlds: {a: {threads: 0, role: standalone}}\n"
LATER = ("out-of-range", 23)
"""The ordinary mistake, in the last line of each text."""


def errors_of(source: str) -> Diagnostics:
    diagnostics = Diagnostics()
    descriptor = os.memfd_create("schema")
    try:
        os.write(descriptor, source.encode("utf-8"))
        read_layout(f"/dev/fd/{descriptor}", diagnostics)
    finally:
        os.close(descriptor)
    return diagnostics


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("components: {A: {fields: {n: i16[3], m: u32[8]}}}\n",
         [("unquoted-array", 30, '"i16[3]"'), ("unquoted-array", 41, '"u32[8]"')]),
        ("components: {A: {fields: {n: {type: i16[3]}}}}\n", [("unquoted-array", 37, '"i16[3]"')]),
        ("enums: {e: {values: [x]}}\ncomponents: {A: {fields: {\n  n: e[3]}}}\n",
         [("unquoted-array", 6, '"e[3]"')]),
        ("components: {A: {fields: {n:i16, m: u32}}}\n", [("missing-blank", 27, "n: i16")]),
        ("components: {A: {doc:'a:b', fields: {n: u8}}}\n", [("missing-blank", 18, "doc: 'a:b'")]),
        ("components:\n  A:\n    fields:\n      n:i16\n", [("missing-blank", 7, "n: i16")]),
        ("topology:routes\n", [("missing-blank", 1, "topology: routes")]),
        ("components:\n  A: {} // one\n  B: {}\n", [("foreign-comment", 9, "#")]),
        ("components:\n  -- two\n  B: {}\n", [("foreign-comment", 3, "#")]),
        ("components:\n  ; two\n  B: {}\n", [("foreign-comment", 3, "#")]),
        ("/* one\ntwo: 3\n*/\ncomponents: {B: {}}\n", [("foreign-comment", 1, "#")]),
        ("components: {B: {id: 4 // four\n  }}\n", [("foreign-comment", 22, "4")]),
        ("topology: routes;\n", [("foreign-comment", 11, "routes")]),
        ("// one\n\n// two\n//\n// three\ntopology: routes\n",
         [("foreign-comment", 1, "#")] * 4),
        ("components:\n  A: {id: // none\n    3}\n", [("foreign-comment", 11, "#")]),
        ("components: {A: {fields: {n: i16 m: u32 k: u8}}}\n",
         [("missing-comma", 33, ", "), ("missing-comma", 40, ", ")]),
        ("components: {A: {fields: {n: i16; m: u32}}}\n", [("missing-comma", 33, ", ")]),
        ("components: {A: {fields: {n: \"u8[2]\" 'm': u32}}}\n", [("missing-comma", 37, ", ")]),
        ("enums: {e: {values: ['x' \"y\"]}}\n", [("missing-comma", 25, ", ")]),
        ("components: {A: {id: 3} B: {id: 4}}\n", [("missing-comma", 24, ", ")]),
        ("components: {\n  A: {},  # one\n  B: {}  # two\n  C: {},\n  }\n",
         [("missing-comma", 7, "},")]),
        ("components:\n  A: {id: 3}}\n  B: {}\n", [("surplus-bracket", 13, "")]),
        ("enums: {e: {values: [x]}}]\n", [("surplus-bracket", 26, "")]),
        ("components:\n  A {fields: {n: u8}}\n", [("missing-colon", 3, "A: ")]),
        ("components {A: {fields: {n: u8}}}\n", [("missing-colon", 1, "components: ")]),
        ("components: {A: {fields {n u8, m: u8}}}\n",
         [("missing-colon", 18, "fields: "), ("missing-colon", 26, "n: u8")]),
        ("components: {A: {fields: {n = u8}}}\n", [("missing-colon", 27, "n: ")]),
        ("components:\n  A:\n    fields:\n      i16 n;\n      int m[3]\n      k: u8\n",
         [("missing-colon", 7, "n: i16"), ("missing-colon", 7, "m: i32[3]")]),
        ("components:\n  A:\n    fields:\n      k: u8\n      unsigned int n; // a\n      m u32\n",
         [("missing-colon", 7, "n: u32"), ("foreign-comment", 23, "#"),
          ("missing-colon", 7, "m: u32")]),
        ("components:\n  A:\n    fields:\n      n u8[3]\n", [("missing-colon", 7, "n: u8[3]")]),
        ("components:\n  A:\n    fields:\n      float n = 3;\n      k: u8\n",
         [("missing-colon", 7, "")]),
        ("structs: {P: {fields: {a: u8}}}\ncomponents:\n A:\n  fields:\n      P n;\n      k: u8\n",
         [("missing-colon", 7, "")]),
        ("components: {A: {fields: {i16 n, float m[3]}}}\n",
         [("missing-colon", 27, "n: i16"), ("missing-colon", 34, 'm: "f32[3]"')]),
        ("components: {A: {fields: {i16 n; i8 m;}}}\n",
         [("missing-colon", 27, "n: i16"), ("missing-comma", 32, ","),
          ("missing-colon", 34, "m: i8"), ("missing-comma", 38, ",")]),
        ("components: {A: {fields: {n, i16, m, u8[3]}}}\n",
         [("missing-colon", 27, "n: i16"), ("missing-colon", 35, 'm: "u8[3]"')]),
        ("components: {A: {fields: {n[3]: i16}}}\n", [("unquoted-array", 27, 'n: "i16[3]"')]),
        ("components: {A: {fields: {n: i16; i8 m;}}}\n",
         [("missing-comma", 33, ","), ("missing-colon", 35, "m: i8"), ("missing-comma", 39, ",")]),
        ("components: {A: {fields: {n: 'i16'[3]}}}\n", [("unquoted-array", 30, '"i16[3]"')]),
        ("components: {A: {fields: {n: i16[\"3\"]}}}\n", [("unquoted-array", 30, '"i16[3]"')]),
        ("components: {A: {fields: {n: (i16[3])}}}\n", [("unquoted-array", 30, '"i16[3]"')]),
        ("enums: {e: {type: u8, values: x, y]}}\n", [("missing-bracket", 31, "[x, y]")]),
        ("components:\n  A: fields: {n: i16}\n", [("missing-bracket", 6, "{fields: {n: i16}}")]),
        ("components:\n  A: {};\n  B: {fields: {n: i16}},\n",
         [("surplus-separator", 8, ""), ("surplus-separator", 24, "")]),
        ("components: {A: {doc: 'it's'}}\n", [("yaml-syntax", 26, "''")]),
        ("doc: 'it's'\n", [("yaml-syntax", 9, "''")]),
        ("components: {A: {fields: {n: !i16, m: u8}}}\n", [("yaml-tag", 30, "i16")]),
        ("components:\n  A:\n    fields:\n      n: !i16\n", [("yaml-tag", 10, "i16")]),
        ("topology = routes\nmax_bytes=65536\n",
         [("missing-colon", 1, "topology: "), ("missing-colon", 1, "max_bytes: ")]),
        ("components:\n  A:\n    fields:\n      n = u8\n      m = u8\n",
         [("missing-colon", 7, "n: "), ("missing-colon", 7, "m: ")]),
        ("enums:\n  e:\n    values:\n      -x\n      -y\n",
         [("missing-blank", 7, "- "), ("missing-blank", 7, "- ")]),
        ("enums: {e: {type: u32, values: {x: 1,024}}}\n", [("grouped-number", 36, "1024")]),
        ("components:\n\tA:\n\t\tid: 3\n", [("tab", 1, "")]),
        ("components: {\n\t\tA: {}}\n", [("tab", 1, "")]),
        ("topology:\u00a0routes\n", [("unusual-character", 10, " ")]),
        ("topology: \u200broutes\n", [("unusual-character", 11, "")]),
        ("top\u2060ology: routes\n", [("unusual-character", 4, "")]),
        ("topology\uff1aroutes\n", [("unusual-character", 9, ": ")]),
        ("topology: \u201croutes\u201d\n",
         [("unusual-character", 11, '"'), ("unusual-character", 18, '"')]),
        ("components:\n\u3000\u3000A: {}\n",
         [("unusual-character", 1, " "), ("unusual-character", 2, " ")]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_hides_nothing(
    source: str, expected: list[tuple[str, int, str]]
) -> None:
    """With its column, what to write, and the mistake of the last line."""
    diagnostics = errors_of(HEAD + source + WORLDS)
    found = [(e.rule, e.span.column, e.replacement) for e in diagnostics.in_file_order()]
    assert found[:-1] == expected, text(diagnostics)
    assert found[-1][:2] == LATER


LISTED = """worlds:
  c:
    routing:
      default_target: d
      component_routes:
        - {component: A, target: d}
%s  d: {}
  e: {routing: {default_target: d}}
components: {A: {}, B: {}}
lanes:
  - from: d
    to: c
%s"""


@pytest.mark.parametrize(
    ("route", "lane", "expected"),
    [
        ("        {component: B, target: e}\n", "", [("missing-dash", 9)]),
        ("          {component: B, target: e}\n", "", [("missing-dash", 11)]),
        ("          component: B\n          target: e\n", "", [("missing-dash", 11)]),
        ("", "  from: c\n    to: e\n", [("missing-dash", 3)]),
        ("", "  from: c\n  to: e\n", [("missing-dash", 3), ("indentation", 3)]),
        ("", "  weight: 3\n  capacity: 64\n", [("indentation", 3), ("indentation", 3)]),
        ("", "   weight: 3\n", [("indentation", 4)]),
        ("", "  - {from: c, to: e}\n  weight: 3\n", [("indentation", 3)]),
        ("", "  - from: c, to: e, weight: 3\n", [("missing-bracket", 5)]),
    ],
)
def test_items_of_a_list(route: str, lane: str, expected: list[tuple[str, int]]) -> None:
    """A dash that is missing, or a key of the last item beside it; all else is as it should be."""
    source = HEAD + LISTED % (route, lane)
    found = errors_of(source).in_file_order()
    assert [(e.rule, e.span.column) for e in found] == expected, text(errors_of(source))


def test_what_stands_behind_a_mended_place_replaces_nothing_else() -> None:
    """A hint at a text that isn't in the file as it is read has nothing to put there."""
    source = HEAD + "components:\n  A:\n    fields:\n      k: u8\n      uint9_t n;\n" + WORLDS
    for error in errors_of(source).errors[:-1]:
        line = source.split("\n")[error.span.line - 1]
        shown = line[error.span.column - 1 :][: error.span.length]
        assert not error.replacement or shown in ("uint9_t n;", "uint9_t")


@pytest.mark.parametrize(
    "source",
    [
        "#include <stdio.h>\nint main(void)\n{\n    return 0;\n}\n",
        "#pragma once\nstruct boat {\n    float x;\n};\n",
        "int main(int argc, char **argv)\n{\ndefault:\n    return 0;\n}\n",
        "#ifndef A_H\n#define A_H\n#endif\n",
    ],
)
def test_a_file_of_c(source: str) -> None:
    """It is told as one, and nothing of it is proposed."""
    (error,) = errors_of(source).errors
    assert "looks like C" in error.message
    assert "\\" not in error.hint


@pytest.mark.parametrize(
    "source",
    [
        "doc: a // b -- c; d /* e */ x:y u8[3] \u00a0\u201cq\u201d \u2014 \ufb01\n",
        "doc: |\n  // not a comment\n  x:f32\n  a\u00a0b\n  {a: u8[3]}\n",
        "doc: >-\n  -- a\n  ; b\n",
        "doc: |\n  -a\n  b = c\n  d {e: f}}\n",
        "doc: -a = b {c d\n",
        "components: {A: {doc: -a = b; c d, fields: {n: u8}}}\n",
        "enums: {e: {type: i8, values: {x: -1, y: 2}}}\n",
        "# a\u00a0b // c \u200b x:y {a: u8[3]}\ndoc: x\n",
        'components: {A: {doc: "u8[3], x:y // \u00a0", fields: {n: "u8[3]"}}}\n',
        "components: {A: {doc: x:y // u, fields: {n: u8}}}\n",
        "components:\n  A:\n    fields:\n      n: u8[3]  # // \u00a0\n",
        "#include <stdio.h>\n#define X\ndoc: int main(void) {\n",
        "doc: u8 count\n",
        "doc:\n  u8 count;\n  i8 size;\n",
        "doc: it's a u8 count;\n",
        "components: {A: {doc: u8 count; n, fields: {n: u8}}}\n",
        "components:\n  A:\n    doc: one,\n      u8 count;\n      two\n",
        '{"doc": "\\ud83d\\ude00 \\u00e9"}\n',
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_right(source: str) -> None:
    """Free text, comments and quoted texts may hold anything that YAML allows."""
    is_json = source.startswith("{")
    rest = '"corinth": 1, "name": "game", "worlds": {"a": {"role": "standalone"}}, '
    whole = "{" + rest + source[1:] if is_json else HEAD + source + WORLDS.replace("0", "1")
    found = [e for e in errors_of(whole).errors if e.rule != "no-effect"]
    assert not found, text(errors_of(whole))


@pytest.mark.parametrize(
    "comment", ["// a\n// b\n", "-- a\n\n-- b\n", "/* a\n * b\n */\n", "; a\n"]
)
def test_comments_at_the_top(comment: str) -> None:
    """YAML takes them for one text with the first key."""
    found = [(e.rule, e.span.line) for e in errors_of(comment + HEAD + WORLDS).in_file_order()]
    lines = [
        n for n, line in enumerate(comment.split("\n"), 1) if line[:2] in ("//", "--", "/*", "; ")
    ]
    assert found[:-1] == [("foreign-comment", line) for line in lines]
    assert found[-1][0] == LATER[0]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("components: {A: {doc: see note: x}}\n", "yaml-syntax"),
        ("components: {A: {doc: it {is}}}\n", "yaml-syntax"),
        ("components:\n  A: {fields: {n: u8}\n  B: {fields: {n: u8}}\n", "yaml-syntax"),
        ("enums: {e: {values: [x}}\n", "yaml-syntax"),
    ],
)
def test_a_separator_that_cannot_be_told(given: str, rule: str) -> None:
    """Free text isn't looked into, and a collection that isn't closed lacks no comma."""
    assert [e.rule for e in errors_of(HEAD + given).errors] == [rule]


def test_tabs_beside_spaces_may_mean_anything() -> None:
    """How far a tab indents can't be told where other lines have spaces."""
    source = "components:\n  A: {}\n\tB: {id: x}\n"
    assert [e.rule for e in errors_of(HEAD + source + WORLDS).errors] == ["tab"]


@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028", "\u2029"])
def test_other_line_ends(end: str) -> None:
    """Removing one would join two lines."""
    source = (HEAD + WORLDS).replace("\n", end)
    assert [e.hint for e in errors_of(source).errors] == ["save the file with LF line ends"]


def test_a_second_document_hides_nothing_of_the_first() -> None:
    """What follows isn't looked at."""
    found = errors_of(HEAD + WORLDS + "---\nwhat: {\n").in_file_order()
    assert [e.rule for e in found] == [LATER[0], "several-documents"]


@pytest.mark.parametrize("source", ["...\n", "components: {A: {id: 4,, doc: x}}\n"])
def test_a_missing_value_has_a_hint(source: str) -> None:
    """Whatever stands in its place."""
    (error,) = errors_of(source).errors
    assert error.hint == "write one, or remove what stands here"


def test_a_surrogate_pair_is_one_character() -> None:
    """As JSON escapes what is beyond U+FFFF; half of a pair is refused."""
    pair = '{"corinth": 1, "name": "g", "worlds": {"a": {"role": "standalone", "doc": "%s"}}}'
    assert not errors_of(pair % "\\ud83d\\ude00")
    for half in ("\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83d x \\ude00"):
        (error,) = errors_of(pair % half).errors
        assert (error.rule, "half of a surrogate pair" in error.message) == (
            "control-character", True
        )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("order", ["", "-le", "-be"])
def test_other_encodings_are_named(encoding: str, order: str) -> None:
    """With a mark and without; the order of bytes is told."""
    for mark in ("", "\ufeff") if order else ("",):
        data = (mark + HEAD + WORLDS).encode(encoding + order)
        descriptor = os.memfd_create("schema")
        diagnostics = Diagnostics()
        try:
            os.write(descriptor, data)
            read_layout(f"/dev/fd/{descriptor}", diagnostics)
        finally:
            os.close(descriptor)
        (error,) = diagnostics.errors
        name = "big" if order == "-be" else "little"
        assert error.message == f"this file is {encoding.upper()} ({name}-endian), not UTF-8"


def test_direction_of_writing_is_never_turned() -> None:
    """In a comment, a text, or escaped: generated comments would show other code than there is."""
    for char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        escaped = f'doc: "\\u{ord(char):04x}"\n'
        for source in (f"doc: a{char}b\n", f"# a{char}b\n", escaped):
            rules = [e.rule for e in errors_of(HEAD + source + WORLDS.replace("0", "1")).errors]
            assert rules[0] == "control-character"


MAX_SECONDS = 5.0
"""Of the processor; the slowest takes a tenth of that, and one looked at twice from each letter
four times as much."""


@pytest.mark.parametrize(
    "source",
    ["%s", "x: {k: %s]}\n", "x: {k: %s[1}\n", "lanes:\n  - {%s}\n  b: c\n", "x:\n  y\n  %s z\n"],
)
def test_a_long_word_takes_no_time(source: str) -> None:
    """Each search looks at a text once, whatever the parser stopped at."""
    begin = time.process_time()
    assert errors_of(HEAD + source % ("a" * 48_000))
    assert time.process_time() - begin < MAX_SECONDS
